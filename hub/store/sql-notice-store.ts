import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { NoticeRequest } from '../announce/notice-request.ts';
import type {
  ChannelStanding,
  DueNotice,
  NoticeAttempt,
  NoticeOutcome,
  NoticeStore,
  PlannedAgainst,
  PlannedNotice,
  StoredGap,
} from '../announce/notice-store.ts';
import { alertStage } from '../contract/api.ts';
import {
  channelKind,
  channelSettings,
  type Notice,
  type NoticePage,
  type NoticeQuery,
  notice as noticeSchema,
} from '../contract/channels.ts';
import { instant, name, uuid } from '../contract/ids.ts';
import type { HubDatabase, HubKysely, HubTransaction } from './hub-database.ts';
import { findAlert } from './sql-alert-store.ts';
import { inTransaction } from './transaction.ts';

/** As alerts and gaps write it. */
const noticeRequest: z.ZodType<NoticeRequest> = z.object({
  at: instant,
  about: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('alert'), alert: uuid }),
    z.object({ kind: z.literal('gap'), gap: z.string().min(1) }),
  ]),
  site: name,
  gate: name,
  stage: alertStage,
  people: z.array(z.string()),
});

type AttemptRow = Selectable<HubDatabase['notice_attempt']>;

/** Notices, and what came of them, in the database. */
export class SqlNoticeStore implements NoticeStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async expandNext(
    plan: (request: NoticeRequest, against: PlannedAgainst) => PlannedNotice[],
    newNoticeId: () => string,
    at: string,
  ): Promise<PlannedNotice[] | 'unreadable' | undefined> {
    // Almost always nothing waits: that is seen without taking the lock for writing.
    if (!(await nextRequest(this.#db))) return undefined;
    return inTransaction(this.#db, async (transaction) => {
      const next = await nextRequest(transaction);
      if (!next) return undefined;
      await transaction.deleteFrom('notice_cursor').execute();
      await transaction.insertInto('notice_cursor').values({ request: next.id }).execute();
      const request = parseRequest(next.body);
      if (!request) return 'unreadable';
      const planned = plan(request, await readAgainst(transaction, request));
      for (const each of planned) {
        await transaction
          .insertInto('notice')
          .values({
            id: newNoticeId(),
            request: next.id,
            site: request.site,
            channel: each.channel,
            channel_kind: each.channelKind,
            channel_name: each.channelName,
            target: each.target,
            person: each.person ?? null,
            about_kind: request.about.kind,
            about: request.about.kind === 'alert' ? request.about.alert : request.about.gap,
            gate: request.gate,
            stage: request.stage,
            state: each.state,
            reason: each.reason ?? null,
            detail: null,
            tried: 0,
            next_at: at,
            expires_at: each.expiresAt,
            created_at: at,
          })
          .execute();
      }
      return planned;
    });
  }

  async dueChannels(at: string): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('notice')
      .select('channel')
      .distinct()
      .where('state', '=', 'waiting')
      .where('next_at', '<=', at)
      .execute();
    return rows.map(({ channel }) => channel);
  }

  async due(channel: string, at: string, limit: number): Promise<DueNotice[]> {
    const rows = await this.#db
      .selectFrom('notice')
      .selectAll()
      .where('state', '=', 'waiting')
      .where('channel', '=', channel)
      .where('next_at', '<=', at)
      .orderBy('created_at')
      .orderBy('request')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      target: row.target,
      about: aboutOf(row),
      stage: alertStage.parse(row.stage),
      tried: row.tried,
      expiresAt: row.expires_at,
    }));
  }

  async record(outcomes: NoticeOutcome[], attempt?: NoticeAttempt): Promise<void> {
    await inTransaction(this.#db, async (transaction) => {
      for (const { id, state, reason, detail, tried, nextAt } of outcomes) {
        await transaction
          .updateTable('notice')
          .set({ state, reason: reason ?? null, detail: detail ?? null, tried, next_at: nextAt })
          .where('id', '=', id)
          .where('state', '=', 'waiting')
          .execute();
        if (!attempt) continue;
        await transaction
          .insertInto('notice_attempt')
          .values({
            notice: id,
            channel: attempt.channel,
            message: attempt.message,
            at: attempt.at,
            outcome: attempt.outcome,
            reason: attempt.reason ?? null,
            detail: attempt.detail ?? null,
            duration_ms: attempt.durationMs,
            together: outcomes.length,
          })
          .execute();
      }
    });
  }

  async countMessages(channel: string, after: string): Promise<number> {
    const { count } = await this.#db
      .selectFrom('notice_attempt')
      .select(({ fn }) => fn.count<number>('message').distinct().as('count'))
      .where('channel', '=', channel)
      .where('at', '>', after)
      .executeTakeFirstOrThrow();
    return count;
  }

  gap(id: string): Promise<StoredGap | undefined> {
    return findGap(this.#db, id);
  }

  async ofAlert(alert: string): Promise<Notice[]> {
    const rows = await this.#notices()
      .where('about_kind', '=', 'alert')
      .where('about', '=', alert)
      .orderBy('request')
      .orderBy('channel_name')
      .orderBy('person.display_name')
      .orderBy('notice.id')
      .execute();
    return this.#withAttempts(rows);
  }

  async page({ state, channel, cursor, limit }: NoticeQuery): Promise<NoticePage> {
    const rows = await this.#notices()
      .$if(state !== undefined, (query) => query.where('state', '=', state as string))
      .$if(channel !== undefined, (query) => query.where('channel', '=', channel as string))
      .$if(cursor !== undefined, (query) => query.where('notice.id', '<', cursor as string))
      .orderBy('notice.id', 'desc')
      .limit(limit + 1)
      .execute();
    const items = await this.#withAttempts(rows.slice(0, limit));
    return rows.length > limit ? { items, nextCursor: items.at(-1)?.id } : { items };
  }

  tryAgain(id: string, at: string, expiresAt: string): Promise<'waiting' | 'unknown' | 'not_failed'> {
    return inTransaction(this.#db, async (transaction) => {
      const row = await transaction
        .selectFrom('notice')
        .select('state')
        .where('id', '=', id)
        .executeTakeFirst();
      if (!row) return 'unknown';
      if (row.state !== 'failed') return 'not_failed';
      await transaction
        .updateTable('notice')
        .set({ state: 'waiting', reason: null, detail: null, tried: 0, next_at: at, expires_at: expiresAt })
        .where('id', '=', id)
        .execute();
      return 'waiting';
    });
  }

  async standings(): Promise<Map<string, ChannelStanding>> {
    const counts = await this.#db
      .selectFrom('notice')
      .select(({ fn }) => ['channel', 'state', fn.countAll<number>().as('count')])
      .where('state', 'in', ['waiting', 'failed'])
      .groupBy(['channel', 'state'])
      .execute();
    const lasts = await this.#db
      .selectFrom('notice_attempt')
      .selectAll()
      .where('id', 'in', ({ selectFrom }) =>
        selectFrom('notice_attempt')
          .select(({ fn }) => fn.max('id').as('id'))
          .groupBy('channel'),
      )
      .execute();
    const standings = new Map<string, ChannelStanding>();
    const standingOf = (channel: string): ChannelStanding => {
      const known = standings.get(channel) ?? { waiting: 0, failed: 0 };
      standings.set(channel, known);
      return known;
    };
    for (const { channel, state, count } of counts)
      standingOf(channel)[state as 'waiting' | 'failed'] = count;
    for (const row of lasts) {
      const { at, outcome, reason, detail } = readAttempt(row);
      standingOf(row.channel).last = noticeSchema.shape.attempts.element
        .pick({ at: true, outcome: true, reason: true, detail: true })
        .parse({ at, outcome, reason, detail });
    }
    return standings;
  }

  forgetBefore(at: string): Promise<number> {
    return inTransaction(this.#db, async (transaction) => {
      const old = transaction.selectFrom('notice').select('id').where('created_at', '<', at);
      await transaction.deleteFrom('notice_attempt').where('notice', 'in', old).execute();
      const { numDeletedRows } = await transaction
        .deleteFrom('notice')
        .where('created_at', '<', at)
        .executeTakeFirst();
      await transaction
        .deleteFrom('notice_request')
        .where('at', '<', at)
        .where('id', '<=', ({ selectFrom }) => selectFrom('notice_cursor').select('request'))
        .execute();
      return Number(numDeletedRows);
    });
  }

  #notices() {
    return this.#db
      .selectFrom('notice')
      .leftJoin('person', 'person.id', 'notice.person')
      .selectAll('notice')
      .select('person.display_name');
  }

  async #withAttempts(rows: Shown[]): Promise<Notice[]> {
    if (rows.length === 0) return [];
    const attempts = await this.#db
      .selectFrom('notice_attempt')
      .selectAll()
      .where(
        'notice',
        'in',
        rows.map(({ id }) => id),
      )
      .orderBy('id')
      .execute();
    return rows.map((row) =>
      readNotice(
        row,
        attempts.filter(({ notice }) => notice === row.id),
      ),
    );
  }
}

type Shown = Selectable<HubDatabase['notice']> & { display_name: string | null };

async function nextRequest(db: HubKysely | HubTransaction) {
  return db
    .selectFrom('notice_request')
    .select(['id', 'body'])
    .where('id', '>', ({ selectFrom, fn, val }) =>
      fn.coalesce(selectFrom('notice_cursor').select('request'), val(0)),
    )
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
}

function parseRequest(body: string): NoticeRequest | undefined {
  try {
    return noticeRequest.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

async function readAgainst(transaction: HubTransaction, request: NoticeRequest): Promise<PlannedAgainst> {
  const { site, about, people } = request;
  const channels = await transaction
    .selectFrom('channel')
    .select(['id', 'kind', 'body'])
    .where('site', '=', site)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const devices =
    people.length === 0
      ? []
      : await transaction
          .selectFrom('push_subscription')
          .innerJoin('person', 'person.id', 'push_subscription.person')
          .select(['push_subscription.id', 'push_subscription.person'])
          .where('push_subscription.person', 'in', people)
          .where('person.disabled_at', 'is', null)
          .execute();
  return {
    channels: channels.map(({ id, kind, body }) => ({
      id,
      kind: channelKind.parse(kind),
      settings: channelSettings.parse(JSON.parse(body)),
    })),
    devices,
    ...(about.kind === 'alert'
      ? { alert: await findAlert(transaction, about.alert) }
      : { gap: await findGap(transaction, about.gap) }),
  };
}

async function findGap(db: HubKysely | HubTransaction, id: string): Promise<StoredGap | undefined> {
  const row = await db
    .selectFrom('duty_gap')
    .select(['id', 'gate', 'from_at', 'until_at'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    id: row.id,
    gate: row.gate,
    from: row.from_at,
    ...(row.until_at !== null && { until: row.until_at }),
  };
}

function aboutOf(row: Pick<Shown, 'about_kind' | 'about'>): NoticeRequest['about'] {
  return row.about_kind === 'alert' ? { kind: 'alert', alert: row.about } : { kind: 'gap', gap: row.about };
}

function readNotice(row: Shown, attempts: AttemptRow[]): Notice {
  return noticeSchema.parse({
    id: row.id,
    channel: row.channel,
    channelKind: row.channel_kind,
    channelName: row.channel_name,
    person: row.display_name ?? undefined,
    about: aboutOf(row),
    gate: row.gate,
    stage: row.stage,
    state: row.state,
    reason: row.reason ?? undefined,
    detail: row.detail ?? undefined,
    createdAt: row.created_at,
    nextAttemptAt: row.state === 'waiting' ? row.next_at : undefined,
    expiresAt: row.expires_at,
    attempts: attempts.map(readAttempt),
  });
}

function readAttempt({ at, outcome, reason, detail, duration_ms: durationMs, together }: AttemptRow) {
  return { at, outcome, reason: reason ?? undefined, detail: detail ?? undefined, durationMs, together };
}
