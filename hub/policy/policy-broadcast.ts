import type { Publish } from '../broker/broker.ts';
import type { Policy } from '../contract/policy.ts';
import { type BoxAddress, boxTopic } from '../contract/topics.ts';
import { defaultPolicy } from './policy-rules.ts';
import type { PolicyStore } from './policy-store.ts';

/** Where the known boxes are listed. */
export interface KnownBoxes {
  list(): Promise<BoxAddress[]>;
}

/** Tells boxes what to flag now: retained, so that a box that was away reads it when it comes back. */
export class PolicyBroadcast {
  readonly #policies: PolicyStore;
  readonly #boxes: KnownBoxes;
  readonly #publish: Publish;

  constructor(policies: PolicyStore, boxes: KnownBoxes, publish: Publish) {
    this.#policies = policies;
    this.#boxes = boxes;
    this.#publish = publish;
  }

  /** Every known box: at the start, and when a policy changed. */
  async sendToAll(): Promise<void> {
    for (const box of await this.#boxes.list()) await this.sendTo(box);
  }

  /** One box, when it is heard for the first time. */
  async sendTo(box: BoxAddress): Promise<void> {
    await this.#send(box, (await this.#policies.current(box.site)) ?? defaultPolicy(box.site));
  }

  async #send({ site, box }: BoxAddress, policy: Policy): Promise<void> {
    await this.#publish(boxTopic({ site, box }, 'policy'), JSON.stringify(policy), { qos: 1, retain: true });
  }
}
