import type { Evidence } from '../../hub/contract/sighting.ts';
import type { Box } from '../perceive/perception.ts';
import type { EvidenceWanted } from './sight.ts';

type Role = Evidence['role'];

/** A new picture must be this much better than the one held. */
const clearlyBetter = 1.25;
/** Crops smaller than this show nothing, pixels. */
const leastSide = 12;
/** Pictures asked for about one thing (a mask verdict, a plate text, the scene), and in one role, in the life of a track. */
const budget = { about: 4, face: 12, plate: 12, scene: 4 } as const;
/** Things held apart in one role. */
const aboutsHeld = 4;
/** Air around a crop, in shares of its width and height. */
const margins: Record<Role, number> = { face: 0.4, plate: 0.25, scene: 0.12 };

/** A crop of the current frame that could serve. */
export interface EvidenceOffer {
  role: Role;
  /** What it shows: a mask verdict or a plate text; empty for the scene. */
  about: string;
  /** That it is what the verdict says now: then a picture is had even when the role has used up its share. */
  isDecided: boolean;
  /** The higher the better. */
  score: number;
  box: Box;
}

interface Held {
  id: string;
  role: Role;
  about: string;
  score: number;
}

/**
 * The best pictures of one track so far. A frame is gone once the next one comes, so a picture is asked for before it is
 * known whether the verdict will need it: one for each thing that the frames have said.
 */
export class EvidenceChoice {
  #held: Held[] = [];
  readonly #asked = new Map<string, number>();
  #dropped: string[] = [];

  /** The crop to take from this very frame, if the offer is clearly better than what is held about the same thing. */
  offer(
    offer: EvidenceOffer,
    frame: { width: number; height: number },
    newId: () => string,
  ): EvidenceWanted | undefined {
    const { role, about, score } = offer;
    const box = cropBox(offer.box, margins[role], frame);
    const current = this.#held.find((held) => held.role === role && held.about === about);
    if (!box || !(score > (current?.score ?? 0) * clearlyBetter)) return undefined;
    if (!this.#isAffordable(offer, current !== undefined)) return undefined;
    if (!current && !this.#makeRoom(offer)) return undefined;

    const id = newId();
    if (current) this.#drop(current);
    this.#held.push({ id, role, about, score });
    this.#count(role);
    this.#count(`${role} ${about}`);
    return { id, role, box };
  }

  /** The picture held about this; else the best one in the role, which is then only near it. */
  chosen(role: Role, about: string): string | undefined {
    const own = this.#held.filter((held) => held.role === role);
    const exact = own.find((held) => held.about === about);
    return (exact ?? own.sort((a, b) => b.score - a.score)[0])?.id;
  }

  /** The ids given up since the last call. */
  takeDropped(): string[] {
    const dropped = this.#dropped;
    this.#dropped = [];
    return dropped;
  }

  /** Gives up everything: the track has ended. */
  dropAll(): void {
    for (const held of [...this.#held]) this.#drop(held);
  }

  #isAffordable({ role, about, isDecided }: EvidenceOffer, isHeld: boolean): boolean {
    const ofAbout = this.#asked.get(`${role} ${about}`) ?? 0;
    if (ofAbout >= budget.about) return false;
    const ofRole = this.#asked.get(role) ?? 0;
    return ofRole < budget[role] || (isDecided && !isHeld && ofRole < 2 * budget[role]);
  }

  /** Gives up the poorest picture of the role when too many are held, unless the offer is poorer still. */
  #makeRoom({ role, isDecided, score }: EvidenceOffer): boolean {
    const own = this.#held.filter((held) => held.role === role);
    if (own.length < aboutsHeld) return true;
    const poorest = own.sort((a, b) => a.score - b.score)[0];
    if (!isDecided && score <= poorest.score * clearlyBetter) return false;
    this.#drop(poorest);
    return true;
  }

  #drop(held: Held): void {
    this.#held = this.#held.filter((other) => other !== held);
    this.#dropped.push(held.id);
  }

  #count(key: string): void {
    this.#asked.set(key, (this.#asked.get(key) ?? 0) + 1);
  }
}

/** The box with air around it, whole pixels inside the frame; undefined when too little of it is in view. */
function cropBox(
  [x, y, width, height]: Box,
  margin: number,
  frame: { width: number; height: number },
): Box | undefined {
  const left = Math.max(0, Math.floor(x - width * margin));
  const top = Math.max(0, Math.floor(y - height * margin));
  const right = Math.min(frame.width, Math.ceil(x + width * (1 + margin)));
  const bottom = Math.min(frame.height, Math.ceil(y + height * (1 + margin)));
  if (!(right - left >= leastSide && bottom - top >= leastSide)) return undefined;
  return [left, top, right - left, bottom - top];
}
