import type { PlateClass } from '../../hub/contract/sighting.ts';
import type { CastName } from './cast.ts';
import type { MaskStyle } from './person-art.ts';
import type { ModelName } from './vehicle-models.ts';

/** One person or vehicle that passes the gate, and when (seconds of the video at which it sets out). */
export type Passage = PersonPassage | VehiclePassage;

export interface PersonPassage {
  kind: 'person';
  person: CastName;
  mask?: MaskStyle;
  at: number;
  /** Sets out this many seconds along its way, for the one who is already in the picture when the video begins. */
  ahead?: number;
}

export interface VehiclePassage {
  kind: 'vehicle';
  model: ModelName;
  colour: string;
  vehicleType: 'car' | 'truck' | 'bus';
  plate: { text: string; class: PlateClass; province: string; rows?: 1 | 2 };
  direction: 'entry' | 'exit';
  at: number;
}

/** What is rendered: everything that decides the pictures except the code. */
export interface Recipe {
  seconds: number;
  framesPerSecond: number;
  /** Seconds at which daylight begins and ends to go. */
  duskFrom: number;
  duskTo: number;
  passages: readonly Passage[];
}

const home = { text: '苏A82K56', class: 'small_car', province: '苏' } as const;

/** The footage a new user sees: day, then dusk, with something to flag within the first four seconds. */
export const gateRecipe: Recipe = {
  seconds: 58,
  framesPerSecond: 10,
  duskFrom: 27.6,
  duskTo: 30,
  passages: [
    { kind: 'person', person: 'lin', at: 0, ahead: 2.4 },
    {
      kind: 'vehicle',
      model: 'sedan',
      colour: '#8d1a24',
      vehicleType: 'car',
      plate: home,
      direction: 'entry',
      at: 3.4,
    },
    { kind: 'person', person: 'ruth', mask: 'surgical', at: 7.2 },
  ],
};
