import { randomBytes } from 'node:crypto';
import { link, open, unlink } from 'node:fs/promises';
import { EdgeError } from '../errors.ts';

/** AES-256: 32 bytes. */
const keyBytes = 32;

/**
 * The site's key from its file; made of fresh random bytes with mode 600 when there is none. Throws GALLERY_KEY_UNSAFE when
 * group or others have any right to the file, GALLERY_KEY_INVALID when it is not a file of 32 bytes.
 */
export async function loadSiteKey(path: string): Promise<Buffer> {
  return (await readKey(path)) ?? (await createKey(path));
}

async function readKey(path: string): Promise<Buffer | undefined> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new EdgeError('GALLERY_KEY_INVALID', path, { cause });
  });
  if (!file) return undefined;
  try {
    // The rights of the very file that is read, so that none can be put in its place in between.
    const stat = await file.stat();
    if ((stat.mode & 0o077) !== 0) throw new EdgeError('GALLERY_KEY_UNSAFE', path);
    if (!stat.isFile() || stat.size !== keyBytes) throw new EdgeError('GALLERY_KEY_INVALID', path);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Written aside and linked into place: a crash leaves no half key, and two starts at once agree on one. */
async function createKey(path: string): Promise<Buffer> {
  const key = randomBytes(keyBytes);
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(aside, 'wx', 0o600);
  try {
    await file.writeFile(key);
    await file.sync();
    await link(aside, path);
    return key;
  } catch (cause) {
    const other = (cause as NodeJS.ErrnoException).code === 'EEXIST' ? await readKey(path) : undefined;
    if (other) return other;
    throw cause;
  } finally {
    await file.close();
    await unlink(aside);
  }
}
