import type { AlertContext } from '../alerts/judgement.ts';
import type { Publish } from '../broker/broker.ts';
import { type Clock, toInstant } from '../clock.ts';
import type { CorrectedFact, CorrectedSighting, Correction } from '../contract/correction.ts';
import type { GalleryEntry } from '../contract/gallery.ts';
import { newId, newOpaqueId } from '../contract/ids.ts';
import { galleryTopic } from '../contract/topics.ts';
import { HubError } from '../errors.ts';
import type { Announcer } from '../event-log.ts';
import type { CorrectionStore } from './correction-store.ts';

/** Who corrects. */
interface Corrector {
  id: string;
  displayName: string;
}

/** What the desk works with. */
export interface CorrectionDeskParts {
  site: string;
  store: CorrectionStore;
  /** Remembers that two ids are one person. */
  merges: { merge(site: string, subject: string, into: string, at: string): Promise<void> };
  publish: Publish;
  announcer: Announcer;
  context: () => AlertContext;
  clock: Clock;
}

/** Where people say what a lens got wrong. What the box told stays; a correction is a new fact beside it. */
export class CorrectionDesk {
  readonly #parts: CorrectionDeskParts;

  constructor(parts: CorrectionDeskParts) {
    this.#parts = parts;
  }

  /** Throws SIGHTING_UNKNOWN. */
  async read(sighting: string): Promise<CorrectedSighting> {
    const found = await this.#parts.store.read(sighting);
    if (!found) throw new HubError('SIGHTING_UNKNOWN');
    return found;
  }

  /** Throws CORRECTION_NOT_FITTING for a plate on a person or a mask on a car. */
  async correct(
    sighting: string,
    fact: CorrectedFact,
    reason: string,
    by: Corrector,
  ): Promise<CorrectedSighting> {
    const { original } = await this.read(sighting);
    const fits = fact.of === 'direction' || (fact.of === 'plate') === (original.kind === 'vehicle');
    if (!fits) throw new HubError('CORRECTION_NOT_FITTING', undefined, { details: { kind: original.kind } });
    const [corrected] = await this.#save([this.#new(sighting, fact, reason, by)]);
    return corrected;
  }

  /** Throws CORRECTION_UNKNOWN. */
  async get(id: string): Promise<Correction> {
    const known = await this.#parts.store.get(id);
    if (!known) throw new HubError('CORRECTION_UNKNOWN');
    return known;
  }

  /** The sighting is as it was before this correction; those made since hold on. Throws CORRECTION_UNKNOWN. */
  async undo(id: string, by: Corrector): Promise<CorrectedSighting> {
    const known = await this.get(id);
    if (known.undone) return this.read(known.sighting);
    const [corrected] = await this.#save([{ ...known, undone: this.#actor(by) }]);
    return corrected;
  }

  /**
   * From now on both are one person, under the lesser of the two ids, for the hub and for every box. Gives that id.
   * Throws BROKER_UNREACHABLE, and nothing is merged.
   */
  async merge(subject: string, other: string): Promise<string> {
    if (subject === other) throw new HubError('MERGE_OF_ONE');
    const { site, merges, publish, clock } = this.#parts;
    const [into, merged] = [subject, other].sort();
    const at = toInstant(clock.now());
    const entry: GalleryEntry = { schema: 1, state: 'merged', subject: merged, box: 'hub', into, at };
    // First, so that nothing is merged here of which the boxes do not learn. Retained for a box that is away.
    await publish(galleryTopic(site, merged), JSON.stringify(entry), { qos: 1, retain: true });
    await merges.merge(site, merged, into, at);
    return into;
  }

  /**
   * These sightings were of somebody else, who gets a new id, given back. The boxes cannot tell which of their templates
   * are whose: to have them learn both people anew, forget the first. Throws SPLIT_OF_OTHERS.
   */
  async split(subject: string, sightings: string[], reason: string, by: Corrector): Promise<string> {
    const { site, store } = this.#parts;
    const wanted = [...new Set(sightings)];
    const theirs = await store.ofSubject(site, subject, wanted);
    if (theirs.length < wanted.length) {
      const others = wanted.filter((id) => !theirs.includes(id));
      throw new HubError('SPLIT_OF_OTHERS', undefined, { details: { sightings: others } });
    }
    const somebodyElse = newOpaqueId();
    const fact: CorrectedFact = { of: 'subject', subject: somebodyElse };
    await this.#save(wanted.map((sighting) => this.#new(sighting, fact, reason, by)));
    return somebodyElse;
  }

  async #save(corrections: Correction[]): Promise<CorrectedSighting[]> {
    const { store, context, announcer, clock } = this.#parts;
    const outcomes = await store.save(corrections, context(), toInstant(clock.now()));
    if (!outcomes) throw new HubError('SIGHTING_UNKNOWN');
    announcer.announce(outcomes.flatMap(({ events }) => events));
    return outcomes.map(({ corrected }) => corrected);
  }

  #new(sighting: string, fact: CorrectedFact, reason: string, by: Corrector): Correction {
    return { id: newId(this.#parts.clock.now()), sighting, fact, reason, by: this.#actor(by) };
  }

  #actor({ id, displayName }: Corrector): Correction['by'] {
    return { id, displayName, at: toInstant(this.#parts.clock.now()) };
  }
}
