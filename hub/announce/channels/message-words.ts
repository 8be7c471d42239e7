import type { AlertStage } from '../../contract/api.ts';
import type { MessageLanguage } from '../../contract/channels.ts';
import type { Flag } from '../../contract/policy.ts';

/** Everything that messages say, in one language. */
interface MessageWords {
  house: string;
  flags: Record<Flag, string>;
  direction: { entry: string; exit: string; unknown: string };
  person: string;
  vehicle: string;
  title: (gate: string, what: string) => string;
  what: (kind: string, direction: string) => string;
  when: (time: string) => string;
  plate: (text: string) => string;
  plateUnsure: (text: string, percent: number) => string;
  maskUnsure: (percent: number) => string;
  familiarityUnsure: (percent: number) => string;
  repeats: (count: number) => string;
  stages: Record<AlertStage, string>;
  gapTitle: (gate: string) => string;
  gapSince: (time: string) => string;
  open: string;
  picture: (hours: number) => string;
  many: (count: number) => string;
  more: (count: number) => string;
  test: string;
  testLine: (channel: string) => string;
  and: string;
}

const zh: MessageWords = {
  house: '门岗',
  flags: {
    mask_not_worn: '未戴口罩',
    mask_worn_improperly: '口罩没戴好',
    first_time: '首次到访',
    out_of_province: '外省车牌',
    watched_province: '关注省份车牌',
    province_uncertain: '车牌省份看不清',
  },
  direction: { entry: '进入', exit: '离开', unknown: '方向不明' },
  person: '人员',
  vehicle: '车辆',
  title: (gate, what) => `门岗 ${gate}：${what}`,
  what: (kind, direction) => `${kind}，${direction}`,
  when: (time) => `时间：${time}`,
  plate: (text) => `车牌：${text}`,
  plateUnsure: (text, percent) => `车牌：${text}（不确定，把握 ${percent}%，请人工核对）`,
  maskUnsure: (percent) => `口罩看不清（把握 ${percent}%），请人工判断`,
  familiarityUnsure: (percent) => `无法判断是否来过（把握 ${percent}%），请人工判断`,
  repeats: (count) => `此后又出现 ${count} 次`,
  stages: {
    on_duty: '通知：值班人员',
    next_gate: '值班人员尚未接手，已通知邻近门岗',
    shift_leader: '尚无人接手，已通知班长',
    manager: '尚无人接手，已通知经理',
  },
  gapTitle: (gate) => `门岗 ${gate}：无人值守`,
  gapSince: (time) => `自 ${time} 起没有人在岗`,
  open: '打开告警',
  picture: (hours) => `查看照片（${hours} 小时内有效）`,
  many: (count) => `门岗：${count} 条通知`,
  more: (count) => `另有 ${count} 条，请打开门岗查看`,
  test: '门岗：测试消息',
  testLine: (channel) => `通知渠道“${channel}”可以收到消息。`,
  and: '、',
};

const en: MessageWords = {
  house: 'Gatehouse',
  flags: {
    mask_not_worn: 'no mask',
    mask_worn_improperly: 'mask not worn properly',
    first_time: 'first time here',
    out_of_province: 'out-of-province plate',
    watched_province: 'plate of a watched province',
    province_uncertain: 'province of the plate unclear',
  },
  direction: { entry: 'coming in', exit: 'going out', unknown: 'direction unclear' },
  person: 'Person',
  vehicle: 'Vehicle',
  title: (gate, what) => `Gatehouse ${gate}: ${what}`,
  what: (kind, direction) => `${kind}, ${direction}`,
  when: (time) => `At ${time}`,
  plate: (text) => `Plate: ${text}`,
  plateUnsure: (text, percent) => `Plate: ${text} (not sure, ${percent}% confident: please check)`,
  maskUnsure: (percent) => `Cannot tell the mask (${percent}% confident): please look`,
  familiarityUnsure: (percent) => `Cannot tell whether seen before (${percent}% confident): please look`,
  repeats: (count) => `Seen ${count} more ${count === 1 ? 'time' : 'times'} since`,
  stages: {
    on_duty: 'Told: people on duty',
    next_gate: 'Nobody on duty has taken it: the next gate is told',
    shift_leader: 'Nobody has taken it: the shift leader is told',
    manager: 'Nobody has taken it: the manager is told',
  },
  gapTitle: (gate) => `Gatehouse ${gate}: nobody on duty`,
  gapSince: (time) => `Nobody has been on duty since ${time}`,
  open: 'Open the alert',
  picture: (hours) => `See the picture (for ${hours} hours)`,
  many: (count) => `Gatehouse: ${count} notices`,
  more: (count) => `${count} more: open Gatehouse to see them`,
  test: 'Gatehouse: test message',
  testLine: (channel) => `The channel “${channel}” gets messages.`,
  and: ', ',
};

/** The words of a language. */
export const messageWords: Record<MessageLanguage, MessageWords> = { 'zh-CN': zh, en };
