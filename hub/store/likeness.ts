import { z } from 'zod';
import type { GateScope } from '../accounts/scope.ts';
import type { Likeness } from '../contract/log.ts';
import { sighting } from '../contract/sighting.ts';
import { atGates, gatesOf } from './gate-condition.ts';
import type { RawSql } from './sqlite.ts';

const looks = z.object({ plate: sighting.shape.plate, evidence: sighting.shape.evidence });

/** Without pictures: nothing is kept that the reader may see. */
const unseen: Likeness = { evidence: [] };

/** How a subject looked when it was last seen in a window, both ends included, at the gates of a scope. */
export function lastLikeness(
  raw: RawSql,
  subject: string,
  { from = '', until = '9' }: { from?: string | undefined; until?: string | undefined },
  scope: GateScope,
): Likeness {
  const row = raw.get<{ body: string }>(
    `select body from sighting
     where subject = cast(@subject as text) and occurred_at >= cast(@from as text)
       and occurred_at <= cast(@until as text) and ${atGates('gate')}
     order by occurred_at desc, id desc limit 1`,
    { subject, from, until, gates: gatesOf(scope) },
  );
  return read(row);
}

/** How a subject looked in one sighting, if that was at a gate of a scope. */
export function likenessIn(raw: RawSql, id: string, scope: GateScope): Likeness | undefined {
  const row = raw.get<{ body: string }>(`select body from sighting where id = @id and ${atGates('gate')}`, {
    id,
    gates: gatesOf(scope),
  });
  return row && read(row);
}

function read(row: { body: string } | undefined): Likeness {
  if (!row) return unseen;
  const { plate, evidence } = looks.parse(JSON.parse(row.body));
  return plate ? { plate, evidence } : { evidence };
}
