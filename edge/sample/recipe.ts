import type { PlateClass } from '../../hub/contract/sighting.ts';
import type { CastName } from './cast.ts';
import type { HandGesture } from './hand-gesture.ts';
import type { MaskStyle } from './person-art.ts';
import type { ModelName } from './vehicle-models.ts';

/** One person or vehicle that passes the gate, and when (seconds of the video at which it sets out). */
export type Passage = PersonPassage | VehiclePassage;

export interface PersonPassage {
  kind: 'person';
  person: CastName;
  mask?: MaskStyle;
  /** Only for whom there is an arm in `cast.ts`. */
  hand?: HandGesture;
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
const neighbour = { text: '苏B5D713', class: 'small_car', province: '苏' } as const;
const watched = { text: '鄂A6M913', class: 'small_car', province: '鄂' } as const;
const electric = { text: '沪AD52816', class: 'small_new_energy', province: '沪' } as const;
const haulier = { text: '皖C7H528', class: 'large_vehicle', province: '皖' } as const;
const capital = { text: '京N3T605', class: 'small_car', province: '京' } as const;

const car = { kind: 'vehicle', vehicleType: 'car', direction: 'entry' } as const;

/** The footage a new user sees: day, then dusk, with something to flag within the first four seconds. */
export const gateRecipe: Recipe = {
  seconds: 58,
  framesPerSecond: 5,
  duskFrom: 27.4,
  duskTo: 29.8,
  passages: [
    { kind: 'person', person: 'lin', at: 0, ahead: 5.2 },
    { ...car, model: 'suv', colour: '#dfe1e0', plate: watched, at: 1.2 },
    { kind: 'person', person: 'ruth', mask: 'surgical', at: 3.4 },
    { ...car, model: 'sedan', colour: '#8d1a24', plate: home, at: 9.6 },
    { kind: 'person', person: 'mei', at: 9.8 },
    { ...car, model: 'van', colour: '#2a4763', plate: electric, at: 15.9 },
    { kind: 'person', person: 'ana', at: 16.4 },
    { ...car, model: 'lorry', vehicleType: 'truck', colour: '#2c5a8c', plate: haulier, at: 28.4 },
    { kind: 'person', person: 'ida', mask: 'cloth', at: 30.2 },
    { ...car, model: 'sedan', colour: '#8d1a24', plate: home, direction: 'exit', at: 38.2 },
    { kind: 'person', person: 'lin', at: 37 },
    { ...car, model: 'sedan', colour: '#2b2e33', plate: capital, at: 42.8 },
    // A hand before the mask, which for a moment slips off the nose: nothing that anybody should be told.
    {
      kind: 'person',
      person: 'ida',
      mask: 'surgical',
      hand: { from: 6.3, to: 9.5, pullsMaskAt: 8.7 },
      at: 43.8,
    },
    { ...car, model: 'suv', colour: '#5d6f7c', plate: neighbour, at: 47.8 },
  ],
};
