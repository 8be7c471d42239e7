import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** All JPEG, PNG and WebP files in and below a folder, by name. */
export async function picturesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(jpe?g|png|webp)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
