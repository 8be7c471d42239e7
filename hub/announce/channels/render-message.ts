import type { Alert, AlertStage } from '../../contract/api.ts';
import type { MessageLanguage } from '../../contract/channels.ts';
import { placeName } from '../../place-names.ts';
import type { Message } from './channel.ts';
import { messageWords } from './message-words.ts';

/** How messages are written. */
export interface MessageStyle {
  language: MessageLanguage;
  /** IANA name. */
  timeZone: string;
  /** How people reach the dashboard; no links without it. */
  publicUrl?: string;
}

/** A gate without anyone on duty. */
interface Gap {
  id: string;
  gate: string;
  /** ISO 8601 UTC. */
  from: string;
}

/** What a message is about. */
export type Subject =
  | { kind: 'alert'; alert: Alert; stage: AlertStage }
  | { kind: 'gap'; gap: Gap; stage: AlertStage };

/** A picture that may be shown, for some time. */
export interface PictureLink {
  url: string;
  hours: number;
}

/** Lines of one message that was folded from many. */
const foldedLines = 15;

/** Says what happened, at which gate and when, and where the lens was not sure. Holds plates, never a person's id. */
export function renderMessage(subject: Subject, style: MessageStyle, picture?: PictureLink): Message {
  const words = messageWords[style.language];
  const link = linkTo(subject, style);
  return {
    title: titleOf(subject, style.language),
    lines: subject.kind === 'alert' ? alertLines(subject, style) : gapLines(subject, style),
    ...(link !== undefined && { link: { text: words.open, url: link } }),
    ...(picture && { picture: { text: words.picture(picture.hours), url: picture.url } }),
    language: style.language,
    facts: factsOf(subject),
  };
}

/** Several that had to wait for each other, as one message with their count. Newest last, as they came. */
export function foldMessages(subjects: readonly Subject[], style: MessageStyle): Message {
  const words = messageWords[style.language];
  const shown = subjects.slice(0, foldedLines);
  const lines = shown.map((subject) => {
    const plate = subject.kind === 'alert' ? subject.alert.plate?.text : undefined;
    const said = [timeOf(subject, style), titleOf(subject, style.language), plate];
    return said.filter((part) => part !== undefined).join(' ');
  });
  const rest = subjects.length - shown.length;
  return {
    title: words.many(subjects.length),
    lines: rest > 0 ? [...lines, words.more(rest)] : lines,
    ...(style.publicUrl !== undefined && {
      link: { text: words.open, url: new URL('/alerts', style.publicUrl).href },
    }),
    language: style.language,
    facts: { kind: 'folded', notices: subjects.map(factsOf) },
  };
}

/** Proves that a channel works. */
export function renderTest(channelName: string, style: MessageStyle, at: string): Message {
  const words = messageWords[style.language];
  return {
    title: words.test,
    lines: [words.testLine(channelName), words.when(formatTime(at, style))],
    ...(style.publicUrl !== undefined && {
      link: { text: words.house, url: new URL('/', style.publicUrl).href },
    }),
    language: style.language,
    facts: { kind: 'test', at },
  };
}

function titleOf(subject: Subject, language: MessageLanguage): string {
  const words = messageWords[language];
  if (subject.kind === 'gap') return words.gapTitle(placeName(subject.gap.gate, language));
  const { gate, flags } = subject.alert;
  return words.title(placeName(gate, language), flags.map((flag) => words.flags[flag]).join(words.and));
}

function alertLines({ alert, stage }: { alert: Alert; stage: AlertStage }, style: MessageStyle): string[] {
  const words = messageWords[style.language];
  const { mask, familiarity, province } = alert.verdicts;
  const lines = [
    words.when(formatTime(alert.occurredAt, style)),
    words.what(words[alert.kind], words.direction[alert.direction]),
  ];
  if (alert.plate) {
    const { text } = alert.plate;
    const unsure = province?.verdict === 'uncertain';
    lines.push(unsure ? words.plateUnsure(text, percent(province.confidence)) : words.plate(text));
  }
  if (mask?.verdict === 'cannot_tell') lines.push(words.maskUnsure(percent(mask.confidence)));
  if (familiarity?.verdict === 'cannot_tell')
    lines.push(words.familiarityUnsure(percent(familiarity.confidence)));
  if (alert.repeats > 0) lines.push(words.repeats(alert.repeats));
  lines.push(words.stages[stage]);
  return lines;
}

function gapLines({ gap, stage }: { gap: Gap; stage: AlertStage }, style: MessageStyle): string[] {
  const words = messageWords[style.language];
  return [words.gapSince(formatTime(gap.from, style)), words.stages[stage]];
}

/** For machines: the contract's own names, without the evidence and without the id of a person. */
function factsOf(subject: Subject): Record<string, unknown> {
  if (subject.kind === 'gap') {
    const { id, gate, from } = subject.gap;
    return { kind: 'gap', stage: subject.stage, gap: { id, gate, from } };
  }
  const { id, site, gate, camera, kind, flags, direction, verdicts, occurredAt, openedAt, repeats, plate } =
    subject.alert;
  const told = { id, site, gate, camera, kind, flags, direction, verdicts, occurredAt, openedAt, repeats };
  return {
    kind: 'alert',
    stage: subject.stage,
    alert: { ...told, ...(plate && { plate: { text: plate.text, confidence: plate.confidence } }) },
  };
}

function linkTo(subject: Subject, { publicUrl }: MessageStyle): string | undefined {
  if (publicUrl === undefined) return undefined;
  if (subject.kind === 'gap') return new URL('/', publicUrl).href;
  return new URL(`/alerts?alert=${subject.alert.id}`, publicUrl).href;
}

function timeOf(subject: Subject, style: MessageStyle): string {
  return formatTime(subject.kind === 'alert' ? subject.alert.occurredAt : subject.gap.from, style);
}

/** `03-01 16:00:05`, the same in both languages. */
function formatTime(instant: string, { timeZone }: MessageStyle): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const parts = Object.fromEntries(
    format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]),
  );
  return `${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}`;
}

function percent(confidence: number): number {
  return Math.round(confidence * 100);
}
