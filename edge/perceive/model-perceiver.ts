import type { Frame, Picture } from '../capture/frame.ts';
import { FaceEmbedder } from './face-embedder.ts';
import { FaceFinder } from './face-finder.ts';
import { faceQuality } from './face-quality.ts';
import { MaskClassifier } from './mask-classifier.ts';
import type { PerceiveOptions } from './perceiver.ts';
import type { Detection, Face, Perception } from './perception.ts';
import { PersonVehicleDetector, stillDetection, streamDetection } from './person-vehicle-detector.ts';
import { PlateReader } from './plates/plate-reader.ts';

/** A face of less quality is neither compared nor enrolled. */
const embeddingQuality = 0.25;
/** A face that the border cuts has no more: fit to be shown as evidence, and for nothing else. */
const cutFaceQuality = 0.1;

/** Runs all models on one frame, one after the other, in the calling thread. */
export class ModelPerceiver {
  readonly #detector: PersonVehicleDetector;
  readonly #faces: FaceFinder;
  readonly #masks: MaskClassifier;
  readonly #embedder: FaceEmbedder;
  readonly #plates: PlateReader;

  private constructor(
    detector: PersonVehicleDetector,
    faces: FaceFinder,
    masks: MaskClassifier,
    embedder: FaceEmbedder,
    plates: PlateReader,
  ) {
    this.#detector = detector;
    this.#faces = faces;
    this.#masks = masks;
    this.#embedder = embedder;
    this.#plates = plates;
  }

  /** Throws a coded error when a model is missing, changed or unreadable. */
  static async load(modelsFolder: string): Promise<ModelPerceiver> {
    return new ModelPerceiver(
      await PersonVehicleDetector.load(modelsFolder),
      await FaceFinder.load(modelsFolder),
      await MaskClassifier.load(modelsFolder),
      await FaceEmbedder.load(modelsFolder),
      await PlateReader.load(modelsFolder),
    );
  }

  async perceive(
    { small, full }: Pick<Frame, 'small' | 'full'>,
    options: PerceiveOptions,
  ): Promise<Perception> {
    const clock = new Clock();
    const detections = await clock.time('detect', () => this.#detect(small, full, options));
    const persons = detections.filter(({ kind }) => kind === 'person');
    const vehicles = detections.filter(({ kind }) => kind === 'vehicle');
    const found = await clock.time('faces', () => this.#faces.find(full, persons, options));
    const masks = await clock.time('masks', () => this.#masks.classify(full, found));
    const faces = found.map(
      ({ border, ...face }, i): Face => ({
        ...face,
        mask: masks[i]!,
        quality: Math.min(
          faceQuality(full, face.landmarks),
          border === 'forehead_cut' || border === 'cut' ? cutFaceQuality : 1,
        ),
      }),
    );
    if (options.embed) await clock.time('embeddings', () => this.#embed(full, faces));
    const plates = await clock.time('plates', () => this.#plates.read(full, vehicles, options));
    return { persons, vehicles, faces, plates, timings: clock.timings() };
  }

  /** What was left out since the last call, by reason. */
  takeDrops(): Record<string, number> {
    return this.#faces.takeDrops();
  }

  async release(): Promise<void> {
    await this.#detector.release();
    await this.#faces.release();
    await this.#masks.release();
    await this.#embedder.release();
    await this.#plates.release();
  }

  /** Detects on the small picture; boxes are in pixels of the full one. */
  async #detect(small: Picture, full: Picture, { wholePicture }: PerceiveOptions): Promise<Detection[]> {
    const across = full.width / small.width;
    const down = full.height / small.height;
    const detections = await this.#detector.detect(small, wholePicture ? stillDetection : streamDetection);
    return detections.map(({ box: [x, y, width, height], ...rest }) => ({
      ...rest,
      box: [x * across, y * down, width * across, height * down],
    }));
  }

  /** What a mask leaves is embedded of bare faces as well: who comes bare today may come masked tomorrow. */
  async #embed(full: Picture, faces: Face[]): Promise<void> {
    for (const face of faces) {
      if (face.quality < embeddingQuality) continue;
      const upper = await this.#embedder.embedUpper(full, face.landmarks);
      face.embeddings =
        face.mask.verdict === 'not_worn'
          ? { upper, whole: await this.#embedder.embedWhole(full, face.landmarks) }
          : { upper };
    }
  }
}

/** Adds up what each step takes, milliseconds. */
class Clock {
  readonly #started = performance.now();
  readonly #steps: Record<string, number> = {};

  async time<T>(step: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.#steps[step] = performance.now() - started;
    return result;
  }

  timings(): Record<string, number> {
    return { ...this.#steps, total: performance.now() - this.#started };
  }
}
