import type { HubKysely } from './hub-database.ts';
import { isSameToDerive, type SightingFacts } from './sighting-facts.ts';
import { recount, recountAll } from './sql-flow-tally.ts';
import { reindex, reindexAll } from './sql-plate-index.ts';
import { repair, repairAll } from './sql-visit-book.ts';
import type { RawSql } from './sqlite.ts';
import { inTransaction } from './transaction.ts';

/** Rises when the rules change by which visits, plates and flows are derived: a database of other rules is done anew. */
const derivationVersion = 1;

/** Keeps visits, plates and flows true to a sighting that has just been saved, in the same unit of work. */
export function derive(raw: RawSql, before: SightingFacts | undefined, after: SightingFacts): void {
  if (before && isSameToDerive(before, after)) return;
  recount(raw, before, after);
  reindex(raw, before, after);
  repair(raw, before, after);
}

/** Derives everything anew from the sightings, in one unit of work. */
export function deriveAll(db: HubKysely): Promise<void> {
  return inTransaction(db, async () => {
    recountAll(db.raw);
    reindexAll(db.raw);
    repairAll(db.raw);
    db.raw.run('delete from derivation', []);
    db.raw.run('insert into derivation (version) values (?)', [derivationVersion]);
  });
}

/** Derives everything anew when it was derived by other rules, or never. */
export async function deriveIfOutdated(db: HubKysely): Promise<void> {
  const known = await db.read((raw) => raw.get<{ version: number }>('select version from derivation', []));
  if (known?.version !== derivationVersion) await deriveAll(db);
}
