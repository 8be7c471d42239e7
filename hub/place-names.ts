import type { MessageLanguage } from './contract/channels.ts';

/** Every word of a name, in Chinese. */
const inChinese: Record<string, string> = {
  east: '东',
  west: '西',
  south: '南',
  north: '北',
  main: '正',
  front: '前',
  back: '后',
  side: '侧',
  gate: '门',
  garage: '车库',
  lane: '车道',
  in: '入口',
  entry: '入口',
  entrance: '入口',
  out: '出口',
  exit: '出口',
  person: '人行',
  people: '人行',
  pedestrian: '人行',
  walk: '人行',
  face: '人脸',
  vehicle: '车行',
  car: '车行',
  plate: '车牌',
  camera: '摄像头',
  cam: '摄像头',
  sample: '示例',
  demo: '示例',
  day: '白天',
  dusk: '黄昏',
  night: '夜间',
  box: '盒子',
  compound: '小区',
  site: '小区',
};

/** In English they are the words themselves, but for these. */
const inEnglish: Record<string, string> = {
  person: 'people',
  pedestrian: 'pedestrians',
  vehicle: 'vehicles',
  car: 'cars',
  cam: 'camera',
};

/** What stands behind what it belongs to in both languages, and before its number: `camera-2`. */
const nouns = ['box', 'gate', 'camera', 'cam'];

/**
 * A gate or camera as people say it: `east-gate` is 东门, `gate-east` too. With any word that is not in the dictionary it
 * stays as it is, because half a translation misleads. The dashboard says the same (its `placeName`; a test compares).
 */
export function placeName(slug: string, language: MessageLanguage): string {
  const isNumber = (part: string) => /^\d+$/.test(part);
  const parts = slug.split('-');
  if (parts.some((part) => !(Object.hasOwn(inChinese, part) || isNumber(part)))) return slug;
  const isNounFirst = parts.length === 2 && nouns.includes(parts[0]!) && !isNumber(parts[1]!);
  const ordered = isNounFirst ? parts.toReversed() : parts;
  return language === 'en'
    ? ordered.map((part) => inEnglish[part] ?? part).join(' ')
    : ordered.map((part) => inChinese[part] ?? part).join('');
}
