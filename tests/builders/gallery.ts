import { randomBytes } from 'node:crypto';
import { SqliteGallery } from '../../edge/gallery/sqlite-gallery.ts';
import { openSqlite } from '../../edge/sqlite.ts';

/** Numbers per embedding in tests that need no network. */
export const dimension = 8;

/** An empty gallery in memory; boxes of one site share a key. */
export function buildGallery(onChange = () => {}, key = randomBytes(32), box = 'east-box'): SqliteGallery {
  const dimensions = { whole: dimension, upper: dimension };
  const options = { key, model: 'a network', box, dimensions, mergeFrom: 0.7 };
  return new SqliteGallery(openSqlite(':memory:'), options, onChange);
}
