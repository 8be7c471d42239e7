import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { name } from '../hub/contract/ids.ts';
import { EdgeError } from './errors.ts';

const fraction = z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]);

const cameraConfig = z.strictObject({
  camera: name.describe('name of the camera, unique on this box'),
  gate: name.describe('gate that the camera watches'),
  source: z
    .string()
    .min(1)
    .describe(
      'rtsp:// address, video file, or folder of pictures; relative paths start at the configuration file',
    ),
  framesPerSecond: z.number().min(0.5).max(30).default(5).describe('frames looked at per second'),
  detectionWidth: z
    .number()
    .int()
    .min(320)
    .max(1920)
    .default(640)
    .describe('width of the small stream for detection, pixels'),
  loop: z.boolean().default(false).describe('start a file again when it ends'),
  line: z
    .strictObject({
      from: fraction.describe('one end of the line across the passage, fractions of the frame'),
      to: fraction.describe('the other end'),
      inside: fraction.describe('a point on the inner side: who crosses towards it enters'),
    })
    .optional()
    .describe('without a line the direction stays unknown'),
});
export type CameraConfig = z.infer<typeof cameraConfig>;

/** The configuration of a box: the one place where its fields, defaults and descriptions are written. */
export const edgeConfig = z.strictObject({
  site: name.describe('site that the box belongs to'),
  box: name.describe('name of the box, unique on its site'),
  dataFolder: z
    .string()
    .min(1)
    .default('data')
    .describe('outbox, gallery and last policy; relative to the configuration file'),
  siteKeyFile: z
    .string()
    .min(1)
    .default('data/site.key')
    .describe('32-byte key of the site’s gallery, mode 600; made when missing'),
  modelsFolder: z.string().min(1).optional().describe('another models folder than the one of this release'),
  hub: z
    .strictObject({
      url: z.url({ protocol: /^mqtts?$/ }).describe('broker of the hub, e.g. mqtt://192.168.1.10:1883'),
      tokenFile: z.string().min(1).describe('file with the token that `hub box add` printed, mode 600'),
      caFile: z
        .string()
        .min(1)
        .optional()
        .describe(
          'for mqtts: the authority that vouches for the hub (PEM), e.g. its tls/authority.crt; without, those that Node knows',
        ),
    })
    .describe('where sightings go'),
  cameras: z.array(cameraConfig).min(1).max(8).describe('the lenses of this box'),
});
export type EdgeConfig = z.infer<typeof edgeConfig>;

/** Reads and checks a configuration; its relative paths become absolute. Throws CONFIG_UNREADABLE or CONFIG_INVALID naming file and field. */
export async function readConfig(path: string): Promise<EdgeConfig> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new EdgeError('CONFIG_UNREADABLE', path, { cause });
  });
  return parseConfig(text, path);
}

/** As `readConfig`, from text; `path` names the file in errors and is where relative paths start. */
export function parseConfig(text: string, path: string): EdgeConfig {
  const parsed = edgeConfig.safeParse(parseJson(text, path));
  if (!parsed.success) throw new EdgeError('CONFIG_INVALID', `${path}: ${describe(parsed.error)}`);

  const config = parsed.data;
  const twice = firstRepeated(config.cameras.map(({ camera }) => camera));
  if (twice) throw new EdgeError('CONFIG_INVALID', `${path}: cameras: "${twice}" is there twice`);

  const absolute = (value: string) => resolve(dirname(path), value);
  return {
    ...config,
    dataFolder: absolute(config.dataFolder),
    siteKeyFile: absolute(config.siteKeyFile),
    modelsFolder: config.modelsFolder && absolute(config.modelsFolder),
    hub: {
      ...config.hub,
      tokenFile: absolute(config.hub.tokenFile),
      caFile: config.hub.caFile && absolute(config.hub.caFile),
    },
    cameras: config.cameras.map((camera) => ({
      ...camera,
      source: camera.source.includes('://') ? camera.source : absolute(camera.source),
    })),
  };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EdgeError('CONFIG_INVALID', `${path}: not JSON (${(cause as Error).message})`, { cause });
  }
}

function describe(error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      const field = issue.path.join('.') || 'the whole file';
      return `${field}: ${issue.message}`;
    })
    .join('; ');
}

function firstRepeated(names: string[]): string | undefined {
  return names.find((entry, index) => names.indexOf(entry) !== index);
}
