import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ModelManifest, modelManifest } from '../../edge/perceive/onnx-session.ts';
import { convertDlib } from './dlib-to-onnx.ts';
import { type Recipe, recipes } from './recipes.ts';
import { convertGraphModel } from './tfjs-to-onnx.ts';
import { convertTflite } from './tflite-to-onnx.ts';

const usage = `Usage: node models/convert/main.ts NAME --package FOLDER [--out models/NAME]

NAME     ${Object.keys(recipes).join(' | ')}
FOLDER   where the npm package of the recipe was unpacked (holds its package.json)`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { package: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean' } },
});
const [name] = positionals;
const recipe = name === undefined ? undefined : recipes[name];
if (!name || !recipe || !values.package) {
  console.error(usage);
  process.exit(values.help ? 0 : 2);
}

const out = values.out ?? join('models', name);
const bytes = await convert(name, recipe, values.package);
const manifest = await describe(name, recipe, bytes, join(out, 'manifest.json'));
await mkdir(out, { recursive: true });
await writeFile(join(out, manifest.file), bytes);
await writeFile(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
if (recipe.card) await copyFile(join(import.meta.dirname, recipe.card), join(out, 'card.md'));
console.log(`${join(out, manifest.file)}: ${bytes.length} bytes, sha256 ${manifest.sha256}`);

async function convert(model: string, { from, source }: Recipe, folder: string): Promise<Uint8Array> {
  const path = join(folder, source);
  if ('tflite' in from) return convertTflite(await readFile(path), model, from.tflite);
  if ('dlib' in from) return convertDlib(await readFile(path), model, from.dlib);
  if ('graphModel' in from) return convertGraphModel(path, model, from.graphModel);
  return readFile(path);
}

/** Measured figures are not of the conversion's making: those of an existing manifest of the same model stay. */
async function describe(
  model: string,
  recipe: Recipe,
  bytes: Uint8Array,
  existing: string,
): Promise<ModelManifest> {
  const before = await readFile(existing, 'utf8').then(
    (text) => modelManifest.parse(JSON.parse(text)),
    () => undefined,
  );
  return modelManifest.parse({
    name: model,
    job: recipe.manifest.job,
    file: 'model.onnx',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    licence: recipe.manifest.licence,
    provenance: `npm ${recipe.package} ${recipe.source}, converted by models/convert`,
    input: recipe.manifest.input,
    output: recipe.manifest.output,
    ...(recipe.manifest.labels && { labels: recipe.manifest.labels }),
    ...(recipe.manifest.parameters && { parameters: recipe.manifest.parameters }),
    measured: before?.name === model ? before.measured : recipe.manifest.measured,
  });
}
