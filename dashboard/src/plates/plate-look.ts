import type { Plate, PlateClass } from '../../../hub/contract/sighting.ts';

/** How a class of plate looks (GA 36-2018). */
export type PlateLook = 'blue' | 'yellow' | 'green' | 'yellow-green' | 'white' | 'black' | 'unknown';

const looks: Record<PlateClass, PlateLook> = {
  small_car: 'blue',
  large_vehicle: 'yellow',
  driving_school: 'yellow',
  trailer: 'yellow',
  small_new_energy: 'green',
  large_new_energy: 'yellow-green',
  police: 'white',
  hong_kong_macao: 'black',
  embassy: 'black',
  consulate: 'black',
  military: 'white',
  armed_police: 'white',
  emergency: 'white',
  civil_aviation: 'green',
  unknown: 'unknown',
};

/** The look of a class. */
export function plateLook(plateClass: PlateClass): PlateLook {
  return looks[plateClass];
}

/** One character as it is drawn on the chip. */
export interface PlateCharacter {
  text: string;
  red: boolean;
  uncertain: boolean;
}

/** Below this confidence (0–1) a character is marked: a person should look. */
const certainFrom = 0.75;

/** The characters of a plate, with those marked that were not read surely; `provinceUncertain` marks the first. */
export function plateCharacters(plate: Plate, provinceUncertain: boolean): PlateCharacter[] {
  return [...plate.text].map((text, index) => ({
    text,
    red: isRed(text, index, plate.class),
    uncertain: (index === 0 && provinceUncertain) || (plate.characters[index]?.confidence ?? 1) < certainFrom,
  }));
}

function isRed(text: string, index: number, plateClass: PlateClass): boolean {
  if ('警领使'.includes(text) || text === '应' || text === '急') return true;
  return (plateClass === 'military' || plateClass === 'armed_police') && index < 2;
}
