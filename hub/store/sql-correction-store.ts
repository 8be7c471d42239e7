import { subjectOf } from '../alerts/alert.ts';
import { type AlertContext, judge } from '../alerts/judgement.ts';
import {
  type CorrectedSighting,
  type Correction,
  correction as correctionSchema,
} from '../contract/correction.ts';
import { newId } from '../contract/ids.ts';
import { type Sighting, sighting as sightingSchema } from '../contract/sighting.ts';
import type { CorrectionOutcome, CorrectionStore } from '../trajectory/correction-store.ts';
import type { HubKysely } from './hub-database.ts';
import { findKnown, readCorrections, settle } from './sql-sighting-store.ts';
import type { RawSql } from './sqlite.ts';
import { isOneOf, namesOf } from './subject-names.ts';
import { inTransaction } from './transaction.ts';

/** Corrections in the database. */
export class SqlCorrectionStore implements CorrectionStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  read(id: string): Promise<CorrectedSighting | undefined> {
    return this.#db.read((raw) => {
      const found = readSighting(raw, id);
      return (
        found && { original: found.original, current: found.current, corrections: readCorrections(raw, id) }
      );
    });
  }

  async get(id: string): Promise<Correction | undefined> {
    const row = await this.#db
      .selectFrom('correction')
      .select('body')
      .where('id', '=', id)
      .executeTakeFirst();
    return row && correctionSchema.parse(JSON.parse(row.body));
  }

  save(
    corrections: Correction[],
    context: AlertContext,
    at: string,
  ): Promise<CorrectionOutcome[] | undefined> {
    return inTransaction(this.#db, async (transaction) => {
      const { raw } = this.#db;
      const found = corrections.map(({ sighting }) => readSighting(raw, sighting));
      if (found.some((one) => one === undefined)) return undefined;
      const outcomes: CorrectionOutcome[] = [];
      for (const [index, correction] of corrections.entries()) {
        const { original, subject, receivedAt } = found[index] as Found;
        raw.run(
          `insert into correction (id, sighting_id, body) values (?, ?, ?)
           on conflict (id) do update set body = excluded.body`,
          [correction.id, correction.sighting, JSON.stringify(correction)],
        );
        const all = readCorrections(raw, correction.sighting);
        const { current, events } = await settle(this.#db, transaction, {
          sighting: original,
          subject,
          corrections: all,
          known: findKnown(raw, correction.sighting),
          receivedAt,
          judge: (against, judged) => judge(judged, against, context, newId(Date.parse(at)), at),
        });
        outcomes.push({ corrected: { original, current, corrections: all }, events });
      }
      return outcomes;
    });
  }

  ofSubject(site: string, subject: string, sightings: string[]): Promise<string[]> {
    return this.#db.read((raw) => {
      const names = namesOf(raw, site, subject);
      const rows = raw.all<{ id: string }>(
        `select id from sighting where ${isOneOf('subject', names)} and id in (${sightings.map(() => '?').join(', ')})`,
        [...names, ...sightings],
      );
      return rows.map(({ id }) => id);
    });
  }
}

interface Found {
  original: Sighting;
  current: Sighting;
  /** What it was called as the box told it. */
  subject: string | undefined;
  receivedAt: string;
}

function readSighting(raw: RawSql, id: string): Found | undefined {
  const row = raw.get<{ body: string; original: string | null; received_at: string }>(
    'select body, original, received_at from sighting where id = ?',
    [id],
  );
  if (!row) return undefined;
  const current = sightingSchema.parse(JSON.parse(row.body));
  const original = row.original === null ? current : sightingSchema.parse(JSON.parse(row.original));
  return { original, current, subject: subjectOf(original), receivedAt: row.received_at };
}
