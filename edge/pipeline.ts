import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isInForce } from '../hub/contract/flagging.ts';
import type { Policy } from '../hub/contract/policy.ts';
import type { Evidence, Sighting } from '../hub/contract/sighting.ts';
import type { Telemetry } from '../hub/contract/status.ts';
import type { Capture } from './capture/capture.ts';
import type { Frame } from './capture/frame.ts';
import { encodeJpeg } from './capture/picture-codec.ts';
import type { CameraConfig } from './config.ts';
import { EdgeError } from './errors.ts';
import type { Gallery } from './gallery/gallery.ts';
import { LatencyWindow } from './latency-window.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Perceiver } from './perceive/perceiver.ts';
import type { EnrolmentWanted, EvidenceWanted, Sight, SightingRevision, SightResult } from './sight/sight.ts';
import type { Tracker } from './track/tracker.ts';

/** The stages of one camera, in the order a frame passes them. */
export interface PipelineParts {
  capture: Capture;
  perceiver: Perceiver;
  tracker: Tracker;
  gallery: Gallery;
  sight: Sight;
  outbox: Outbox;
  policy: () => Policy | undefined;
  onSighting: (sighting: Sighting) => void;
  log: Logger;
  now: () => number;
}

interface KeptEvidence {
  meta: Omit<Evidence, 'id'>;
  /** Undefined once the outbox has it. */
  jpeg: Buffer | undefined;
}

const dayMs = 86_400_000;
const restartMs = 5_000;
const rateWindowMs = 10_000;

/** One camera, start to finish: every frame takes exactly this path. */
export class Pipeline {
  readonly camera: CameraConfig;
  readonly #parts: PipelineParts;
  readonly #evidence = new Map<string, KeptEvidence>();
  readonly #perceiveMs = new LatencyWindow();
  readonly #drops: Record<string, number> = {};
  #recentFrames: number[] = [];
  #lastFrame: { at: number; width: number; height: number } | undefined;
  #error: Error | undefined;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(camera: CameraConfig, parts: PipelineParts) {
    this.camera = camera;
    this.#parts = parts;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#parts.capture.stop();
    await this.#running;
  }

  /** Resolves when the source has ended and everything seen is in the outbox. */
  async ended(): Promise<void> {
    await this.#running;
  }

  health(now: number): Telemetry['cameras'][number] {
    this.#recentFrames = this.#recentFrames.filter((at) => now - at <= rateWindowMs);
    const error = this.#error ?? this.#parts.capture.lastError;
    return {
      camera: this.camera.camera,
      gate: this.camera.gate,
      state: this.#error ? 'failed' : this.#parts.capture.state,
      framesPerSecond: Math.round((this.#recentFrames.length / rateWindowMs) * 10_000) / 10,
      width: this.#lastFrame?.width ?? 0,
      height: this.#lastFrame?.height ?? 0,
      lastFrameAt: this.#lastFrame && isoInstant(this.#lastFrame.at),
      perceiveMs: this.#perceiveMs.summary(),
      error: error && describeError(error),
    };
  }

  get drops(): Record<string, number> {
    return { ...this.#parts.capture.drops, ...this.#parts.tracker.drops, ...this.#drops };
  }

  async #run(): Promise<void> {
    await this.#startCapture();
    for (let frame = await this.#nextFrame(); frame; frame = await this.#nextFrame()) {
      await this.#pass(frame);
      this.#parts.capture.recycle(frame);
    }
    await this.#carryOut(this.#parts.sight.close(this.#parts.now()));
  }

  /** capture → perceive → track → sight → outbox. */
  async #pass(frame: Frame): Promise<void> {
    const { perceiver, tracker, gallery, sight, policy, now } = this.#parts;
    const startedAt = now();
    try {
      const perception = await perceiver.perceive(frame, {
        embed: this.#watchesFirstTime(frame),
        wholePicture: false,
      });
      const tracks = tracker.update(perception, frame.capturedAt, frame.full);
      const result = sight.observe({
        frame: {
          sequence: frame.sequence,
          capturedAt: frame.capturedAt,
          width: frame.full.width,
          height: frame.full.height,
        },
        tracks,
        perception,
        compare: (embedding, kind) => gallery.nearest(embedding, kind, frame.capturedAt),
        policy: policy(),
        isGalleryWhole: gallery.unreadable === 0,
      });
      await this.#carryOut(result, frame);
      this.#frameDone(frame, now() - startedAt);
    } catch (error) {
      if (!(error instanceof EdgeError)) throw error;
      this.#error = error;
      this.#count('frame_failed');
      this.#parts.log.error({ camera: this.camera.camera, err: error }, 'frame failed');
    }
  }

  /** Faces are compared, and strangers kept, only while a rule says why: no rule, no embedding. */
  #watchesFirstTime(frame: Frame): boolean {
    return isInForce(this.#parts.policy()?.firstTime, frame.capturedAt);
  }

  /** In this order, so that a revision never names a picture that is not there yet. */
  async #carryOut(result: SightResult, frame?: Frame): Promise<void> {
    if (frame) for (const wanted of result.evidenceWanted) await this.#keepEvidence(wanted, frame);
    for (const enrolment of result.enrolments) this.#enrol(enrolment);
    for (const revision of result.revisions) this.#record(revision);
    for (const id of result.evidenceDropped) this.#evidence.delete(id);
  }

  async #keepEvidence({ id, role, box }: EvidenceWanted, frame: Frame): Promise<void> {
    const { jpeg, width, height } = await encodeJpeg(frame.full, box);
    const meta = {
      sha256: createHash('sha256').update(jpeg).digest('hex'),
      role,
      occurredAt: isoInstant(frame.capturedAt),
      width,
      height,
      box,
    };
    this.#evidence.set(id, { meta, jpeg });
  }

  #enrol({ subject, category, kind, embedding }: EnrolmentWanted): void {
    const { gallery, policy, now } = this.#parts;
    const days = policy()?.strangerRetentionDays;
    if (days === undefined) this.#count('enrolment_without_policy');
    else gallery.enrol({ subject, category, kind, embedding, expiresAt: now() + days * dayMs });
  }

  #record(revision: SightingRevision): void {
    const { outbox, onSighting, now } = this.#parts;
    const kept = revision.evidence.flatMap((id) => {
      const entry = this.#evidence.get(id);
      if (!entry) this.#count('evidence_not_kept');
      return entry ? [{ id, entry }] : [];
    });
    const sighting: Sighting = {
      ...revision,
      evidence: kept.map(({ id, entry }) => ({ id, ...entry.meta })),
    };
    const pictures = kept.flatMap(({ id, entry }) => (entry.jpeg ? [{ id, jpeg: entry.jpeg }] : []));
    outbox.put(sighting, pictures, now());
    for (const { entry } of kept) entry.jpeg = undefined;
    onSighting(sighting);
  }

  /** A source that is not there at the start is tried again until `stop`. */
  async #startCapture(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#parts.capture.start();
        this.#error = undefined;
        return;
      } catch (error) {
        if (!(error instanceof EdgeError)) throw error;
        this.#error = error;
        this.#parts.log.error(
          { camera: this.camera.camera, err: error },
          'camera does not start; trying again',
        );
        await sleep(restartMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      }
    }
  }

  async #nextFrame(): Promise<Frame | undefined> {
    return this.#stopping.signal.aborted ? undefined : this.#parts.capture.nextFrame();
  }

  #frameDone(frame: Frame, ms: number): void {
    this.#error = undefined;
    this.#perceiveMs.add(ms);
    this.#recentFrames.push(this.#parts.now());
    if (this.#recentFrames.length > 1000) this.#recentFrames.shift();
    this.#lastFrame = { at: frame.capturedAt, width: frame.full.width, height: frame.full.height };
  }

  #count(reason: string): void {
    this.#drops[reason] = (this.#drops[reason] ?? 0) + 1;
  }
}

function isoInstant(ms: number): string {
  return new Date(ms).toISOString();
}

/** `CODE: text with a remedy`, at most as long as telemetry takes. */
function describeError(error: Error): string {
  const code = error instanceof EdgeError ? error.code : error.name;
  return `${code}: ${error.message}`.slice(0, 500);
}
