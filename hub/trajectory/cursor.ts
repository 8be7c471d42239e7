import { z } from 'zod';
import { instant, uuid } from '../contract/ids.ts';
import { HubError } from '../errors.ts';

/** The place of a row in a list that is sorted by instant and then by id. */
export interface Place {
  at: string;
  id: string;
}

const place = z.tuple([instant, uuid]);

/** An opaque cursor for the last row of a page. */
export function toCursor({ at, id }: Place): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

/** Throws CURSOR_INVALID for what this hub did not give out. */
export function parseCursor(cursor: string): Place {
  const parsed = place.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success) throw new HubError('CURSOR_INVALID');
  const [at, id] = parsed.data;
  return { at, id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
