import type { BackupReport } from './backup.ts';
import type { RestoreReport } from './restore.ts';
import type { RollbackPlan } from './rollback.ts';

/** A backup in words, for whoever ran the command. */
export function describeBackup({ file, bytes, manifest, opened }: BackupReport): string {
  const { pictures, gone, hasPictures } = manifest;
  const lines = [
    `${file}: ${(bytes / 1e6).toFixed(1)} MB`,
    hasPictures ? `${pictures} pictures` : 'without pictures',
    ...(gone > 0 ? [`${gone} pictures were removed meanwhile and are not in it`] : []),
    opened === undefined
      ? 'not verified'
      : `verified: database whole, rows as counted, ${opened} pictures opened`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What was restored, in words. */
export function describeRestore({ manifest, repeatedErasures, aside }: RestoreReport): string {
  const { madeAt, hub, pictures, rows } = manifest;
  const lines = [
    `restored what hub ${hub} kept at ${madeAt}: ${rows.sighting ?? 0} sightings, ${pictures} pictures`,
    ...(repeatedErasures > 0 ? [`${repeatedErasures} erasures from after it were carried out again`] : []),
    ...(aside ? [`what was there before lies in ${aside}; remove it when all is well`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** What a rollback loses, in words. */
export function describeRollback({ copy, before, reaches, lost }: RollbackPlan, isDone: boolean): string {
  const kinds = Object.entries(lost).map(([table, count]) => `${count} ${table}`);
  const verb = isDone ? 'lost' : 'would be lost';
  const lines = [
    `${copy}: from before version ${before}${reaches ? `, reaching to ${reaches}` : ''}`,
    kinds.length > 0 ? `${verb}: ${kinds.join(', ')}` : `nothing ${isDone ? 'was' : 'would be'} lost`,
    isDone
      ? 'put back; now start the hub of the version before. The newer database is kept beside it.'
      : 'nothing was changed; add --yes to do it',
  ];
  return `${lines.join('\n')}\n`;
}
