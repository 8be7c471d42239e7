import { statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Telemetry } from '../../hub/contract/status.ts';
import type { OutboxDepth } from '../outbox/outbox.ts';

/** What telemetry is made of, read at the moment of the report. */
export interface TelemetrySources {
  bootId: string;
  dataFolder: string;
  cameras: () => Telemetry['cameras'];
  outbox: () => OutboxDepth;
  drops: () => Record<string, number>;
}

/** Processor use since the last reading, percent of one core; 250 means two and a half cores. */
class ProcessorMeter {
  #last = process.cpuUsage();
  #lastAt = performance.now();

  percent(): number {
    const used = process.cpuUsage(this.#last);
    const elapsedMs = Math.max(1, performance.now() - this.#lastAt);
    this.#last = process.cpuUsage();
    this.#lastAt = performance.now();
    return Math.round((used.user + used.system) / elapsedMs) / 10;
  }
}

/** Makes the reports of one boot. */
export class TelemetryReporter {
  readonly #sources: TelemetrySources;
  readonly #processor = new ProcessorMeter();

  constructor(sources: TelemetrySources) {
    this.#sources = sources;
  }

  /** `now` in ms since the epoch. */
  async report(now: number): Promise<Telemetry> {
    const { bootId, dataFolder, cameras, outbox, drops } = this.#sources;
    const disk = await statfs(dataFolder);
    const { oldestAt, ...depth } = outbox();
    return {
      schema: 1,
      at: new Date(now).toISOString(),
      bootId,
      uptimeSeconds: Math.round(process.uptime()),
      cameras: cameras(),
      outbox: { ...depth, ...(oldestAt !== undefined && { oldestAt: new Date(oldestAt).toISOString() }) },
      drops: drops(),
      processor: { percent: this.#processor.percent(), cores: availableParallelism() },
      memoryBytes: process.memoryUsage.rss(),
      diskFreeBytes: disk.bavail * disk.bsize,
    };
  }
}
