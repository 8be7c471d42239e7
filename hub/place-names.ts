/** The languages in which the hub writes to people: messages of channels, exports. */
type Language = 'zh-CN' | 'en';

interface PlaceWords {
  parts: Record<string, string>;
  join: string;
}

const zh: PlaceWords = {
  parts: {
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
  },
  join: '',
};

const en: PlaceWords = {
  parts: {
    east: 'east',
    west: 'west',
    south: 'south',
    north: 'north',
    main: 'main',
    front: 'front',
    back: 'back',
    side: 'side',
    gate: 'gate',
    garage: 'garage',
    lane: 'lane',
    in: 'in',
    entry: 'entry',
    entrance: 'entrance',
    out: 'out',
    exit: 'exit',
    person: 'people',
    people: 'people',
    pedestrian: 'pedestrians',
    walk: 'walk',
    face: 'face',
    vehicle: 'vehicles',
    car: 'cars',
    plate: 'plate',
    camera: 'camera',
    cam: 'camera',
    sample: 'sample',
    demo: 'demo',
    day: 'day',
    dusk: 'dusk',
    night: 'night',
    box: 'box',
    compound: 'compound',
    site: 'site',
  },
  join: ' ',
};

const words: Record<Language, PlaceWords> = { 'zh-CN': zh, en };

/** What stands behind what it belongs to in both languages, and before its number: `camera-2`. */
const nouns = ['box', 'gate', 'camera', 'cam'];

/**
 * A gate or camera as people say it: `east-gate` is 东门, `gate-east` too. With any word that is not in the dictionary it
 * stays as it is, because half a translation misleads. The dashboard says the same (its `placeName`; a test compares).
 */
export function placeName(slug: string, language: Language): string {
  const { parts, join } = words[language];
  const said = slug.split('-').map((part) => parts[part] ?? (/^\d+$/.test(part) ? part : undefined));
  if (said.some((part) => part === undefined)) return slug;
  const [first, last] = slug.split('-');
  const isNounFirst = said.length === 2 && nouns.includes(first!) && !/^\d+$/.test(last!);
  return (isNounFirst ? said.toReversed() : said).join(join);
}
