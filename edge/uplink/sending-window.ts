import type { Receipt } from '../../hub/contract/sighting.ts';
import type { OutboxItem } from '../outbox/outbox.ts';

/** What was sent and has no receipt yet. Pure bookkeeping: the clock comes in as an argument. */
export class SendingWindow {
  /** Sequence of the last item taken from the outbox on this connection. */
  cursor = 0;

  readonly #size: number;
  readonly #receiptMs: number;
  readonly #waiting = new Map<string, number>();

  /** `size`: items in flight at most; `receiptMs`: how long a receipt may take before the item is sent again. */
  constructor(size: number, receiptMs: number) {
    this.#size = size;
    this.#receiptMs = receiptMs;
  }

  get room(): number {
    return this.#size - this.#waiting.size;
  }

  sent(item: OutboxItem, now: number): void {
    this.cursor = item.sequence;
    this.#waiting.set(keyOf(item.kind, item.id, item.kind === 'sighting' ? item.revision : 0), now);
  }

  settled(receipt: Receipt): void {
    for (const { id, revision } of receipt.sightings) this.#waiting.delete(keyOf('sighting', id, revision));
    for (const id of receipt.evidence) this.#waiting.delete(keyOf('evidence', id, 0));
    for (const { kind, id, revision } of receipt.refused)
      this.#waiting.delete(keyOf(kind, id, revision ?? 0));
  }

  /** Starts again from the oldest item when a receipt is overdue, and says so: a repeat is harmless, a loss is not. */
  rewindIfOverdue(now: number): boolean {
    const overdue = [...this.#waiting.values()].some((sentAt) => now - sentAt > this.#receiptMs);
    if (overdue) this.rewind();
    return overdue;
  }

  rewind(): void {
    this.cursor = 0;
    this.#waiting.clear();
  }
}

function keyOf(kind: OutboxItem['kind'], id: string, revision: number): string {
  return `${kind} ${id} ${revision}`;
}
