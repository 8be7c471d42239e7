import sharp, { type Metadata, type Sharp } from 'sharp';
import { EdgeError } from '../errors.ts';
import type { Picture } from './frame.ts';

/** Larger pictures are decoded at a reduced size, so that one file cannot take the memory of the box. */
const maxPixels = 48_000_000;
/** So are longer ones, however thin. */
const longestSide = 16_000;
/** What is larger cannot be read within 1 GB. AVIF is decoded in one piece, which takes 20 bytes per pixel. */
const largestReadable = { pixels: maxPixels * 4, avifPixels: maxPixels, side: 65_535 } as const;

/** Decodes a still picture, upright by its EXIF orientation. Throws `PICTURE_UNREADABLE`, also when it is far too large. */
export async function decodePicture(source: string | Buffer, maxSide?: number): Promise<Picture> {
  const subject = typeof source === 'string' ? source : undefined;
  try {
    const image = sharp(source, { failOn: 'error', limitInputPixels: largestReadable.pixels });
    const side = Math.min(maxSide ?? longestSide, sideWithin(await image.metadata()));
    const { data, info } = await image
      .rotate()
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#000' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`${info.channels} channels after conversion`);
    return { width: info.width, height: info.height, data: ownBytes(data) };
  } catch (cause) {
    throw new EdgeError('PICTURE_UNREADABLE', subject, { cause });
  }
}

/** The longer side at which a picture is decoded, pixels. Throws when it is too large to be read at all. */
function sideWithin({ width, height, format }: Metadata): number {
  const pixels = width * height;
  const longer = Math.max(width, height);
  if (longer > largestReadable.side || pixels > largestReadable[format === 'heif' ? 'avifPixels' : 'pixels'])
    throw new Error(`${width}×${height} pixels are too many`);
  return Math.min(longestSide, Math.floor(longer * Math.min(1, Math.sqrt(maxPixels / pixels))));
}

/** Cuts `box` ([x, y, width, height], pixels, clipped to the picture) and encodes it as JPEG, no wider than `maxWidth`. */
export async function encodeJpeg(
  picture: Picture,
  box?: [number, number, number, number],
  { quality = 82, maxWidth = 1280 }: { quality?: number; maxWidth?: number } = {},
): Promise<{ jpeg: Buffer; width: number; height: number }> {
  let image = fromPixels(picture);
  if (box) {
    const left = Math.min(picture.width - 1, Math.max(0, Math.floor(box[0])));
    const top = Math.min(picture.height - 1, Math.max(0, Math.floor(box[1])));
    const right = Math.min(picture.width, Math.max(left + 1, Math.ceil(box[0] + box[2])));
    const bottom = Math.min(picture.height, Math.max(top + 1, Math.ceil(box[1] + box[3])));
    image = image.extract({ left, top, width: right - left, height: bottom - top });
  }
  const { data, info } = await image
    .resize({ width: maxWidth, withoutEnlargement: true })
    .jpeg({ quality, mozjpeg: false })
    .toBuffer({ resolveWithObject: true });
  return { jpeg: data, width: info.width, height: info.height };
}

/** Shrinks a picture to `width` pixels, keeping its aspect; the same picture when it is small already. */
export async function shrinkPicture(picture: Picture, width: number): Promise<Picture> {
  if (picture.width <= width) return picture;
  const { data, info } = await fromPixels(picture)
    .resize({ width, kernel: 'linear', fastShrinkOnLoad: false })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: ownBytes(data) };
}

function fromPixels({ data, width, height }: Picture): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** sharp's buffers may be slices of a pool, which cannot be transferred to a worker: copy those. */
function ownBytes(data: Buffer): Uint8Array<ArrayBuffer> {
  if (
    data.byteOffset === 0 &&
    data.byteLength === data.buffer.byteLength &&
    data.buffer instanceof ArrayBuffer
  )
    return new Uint8Array(data.buffer);
  return Uint8Array.from(data);
}

/** Packed 8-bit RGBA, row-major, straight alpha: `data.length === width * height * 4`. */
export interface RgbaPicture {
  width: number;
  height: number;
  data: Uint8Array<ArrayBuffer>;
}

/** Draws an SVG at the size it states. It must not name fonts: a machine at a gate has none. */
export async function rasterizeSvg(svg: string): Promise<RgbaPicture> {
  const { data, info } = await sharp(Buffer.from(svg), { limitInputPixels: maxPixels })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: ownBytes(data) };
}

/** Writes a picture to a `.webp` (fine enough to be a background) or `.png` file. */
export async function encodeStill(picture: Picture, file: string): Promise<void> {
  const image = fromPixels(picture);
  await (file.endsWith('.png')
    ? image.toColourspace('b-w').png({ palette: false })
    : image.webp({ quality: 90, effort: 6 })
  ).toFile(file);
}
