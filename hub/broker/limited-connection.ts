import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Most bytes of an MQTT fixed header: one of type and flags, four of remaining length [MQTT 3.1.1 §2.2]. */
const lengthBytes = 4;

/**
 * A socket that refuses an MQTT packet larger than the limit as soon as its header announces it, before the bytes pile
 * up in memory. Emits `tooLarge`, then closes.
 */
export class LimitedConnection extends Duplex {
  readonly #socket: Socket;
  readonly #limitBytes: number;
  #nextLimitBytes: number;
  /** Bytes of the current packet still to come; 0 while its header is being read. */
  #remaining = 0;
  #header: number[] = [];
  #isGathering = false;

  /** `firstLimitBytes`: of the packet in which a client says who it is, when nobody knows it yet. */
  constructor(socket: Socket, limitBytes: number, firstLimitBytes = limitBytes) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    this.#limitBytes = limitBytes;
    this.#nextLimitBytes = firstLimitBytes;
  }

  /** Begins to pass bytes on. */
  open(): this {
    this.#socket.on('data', (bytes) => this.#receive(bytes));
    this.#socket.on('end', () => this.push(null));
    this.#socket.on('error', (error) => this.destroy(error));
    this.#socket.on('close', () => this.destroy());
    return this;
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(bytes: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#gather();
    if (this.#socket.write(bytes)) done();
    else this.#socket.once('drain', () => done());
  }

  /** After a commit there are hundreds of acknowledgements at once: they go to the system in one piece. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#socket.cork();
    setImmediate(() => this.#send());
  }

  #send(): void {
    if (!this.#isGathering) return;
    this.#isGathering = false;
    this.#socket.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // Why a client is turned away is said before the door closes.
    this.#send();
    this.#socket.destroy();
    done(error);
  }

  #receive(bytes: Buffer): void {
    if (this.destroyed) return;
    if (!this.#fits(bytes)) {
      this.emit('tooLarge');
      this.destroy();
      return;
    }
    if (!this.push(bytes)) this.#socket.pause();
  }

  /** Follows the packets through these bytes; false at the first one that is too large. */
  #fits(bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length; ) {
      if (this.#remaining > 0) {
        const passed = Math.min(this.#remaining, bytes.length - at);
        this.#remaining -= passed;
        at += passed;
        continue;
      }
      this.#header.push(bytes[at]);
      at += 1;
      if (!headerIsWhole(this.#header)) continue;
      this.#remaining = announcedBytes(this.#header);
      this.#header = [];
      if (this.#remaining > this.#nextLimitBytes) return false;
      this.#nextLimitBytes = this.#limitBytes;
    }
    return true;
  }
}

function headerIsWhole(header: number[]): boolean {
  return header.length > 1 && (header[header.length - 1] < 0x80 || header.length > lengthBytes);
}

/** Remaining length: seven bits a byte, lowest first [MQTT 3.1.1 §2.2.3]. */
function announcedBytes(header: number[]): number {
  return header.slice(1).reduce((sum, byte, at) => sum + (byte & 0x7f) * 128 ** at, 0);
}
