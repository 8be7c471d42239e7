import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiExamples, refusalExample } from '../../../hub/http/api-examples.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

interface Content {
  content?: Record<string, { example?: unknown; schema: { type?: string } }>;
}
interface Operation {
  operationId: string;
  security?: object[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

let bench: HubBench;
let cookie: string;
let document: {
  servers: object[];
  components: { securitySchemes: object };
  paths: Record<string, Record<string, Operation>>;
};
let operations: Operation[];

beforeAll(async () => {
  bench = await startHubBench();
  cookie = await bench.logIn('admin');
  const reply = await bench.app.inject({ url: '/api/v1/openapi.json', headers: { cookie } });
  expect(reply.statusCode).toBe(200);
  document = reply.json();
  operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
});
afterAll(() => bench.stop());

const jsonOf = (content: Content | undefined) => content?.content?.['application/json'];

describe('the description', () => {
  test('shows an example of every body and of every answer in JSON', () => {
    expect(operations.length).toBeGreaterThan(45);
    for (const { operationId, requestBody, responses } of operations) {
      const answer = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
      const shown = { body: jsonOf(requestBody), answer: jsonOf(answer), refusal: jsonOf(responses['4XX']) };
      const saysNothing = operationId === 'readOpenapi' || shown.answer?.schema.type === 'null';
      const isJson = shown.answer !== undefined && !saysNothing;
      expect([operationId, 'example' in (shown.body ?? {})]).toEqual([operationId, shown.body !== undefined]);
      expect([operationId, 'example' in (shown.answer ?? {})]).toEqual([operationId, isJson]);
      expect([operationId, shown.refusal?.example]).toEqual([operationId, refusalExample]);
    }
  });

  test('has no example for an operation that is not there', () => {
    const known = new Set(operations.map(({ operationId }) => operationId));
    expect(Object.keys(apiExamples).filter((name) => !known.has(name))).toEqual([]);
  });

  test('says where the hub is and how one shows who one is', () => {
    expect(document.servers).toEqual([{ url: '/', description: 'this hub' }]);
    expect(document.components.securitySchemes).toMatchObject({
      session: { type: 'apiKey', in: 'cookie', name: 'gatehouse_session' },
      metricsToken: { type: 'http', scheme: 'bearer' },
    });
    expect(document.paths['/metrics'].get.security).toEqual([{ metricsToken: [] }]);
  });

  test('an example of what may be asked for is taken by the hub', async () => {
    const send = (method: 'POST' | 'PUT', url: string, payload: unknown) =>
      bench.app.inject({
        method,
        url,
        headers: { cookie, 'sec-fetch-site': 'same-origin' },
        payload: payload as object,
      });
    expect((await send('PUT', '/api/v1/policy', apiExamples.changePolicy.body)).statusCode).toBe(202);
    expect((await send('POST', '/api/v1/people', apiExamples.addPerson.body)).statusCode).toBe(201);
    expect(
      (await send('PUT', '/api/v1/settings/alerting?basedOn=0', apiExamples.changeAlertingSettings.body))
        .statusCode,
    ).toBe(200);
    expect(
      (await send('PUT', '/api/v1/settings/roster?basedOn=0', apiExamples.changeRosterSettings.body))
        .statusCode,
    ).toBe(200);
    expect((await send('POST', '/api/v1/roster/holidays', apiExamples.addHoliday.body)).statusCode).toBe(201);
  });
});
