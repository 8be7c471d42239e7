import type { Stroke } from './vehicle-art.ts';
import type { VehicleShape } from './vehicle-shape.ts';

/** A model: its shape, and its elevations in a body colour. Elevations are in metres, y upwards. */
interface VehicleModel {
  shape: VehicleShape;
  elevations(colour: string): {
    front: Stroke[];
    rear: Stroke[];
    side: Stroke[];
    top: Stroke[];
    box?: Stroke[];
  };
  plates: { front: readonly [y: number, z: number]; rear: readonly [y: number, z: number] };
  lamps: { front: readonly [x: number, y: number]; rear: readonly [x: number, y: number] };
}

const paintGloss = 0.4;
const glassGloss = 0.95;
const everywhere = '<rect x="-9" y="-1" width="18" height="12"/>';

const stroke = (shape: string, paint: string, gloss: number): Stroke => ({ shape, paint, gloss });
const path = (d: string) => `<path d="${d}"/>`;
/** A shape and its mirror image. */
const both = (shape: string) => `${shape}<g transform="scale(-1 1)">${shape}</g>`;
const line = (d: string, width: number, colour: string) =>
  stroke(
    `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round"/>`,
    'none',
    0.1,
  );

const bars = (from: number, to: number, step: number, half: number) => {
  const count = Math.floor((to - from) / step);
  return Array.from({ length: count }, (_, index) => {
    const y = from + step * (index + 0.5);
    return `<rect x="${-half}" y="${y}" width="${2 * half}" height="${step * 0.3}"/>`;
  }).join('');
};

const roofOf = (colour: string, from: number, to: number): Stroke[] => [
  stroke(everywhere, colour, paintGloss),
  stroke(`<rect x="-0.42" y="${from}" width="0.84" height="${to - from}" rx="0.06"/>`, '#14181b', 0.7),
  // A corner for the mirrors' glass.
  stroke('<rect x="1.14" y="0" width="0.06" height="0.1"/>', '#20262a', 0.6),
];

/** Windscreen with what is seen through it: the dashboard, two head-rests, a driver, the mirror. */
const windscreen = (bottom: number, top: number, lower: number, upper: number): Stroke[] => {
  const glass = `M${-lower} ${bottom} Q0 ${bottom - 0.03} ${lower} ${bottom} L${upper} ${top} Q0 ${top + 0.03} ${-upper} ${top} Z`;
  const wide = `M${-lower - 0.03} ${bottom - 0.02} Q0 ${bottom - 0.05} ${lower + 0.03} ${bottom - 0.02} L${upper + 0.025} ${top + 0.015} Q0 ${top + 0.045} ${-upper - 0.025} ${top + 0.015} Z`;
  const seat = bottom + (top - bottom) * 0.42;
  return [
    stroke(path(wide), '#0c0d0e', 0.25),
    stroke(path(glass), 'url(#glass)', glassGloss),
    stroke(
      `<g opacity=".55"><ellipse cx="-0.33" cy="${seat}" rx="0.13" ry="0.17"/><ellipse cx="0.33" cy="${seat}" rx="0.13" ry="0.17"/></g>`,
      '#07090a',
      glassGloss,
    ),
    stroke(
      `<g opacity=".5"><ellipse cx="0.33" cy="${seat + 0.02}" rx="0.075" ry="0.1"/></g>`,
      '#a07a62',
      glassGloss,
    ),
    stroke(
      `<g opacity=".45"><path d="M0.14 ${bottom + 0.01} Q0.16 ${seat - 0.06} 0.33 ${seat - 0.07} Q0.5 ${seat - 0.06} 0.52 ${bottom + 0.01} Z"/></g>`,
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

const sedan: VehicleModel = {
  shape: {
    length: 4.65,
    height: 1.46,
    top: [
      [0, 0.7],
      [0.12, 0.79],
      [0.5, 0.86],
      [1.25, 0.97],
      [2.15, 1.4],
      [2.7, 1.46],
      [3.2, 1.43],
      [4.1, 1.08],
      [4.5, 1.05],
      [4.65, 0.96],
    ],
    belt: [
      [0, 0.66],
      [0.3, 0.78],
      [1.25, 0.91],
      [3.6, 0.98],
      [4.65, 0.92],
    ],
    sill: [
      [0, 0.24],
      [0.3, 0.19],
      [4.2, 0.2],
      [4.65, 0.34],
    ],
    half: [
      [0, 0.72],
      [0.14, 0.82],
      [0.45, 0.89],
      [2.5, 0.91],
      [4.2, 0.88],
      [4.65, 0.76],
    ],
    topHalf: [
      [0, 0.6],
      [0.3, 0.74],
      [1.2, 0.78],
      [1.5, 0.72],
      [2.2, 0.58],
      [3.2, 0.57],
      [4.0, 0.7],
      [4.65, 0.66],
    ],
    wheels: { radius: 0.33, front: 0.88, rear: 3.65, half: 0.9 },
    mirrors: { z: 1.62, y: 1.0, x: 0.99, tall: 0.085 },
  },
  plates: { front: [0.46, -0.085], rear: [0.8, 4.72] },
  lamps: { front: [0.66, 0.63], rear: [0.68, 0.84] },
  elevations: (colour) => ({
    front: [
      stroke(everywhere, colour, paintGloss),
      ...windscreen(0.95, 1.4, 0.74, 0.55),
      stroke(path('M-0.47 0.68 Q0 0.72 0.47 0.68 L0.4 0.4 Q0 0.36 -0.4 0.4 Z'), 'url(#chrome)', 0.5),
      stroke(path('M-0.44 0.665 Q0 0.7 0.44 0.665 L0.375 0.415 Q0 0.38 -0.375 0.415 Z'), '#0a0b0c', 0.1),
      stroke(`<g opacity=".8">${bars(0.42, 0.67, 0.05, 0.4)}</g>`, '#8b9298', 0.4),
      stroke('<circle cx="0" cy="0.61" r="0.055"/>', 'url(#chrome)', 0.6),
      stroke('<circle cx="0" cy="0.61" r="0.036"/>', '#22272b', 0.4),
      stroke(both(path('M0.48 0.665 Q0.7 0.7 0.88 0.75 L0.9 0.66 Q0.8 0.6 0.52 0.575 Z')), '#0d0f11', 0.5),
      stroke(
        both(path('M0.5 0.655 Q0.7 0.69 0.87 0.735 L0.885 0.668 Q0.78 0.612 0.54 0.588 Z')),
        'url(#lamp)',
        0.6,
      ),
      stroke(
        both('<circle cx="0.61" cy="0.63" r="0.042"/><circle cx="0.74" cy="0.655" r="0.042"/>'),
        'url(#lens)',
        0.7,
      ),
      line('M0.51 0.648 Q0.7 0.682 0.86 0.727', 0.012, '#f4fbff'),
      line('M-0.51 0.648 Q-0.7 0.682 -0.86 0.727', 0.012, '#f4fbff'),
      stroke(path('M-0.6 0.34 Q0 0.36 0.6 0.34 L0.52 0.235 Q0 0.22 -0.52 0.235 Z'), '#0b0c0d', 0.05),
      stroke(`<g opacity=".6">${bars(0.235, 0.34, 0.035, 0.52)}</g>`, '#3a3e42', 0.1),
      stroke(both(path('M0.66 0.43 L0.83 0.46 L0.82 0.3 L0.7 0.29 Z')), '#0d0e10', 0.1),
      stroke(both('<circle cx="0.755" cy="0.36" r="0.032"/>'), 'url(#lens)', 0.6),
      line('M-0.8 0.225 Q0 0.19 0.8 0.225', 0.02, '#15171a'),
      line('M-0.86 0.79 Q-0.5 0.72 0 0.735 Q0.5 0.72 0.86 0.79', 0.008, '#000'),
    ],
    rear: [
      stroke(everywhere, colour, paintGloss),
      stroke(path('M-0.66 1.06 Q0 1.04 0.66 1.06 L0.52 1.37 Q0 1.4 -0.52 1.37 Z'), '#0c0d0e', 0.3),
      stroke(
        path('M-0.63 1.08 Q0 1.06 0.63 1.08 L0.5 1.355 Q0 1.385 -0.5 1.355 Z'),
        'url(#glass)',
        glassGloss,
      ),
      stroke(
        both(path('M0.36 0.9 Q0.6 0.93 0.84 0.95 L0.86 0.78 Q0.7 0.74 0.38 0.775 Z')),
        'url(#tail)',
        0.6,
      ),
      line('M0.4 0.88 Q0.62 0.9 0.83 0.92', 0.02, '#ff5a50'),
      line('M-0.4 0.88 Q-0.62 0.9 -0.83 0.92', 0.02, '#ff5a50'),
      stroke('<rect x="-0.33" y="0.7" width="0.66" height="0.22" rx="0.03"/>', '#17191c', 0.2),
      stroke('<rect x="-0.36" y="0.925" width="0.72" height="0.025" rx="0.01"/>', 'url(#chrome)', 0.5),
      line('M-0.82 0.64 Q0 0.6 0.82 0.64', 0.01, '#000'),
      line('M-0.7 1.02 Q0 1 0.7 1.02', 0.01, '#000'),
      stroke(path('M-0.74 0.4 L0.74 0.4 L0.7 0.26 L-0.7 0.26 Z'), '#121314', 0.08),
      stroke(both('<rect x="0.58" y="0.45" width="0.16" height="0.03" rx="0.01"/>'), '#a00f14', 0.4),
      stroke(both('<rect x="0.46" y="0.28" width="0.16" height="0.06" rx="0.03"/>'), 'url(#chrome)', 0.4),
    ],
    side: sideOf(colour, {
      wheels: [0.88, 3.65],
      radius: 0.33,
      windows: 'M1.55 0.99 L2.16 1.31 Q2.7 1.39 3.15 1.34 L3.85 1.06 L3.8 1.0 Z',
      pillars: [2.55, 3.4],
      doors: [1.5, 2.55, 3.5],
      handleY: 0.86,
      length: 4.65,
    }),
    top: roofOf(colour, 2.3, 3.1),
  }),
};

interface SideDetail {
  wheels: readonly number[];
  radius: number;
  windows: string;
  pillars: readonly number[];
  doors: readonly number[];
  handleY: number;
  length: number;
}

function sideOf(
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

/** The models of vehicles in the sample footage. */
export const vehicleModels = { sedan } satisfies Record<string, VehicleModel>;

/** Names a model of the sample footage. */
export type ModelName = keyof typeof vehicleModels;
