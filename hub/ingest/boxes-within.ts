import { covers, type GateScope } from '../accounts/scope.ts';
import type { BoxHealth } from '../contract/api.ts';

/** Boxes that have a camera at a gate within the scope, with those cameras alone. */
export function boxesWithin(scope: GateScope, boxes: BoxHealth[]): BoxHealth[] {
  if (scope === 'all') return boxes;
  return boxes.flatMap((box) => {
    const cameras = box.telemetry?.cameras.filter(({ gate }) => covers(scope, gate)) ?? [];
    if (!box.telemetry || cameras.length === 0) return [];
    return [{ ...box, telemetry: { ...box.telemetry, cameras } }];
  });
}
