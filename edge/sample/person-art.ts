import { decodePicture, type RgbaPicture, rasterizeSvg } from '../capture/picture-codec.ts';
import { drawArm, loadHand } from './arm-art.ts';
import type { ArmFit, CastMember, LowerBody, MaskFit } from './cast.ts';
import type { HandGesture } from './hand-gesture.ts';
import { makeSprite, type Sprite } from './layer.ts';
import { photographPath } from './photograph.ts';

/** Which mask a person wears. */
export type MaskStyle = 'surgical' | 'cloth';

/** A person ready to be placed: one sprite per phase of the walk, all of one size. */
export interface PersonArt {
  /** Standing, left foot ahead, right foot ahead. */
  phases: [Sprite, Sprite, Sprite];
  /** Standing, with the mask pulled off the nose. */
  pulled?: Sprite;
  /** Goes over the body, from hanging to before the mouth. */
  arm?: ArmPose[];
  /** The point between the soles, pixels of the sprite. */
  foot: { x: number; y: number };
  pixelsPerMetre: number;
  /** `[x, y, width, height]`, pixels of the sprite. */
  face: [number, number, number, number];
}

/** An arm `raised` so far, 0 to 1. */
interface ArmPose {
  raised: number;
  sprite: Sprite;
}

/** Sprites are kept at this share of the photograph: the nearest person needs no more. */
const share = 0.5;
const margin = 24;

/** Cuts a person from the photograph, adds what it does not show, puts the mask on, and gives who needs one an arm. */
export async function preparePerson(
  member: CastMember,
  mask: MaskStyle | undefined,
  hand?: HandGesture,
): Promise<PersonArt> {
  const canvas = canvasOf(member);
  const photograph = await decodePicture(photographPath(member.photograph), 1920 * share);
  const stencil = await rasterizeSvg(drawStencil(member, canvas));
  const dress = async (fit: MaskFit | undefined) => {
    const upper = cutOut(photograph, stencil, canvas, member.grade ?? [1, 1, 1]);
    if (mask && fit) layOver(upper, await rasterizeSvg(drawMask(fit, mask, canvas)));
    return upper;
  };
  const upper = await dress(member.mask);
  const draw = async (stride: number, body = upper) => {
    const whole = await rasterizeSvg(drawLowerBody(member, canvas, stride));
    layOver(whole, body);
    return makeSprite(whole);
  };
  const { hip } = member.lower;
  return {
    phases: [await draw(0), await draw(1), await draw(-1)],
    ...(hand?.pullsMaskAt !== undefined &&
      member.mask && { pulled: await draw(0, await dress(pulledDown(member.mask))) }),
    ...(hand && member.arm && { arm: await prepareArm(member.arm, upper, canvas) }),
    foot: {
      x: ((hip[0] + hip[1]) / 2 - canvas.left) * share,
      y: (member.soleY - canvas.top) * share,
    },
    pixelsPerMetre: member.pixelsPerMetre * share,
    face: [
      (member.face[0] - canvas.left) * share,
      (member.face[1] - canvas.top) * share,
      member.face[2] * share,
      member.face[3] * share,
    ],
  };
}

/** How far the hand is raised in the pictures that there are of it. */
const armPoses = [0, 0.2, 0.4, 0.6, 0.8, 0.93, 0.985, 1];

/** `body`: what the arm throws its shade on. */
async function prepareArm(fit: ArmFit, body: RgbaPicture, canvas: Canvas): Promise<ArmPose[]> {
  const hand = await loadHand();
  const prepare = async (raised: number) => {
    const { arm, shade } = drawArm(fit, raised, hand);
    const whole = await rasterizeSvg(inCanvas(canvas, shade));
    for (let at = 3; at < whole.data.length; at += 4) whole.data[at] = (whole.data[at] * body.data[at]) / 255;
    layOver(whole, await rasterizeSvg(inCanvas(canvas, arm)));
    return { raised, sprite: makeSprite(whole) };
  };
  return Promise.all(armPoses.map(prepare));
}

interface Canvas {
  left: number;
  top: number;
  width: number;
  height: number;
}

function canvasOf(member: CastMember): Canvas {
  const points = member.outline.split(' ').map((pair) => pair.split(',').map(Number));
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const left = Math.min(...xs) - margin;
  const top = Math.min(...ys) - margin;
  return {
    left: left & ~1,
    top: top & ~1,
    width: Math.max(...xs) + margin - left,
    height: member.soleY + 2 * margin - top,
  };
}

/** An SVG in the photograph's own coordinates, drawn at the sprite's size. */
function inCanvas({ left, top, width, height }: Canvas, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width * share)}" height="${Math.ceil(height * share)}" viewBox="${left} ${top} ${width} ${height}">${content}</svg>`;
}

/** White where the photograph shows the person: soft at the rim, fading at the lower edge into what is drawn there. */
function drawStencil(member: CastMember, canvas: Canvas): string {
  const lowest = Math.max(...member.outline.split(' ').map((pair) => Number(pair.split(',')[1])));
  return inCanvas(
    canvas,
    `<defs><filter id="soft"><feMorphology operator="erode" radius="2"/><feGaussianBlur stdDeviation="2.2"/></filter>
<linearGradient id="fade" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${lowest - 46}" y2="${lowest - 10}"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#000"/></linearGradient>
<mask id="foot" maskUnits="userSpaceOnUse" x="${canvas.left}" y="${canvas.top}" width="${canvas.width}" height="${canvas.height}"><rect x="${canvas.left}" y="${canvas.top}" width="${canvas.width}" height="${canvas.height}" fill="url(#fade)"/></mask></defs>
<g mask="url(#foot)"><polygon points="${member.outline}" fill="#fff" filter="url(#soft)"/></g>`,
  );
}

function cutOut(
  photograph: { width: number; height: number; data: Uint8Array },
  stencil: RgbaPicture,
  canvas: Canvas,
  grade: readonly [number, number, number],
): RgbaPicture {
  const data = new Uint8Array(stencil.data.length);
  for (let row = 0; row < stencil.height; row++) {
    const y = row + canvas.top * share;
    if (y < 0 || y >= photograph.height) continue;
    for (let column = 0; column < stencil.width; column++) {
      const x = column + canvas.left * share;
      const to = (row * stencil.width + column) * 4;
      if (x < 0 || x >= photograph.width || stencil.data[to + 3] === 0) continue;
      const from = (y * photograph.width + x) * 3;
      for (let channel = 0; channel < 3; channel++)
        data[to + channel] = Math.min(255, photograph.data[from + channel] * grade[channel]);
      data[to + 3] = stencil.data[to + 3];
    }
  }
  return { width: stencil.width, height: stencil.height, data };
}

/** Draws `top` over `under` in place; both straight alpha and of one size. */
function layOver(under: RgbaPicture, top: RgbaPicture): void {
  for (let at = 0; at < under.data.length; at += 4) {
    const over = top.data[at + 3] / 255;
    if (over === 0) continue;
    const below = (under.data[at + 3] / 255) * (1 - over);
    const alpha = over + below;
    for (let channel = 0; channel < 3; channel++)
      under.data[at + channel] = (top.data[at + channel] * over + under.data[at + channel] * below) / alpha;
    under.data[at + 3] = alpha * 255;
  }
}

function drawLowerBody({ lower, soleY, pixelsPerMetre }: CastMember, canvas: Canvas, stride: number): string {
  const middle = (lower.hip[0] + lower.hip[1]) / 2;
  const half = (lower.hip[1] - lower.hip[0]) / 2;
  // The foot that is ahead is lower in the picture and a little larger; the other one is lifted behind.
  const lift = 0.035 * pixelsPerMetre * stride;
  const colour = lower.kind === 'skirt' ? lower.legs : lower.colour;
  const legs = [-1, 1].map((side) =>
    drawLeg({
      side,
      middle,
      half,
      top: lower.hipY - 30,
      sole: soleY + side * lift,
      unit: pixelsPerMetre,
      lower,
    }),
  );
  if (stride > 0) legs.reverse();
  return inCanvas(
    canvas,
    `<defs>${gradient('leg', colour)}${gradient('cloth', lower.colour)}
<linearGradient id="gap" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#000" stop-opacity=".55"/><stop offset="1" stop-color="#000" stop-opacity="0"/></linearGradient></defs>
${legs.join('')}${drawSkirt(lower)}`,
  );
}

interface Leg {
  side: number;
  middle: number;
  half: number;
  top: number;
  sole: number;
  unit: number;
  lower: LowerBody;
}

function drawLeg({ side, middle, half, top, sole, unit, lower }: Leg): string {
  const trousers = lower.kind === 'trousers';
  const thigh = trousers ? half * 0.54 : half * 0.44;
  const hip = middle + side * half * 0.5;
  const kneeY = top + (sole - top) * 0.5;
  const ankleY = sole - 0.075 * unit;
  const knee = middle + side * half * 0.46;
  const ankle = middle + side * 0.075 * unit;
  const kneeHalf = trousers ? Math.max(0.062 * unit, thigh * 0.66) : 0.055 * unit;
  const ankleHalf = trousers ? 0.058 * unit : 0.036 * unit;
  const outline = `M${hip - thigh} ${top} C${hip - thigh} ${(top + kneeY) / 2} ${knee - kneeHalf} ${kneeY - 0.1 * unit} ${knee - kneeHalf} ${kneeY} C${knee - kneeHalf * 1.05} ${kneeY + 0.16 * unit} ${ankle - ankleHalf} ${ankleY - 0.12 * unit} ${ankle - ankleHalf} ${ankleY} L${ankle + ankleHalf} ${ankleY} C${ankle + ankleHalf} ${ankleY - 0.12 * unit} ${knee + kneeHalf * 1.05} ${kneeY + 0.16 * unit} ${knee + kneeHalf} ${kneeY} C${knee + kneeHalf} ${kneeY - 0.1 * unit} ${hip + thigh} ${(top + kneeY) / 2} ${hip + thigh} ${top} Z`;
  const shoe = `M${ankle - 0.045 * unit} ${ankleY - 6} L${ankle + 0.045 * unit} ${ankleY - 6} C${ankle + 0.06 * unit} ${sole - 0.02 * unit} ${ankle + 0.05 * unit + side * 8} ${sole} ${ankle + side * 6} ${sole} C${ankle - 0.05 * unit + side * 8} ${sole} ${ankle - 0.06 * unit} ${sole - 0.02 * unit} ${ankle - 0.045 * unit} ${ankleY - 6} Z`;
  const crease = trousers
    ? `<path d="M${knee - kneeHalf * 0.6} ${kneeY + 8} q${kneeHalf * 0.5} 16 ${kneeHalf * 1.1} 4 M${ankle - ankleHalf} ${ankleY - 26} q${ankleHalf} 16 ${ankleHalf * 2} 2" fill="none" stroke="#000" stroke-opacity=".28" stroke-width="5"/>`
    : '';
  return `<path d="${shoe}" fill="#1a1918"/><path d="${shoe}" fill="none" stroke="#e8e4dc" stroke-opacity=".35" stroke-width="3"/><path d="${outline}" fill="url(#leg)"/>${crease}`;
}

function drawSkirt(lower: LowerBody): string {
  if (lower.kind !== 'skirt') return '';
  const { hip, hem, hipY, hemY } = lower;
  const middleY = (hipY + hemY) / 2;
  return `<path d="M${hip[0]} ${hipY - 30} C${hip[0]} ${middleY} ${hem[0]} ${middleY} ${hem[0]} ${hemY} Q${(hem[0] + hem[1]) / 2} ${hemY + 22} ${hem[1]} ${hemY} C${hem[1]} ${middleY} ${hip[1]} ${middleY} ${hip[1]} ${hipY - 30} Z" fill="url(#cloth)"/>
<rect x="${hem[0]}" y="${hemY + 6}" width="${hem[1] - hem[0]}" height="70" fill="url(#gap)" opacity=".5"/>`;
}

/** A round limb: dark at both sides, lit from the left. */
function gradient(id: string, colour: string): string {
  return `<linearGradient id="${id}base" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="${shade(colour, 0.72)}"/><stop offset=".3" stop-color="${shade(colour, 1.18)}"/><stop offset=".62" stop-color="${colour}"/><stop offset="1" stop-color="${shade(colour, 0.5)}"/></linearGradient><linearGradient id="${id}" href="#${id}base"/>`;
}

function shade(colour: string, gain: number): string {
  const channels = [1, 3, 5].map((at) =>
    Math.min(255, Math.round(Number.parseInt(colour.slice(at, at + 2), 16) * gain)),
  );
  return `rgb(${channels.join(',')})`;
}

const maskColours: Record<MaskStyle, { light: string; middle: string; dark: string; rim: string }> = {
  surgical: { light: '#e4f1f7', middle: '#b9d9e8', dark: '#7fa9c0', rim: '#f3f8fa' },
  cloth: { light: '#4c5058', middle: '#33363d', dark: '#1d1f24', rim: '#565b64' },
};

/** How far a hand pulls the upper rim of a mask down, pixels of the photograph: off the nose, not off the mouth. */
const pull = 66;

/** The cloth is drawn together: the chin's rim comes down less. */
function pulledDown({ edge, bridge, tip, chin, loops }: MaskFit): MaskFit {
  const down = ([x, y]: readonly [number, number]) =>
    [x, y + pull * (1 - (0.7 * (y - bridge[1])) / (chin[1] - bridge[1]))] as const;
  return {
    edge: edge.map(down),
    bridge: down(bridge),
    tip: down(tip),
    chin: down(chin),
    loops: loops.map(([rim, ear]) => [down(rim), ear]),
  };
}

function drawMask({ edge, bridge, tip, chin, loops }: MaskFit, style: MaskStyle, canvas: Canvas): string {
  const { light, middle, dark, rim } = maskColours[style];
  const points = edge.map((point) => point.join(',')).join(' ');
  const left = Math.min(...edge.map(([x]) => x));
  const right = Math.max(...edge.map(([x]) => x));
  const height = chin[1] - bridge[1];
  const pleat = (share: number) => {
    const y = bridge[1] + height * share;
    return `M${left - 6} ${y + 10} Q${(left + tip[0]) / 2} ${y + 4} ${tip[0]} ${y + 6} T${right + 6} ${y + 14}`;
  };
  const pleats = style === 'surgical' ? [0.36, 0.52, 0.68].map(pleat).join(' ') : '';
  const seam =
    style === 'cloth' ? `M${bridge[0]} ${bridge[1]} Q${tip[0] - 6} ${tip[1]} ${chin[0]} ${chin[1]}` : '';
  const upperRim = edge
    .slice(0, 7)
    .map((point) => point.join(' '))
    .join(' L');
  return inCanvas(
    canvas,
    `<defs><radialGradient id="m" gradientUnits="userSpaceOnUse" cx="${tip[0]}" cy="${tip[1]}" r="${(right - left) * 0.72}"><stop offset="0" stop-color="${light}"/><stop offset=".5" stop-color="${middle}"/><stop offset="1" stop-color="${dark}"/></radialGradient>
<filter id="s" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="5"/></filter><filter id="e"><feGaussianBlur stdDeviation="1.1"/></filter>
<clipPath id="c"><polygon points="${points}"/></clipPath></defs>
<polygon points="${points}" fill="#000" opacity=".45" filter="url(#s)" transform="translate(2 6)"/>
${loops.map(([from, to]) => `<path d="M${from.join(' ')} Q${(from[0] + to[0]) / 2} ${from[1] + 2} ${to.join(' ')}" fill="none" stroke="${rim}" stroke-width="4.5" opacity=".9" filter="url(#e)"/>`).join('')}
<g filter="url(#e)"><polygon points="${points}" fill="url(#m)" stroke="url(#m)" stroke-width="6" stroke-linejoin="round"/>
<g clip-path="url(#c)"><path d="${pleats}" fill="none" stroke="${dark}" stroke-width="5" opacity=".6"/><path d="${pleats}" transform="translate(0 -5)" fill="none" stroke="${rim}" stroke-width="4" opacity=".55"/>
<path d="${seam}" fill="none" stroke="${dark}" stroke-width="4" opacity=".8"/>
<ellipse cx="${chin[0] + 12}" cy="${chin[1] - 4}" rx="${(right - left) * 0.42}" ry="${height * 0.2}" fill="${dark}" opacity=".55" filter="url(#s)"/>
<ellipse cx="${tip[0] - 14}" cy="${tip[1] - 4}" rx="26" ry="34" fill="#fff" opacity=".22" filter="url(#s)"/></g>
<path d="M${upperRim}" fill="none" stroke="${rim}" stroke-width="5" opacity=".75"/></g>`,
  );
}
