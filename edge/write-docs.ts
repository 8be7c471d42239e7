import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { edgeConfig } from './config.ts';
import { edgeErrors } from './errors.ts';

/** The part of a README between `<!-- name: … -->` and `<!-- /name -->`, replaced. Throws when the markers are missing. */
export function replaceSection(text: string, name: string, body: string): string {
  const pattern = new RegExp(`(<!-- ${name}:[^>]*-->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!pattern.test(text)) throw new Error(`the markers of "${name}" are missing`);
  return text.replace(pattern, (_all, begin: string, end: string) => `${begin}${body}\n${end}`);
}

/** `edge/README.md` as it should be: the configuration table from the schema, the errors from the catalogue. */
export function edgeReadme(current: string): string {
  const errors = Object.entries(edgeErrors).map(([code, text]) => `| \`${code}\` | ${text} |`);
  return replaceSection(
    replaceSection(
      current,
      'configuration',
      ['| field | default | meaning |', '|---|---|---|', ...configRows()].join('\n'),
    ),
    'errors',
    ['| code | what happened, and what to do |', '|---|---|', ...errors].join('\n'),
  );
}

/** The path of the README beside this file. */
export const edgeReadmePath = join(import.meta.dirname, 'README.md');

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  required?: string[];
  description?: string;
  default?: unknown;
}

function configRows(): string[] {
  return rowsOf(z.toJSONSchema(edgeConfig, { io: 'input' }) as JsonSchema, '');
}

function rowsOf(schema: JsonSchema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([field, entry]) => {
    const path = `${prefix}${field}`;
    const must = schema.required?.includes(field)
      ? 'required'
      : entry.default === undefined
        ? '—'
        : `\`${JSON.stringify(entry.default)}\``;
    const inner = entry.items?.properties ? rowsOf(entry.items, `${path}[].`) : rowsOf(entry, `${path}.`);
    return [`| \`${path}\` | ${must} | ${entry.description ?? ''} |`, ...inner];
  });
}

if (import.meta.main) writeFileSync(edgeReadmePath, edgeReadme(readFileSync(edgeReadmePath, 'utf8')));
