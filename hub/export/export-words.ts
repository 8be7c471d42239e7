import type { AlertStage, Disposition } from '../contract/api.ts';
import type { ExportLanguage } from '../contract/export.ts';
import type { Flag } from '../contract/policy.ts';
import type { PlateClass, Sighting } from '../contract/sighting.ts';

type Verdicts = Required<Sighting['verdicts']>;

/** What stands in headings and cells of an export. */
export interface ExportWords {
  sightings: string;
  alerts: string;
  columns: {
    localTime: (timeZone: string) => string;
    utc: string;
    endedLocal: string;
    kind: string;
    gate: string;
    camera: string;
    direction: string;
    plate: string;
    plateClass: string;
    plateConfidence: string;
    plateVotes: string;
    subject: string;
    mask: string;
    maskConfidence: string;
    familiarity: string;
    familiarityConfidence: string;
    province: string;
    provinceConfidence: string;
    flags: string;
    alert: string;
    box: string;
    policyVersion: string;
    pictures: string;
    id: string;
    state: string;
    told: string;
    acknowledgedBy: string;
    acknowledgedAt: string;
    resolvedBy: string;
    resolvedAt: string;
    disposition: string;
    note: string;
    repeats: string;
    secondsToAcknowledge: string;
    secondsToResolve: string;
    sighting: string;
  };
  kinds: Record<Sighting['kind'], string>;
  directions: Record<Sighting['direction'], string>;
  flags: Record<Flag, string>;
  masks: Record<Verdicts['mask']['verdict'], string>;
  familiarities: Record<Verdicts['familiarity']['verdict'], string>;
  provinces: Record<Verdicts['province']['verdict'], string>;
  plateClasses: Record<PlateClass, string>;
  states: Record<'open' | 'acknowledged' | 'resolved' | 'expired' | 'withdrawn', string>;
  dispositions: Record<Disposition, string>;
  stages: Record<AlertStage, string>;
  nobody: string;
  listComma: string;
}

const chinese: ExportWords = {
  sightings: '出入记录',
  alerts: '告警处理记录',
  columns: {
    localTime: (timeZone) => `时间（${timeZone}）`,
    utc: '时间（UTC）',
    endedLocal: '离开画面时间',
    kind: '类型',
    gate: '门',
    camera: '摄像头',
    direction: '方向',
    plate: '车牌',
    plateClass: '车牌类型',
    plateConfidence: '车牌把握 %',
    plateVotes: '车牌帧数',
    subject: '人员编号',
    mask: '口罩',
    maskConfidence: '口罩把握 %',
    familiarity: '熟悉度',
    familiarityConfidence: '熟悉度把握 %',
    province: '省份',
    provinceConfidence: '省份把握 %',
    flags: '提示',
    alert: '告警编号',
    box: '盒子',
    policyVersion: '规则版本',
    pictures: '图片数',
    id: '记录编号',
    state: '状态',
    told: '通知了谁',
    acknowledgedBy: '接手人',
    acknowledgedAt: '接手时间',
    resolvedBy: '处理人',
    resolvedAt: '处理时间',
    disposition: '处理结果',
    note: '说明',
    repeats: '重复次数',
    secondsToAcknowledge: '接手用时（秒）',
    secondsToResolve: '处理用时（秒）',
    sighting: '记录编号',
  },
  kinds: { person: '人员', vehicle: '车辆' },
  directions: { entry: '进入', exit: '离开', unknown: '方向不明' },
  flags: {
    mask_not_worn: '未戴口罩',
    mask_worn_improperly: '口罩没戴好',
    first_time: '首次进入',
    out_of_province: '外省车辆',
    watched_province: '关注省份车辆',
    province_uncertain: '车牌省份看不清',
  },
  masks: { worn: '已戴', not_worn: '未戴', worn_improperly: '没戴好', cannot_tell: '看不出' },
  familiarities: {
    registered: '已登记',
    seen_before: '以前来过',
    first_time: '第一次来',
    cannot_tell: '认不出是谁',
  },
  provinces: {
    home: '本省',
    out_of_province: '外省',
    watched: '关注省份',
    not_applicable: '不适用',
    uncertain: '看不清',
  },
  plateClasses: {
    small_car: '小型汽车',
    large_vehicle: '大型汽车',
    driving_school: '教练车',
    trailer: '挂车',
    small_new_energy: '小型新能源',
    large_new_energy: '大型新能源',
    police: '警车',
    hong_kong_macao: '港澳车',
    embassy: '使馆车',
    consulate: '领馆车',
    military: '军车',
    armed_police: '武警车',
    emergency: '应急车',
    civil_aviation: '民航车',
    unknown: '类型不明',
  },
  states: {
    open: '待处理',
    acknowledged: '处理中',
    resolved: '已处理',
    expired: '已过期',
    withdrawn: '已撤回',
  },
  dispositions: {
    let_in: '放行',
    mask_handed_out: '发放口罩',
    registered: '已登记',
    turned_away: '劝返',
    false_alarm: '误报',
    other: '其他',
  },
  stages: { on_duty: '当班', next_gate: '邻门', shift_leader: '班长', manager: '经理' },
  nobody: '无人',
  listComma: '、',
};

const english: ExportWords = {
  sightings: 'Sightings',
  alerts: 'Alerts',
  columns: {
    localTime: (timeZone) => `Time (${timeZone})`,
    utc: 'Time (UTC)',
    endedLocal: 'Left the picture',
    kind: 'Kind',
    gate: 'Gate',
    camera: 'Camera',
    direction: 'Direction',
    plate: 'Plate',
    plateClass: 'Plate class',
    plateConfidence: 'Plate confidence %',
    plateVotes: 'Plate frames',
    subject: 'Person id',
    mask: 'Mask',
    maskConfidence: 'Mask confidence %',
    familiarity: 'Familiarity',
    familiarityConfidence: 'Familiarity confidence %',
    province: 'Province',
    provinceConfidence: 'Province confidence %',
    flags: 'Flags',
    alert: 'Alert id',
    box: 'Box',
    policyVersion: 'Policy version',
    pictures: 'Pictures',
    id: 'Sighting id',
    state: 'State',
    told: 'Who was told',
    acknowledgedBy: 'Acknowledged by',
    acknowledgedAt: 'Acknowledged at',
    resolvedBy: 'Resolved by',
    resolvedAt: 'Resolved at',
    disposition: 'Outcome',
    note: 'Note',
    repeats: 'Repeats',
    secondsToAcknowledge: 'Seconds to acknowledge',
    secondsToResolve: 'Seconds to resolve',
    sighting: 'Sighting id',
  },
  kinds: { person: 'Person', vehicle: 'Vehicle' },
  directions: { entry: 'In', exit: 'Out', unknown: 'Unknown' },
  flags: {
    mask_not_worn: 'No mask',
    mask_worn_improperly: 'Mask worn improperly',
    first_time: 'First time',
    out_of_province: 'Out of province',
    watched_province: 'Watched province',
    province_uncertain: 'Province uncertain',
  },
  masks: {
    worn: 'Worn',
    not_worn: 'Not worn',
    worn_improperly: 'Worn improperly',
    cannot_tell: 'Cannot tell',
  },
  familiarities: {
    registered: 'Registered',
    seen_before: 'Seen before',
    first_time: 'First time',
    cannot_tell: 'Cannot tell',
  },
  provinces: {
    home: 'Home',
    out_of_province: 'Out of province',
    watched: 'Watched',
    not_applicable: 'Not applicable',
    uncertain: 'Uncertain',
  },
  plateClasses: {
    small_car: 'Small car',
    large_vehicle: 'Large vehicle',
    driving_school: 'Driving school',
    trailer: 'Trailer',
    small_new_energy: 'Small new-energy',
    large_new_energy: 'Large new-energy',
    police: 'Police',
    hong_kong_macao: 'Hong Kong or Macao',
    embassy: 'Embassy',
    consulate: 'Consulate',
    military: 'Military',
    armed_police: 'Armed police',
    emergency: 'Emergency',
    civil_aviation: 'Civil aviation',
    unknown: 'Unknown',
  },
  states: {
    open: 'Open',
    acknowledged: 'In hand',
    resolved: 'Resolved',
    expired: 'Expired',
    withdrawn: 'Withdrawn',
  },
  dispositions: {
    let_in: 'Let in',
    mask_handed_out: 'Mask handed out',
    registered: 'Registered',
    turned_away: 'Turned away',
    false_alarm: 'False alarm',
    other: 'Other',
  },
  stages: {
    on_duty: 'on duty',
    next_gate: 'next gate',
    shift_leader: 'shift leader',
    manager: 'manager',
  },
  nobody: 'nobody',
  listComma: ', ',
};

/** The words of a language. */
export function exportWords(language: ExportLanguage): ExportWords {
  return language === 'en' ? english : chinese;
}
