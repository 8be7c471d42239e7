import type { Sighting } from '../../hub/contract/sighting.ts';

const dayMs = 86_400_000;
const gates = ['east-gate', 'north-gate', 'south-gate', 'west-gate'] as const;
const provinces = [...'苏苏苏苏苏苏苏苏苏苏苏苏苏苏苏苏苏苏浙沪皖鲁京粤豫'] as const;
const serial = [...'0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'] as const;
/** Share of a day's arrivals by hour, local: mornings and evenings. */
const arrivals = [1, 1, 1, 1, 1, 2, 4, 7, 8, 5, 4, 5, 6, 5, 4, 4, 6, 8, 9, 8, 6, 4, 3, 2];
const arrivalsInAll = arrivals.reduce((sum, share) => sum + share, 0);

/** A person or a car that comes to the compound. */
export interface Visitor {
  kind: 'person' | 'vehicle';
  /** Plate, or pseudonymous id. */
  subject: string;
  isResident: boolean;
}

interface Passing {
  at: number;
  visitor: Visitor;
  gate: (typeof gates)[number];
  direction: Sighting['direction'];
  lane: 0 | 1;
}

/** A stream of numbers in 0…1 that is the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * An invented compound: residents who come and go several times a day, strangers who come once or a few times, four
 * gates with two cameras each. The same seed and size give the same sightings.
 */
export class Compound {
  readonly residents: Visitor[];
  readonly strangers: Visitor[];
  #random: () => number;
  readonly #visitsPerDay: number;

  /** For about this many sightings in this many days. Another `seed` sends the same people other ways. */
  constructor({ sightings, days, seed = 2 }: { sightings: number; days: number; seed?: number }) {
    this.#random = randomFrom(1);
    this.#visitsPerDay = Math.ceil(sightings / days / 2);
    this.residents = this.#visitors(Math.ceil(this.#visitsPerDay / 2), true);
    this.strangers = this.#visitors(Math.ceil(sightings / 12), false);
    this.#random = randomFrom(seed);
  }

  /** Sightings in time from this midnight on (ms since the epoch, UTC), without end. */
  *sightings(from: number): Generator<Sighting> {
    let waiting: Passing[] = [];
    for (let midnight = from; ; midnight += dayMs) {
      const passings = [...waiting, ...this.#visitsOf(midnight)].sort((a, b) => a.at - b.at);
      waiting = passings.filter(({ at }) => at >= midnight + dayMs);
      for (const passing of passings) if (passing.at < midnight + dayMs) yield this.sighting(passing);
    }
  }

  /** One more visit's entry, now: for sending. */
  sightingAt(at: number): Sighting {
    return this.sighting({
      at,
      visitor: this.#someone(),
      gate: this.#oneOf(gates),
      direction: this.#random() < 0.5 ? 'entry' : 'exit',
      lane: this.#random() < 0.5 ? 0 : 1,
    });
  }

  /** A closed sighting of this passing, with one picture that it names. */
  sighting({ at, visitor, gate, direction, lane }: Passing): Sighting {
    const { kind, subject } = visitor;
    const random = this.#random;
    const side = gate.split('-')[0];
    const id = this.#uuid(at);
    const confidence = round(0.8 + random() * 0.2);
    const isOutside = kind === 'vehicle' && subject[0] !== '苏';
    const isBare = kind === 'person' && random() < 0.02;
    const isUnknownPerson = kind === 'person' && random() < 0.15;
    const occurredAt = new Date(at).toISOString();
    const votes = 5 + Math.floor(random() * 20);
    return {
      schema: 1,
      id,
      revision: 1,
      phase: 'closed',
      site: 'demo',
      box: `${side}-box`,
      gate,
      camera: lane ? `${side}-lane` : `${side}-walk`,
      kind,
      occurredAt,
      decidedAt: new Date(at + 800).toISOString(),
      endedAt: new Date(at + 2000 + Math.floor(random() * 20_000)).toISOString(),
      direction,
      ...(kind === 'person' && !isUnknownPerson ? { subject } : {}),
      ...(kind === 'vehicle'
        ? {
            vehicleType: 'car' as const,
            plate: {
              text: subject,
              class: 'small_car' as const,
              confidence,
              characters: [...subject].map((text) => ({ text, confidence: round(0.7 + random() * 0.3) })),
              votes,
            },
          }
        : {}),
      verdicts:
        kind === 'vehicle'
          ? {
              province: {
                verdict: isOutside ? 'out_of_province' : 'home',
                code: subject[0],
                confidence,
                votes,
              },
            }
          : {
              mask: {
                verdict: isBare ? 'not_worn' : 'worn',
                confidence: round(0.85 + random() * 0.15),
                votes,
              },
              familiarity: isUnknownPerson
                ? { verdict: 'cannot_tell', confidence: round(random() * 0.4), votes }
                : { verdict: visitor.isResident ? 'registered' : 'seen_before', confidence, votes },
            },
      flags: isBare ? ['mask_not_worn'] : isOutside && random() < 0.07 ? ['out_of_province'] : [],
      policyVersion: 1,
      evidence: [
        {
          id: this.#uuid(),
          sha256: this.#hex(64),
          role: kind === 'vehicle' ? 'plate' : 'face',
          occurredAt,
          width: 480,
          height: 360,
          box: [Math.floor(random() * 1400), Math.floor(random() * 700), 480, 360],
        },
      ],
    };
  }

  /** Entries and exits of the visits that begin on this day; now and then one is not seen, not told, or seen twice. */
  #visitsOf(midnight: number): Passing[] {
    const passings: Passing[] = [];
    for (let visits = 0; visits < this.#visitsPerDay; visits++) {
      const visitor = this.#someone();
      const stayMs = visitor.isResident
        ? (1 + this.#random() * 13) * 3_600_000
        : this.#random() * 3 * 3_600_000;
      const cameAt = midnight + this.#arrival();
      for (const [at, direction] of [
        [cameAt, 'entry'],
        [cameAt + 60_000 + stayMs, 'exit'],
      ] as const) {
        const chance = this.#random();
        if (chance < 0.02) continue;
        const passing = {
          at: Math.floor(at),
          visitor,
          gate: this.#oneOf(gates),
          direction: chance < 0.05 ? ('unknown' as const) : direction,
          lane: 0 as const,
        };
        passings.push(passing);
        if (chance > 0.96) passings.push({ ...passing, at: passing.at + 5000, lane: 1 });
      }
    }
    return passings;
  }

  #arrival(): number {
    let share = this.#random() * arrivalsInAll;
    const hour = arrivals.findIndex((of) => {
      share -= of;
      return share < 0;
    });
    return (Math.max(0, hour) + this.#random()) * 3_600_000;
  }

  #someone(): Visitor {
    return this.#random() < 0.75 ? this.#oneOf(this.residents) : this.#oneOf(this.strangers);
  }

  #visitors(count: number, isResident: boolean): Visitor[] {
    return Array.from({ length: count }, () =>
      this.#random() < 0.55
        ? { kind: 'vehicle' as const, subject: this.#plate(isResident), isResident }
        : { kind: 'person' as const, subject: this.#uuid(), isResident },
    );
  }

  #plate(isResident: boolean): string {
    const province = isResident && this.#random() < 0.9 ? '苏' : this.#oneOf(provinces);
    const city = province === '苏' && this.#random() < 0.7 ? 'A' : this.#oneOf([...'ABCDEFGH']);
    return `${province}${city}${Array.from({ length: 5 }, () => this.#oneOf(this.#random() < 0.7 ? serial.slice(0, 10) : serial)).join('')}`;
  }

  /** Version 7 with a time, version 4 without (RFC 9562). */
  #uuid(at?: number): string {
    const hex = at === undefined ? this.#hex(32) : at.toString(16).padStart(12, '0') + this.#hex(20);
    const version = at === undefined ? '4' : '7';
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  #hex(digits: number): string {
    let hex = '';
    while (hex.length < digits)
      hex += Math.floor(this.#random() * 0x100000000)
        .toString(16)
        .padStart(8, '0');
    return hex.slice(0, digits);
  }

  #oneOf<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)];
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
