import type { VehicleShape } from './vehicle-shape.ts';

/** One drawn shape of an elevation: SVG, its paint, and how much it mirrors (0–1). Metres, y upwards. */
export interface Stroke {
  shape: string;
  paint: string;
  gloss: number;
}

/** A model: its shape, and its elevations in a body colour. */
export interface VehicleModel {
  shape: VehicleShape;
  elevations(colour: string): {
    front: Stroke[];
    rear: Stroke[];
    side: Stroke[];
    top: Stroke[];
    box?: Stroke[];
  };
  /** Height and distance from the front of the middle of a plate. */
  plates: { front: readonly [y: number, z: number]; rear: readonly [y: number, z: number] };
  /** Distance from the middle and height of the lamps. */
  lamps: { front: readonly [x: number, y: number]; rear: readonly [x: number, y: number] };
}

/** How much lacquer mirrors. */
export const paintGloss = 0.5;
/** How much glass mirrors. */
export const glassGloss = 0.95;
/** Covers any elevation. */
export const everywhere = '<rect x="-9" y="-1" width="18" height="12"/>';

/** A filled shape. */
export const stroke = (shape: string, paint: string, gloss: number): Stroke => ({ shape, paint, gloss });
/** An SVG path. */
export const path = (d: string) => `<path d="${d}"/>`;
/** A shape and its mirror image. */
export const both = (shape: string) => `${shape}<g transform="scale(-1 1)">${shape}</g>`;
/** A line of a width in metres. */
export const line = (d: string, width: number, colour: string) =>
  stroke(
    `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round"/>`,
    'none',
    0.1,
  );

/** Horizontal bars between two heights, as in a grille. */
export const bars = (from: number, to: number, step: number, half: number) => {
  const count = Math.floor((to - from) / step);
  return Array.from({ length: count }, (_, index) => {
    const y = from + step * (index + 0.5);
    return `<rect x="${-half}" y="${y}" width="${2 * half}" height="${step * 0.3}"/>`;
  }).join('');
};

/** The roof seen from above, with a glass panel from one distance to another. */
export const roofOf = (colour: string, from: number, to: number): Stroke[] => [
  stroke(everywhere, colour, paintGloss),
  stroke(`<rect x="-0.42" y="${from}" width="0.84" height="${to - from}" rx="0.06"/>`, '#14181b', 0.7),
  // A corner for the mirrors' glass.
  stroke('<rect x="1.14" y="0" width="0.06" height="0.1"/>', '#20262a', 0.6),
];

/** Windscreen with what is seen through it: the dashboard, two head-rests, a driver, the mirror. */
export const windscreen = (bottom: number, top: number, lower: number, upper: number): Stroke[] => {
  const glass = `M${-lower} ${bottom} Q0 ${bottom - 0.03} ${lower} ${bottom} L${upper} ${top} Q0 ${top + 0.03} ${-upper} ${top} Z`;
  const wide = `M${-lower - 0.03} ${bottom - 0.02} Q0 ${bottom - 0.05} ${lower + 0.03} ${bottom - 0.02} L${upper + 0.025} ${top + 0.015} Q0 ${top + 0.045} ${-upper - 0.025} ${top + 0.015} Z`;
  const seat = bottom + (top - bottom) * 0.42;
  return [
    stroke(path(wide), '#0c0d0e', 0.25),
    stroke(path(glass), 'url(#glass)', glassGloss),
    stroke(
      `<g opacity=".45"><ellipse cx="-0.33" cy="${seat}" rx="0.13" ry="0.17"/><ellipse cx="0.33" cy="${seat}" rx="0.13" ry="0.17"/></g>`,
      '#07090a',
      glassGloss,
    ),
    stroke(
      `<g opacity=".2"><ellipse cx="0.33" cy="${seat + 0.02}" rx="0.075" ry="0.1"/></g>`,
      '#a07a62',
      glassGloss,
    ),
    stroke(
      `<g opacity=".22"><path d="M0.14 ${bottom + 0.01} Q0.16 ${seat - 0.06} 0.33 ${seat - 0.07} Q0.5 ${seat - 0.06} 0.52 ${bottom + 0.01} Z"/></g>`,
      '#3c4a63',
      glassGloss,
    ),
    stroke(
      `<g opacity=".7">${path(`M${-lower} ${bottom} Q0 ${bottom + 0.07} ${lower} ${bottom} Q0 ${bottom - 0.03} ${-lower} ${bottom} Z`)}</g>`,
      '#050606',
      0.5,
    ),
    stroke(`<rect x="-0.1" y="${top - 0.1}" width="0.2" height="0.055" rx="0.02"/>`, '#08090a', 0.3),
    line(`M-0.52 ${bottom + 0.005} L-0.02 ${bottom + 0.05}`, 0.012, '#050505'),
    line(`M0.1 ${bottom + 0.005} L0.6 ${bottom + 0.05}`, 0.012, '#050505'),
  ];
};

/** What differs between the sides of models; metres from the front. */
export interface SideDetail {
  wheels: readonly number[];
  radius: number;
  windows: string;
  pillars: readonly number[];
  doors: readonly number[];
  handleY: number;
  length: number;
}

/** A side with windows, pillars, doors, handles and wheel arches. */
export function sideOf(
  colour: string,
  { wheels, radius, windows, pillars, doors, handleY, length }: SideDetail,
): Stroke[] {
  return [
    stroke(everywhere, colour, paintGloss),
    stroke(
      `<g stroke="#0c0d0e" stroke-width="0.05" stroke-linejoin="round">${path(windows)}</g>`,
      '#0c0d0e',
      0.3,
    ),
    stroke(path(windows), 'url(#sideglass)', glassGloss),
    ...pillars.map((z) =>
      stroke(`<rect x="${z - 0.035}" y="0.95" width="0.07" height="0.5"/>`, '#0d0e10', 0.3),
    ),
    ...doors.map((z) => line(`M${z} 0.3 L${z + 0.03} 0.95`, 0.01, '#000')),
    ...doors
      .slice(1)
      .map((z) =>
        stroke(
          `<rect x="${z - 0.3}" y="${handleY}" width="0.2" height="0.032" rx="0.014"/>`,
          'url(#chrome)',
          0.4,
        ),
      ),
    line(`M0.5 0.74 Q${length / 2} 0.8 ${length - 0.3} 0.84`, 0.012, '#00000055'),
    stroke(`<rect x="0" y="0.1" width="${length}" height="0.17"/>`, '#121314', 0.08),
    ...wheels.map((z) => stroke(`<circle cx="${z}" cy="${radius}" r="${radius + 0.055}"/>`, '#060606', 0)),
  ];
}
