import type { Sighting } from '../contract/sighting.ts';
import { derive } from './derive.ts';
import { findKnown } from './sql-sighting-store.ts';
import type { RawSql } from './sqlite.ts';

/**
 * Makes a sighting nobody's, inside a unit of work: the subject goes, `left` is what remains of it; what was corrected and
 * what the box first said go too, and visits and plates no longer know of it. That somebody passed stays counted.
 */
export function unlinkSighting(raw: RawSql, id: string, left: Sighting): void {
  if (!hasCorrections(raw)) {
    // A database of an earlier version, before it is started with that version again.
    raw.run('update sighting set subject = null, plate = ?, body = ? where id = ?', [
      left.plate?.text ?? null,
      JSON.stringify(left),
      id,
    ]);
    return;
  }
  const known = findKnown(raw, id);
  raw.run('delete from correction where sighting_id = ?', [id]);
  raw.run(
    'update sighting set subject = null, plate = ?, body = ?, original = null, corrected = null where id = ?',
    [left.plate?.text ?? null, JSON.stringify(left), id],
  );
  if (!known) return;
  const before = { ...known, isFlagged: known.flagged > 0 };
  derive(raw, before, { ...before, subject: null });
}

function hasCorrections(raw: RawSql): boolean {
  return raw.get("select 1 from pragma_table_info('sighting') where name = 'original'", []) !== undefined;
}
