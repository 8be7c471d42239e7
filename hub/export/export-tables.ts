import type { Alert, TrajectoryEntry } from '../contract/api.ts';
import type { ExportWords } from './export-words.ts';
import type { Cell, Column, WallClock } from './table.ts';

/** How instants, words and people are shown. */
export interface Showing {
  words: ExportWords;
  /** A gate or camera as people say it. */
  place: (slug: string) => string;
  timeZone: string;
  /** An instant on the wall clock of the time zone. */
  local: (instant: string) => WallClock;
  /** The same in UTC. */
  utc: (instant: string) => WallClock;
  /** Whether the pseudonymous ids of people are shown. */
  subjects: boolean;
}

/** What a table says of a thing: its columns, and the cells of one row in their order. */
export interface Layout<T> {
  columns: Column[];
  row: (of: T) => Cell[];
}

type Field<T> = [heading: string, width: number, cell: (of: T) => Cell];

/** The columns of the log. */
export function sightingLayout(showing: Showing): Layout<TrajectoryEntry> {
  const { words, place, timeZone, local, utc, subjects } = showing;
  const { columns } = words;
  const fields: Field<TrajectoryEntry>[] = [
    [columns.localTime(timeZone), 20, ({ occurredAt }) => local(occurredAt)],
    [columns.utc, 20, ({ occurredAt }) => utc(occurredAt)],
    [columns.kind, 8, ({ kind }) => words.kinds[kind]],
    [columns.gate, 14, ({ gate }) => place(gate)],
    [columns.camera, 16, ({ camera }) => place(camera)],
    [columns.direction, 10, ({ direction }) => words.directions[direction]],
    [columns.plate, 14, ({ plate }) => plate?.text],
    [columns.plateClass, 14, ({ plate }) => plate && words.plateClasses[plate.class]],
    [columns.plateConfidence, 12, ({ plate }) => toPercent(plate?.confidence)],
    [columns.plateVotes, 10, ({ plate }) => plate?.votes],
    [columns.mask, 12, ({ verdicts: { mask } }) => mask && words.masks[mask.verdict]],
    [columns.maskConfidence, 12, ({ verdicts: { mask } }) => toPercent(mask?.confidence)],
    [
      columns.familiarity,
      12,
      ({ verdicts: { familiarity } }) => familiarity && words.familiarities[familiarity.verdict],
    ],
    [
      columns.familiarityConfidence,
      12,
      ({ verdicts: { familiarity } }) => toPercent(familiarity?.confidence),
    ],
    [columns.province, 12, ({ verdicts: { province } }) => province && words.provinces[province.verdict]],
    [columns.provinceConfidence, 12, ({ verdicts: { province } }) => toPercent(province?.confidence)],
    [columns.flags, 24, ({ flags }) => flags.map((flag) => words.flags[flag]).join(words.listComma)],
    [columns.endedLocal, 20, ({ endedAt }) => (endedAt === undefined ? undefined : local(endedAt))],
    [columns.box, 14, ({ box }) => box],
    [columns.policyVersion, 10, ({ policyVersion }) => policyVersion],
    [columns.pictures, 8, ({ evidence }) => evidence.length],
    [columns.alert, 38, ({ alert }) => alert],
    [columns.id, 38, ({ id }) => id],
  ];
  if (subjects) fields.splice(10, 0, [columns.subject, 38, ({ subject }) => subject]);
  return layOut(fields);
}

/** The columns of the alerts: who was told, who dealt with it, how and how fast. */
export function alertLayout({ words, place, timeZone, local, utc }: Showing): Layout<Alert> {
  const { columns } = words;
  const fields: Field<Alert>[] = [
    [columns.localTime(timeZone), 20, ({ openedAt }) => local(openedAt)],
    [columns.utc, 20, ({ openedAt }) => utc(openedAt)],
    [columns.state, 10, ({ state }) => words.states[state]],
    [columns.flags, 24, ({ flags }) => flags.map((flag) => words.flags[flag]).join(words.listComma)],
    [columns.kind, 8, ({ kind }) => words.kinds[kind]],
    [columns.plate, 14, ({ plate }) => plate?.text],
    [columns.gate, 14, ({ gate }) => place(gate)],
    [columns.camera, 16, ({ camera, cameras }) => [camera, ...cameras].map(place).join(words.listComma)],
    [columns.direction, 10, ({ direction }) => words.directions[direction]],
    [columns.told, 50, ({ steps }) => steps.map((step) => sayStep(step, words, local)).join('; ')],
    [columns.acknowledgedBy, 14, ({ acknowledged }) => acknowledged?.displayName],
    [columns.acknowledgedAt, 20, ({ acknowledged }) => acknowledged && local(acknowledged.at)],
    [
      columns.secondsToAcknowledge,
      12,
      ({ openedAt, acknowledged }) => secondsBetween(openedAt, acknowledged?.at),
    ],
    [columns.resolvedBy, 14, ({ resolved }) => resolved?.displayName],
    [columns.resolvedAt, 20, ({ resolved }) => resolved && local(resolved.at)],
    [
      columns.secondsToResolve,
      12,
      ({ acknowledged, resolved }) => acknowledged && secondsBetween(acknowledged.at, resolved?.at),
    ],
    [columns.disposition, 16, ({ resolved }) => resolved && words.dispositions[resolved.disposition]],
    [columns.note, 40, ({ resolved }) => resolved?.note],
    [columns.repeats, 10, ({ repeats }) => repeats],
    [columns.alert, 38, ({ id }) => id],
    [columns.sighting, 38, ({ sighting }) => sighting],
  ];
  return layOut(fields);
}

function layOut<T>(fields: Field<T>[]): Layout<T> {
  return {
    columns: fields.map(([heading, width]) => ({ heading, width })),
    row: (of) => fields.map(([, , cell]) => cell(of)),
  };
}

/** `2026-03-01 16:00:05 on duty: Zhang, Li`. */
function sayStep(
  { at, stage, people }: Alert['steps'][number],
  words: ExportWords,
  local: Showing['local'],
): string {
  const names = people.map(({ displayName }) => displayName).join(words.listComma);
  return `${local(at).wallClock} ${words.stages[stage]}: ${names || words.nobody}`;
}

function toPercent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : Math.round(share * 1000) / 10;
}

function secondsBetween(from: string, to: string | undefined): number | undefined {
  return to === undefined ? undefined : Math.round((Date.parse(to) - Date.parse(from)) / 1000);
}
