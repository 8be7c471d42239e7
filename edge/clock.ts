import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EdgeError } from './errors.ts';

/** No clock of a box with this software can honestly show an earlier time. */
const releasedAt = Date.UTC(2026, 0, 1);
/** A clock that is being set may step back by this much, ms. */
const step = 60_000;

/**
 * Throws CLOCK_WRONG when the time `now` (ms) is before the release of this software, or before the box last wrote into its
 * data folder: boxes without a battery wake up in the past. A clock that is ahead only the hub can tell.
 */
export async function checkClock(now: number, dataFolder: string): Promise<void> {
  if (now < Math.max(releasedAt, (await lastWrittenAt(dataFolder)) - step))
    throw new EdgeError('CLOCK_WRONG');
}

/** When the newest file of a folder was written, ms; 0 when there is none. */
async function lastWrittenAt(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const times = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(0, ...times);
}
