import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const sources = ['edge', 'hub', 'models', 'dashboard'].flatMap((folder) => sourcesBelow(folder));
const imports = sources.flatMap((path) => importsOf(path));
const values = imports.filter(({ typeOnly }) => !typeOnly);

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/node_modules|dashboard\/dist/.test(path));
}

function importsOf(from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?[^'";]*?from\s+'([^']+)'|import\s*\(\s*'([^']+)'\s*\)|(?:^|\n)\s*import\s+'([^']+)'/g;
  return [...text.matchAll(pattern)].map(([, type, named, dynamic, bare]) => {
    const target = named ?? dynamic ?? bare;
    const to = target.startsWith('.') ? relative(root, resolve(root, dirname(from), target)) : target;
    return { from, to, typeOnly: Boolean(type) };
  });
}

function offenders(list: Import[], breaks: (entry: Import) => boolean): string[] {
  return list.filter(breaks).map(({ from, to }) => `${from} → ${to}`);
}

const side = (path: string) => (path.startsWith('hub/contract/') ? 'hub/contract' : path.split('/')[0]);
const part = (path: string) => path.split('/').slice(0, 2).join('/');
const isOurs = (path: string) => /^(edge|hub|models|dashboard|tests)\//.test(path);

test('the law sees the sources and their imports', () => {
  expect(sources.length).toBeGreaterThan(60);
  expect(values.length).toBeGreaterThan(150);
  expect(imports.some(({ from, to }) => from === 'edge/agent.ts' && to === 'edge/pipeline.ts')).toBe(true);
  expect(imports.some(({ to }) => to === 'zod')).toBe(true);
});

describe('sides', () => {
  const allowed: Record<string, string[]> = {
    models: ['models', 'edge', 'hub/contract'],
    edge: ['edge', 'hub/contract'],
    hub: ['hub', 'hub/contract'],
    'hub/contract': ['hub/contract'],
    dashboard: ['dashboard', 'hub/contract'],
  };

  test('models → edge → hub/contract ← hub, and nothing else', () => {
    expect(
      offenders(imports, ({ from, to }) => isOurs(to) && !allowed[side(from)].includes(side(to))),
    ).toEqual([]);
  });

  test('the contract imports zod, Node and itself', () => {
    const leaf = (to: string) => to === 'zod' || to.startsWith('node:') || to.startsWith('hub/contract/');
    expect(offenders(imports, ({ from, to }) => side(from) === 'hub/contract' && !leaf(to))).toEqual([]);
  });

  test('the dashboard takes types from the contract, never values', () => {
    expect(
      offenders(values, ({ from, to }) => side(from) === 'dashboard' && side(to) === 'hub/contract'),
    ).toEqual([]);
  });
});

describe('stages of a box', () => {
  const stages = ['capture', 'perceive', 'track', 'sight', 'outbox', 'uplink'];
  const rank = (path: string) => stages.indexOf(path.split('/')[1]);
  const isStage = (path: string) => path.startsWith('edge/') && rank(path) >= 0 && path.split('/').length > 2;

  test('a stage imports the types of earlier stages, never of later ones', () => {
    expect(
      offenders(imports, ({ from, to }) => isStage(from) && isStage(to) && rank(to) > rank(from)),
    ).toEqual([]);
  });

  test('a stage imports no values of another stage', () => {
    const adapters = ['edge/capture/picture-codec.ts'];
    expect(
      offenders(
        values,
        ({ from, to }) => isStage(from) && isStage(to) && part(from) !== part(to) && !adapters.includes(to),
      ),
    ).toEqual([]);
  });

  test('only the composition sees several stages', () => {
    const isPart = (path: string) => path.startsWith('edge/') && path.split('/').length > 2;
    expect(
      offenders(values, ({ from, to }) => isPart(from) && /^edge\/(agent|pipeline|main)\.ts$/.test(to)),
    ).toEqual([]);
  });
});

test('the rules of the hub import neither store nor http', () => {
  const isRule = (path: string) => /^hub\/(alerts|trajectory|roster|policy)\//.test(path);
  expect(offenders(imports, ({ from, to }) => isRule(from) && /^hub\/(store|http)\//.test(to))).toEqual([]);
});

describe('adapters', () => {
  const adapterOf: Record<string, RegExp> = {
    'onnxruntime-node': /^edge\/perceive\/onnx-session\.ts$/,
    sharp: /^edge\/capture\/picture-codec\.ts$/,
    mqtt: /^(edge\/uplink\/mqtt-uplink|hub\/broker\/external-broker)\.ts$/,
    aedes: /^hub\/broker\/embedded-broker\.ts$/,
    'nodemailer/lib/smtp-connection': /^hub\/announce\/channels\/mail\.ts$/,
    'better-sqlite3': /^(edge\/sqlite|hub\/store\/sqlite)\.ts$/,
  };

  test.each(Object.entries(adapterOf))('%s is imported in one adapter per side', (name, adapter) => {
    const users = values.filter(({ from, to }) => to === name && side(from) !== 'models');
    expect(users.length).toBeGreaterThan(0);
    expect(offenders(users, ({ from }) => !adapter.test(from))).toEqual([]);
  });
});

test('argv and the environment are read in the command lines alone', () => {
  const readers = sources.filter(
    (path) =>
      /^(edge|hub)\/.*\.ts$/.test(path) &&
      /process\.(env|argv)\b/.test(readFileSync(join(root, path), 'utf8')),
  );
  const commandLines = ['edge/main.ts', 'hub/main.ts', 'hub/demo.ts', 'hub/contract/export-schema.ts'];
  expect(readers.filter((path) => !commandLines.includes(path))).toEqual([]);
});

test('there are no import cycles', () => {
  const graph = new Map(
    sources.map((path) => [path, values.filter(({ from }) => from === path).map(({ to }) => to)]),
  );
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of graph.get(path) ?? []) if (graph.has(next)) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of sources) visit(path, []);
  expect(cycles).toEqual([]);
});
