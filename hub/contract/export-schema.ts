import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { erasureReply, galleryEntry } from './gallery.ts';
import { policy } from './policy.ts';
import { receipt, sighting } from './sighting.ts';
import { boxStatus, telemetry } from './status.ts';
import { type BoxChannel, boxChannels, boxTopic, galleryTopic } from './topics.ts';

/** What a channel carries: a JSON Schema of this name, or other bytes. */
interface Content {
  schema?: { name: string; type: z.ZodType };
  words: string;
}

const contents: Record<BoxChannel, Content> = {
  status: {
    schema: { name: 'box-status', type: boxStatus },
    words: 'online or offline, version, boot id; the last will says offline',
  },
  sightings: {
    schema: { name: 'sighting', type: sighting },
    words: 'one revision of a sighting, after the evidence that it names',
  },
  evidence: { words: 'JPEG bytes of one picture, at most 4 MiB' },
  telemetry: {
    schema: { name: 'telemetry', type: telemetry },
    words: 'frames per second, latencies, outbox, drops by reason, disk',
  },
  replies: {
    schema: { name: 'erasure-reply', type: erasureReply },
    words: 'the box’s word that it has erased a subject',
  },
  receipts: {
    schema: { name: 'receipt', type: receipt },
    words: 'what the hub has committed, and what it never will: the box deletes only what a receipt names',
  },
  policy: { schema: { name: 'policy', type: policy }, words: 'what to flag now, why and until when' },
  config: { words: 'cameras, lines, zones (not yet used)' },
  commands: { words: 'live view, still, doctor, update (not yet used)' },
};

const gallery = {
  schema: { name: 'gallery-entry', type: galleryEntry },
  words:
    'what the boxes know of one subject: sealed templates that the hub relays and cannot read, or that it was merged or forgotten; empty when all templates expired',
};

const readmePath = join(import.meta.dirname, 'README.md');
const schemaFolder = join(import.meta.dirname, 'schema');

/** The files this command keeps, as they should be: path → text. */
export function exportedFiles(): Map<string, string> {
  const files = new Map([[readmePath, replaceTopics(readFileSync(readmePath, 'utf8'))]]);
  for (const { schema } of [...Object.values(contents), gallery]) {
    if (!schema) continue;
    const text = JSON.stringify(z.toJSONSchema(schema.type, { io: 'input' }), undefined, 2);
    files.set(join(schemaFolder, `${schema.name}.schema.json`), `${text}\n`);
  }
  return files;
}

/** Paths whose text on the disk is not what it should be. */
export function staleFiles(files: Map<string, string>): string[] {
  return [...files].filter(([path, text]) => readIfThere(path) !== text).map(([path]) => path);
}

function replaceTopics(readme: string): string {
  const pattern = /(<!-- topics:[^>]*-->\n)[\s\S]*?(<!-- \/topics -->)/;
  if (!pattern.test(readme)) throw new Error('the markers of "topics" are missing in hub/contract/README.md');
  return readme.replace(pattern, (_, begin: string, end: string) => `${begin}${topicTable()}\n${end}`);
}

function topicTable(): string {
  const rows = (Object.keys(boxChannels) as BoxChannel[]).map((channel) => {
    const { from, qos, retained } = boxChannels[channel];
    const address = { site: '{site}', box: '{box}' };
    const topic = boxTopic(address, channel, channel === 'evidence' ? '{id}' : undefined);
    const content = contentCell(contents[channel]);
    const direction = from === 'box' ? 'box → hub' : 'hub → box';
    return `| \`${topic}\` | ${direction} | ${qos}${retained ? ', retained' : ''} | ${content} |`;
  });
  const galleryRow = `| \`${galleryTopic('{site}', '{subject}')}\` | box ↔ box, hub → box | 1, retained | ${contentCell(gallery)} |`;
  return ['| topic | direction | QoS | content |', '|---|---|---|---|', ...rows, galleryRow].join('\n');
}

function contentCell({ schema, words }: Content): string {
  return schema ? `[${schema.name}](schema/${schema.name}.schema.json): ${words}` : words;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
  const files = exportedFiles();
  const stale = staleFiles(files);
  if (values.check) {
    for (const path of stale) console.error(`stale: ${path}; run node hub/contract/export-schema.ts`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    mkdirSync(schemaFolder, { recursive: true });
    for (const path of stale) writeFileSync(path, files.get(path) ?? '');
  }
}
