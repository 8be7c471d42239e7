import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../hub/contract/ids.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

const metricsToken = 'a-token-for-prometheus';
let bench: HubBench;
let guarded: HubBench;

beforeAll(async () => {
  [bench, guarded] = await Promise.all([startHubBench(), startHubBench({ metricsToken })]);
});
afterAll(() => Promise.all([bench.stop(), guarded.stop()]));

function scrape(from: HubBench, remoteAddress: string, headers: Record<string, string> = {}) {
  return from.app.inject({ url: '/metrics', remoteAddress, headers });
}

describe('metrics are read', () => {
  test('without a token on the hub’s own machine alone, also when a proxy there speaks for another', async () => {
    for (const local of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
      expect((await scrape(bench, local)).statusCode).toBe(200);
    const refused = [
      await scrape(bench, '192.168.1.20'),
      await scrape(bench, '127.0.0.1', { 'x-forwarded-for': '192.168.1.20' }),
      await scrape(bench, '192.168.1.20', { 'x-forwarded-for': '127.0.0.1' }),
      await scrape(bench, '192.168.1.20', { authorization: 'Bearer undefined' }),
    ];
    for (const reply of refused)
      expect([reply.statusCode, reply.json().code]).toEqual([403, 'METRICS_REFUSED']);
  });

  test('with a token from anywhere by who sends it, and by nobody else, also not on the machine itself', async () => {
    const authorization = `Bearer ${metricsToken}`;
    expect((await scrape(guarded, '192.168.1.20', { authorization })).statusCode).toBe(200);
    for (const wrong of [
      {},
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${metricsToken}x` },
      { authorization: metricsToken },
    ])
      expect((await scrape(guarded, '127.0.0.1', wrong as Record<string, string>)).statusCode).toBe(403);
  });
});

describe('metrics say', () => {
  const line = (text: string, start: string) => text.split('\n').find((entry) => entry.startsWith(start));

  test('every counter by its reason, alerts by state and gate, boxes, and what the process costs', async () => {
    bench.counters.add('refused.PAYLOAD_INVALID', 3);
    bench.counters.add('stream_left');
    await bench.commit({ id: newId(1), gate: 'east-gate' });
    const { body, headers } = await scrape(bench, '127.0.0.1');

    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(line(body, 'gatehouse_hub_refused_total{reason="PAYLOAD_INVALID"}')).toMatch(/ 3$/);
    expect(line(body, 'gatehouse_hub_stream_left_total')).toBe('gatehouse_hub_stream_left_total 1');
    expect(line(body, 'gatehouse_hub_alerts{state="open",gate="east-gate"}')).toMatch(/ 1$/);
    expect(line(body, 'gatehouse_hub_boxes{state="offline"}')).toMatch(/ 1$/);
    expect(line(body, 'gatehouse_hub_tablets')).toBe('gatehouse_hub_tablets 0');
    expect(Number(line(body, 'gatehouse_hub_resident_memory_bytes')?.split(' ')[1])).toBeGreaterThan(
      10_000_000,
    );
    expect(Number(line(body, 'gatehouse_hub_database_bytes')?.split(' ')[1])).toBe(
      bench.store.databaseBytes(),
    );
  });

  test('each metric once, with help and type before its samples, as Prometheus parses them', async () => {
    const { body } = await scrape(bench, '127.0.0.1');
    expect(body.endsWith('\n')).toBe(true);
    const types = [...body.matchAll(/^# TYPE (\S+) (counter|gauge|histogram)$/gm)].map(([, name]) => name);
    expect(new Set(types).size).toBe(types.length);
    for (const entry of body.split('\n').filter((text) => text && !text.startsWith('#'))) {
      expect(entry).toMatch(
        /^gatehouse_hub_[a-z0-9_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? [-+0-9.e]+$/,
      );
      const [, family] = entry.match(/^([a-z0-9_]+?)(?:_(?:bucket|sum|count))?[{ ]/) ?? [];
      expect(types).toContain(family);
    }
  });
});
