import type { NoticeRequest } from '../announce/notice-request.ts';
import { type Clock, toInstant } from '../clock.ts';
import { newId } from '../contract/ids.ts';
import type { DutyGap } from '../contract/roster.ts';
import { HubError } from '../errors.ts';
import type { Announcer } from '../event-log.ts';
import type { DutyBoard } from './duty-board.ts';
import type { GapStore } from './roster-store.ts';

/** What the desk works with. */
export interface GapDeskParts {
  site: string;
  store: GapStore;
  board: DutyBoard;
  announcer: Announcer;
  clock: Clock;
}

/** Notices when a gate that should be staffed has nobody, tells leader and managers once, and when it is over. */
export class GapDesk {
  readonly #parts: GapDeskParts;

  constructor(parts: GapDeskParts) {
    this.#parts = parts;
  }

  /** Looks at every gate; returns how many gaps began or ended. Called now and then. */
  async look(): Promise<number> {
    const { site, store, board, announcer, clock } = this.#parts;
    const now = clock.now();
    const vacant = board.vacantGates();
    const lasting = await store.open(site);
    const begun = vacant
      .filter(({ gate }) => !lasting.some((gap) => gap.gate === gate))
      .map(({ gate, late }): DutyGap => {
        const why = late.length > 0 ? 'late' : 'nobody_planned';
        return { id: newId(now), gate, from: toInstant(now), why, late };
      });
    const ended = lasting
      .filter(({ gate }) => !vacant.some((one) => one.gate === gate))
      .map((gap) => ({ ...gap, until: toInstant(now) }));
    if (begun.length + ended.length === 0) return 0;
    announcer.announce(
      await store.save(
        site,
        [...begun, ...ended],
        begun.flatMap((gap) => this.#noticesOf(gap)),
      ),
    );
    return begun.length + ended.length;
  }

  lasting(): Promise<DutyGap[]> {
    return this.#parts.store.open(this.#parts.site);
  }

  list(from: string, until: string): Promise<DutyGap[]> {
    return this.#parts.store.list(this.#parts.site, from, until);
  }

  /** Somebody has seen it and sees to it. The first one counts. */
  async acknowledge(id: string, by: { id: string; displayName: string }): Promise<DutyGap> {
    const { site, store, announcer, clock } = this.#parts;
    const gap = await store.get(id);
    if (!gap) throw new HubError('GAP_UNKNOWN');
    if (gap.acknowledged) return gap;
    const at = toInstant(clock.now());
    const acknowledged = { ...gap, acknowledged: { id: by.id, displayName: by.displayName, at } };
    announcer.announce(await store.save(site, [acknowledged], []));
    return acknowledged;
  }

  #noticesOf(gap: DutyGap): NoticeRequest[] {
    const { site, board } = this.#parts;
    return (['shift_leader', 'manager'] as const)
      .map(
        (stage): NoticeRequest => ({
          at: gap.from,
          about: { kind: 'gap', gap: gap.id },
          site,
          gate: gap.gate,
          stage,
          people: board.peopleAt(stage, gap.gate).map(({ id }) => id),
        }),
      )
      .filter(({ people }) => people.length > 0);
  }
}
