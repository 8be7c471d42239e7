/** One server-sent event (WHATWG HTML §9.2.6). */
export interface ServerEvent {
  id: string | undefined;
  type: string;
  data: string;
}

/**
 * Reads server-sent events from text that arrives in pieces of any size. Comments, which browsers' EventSource hides,
 * are not events, but whoever feeds this reader has seen that bytes came.
 */
export class EventReader {
  #rest = '';
  #id: string | undefined;
  #type = '';
  #data: string[] = [];

  /** The events that this piece completes. */
  push(piece: string): ServerEvent[] {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#readLine(line));
  }

  #readLine(line: string): ServerEvent[] {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return [];
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.#data.push(value);
    if (field === 'event') this.#type = value;
    if (field === 'id') this.#id = value;
    return [];
  }

  #dispatch(): ServerEvent[] {
    const event = { id: this.#id, type: this.#type || 'message', data: this.#data.join('\n') };
    const empty = this.#data.length === 0;
    this.#type = '';
    this.#data = [];
    return empty ? [] : [event];
  }
}
