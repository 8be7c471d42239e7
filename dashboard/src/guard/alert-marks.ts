import type { Alert } from '../../../hub/contract/api.ts';

/** What one alert stands for, each sighting counted once. */
export interface AlertMarks {
  /** The same subject seen again within the cooldown. */
  repeats: number;
  /** Other cameras that saw the same at the same moment. */
  cameras: readonly string[];
  /** How many alike came at once; 0 when it was not a storm. */
  storm: number;
}

/** The hub folds repeats, other cameras and storms into one count; this takes them apart again. */
export function alertMarks({ repeats, cameras, storm }: Alert): AlertMarks {
  const joined = cameras.length + (storm ? storm.count - 1 : 0);
  return { repeats: Math.max(0, repeats - joined), cameras, storm: storm?.count ?? 0 };
}
