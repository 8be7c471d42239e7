import { type Clock, toInstant } from '../clock.ts';
import { newOpaqueId } from '../contract/ids.ts';
import type { LegalHold, LegalHoldQuery, NewLegalHold } from '../contract/keeping.ts';
import { HubError } from '../errors.ts';
import type { HoldStore } from './hold-store.ts';

/** Who places or lifts a hold. */
interface Holder {
  id: string;
  displayName: string;
}

/** Legal holds: one incident is kept whatever retention or an erasure says, until somebody lifts it or its time is over. */
export class HoldDesk {
  readonly #store: HoldStore;
  readonly #clock: Clock;

  constructor(store: HoldStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Throws HOLD_ABOUT_NOTHING for an incident that is not there, HOLD_ENDS_BEFORE for an end in the past. */
  async place(site: string, { about, reason, until }: NewLegalHold, by: Holder): Promise<LegalHold> {
    const placedAt = toInstant(this.#clock.now());
    if (until !== undefined && until <= placedAt) throw new HubError('HOLD_ENDS_BEFORE');
    const hold = {
      id: newOpaqueId(),
      site,
      about,
      reason,
      ...(until === undefined ? {} : { until }),
      placedBy: by,
      placedAt,
    };
    const placed = await this.#store.place(hold);
    if (!placed) throw new HubError('HOLD_ABOUT_NOTHING');
    return placed;
  }

  /** Throws HOLD_UNKNOWN, and HOLD_ENDED when it has ended already. */
  async lift(id: string, reason: string, by: Holder): Promise<LegalHold> {
    const known = await this.#store.get(id);
    if (!known) throw new HubError('HOLD_UNKNOWN');
    if (known.ended) throw new HubError('HOLD_ENDED', undefined, { details: { ended: known.ended } });
    const at = toInstant(this.#clock.now());
    return (await this.#store.end(id, { at, by, reason })) ?? known;
  }

  list(site: string, query: LegalHoldQuery): Promise<LegalHold[]> {
    return this.#store.list(site, query);
  }

  /** Ends those whose time is over; gives how many. */
  endExpired(): Promise<number> {
    return this.#store.endBefore(toInstant(this.#clock.now()));
  }
}
