/** A message that a new subscriber gets at once. */
export interface RetainedMessage {
  topic: string;
  payload: Uint8Array;
}

/**
 * What the embedded broker retains for the boxes across restarts: the sealed templates of the sites' galleries, which
 * the hub relays and cannot read.
 */
export interface RetainedStore {
  /** An empty payload forgets the topic. */
  put(topic: string, payload: Uint8Array): Promise<void>;
  all(): Promise<RetainedMessage[]>;
}
