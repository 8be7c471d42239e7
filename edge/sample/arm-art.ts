import { decodePicture, encodeJpeg } from '../capture/picture-codec.ts';
import type { ArmFit } from './cast.ts';
import { photographPath } from './photograph.ts';

/** A hand to draw with: a JPEG as a data URI, and the part of the photograph that it shows. */
export interface HandPicture {
  uri: string;
  box: [number, number, number, number];
}

/** What an arm looks like in one pose: SVG in the photograph's coordinates. */
export interface ArmDrawing {
  /** The arm itself. */
  arm: string;
  /** What it keeps the light from; belongs only where there is something to fall on. */
  shade: string;
}

/** A left hand that hangs from the wrist, its back to the lens. Pixels of its photograph at its full size. */
const hand = {
  photograph: 'sample2.jpg',
  box: [300, 1020, 220, 280] as [number, number, number, number],
  wrist: [478, 1078],
  outline:
    '474,1041 465,1044.5 457,1048.5 450,1053.5 440,1062 430,1071 420,1080 410,1088 400,1095 392,1101 382,1110 370,1122 360,1131 355,1138 352,1146 349.5,1151 343,1160 337,1170 331,1181 327,1190 325.5,1200 324,1212 323.5,1224 324,1236 324.3,1247 326,1253 329,1257 333,1256.5 334.5,1250 338,1246 341,1238 343.5,1244 347,1255 351,1265 352,1274 354,1280 357,1282.5 361.5,1282 363,1276 366.5,1271 367.5,1262 367.5,1250 367.2,1244 370,1253 375,1262 379,1268 383,1276 387,1280.5 391.5,1280 392.5,1274 394,1266 393.5,1256 392,1247 394,1256 397,1262 398.5,1268 402,1272 406,1272 408,1266 410.5,1260 412,1250 413,1240 414,1230 416.5,1222 418,1212 421,1205 425,1200 430,1194.5 437,1185 445,1173 452,1164 460,1152 467,1140 475,1128 483,1119 491,1113 490,1088 480,1080 474,1070 472,1056',
  /** Its thumb is hidden: the little finger, drawn thicker and turned, stands in for it. */
  finger:
    '401,1180 396,1195 392,1208 390,1222 391.5,1236 394,1256 397,1262 398.5,1268 402,1272 406,1272 408,1266 410.5,1260 412,1250 413,1240 414,1230 416.5,1222 418,1212 421,1205 424,1196 422,1184',
  thumb: 'translate(384 1128) rotate(68) scale(1.3 1) translate(-408 -1190)',
  /** Where it turns away from the light. */
  underside: '491,1113 460,1153 425,1200 405,1180 440,1100 480,1070',
} as const;

/** The photograph of the hand that everybody raises. */
export async function loadHand(): Promise<HandPicture> {
  const photograph = await decodePicture(photographPath(hand.photograph));
  const { jpeg } = await encodeJpeg(photograph, hand.box, { quality: 95 });
  return { uri: `data:image/jpeg;base64,${jpeg.toString('base64')}`, box: hand.box };
}

/** Draws an arm that hangs (`raised` 0), has its hand before the mouth (1), or is on its way between. */
export function drawArm(fit: ArmFit, raised: number, picture: HandPicture): ArmDrawing {
  const { elbow } = fit;
  // On its way the forearm points at the lens: it looks shorter, and its hand larger.
  const towards = Math.sin(Math.PI * raised) ** 0.7;
  const turn = mix(fit.turn.hanging, fit.turn.raised, raised);
  const length = fit.length * (1 - 0.6 * towards);
  const angle = (turn * Math.PI) / 180;
  const wrist = [elbow[0] + Math.cos(angle) * length, elbow[1] + Math.sin(angle) * length];
  const scale = fit.handScale * (1 + 0.12 * towards);
  const place = (content: string) =>
    `<g transform="translate(${wrist.join(' ')}) rotate(${turn + mix(-45, -22, raised)}) scale(${-scale} ${scale}) translate(${-hand.wrist[0]} ${-hand.wrist[1]})">${content}</g>`;
  const silhouette = place(`<polygon points="${hand.outline}" fill="#120504"/>`);
  return {
    shade: `<defs>${filter('wide', 9)}${filter('touch', 3)}</defs>
<g opacity=".5" transform="translate(10 16)" filter="url(#wide)">${silhouette}</g><g opacity=".5" transform="translate(2 4)" filter="url(#touch)">${silhouette}</g>
<g opacity=".45" transform="translate(${elbow.join(' ')}) rotate(${turn}) translate(0 8)" filter="url(#wide)"><path d="${sleeveOutline(length)}"/></g>`,
    arm: `${place(drawHand(fit, picture))}<g transform="translate(${elbow.join(' ')}) rotate(${turn})">${drawSleeve(length)}</g>`,
  };
}

function drawHand({ skin }: ArmFit, { uri, box: [x, y, width, height] }: HandPicture): string {
  const area = `x="${x}" y="${y}" width="${width}" height="${height}"`;
  const matrix = skin.map((gain, row) => [0, 1, 2, 3, 4].map((column) => (column === row ? gain : 0)));
  const image = `<image href="${uri}" ${area} filter="url(#skin)"/>`;
  return `<defs><filter id="cut" x="-10%" y="-10%" width="120%" height="120%"><feMorphology operator="erode" radius="1"/><feGaussianBlur stdDeviation=".9"/></filter>${filter('round', 7)}
<filter id="skin" color-interpolation-filters="sRGB"><feColorMatrix values="${matrix.flat().join(' ')} 0 0 0 1 0"/></filter>
<mask id="hand" maskUnits="userSpaceOnUse" ${area}><polygon points="${hand.outline}" fill="#fff" filter="url(#cut)"/></mask>
<mask id="finger" maskUnits="userSpaceOnUse" ${area}><polygon points="${hand.finger}" fill="#fff" filter="url(#cut)"/></mask>
<linearGradient id="cool" gradientUnits="userSpaceOnUse" x1="400" y1="1170" x2="380" y2="1280"><stop offset="0" stop-color="#5a78c8" stop-opacity="0"/><stop offset="1" stop-color="#5a78c8" stop-opacity=".1"/></linearGradient>
<linearGradient id="under" gradientUnits="userSpaceOnUse" x1="420" y1="1120" x2="462" y2="1150"><stop offset="0" stop-color="#3a1a14" stop-opacity="0"/><stop offset="1" stop-color="#3a1a14" stop-opacity=".5"/></linearGradient></defs>
<g transform="${hand.thumb}"><g mask="url(#finger)">${image}<rect ${area} fill="#f0b088" opacity=".42"/></g></g>
<g mask="url(#hand)">${image}<rect ${area} fill="url(#cool)"/><polygon points="${hand.underside}" fill="url(#under)" filter="url(#round)"/></g>`;
}

/** A black sleeve from the elbow along the x axis to the wrist, lit as the blouse is. */
function drawSleeve(length: number): string {
  const outline = sleeveOutline(length);
  const fold = (down: number) =>
    [
      [1, -30, 0.8, -16, 0.5, -44],
      [0.95, 22, 0.72, 4, 0.42, 22],
      [0.6, -18, 0.4, -22, 0.12, -54],
      [0.5, 2, 0.3, 4, -0.03, -20],
      [0.36, 40, 0.2, 30, -0.06, 24],
    ]
      .map(
        ([x, y, bendX, bendY, endX, endY]) =>
          `M${length * x} ${y + down} Q${length * bendX} ${bendY + down} ${length * endX} ${endY + down}`,
      )
      .join(' ');
  return `<defs>${filter('edge', 0.9)}${filter('fold', 5)}${filter('rim', 2)}
<linearGradient id="cloth" gradientUnits="userSpaceOnUse" x1="0" y1="-80" x2="0" y2="86"><stop offset="0" stop-color="#0e0a0a"/><stop offset=".14" stop-color="#3a2a26"/><stop offset=".36" stop-color="#1d1614"/><stop offset=".7" stop-color="#0b0f18"/><stop offset=".88" stop-color="#12324f"/><stop offset="1" stop-color="#04070c"/></linearGradient>
<linearGradient id="deep" gradientUnits="userSpaceOnUse" x1="-80" y1="0" x2="${length * 0.6}" y2="0"><stop offset="0" stop-color="#0d0a0c" stop-opacity=".8"/><stop offset=".35" stop-color="#0d0a0c" stop-opacity=".35"/><stop offset="1" stop-color="#0d0a0c" stop-opacity="0"/></linearGradient>
<clipPath id="sleeve"><path d="${outline}"/></clipPath></defs>
<path d="${outline}" fill="url(#cloth)" filter="url(#edge)"/>
<g clip-path="url(#sleeve)"><g filter="url(#fold)" fill="none" stroke-linecap="round"><path d="${fold(0)}" stroke="#8a675a" stroke-opacity=".42" stroke-width="7"/><path d="${fold(13)}" stroke="#000" stroke-opacity=".7" stroke-width="9"/></g>
<path d="${outline}" fill="url(#deep)"/><path d="M${length - 5} -48 Q${length + 7} 2 ${length - 5} 52" fill="none" stroke="#8a6a5c" stroke-opacity=".5" stroke-width="4" filter="url(#rim)"/></g>`;
}

function sleeveOutline(length: number): string {
  const at = (share: number) => length * share;
  return `M${length} -47 C${at(0.8)} -50 ${at(0.62)} -62 ${at(0.45)} -60 C${at(0.3)} -60 ${at(0.1)} -74 -20 -70 C-62 -66 -86 -44 -84 -12 C-84 30 -58 70 -6 78 C${at(0.2)} 84 ${at(0.4)} 70 ${at(0.55)} 66 C${at(0.7)} 64 ${at(0.85)} 56 ${length} 50 Q${length + 12} 2 ${length} -47 Z`;
}

function filter(id: string, deviation: number): string {
  return `<filter id="${id}" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="${deviation}"/></filter>`;
}

const mix = (from: number, to: number, share: number) => from + (to - from) * share;
