import { sedan, suv } from './vehicle-cars.ts';
import type { VehicleModel } from './vehicle-strokes.ts';
import { lorry, van } from './vehicle-vans.ts';

/** The models of vehicles in the sample footage. */
export const vehicleModels = { sedan, suv, van, lorry } satisfies Record<string, VehicleModel>;

/** Names a model of the sample footage. */
export type ModelName = keyof typeof vehicleModels;
