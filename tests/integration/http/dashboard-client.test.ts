import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import * as alerting from '../../../hub/contract/alerting.ts';
import * as api from '../../../hub/contract/api.ts';
import * as policy from '../../../hub/contract/policy.ts';
import * as roster from '../../../hub/contract/roster.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

const client = readFileSync(resolve(import.meta.dirname, '../../../dashboard/src/api/hub.ts'), 'utf8');
const schemas: Record<string, unknown> = { ...api, ...alerting, ...policy, ...roster };

interface Operation {
  parameters?: { in: string; name: string }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

/** One call of the client as it stands in its source. */
interface Call {
  method: string;
  /** As in the description, with `{}` for each part that is filled in. */
  path: string;
  /** Names of the query that stand in the source. */
  asks: string[];
  /** What the client takes the answer for, e.g. `Alert` or `Duty[]`. */
  answer: string | undefined;
}

let bench: HubBench;
let operations: Map<string, Operation>;
const calls = readCalls();

beforeAll(async () => {
  bench = await startHubBench();
  const headers = { cookie: await bench.logIn('admin') };
  const { paths } = (await bench.app.inject({ url: '/api/v1/openapi.json', headers })).json();
  operations = new Map(
    Object.entries(paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [
        `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, '{}')}`,
        operation,
      ]),
    ),
  );
});
afterAll(() => bench.stop());

/** Every `#ask`, and every address that is put together elsewhere. */
function readCalls(): Call[] {
  const asked = /#ask(?:<([^(]*)>)?\(\s*'([A-Z]+)',\s*(?:'([^']*)'|`([^`]*)`)/g;
  const found = [...client.matchAll(asked)].map(({ 1: picked, 2: method, 3: plain, 4: template, index }) => {
    const before = client.slice(0, index);
    const answer = [...before.slice(-400).matchAll(/Promise<((?:[^<>]|<[^<>]*>)+)>\s*=>/g)].at(-1)?.[1];
    return { method, ...pathOf(plain ?? template), answer: picked ?? answer };
  });
  const elsewhere = [...client.matchAll(/`\$\{root\}([^`]*)`/g)].map(([, path]) => ({
    method: 'GET',
    ...pathOf(path),
    answer: undefined,
  }));
  return [...found, ...elsewhere.filter(({ path }) => path !== '/api/v1{}')];
}

function pathOf(written: string): Pick<Call, 'path' | 'asks'> {
  const query = written.match(/\$\{queryString\((\{[^}]*\}|\w+)\)\}/);
  const path = written.replace(query?.[0] ?? '', '').replace(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, '{}');
  const asks = query?.[1].startsWith('{')
    ? [...query[1].matchAll(/(\w+)\s*(?=[,:}])/g)].map(([, name]) => name)
    : [];
  return { path: `/api/v1${path}`, asks };
}

/** A path of the client may fill in what the description writes out, e.g. the name of a setting. */
function operationOf({ method, path }: Call): Operation | undefined {
  const exact = operations.get(`${method} ${path}`);
  if (exact) return exact;
  const pattern = new RegExp(`^${method} ${path.replaceAll('{}', '[^/]+')}$`);
  return [...operations].find(([name]) => pattern.test(name))?.[1];
}

describe('the dashboard’s client', () => {
  test('is read whole: every question that it asks is known to this test', () => {
    const inSource = client.match(/this\.#ask\b/g)?.length ?? 0;
    expect(calls.filter(({ path }) => path.startsWith('/api/v1/')).length).toBeGreaterThan(15);
    expect(calls.filter(({ answer }) => answer !== undefined).length).toBe(inSource);
  });

  test('asks for nothing that the hub does not have', () => {
    const unknown = calls.filter((call) => operationOf(call) === undefined);
    expect(unknown.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  test('uses no query that a route does not know', () => {
    for (const call of calls) {
      const known =
        operationOf(call)
          ?.parameters?.filter((parameter) => parameter.in === 'query')
          .map(({ name }) => name) ?? [];
      for (const name of call.asks)
        expect([call.path, name, known.includes(name)]).toEqual([call.path, name, true]);
    }
    expect(calls.flatMap(({ asks }) => asks).length).toBeGreaterThan(0);
  });

  test('picks nothing out of an answer that has no name in the contract', () => {
    expect(client.match(/this\.#ask<\s*\{/g)).toBeNull();
  });

  test('takes each answer for what the hub describes it to be', () => {
    let compared = 0;
    for (const call of calls) {
      const schema = schemaOf(call.answer);
      const described = Object.entries(operationOf(call)?.responses ?? {}).find(([status]) =>
        status.startsWith('2'),
      )?.[1];
      const json = described?.content?.['application/json']?.schema;
      if (!schema || !json) continue;
      compared += 1;
      expect([call.path, shapeOf(json)]).toEqual([
        call.path,
        shapeOf(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })),
      ]);
    }
    expect(compared).toBeGreaterThan(10);
  });
});

/** The contract's schema of a type that bears its name; undefined for what is put together in the client. */
function schemaOf(type: string | undefined): z.ZodType | undefined {
  const [, name, list] = type?.match(/^([A-Z]\w+)(\[\])?$/) ?? [];
  const schema = name && schemas[`${name[0].toLowerCase()}${name.slice(1)}`];
  if (!(schema instanceof z.ZodType)) return undefined;
  return list ? z.array(schema) : schema;
}

/** What a value may look like: properties, which of them are needed, elements. Words and limits do not matter here. */
function shapeOf(schema: unknown): unknown {
  const { type, properties, required, items, anyOf, oneOf } = schema as Record<string, unknown>;
  const fields = Object.entries((properties ?? {}) as object).map(([name, field]) => [name, shapeOf(field)]);
  return {
    type,
    ...(properties !== undefined && {
      properties: Object.fromEntries(fields),
      required: [...((required ?? []) as string[])].sort(),
    }),
    ...(items !== undefined && { items: shapeOf(items) }),
    ...((anyOf ?? oneOf) !== undefined && { anyOf: ((anyOf ?? oneOf) as unknown[]).map(shapeOf) }),
  };
}
