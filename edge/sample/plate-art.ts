import { readFileSync } from 'node:fs';
import type { PlateClass } from '../../hub/contract/sighting.ts';
import { type RgbaPicture, rasterizeSvg } from '../capture/picture-codec.ts';

/** Which plate to draw: its characters, its class, and for the yellow ones whether it has two rows. */
export interface PlateDesign {
  text: string;
  class: PlateClass;
  rows?: 1 | 2;
}

interface Colours {
  ground: string;
  ink: string;
  /** Colour of characters that are not in `ink`. */
  special?: { characters: string; ink: string };
}

interface Placed {
  character: string;
  left: number;
  top: number;
  width: number;
  height: number;
}

interface Layout {
  width: number;
  height: number;
  characters: Placed[];
  dots: { x: number; y: number; radius: number }[];
}

interface GlyphFile {
  box: [width: number, height: number];
  glyphs: Record<string, string>;
  signBox: [width: number, height: number];
  sign: Record<string, string>;
}

const glyphFile = JSON.parse(
  readFileSync(new URL('plate-glyphs.json', import.meta.url), 'utf8'),
) as GlyphFile;

const blue: Colours = { ground: '#0a3fa6', ink: '#fbfbfb' };
const yellow: Colours = { ground: '#f2b417', ink: '#141414' };
const white: Colours = { ground: '#f4f4f2', ink: '#161616', special: { characters: '警', ink: '#c8141e' } };
const black: Colours = { ground: '#141416', ink: '#f6f6f6' };

const colours: Record<PlateClass, Colours> = {
  small_car: blue,
  large_vehicle: yellow,
  driving_school: yellow,
  trailer: yellow,
  small_new_energy: { ground: 'url(#green)', ink: '#141414' },
  large_new_energy: { ground: '#8fd67c', ink: '#141414' },
  police: white,
  hong_kong_macao: black,
  embassy: { ...black, special: { characters: '使', ink: '#d8202a' } },
  consulate: { ...black, special: { characters: '领', ink: '#d8202a' } },
  military: { ...white, special: { characters: 'ABCDEFGHJKLMNOPQRSTUVWXYZ', ink: '#c8141e' } },
  armed_police: { ...white, special: { characters: 'WJ', ink: '#c8141e' } },
  civil_aviation: { ground: '#6fc07a', ink: '#161616' },
  emergency: { ...white, special: { characters: '应急', ink: '#c8141e' } },
  unknown: { ground: '#b9b9b9', ink: '#222222' },
};

/**
 * Draws a plate by GA 36-2018: 440×140 mm with seven characters of 45×90 mm, 480×140 mm with eight for new energy,
 * 440×220 mm in two rows. `scale`: pixels per millimetre. Throws a RangeError for a character that no plate holds.
 */
export async function renderPlate(design: PlateDesign, { scale }: { scale: number }): Promise<RgbaPicture> {
  return rasterizeSvg(drawPlate(design, scale));
}

/** Size of a plate in millimetres (GA 36-2018, table 2). */
export function plateSize(design: PlateDesign): { width: number; height: number } {
  const { width, height } = layOut(design);
  return { width, height };
}

/** Outlines of a line of sign-writing as SVG paths in a box of `size` units per character, top left at the origin. */
export function drawSignText(text: string, size: number, ink: string): string {
  const scale = size / glyphFile.signBox[0];
  return [...text]
    .map((character, index) => {
      const outline = glyphFile.sign[character];
      if (!outline) throw new RangeError(`no sign outline for ${character}`);
      return `<path fill="${ink}" transform="translate(${index * size} 0) scale(${scale})" d="${outline}"/>`;
    })
    .join('');
}

function drawPlate(design: PlateDesign, scale: number): string {
  const { width, height, characters, dots } = layOut(design);
  const { ground, ink, special } = colours[design.class];
  const inkOf = (character: string) => (special?.characters.includes(character) ? special.ink : ink);
  const glyphs = characters.map((placed) => drawGlyph(placed, inkOf(placed.character)));
  const marks = dots.map(({ x, y, radius }) => `<circle cx="${x}" cy="${y}" r="${radius}" fill="${ink}"/>`);
  const large = design.class === 'large_new_energy';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.round(width * scale)}" height="${Math.round(height * scale)}" viewBox="0 0 ${width} ${height}">
<defs><linearGradient id="green" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#eef7ee"/><stop offset="1" stop-color="#5cc465"/></linearGradient></defs>
<rect width="${width}" height="${height}" rx="10" fill="${ground}"/>
${large ? `<rect width="${characters[2].left - 12}" height="${height}" rx="10" fill="#f0c53a"/>` : ''}
<rect x="4.5" y="4.5" width="${width - 9}" height="${height - 9}" rx="7" fill="none" stroke="${ink}" stroke-width="3"/>
${glyphs.join('')}${marks.join('')}${screws(width, height)}</svg>`;
}

function drawGlyph({ character, left, top, width, height }: Placed, ink: string): string {
  const outline = glyphFile.glyphs[character];
  if (!outline) throw new RangeError(`no plate holds the character ${JSON.stringify(character)}`);
  const [boxWidth, boxHeight] = glyphFile.box;
  return `<path fill="${ink}" transform="translate(${left} ${top}) scale(${width / boxWidth} ${height / boxHeight})" d="${outline}"/>`;
}

function screws(width: number, height: number): string {
  const at = (x: number, y: number) =>
    `<circle cx="${x}" cy="${y}" r="4.6" fill="#8d9196"/><circle cx="${x - 1}" cy="${y - 1}" r="2" fill="#d8dade"/>`;
  return [at(95, 12), at(width - 95, 12), at(95, height - 12), at(width - 95, height - 12)].join('');
}

function layOut(design: PlateDesign): Layout {
  if (design.class === 'small_new_energy' || design.class === 'large_new_energy')
    return layOutNewEnergy(design.text);
  if (design.rows === 2) return layOutTwoRows(design.text);
  return layOutOneRow(design.text);
}

/** Seven boxes of 45×90 with gaps of 12, and 34 around the dot after the second; more characters are set closer. */
function layOutOneRow(text: string): Layout {
  const count = [...text].length;
  const width = count > 7 ? 480 : 440;
  const step = count > 7 ? (width - 31 - 45 - 22) / (count - 1) : 57;
  const characters = [...text].map((character, index) => ({
    character,
    left: 15.5 + index * step + (index > 1 ? 22 : 0),
    top: 25,
    width: Math.min(45, step - 4),
    height: 90,
  }));
  const dot = (characters[1].left + characters[1].width + characters[2].left) / 2;
  return { width, height: 140, characters, dots: [{ x: dot, y: 70, radius: 5 }] };
}

/** The first box 45 wide, the others 43, gaps of 9, and 49 after the second, where no dot is drawn. */
function layOutNewEnergy(text: string): Layout {
  let left = 15.5;
  const characters = [...text].map((character, index) => {
    const width = index === 0 ? 45 : 43;
    const placed = { character, left, top: 25, width, height: 90 };
    left += width + (index === 1 ? 47 : 9);
    return placed;
  });
  return { width: 480, height: 140, characters, dots: [] };
}

/** Two boxes of 80×60 above with a dot between, five of 65×110 below. */
function layOutTwoRows(text: string): Layout {
  const characters = [...text].map((character, index) =>
    index < 2
      ? { character, left: index === 0 ? 110 : 250, top: 15, width: 80, height: 60 }
      : { character, left: 27.5 + (index - 2) * 80, top: 90, width: 65, height: 110 },
  );
  return { width: 440, height: 220, characters, dots: [{ x: 220, y: 45, radius: 5 }] };
}
