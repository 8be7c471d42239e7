import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { provinces } from '../hub/contract/policy.ts';
import { analysisJson, analysisTable, type Subject } from './analysis-line.ts';
import type { Frame } from './capture/frame.ts';
import { openCapture } from './capture/open-capture.ts';
import { decodePicture, shrinkPicture } from './capture/picture-codec.ts';
import { isPicture } from './capture/picture-folder.ts';
import { EdgeError } from './errors.ts';
import { WorkerPerceiver } from './perceive/worker-perceiver.ts';

const videos = new Set(['.mp4', '.m4v', '.mov', '.mkv', '.webm', '.avi', '.flv', '.ts', '.mpg', '.mpeg']);
const detectionWidth = 640;
const defaultFramesPerSecond = 5;

/** What the analyze command was asked for. */
export interface AnalyzeOptions {
  /** Pictures, videos, and folders, which are walked. */
  paths: string[];
  /** One JSON line per picture or frame instead of a table. */
  json: boolean;
  /** The home province, e.g. `苏`; without one no plate is at home or away. */
  home: string | undefined;
  /** How many frames of a video are looked at; 5 by default. */
  framesPerSecond?: number | undefined;
  modelsFolder: string;
  ffmpegPath?: string | undefined;
  write: (text: string) => void;
}

/**
 * Perceives pictures, and videos frame by frame, just as a box does. Returns the exit code: 1 when anything could not
 * be read; each such file has a line with its error. Throws when a model or an option is wrong.
 */
export async function analyze(options: AnalyzeOptions): Promise<number> {
  checkOptions(options);
  const perceiver = new WorkerPerceiver({ modelsFolder: options.modelsFolder });
  await perceiver.start();
  try {
    const analysis = new Analysis(options, perceiver);
    for (const path of options.paths) await analysis.path(path);
    return analysis.failures === 0 ? 0 : 1;
  } finally {
    await perceiver.stop();
  }
}

function checkOptions({ home, framesPerSecond = defaultFramesPerSecond }: AnalyzeOptions): void {
  if (home !== undefined && !(provinces as readonly string[]).includes(home))
    throw new EdgeError('CONFIG_INVALID', `--home ${home}`);
  if (!(framesPerSecond > 0 && framesPerSecond <= 60))
    throw new EdgeError('CONFIG_INVALID', `--fps ${framesPerSecond}`);
}

/** One run over all paths. */
class Analysis {
  failures = 0;
  readonly #options: AnalyzeOptions;
  readonly #perceiver: WorkerPerceiver;

  constructor(options: AnalyzeOptions, perceiver: WorkerPerceiver) {
    this.#options = options;
    this.#perceiver = perceiver;
  }

  async path(path: string): Promise<void> {
    const files = await this.#try({ file: path }, () => filesBelow(path));
    for (const file of files ?? [])
      await this.#try({ file }, () => (isVideo(file) ? this.#video(file) : this.#picture(file)));
  }

  async #picture(file: string): Promise<void> {
    const full = await decodePicture(file);
    const small = await shrinkPicture(full, detectionWidth);
    await this.#look({ file }, { small, full }, true);
  }

  async #video(file: string): Promise<void> {
    const { framesPerSecond = defaultFramesPerSecond, ffmpegPath } = this.#options;
    const capture = openCapture(
      { camera: 'file', source: file, framesPerSecond, detectionWidth, pace: 'lossless', loop: false },
      { ffmpegPath },
    );
    await capture.start();
    try {
      for (let index = 0; ; index++) {
        const frame = await capture.nextFrame();
        if (!frame) break;
        const subject = { file, frame: index, seconds: index / framesPerSecond };
        await this.#try(subject, () => this.#look(subject, frame, false));
        capture.recycle(frame);
      }
    } finally {
      await capture.stop();
    }
    if (capture.lastError) throw capture.lastError;
  }

  async #look(subject: Subject, frame: Pick<Frame, 'small' | 'full'>, wholePicture: boolean): Promise<void> {
    const perception = await this.#perceiver.perceive(frame, { embed: false, wholePicture });
    const { width, height } = frame.full;
    const found = { ...subject, width, height, perception, home: this.#options.home };
    this.#options.write(this.#options.json ? analysisJson(found) : analysisTable(found));
  }

  /** A coded error becomes a line, and the run goes on. */
  async #try<T>(subject: Subject, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EdgeError)) throw error;
      this.failures++;
      const { code, message } = error;
      this.#options.write(
        this.#options.json
          ? `${JSON.stringify({ ...subject, error: { code, message } })}\n`
          : `${subject.file}\n  ${code}: ${message}\n`,
      );
      return undefined;
    }
  }
}

/** The file itself, or all pictures and videos in and below a folder, by name. Throws SOURCE_MISSING, SOURCE_EMPTY. */
async function filesBelow(path: string): Promise<string[]> {
  const found = await stat(path).catch((cause) => {
    throw new EdgeError('SOURCE_MISSING', path, { cause });
  });
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && (isPicture(extname(entry.name)) || isVideo(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (files.length === 0) throw new EdgeError('SOURCE_EMPTY', path);
  return files;
}

function isVideo(file: string): boolean {
  return videos.has(extname(file).toLowerCase());
}
