import { describe, expect, test } from 'vitest';
import {
  foldMessages,
  type MessageStyle,
  renderMessage,
  type Subject,
} from '../../../../hub/announce/channels/render-message.ts';
import { flag } from '../../../../hub/contract/policy.ts';
import { buildAlert } from '../../../builders/delivery.ts';

const zh: MessageStyle = {
  language: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  publicUrl: 'https://gate.example.cn',
};
const en: MessageStyle = { ...zh, language: 'en' };
const of = (change = {}): Subject => ({ kind: 'alert', alert: buildAlert(change), stage: 'on_duty' });
const plate = {
  text: '苏A12345',
  class: 'small_car' as const,
  confidence: 0.62,
  characters: [],
  votes: 3,
};

test('says what, at which gate, when, and leads to the alert, in both languages', () => {
  expect(renderMessage(of(), zh)).toMatchObject({
    title: '门岗 东门：未戴口罩',
    lines: ['时间：03-01 16:00:00', '人员，进入', '通知：值班人员'],
    link: { url: 'https://gate.example.cn/alerts?alert=0195500c-0000-7000-8000-0000000000a1' },
  });
  expect(renderMessage(of(), en)).toMatchObject({
    title: 'Gatehouse east gate: no mask',
    lines: ['At 03-01 16:00:00', 'Person, coming in', 'Told: people on duty'],
  });
});

test('a plate is named, and said to be unsure when its province is', () => {
  const vehicle = { kind: 'vehicle', plate, subject: plate.text, flags: ['province_uncertain'] };
  const sure = { province: { verdict: 'watched', code: '苏', confidence: 0.98, votes: 5 } };
  const unsure = { province: { verdict: 'uncertain', confidence: 0.41, votes: 5 } };
  expect(renderMessage(of({ ...vehicle, verdicts: sure }), zh).lines).toContain('车牌：苏A12345');
  expect(renderMessage(of({ ...vehicle, verdicts: unsure }), zh).lines).toContain(
    '车牌：苏A12345（不确定，把握 41%，请人工核对）',
  );
});

test('what the lens could not tell is said to be so', () => {
  const mask = { verdict: 'cannot_tell', confidence: 0.5, votes: 2 };
  expect(renderMessage(of({ verdicts: { mask } }), en).lines).toContain(
    'Cannot tell the mask (50% confident): please look',
  );
});

test.each([zh, en])('a person’s id is nowhere in a message ($language)', (style) => {
  const { subject } = buildAlert();
  expect(JSON.stringify(renderMessage(of(), style))).not.toContain(subject);
  expect(JSON.stringify(foldMessages([of(), of()], style))).not.toContain(subject);
});

test('a picture is in a message only when a link to it is handed in', () => {
  expect(renderMessage(of(), zh).picture).toBeUndefined();
  const link = { url: 'https://gate.example.cn/api/v1/evidence-links/x', hours: 24 };
  expect(renderMessage(of(), zh, link).picture).toEqual({ text: '查看照片（24 小时内有效）', url: link.url });
});

test('without a public address there are no links', () => {
  const { publicUrl: _, ...style } = zh;
  expect(renderMessage(of(), style).link).toBeUndefined();
});

test('a gate whose name is not made of known words is called by its name', () => {
  expect(renderMessage(of({ gate: 'wing-b' }), zh).title).toBe('门岗 wing-b：未戴口罩');
});

test('a gate without anyone on duty is told as such', () => {
  const gap = { id: 'gap-1', gate: 'west-gate', from: '2026-03-01T08:00:00.000Z' };
  expect(renderMessage({ kind: 'gap', gap, stage: 'manager' }, zh)).toMatchObject({
    title: '门岗 西门：无人值守',
    lines: ['自 03-01 16:00:00 起没有人在岗', '尚无人接手，已通知经理'],
    facts: { kind: 'gap', stage: 'manager', gap: { id: 'gap-1' } },
  });
});

describe('folded', () => {
  test('many are one with their count, each with time, gate and plate', () => {
    const message = foldMessages([of(), of({ kind: 'vehicle', plate, flags: ['watched_province'] })], zh);
    expect(message.title).toBe('门岗：2 条通知');
    expect(message.lines).toEqual([
      '03-01 16:00:00 门岗 东门：未戴口罩',
      '03-01 16:00:00 门岗 东门：关注省份车牌 苏A12345',
    ]);
  });

  test('what does not fit is counted', () => {
    const { lines } = foldMessages(Array(40).fill(of()), en);
    expect(lines).toHaveLength(16);
    expect(lines.at(-1)).toBe('25 more: open Gatehouse to see them');
  });
});

test('every flag has its words in both languages', () => {
  for (const each of flag.options)
    for (const style of [zh, en])
      expect(renderMessage(of({ flags: [each] }), style).title).not.toMatch(/undefined|_/);
});
