import type { BoxAddress } from '../contract/topics.ts';

/** A message on its way from a box to the hub. */
export interface BoxMessage {
  topic: string;
  payload: Uint8Array;
  /** Who sent it, as far as the broker knows: the embedded broker does, an external one only has the topic. */
  sender?: BoxAddress;
}

/**
 * Takes one message to its end. When it resolves the message is committed, or refused for good, and the broker
 * acknowledges it; when it rejects the broker does not, and the box sends it again later.
 */
export type Deliver = (message: BoxMessage) => Promise<void>;

/** Sends a message to boxes; resolves when the broker has it. */
export type Publish = (
  topic: string,
  payload: string | Uint8Array,
  options: { qos: 0 | 1; retain: boolean },
) => Promise<void>;

/** The way between the boxes and the hub. */
export interface Broker {
  readonly kind: 'embedded' | 'external';
  readonly connected: boolean;
  start(deliver: Deliver): Promise<void>;
  publish: Publish;
  /** Takes no more, and resolves when what is in hand has come to its end. */
  stop(): Promise<void>;
}
