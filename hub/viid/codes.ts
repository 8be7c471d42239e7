import type { Plate, PlateClass, Sighting } from '../contract/sighting.ts';

/** Colours of GA/T 1400.3 (ColorType). */
export const colors = { black: '1', white: '2', blue: '5', yellow: '6', green: '9', other: '99' } as const;

/** Kinds of plates of GA 24.7 (PlateClassType). Emergency and civil aviation have none that we could verify. */
const plateClasses: Record<PlateClass, string> = {
  small_car: '02',
  large_vehicle: '01',
  driving_school: '16',
  trailer: '15',
  small_new_energy: '52',
  large_new_energy: '51',
  police: '23',
  hong_kong_macao: '26',
  embassy: '03',
  consulate: '04',
  military: '32',
  armed_police: '31',
  emergency: '99',
  civil_aviation: '99',
  unknown: '99',
};

/** The ground colour of a plate by its kind (GA 36-2018). */
const plateColors: Record<PlateClass, string> = {
  small_car: colors.blue,
  large_vehicle: colors.yellow,
  driving_school: colors.yellow,
  trailer: colors.yellow,
  small_new_energy: colors.green,
  large_new_energy: colors.green,
  police: colors.white,
  hong_kong_macao: colors.black,
  embassy: colors.black,
  consulate: colors.black,
  military: colors.white,
  armed_police: colors.white,
  emergency: colors.white,
  civil_aviation: colors.green,
  unknown: colors.other,
};

const motorcycle = '07';
const macao = '27';

/** The kind of a plate: the yellow plate of a motorcycle and the two of the border have codes of their own. */
export function plateClassCode(plate: Plate, vehicleType: Sighting['vehicleType']): string {
  if (plate.class === 'large_vehicle' && vehicleType === 'motorcycle') return motorcycle;
  if (plate.class === 'hong_kong_macao' && plate.text.endsWith('澳')) return macao;
  return plateClasses[plate.class];
}

/** The ground colour of a plate. */
export function plateColorCode(plate: Plate): string {
  return plateColors[plate.class];
}
