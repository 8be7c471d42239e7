import type { InsideCounts } from '../../../hub/contract/log.ts';

/** Who is in: vehicles, people, and both of them that have been in for too long. */
export interface InsideNumbers {
  vehicle: number;
  person: number;
  overstayed: number;
}

/** The counts of all gates together, or of one. */
export function countInside(counts: InsideCounts['items'], gate: string): InsideNumbers {
  const numbers = { vehicle: 0, person: 0, overstayed: 0 };
  for (const { gate: counted, person, vehicle } of counts) {
    if (gate && counted !== gate) continue;
    numbers.vehicle += vehicle.open;
    numbers.person += person.open;
    numbers.overstayed += vehicle.overstayed + person.overstayed;
  }
  return numbers;
}
