import { createHash } from 'node:crypto';
import { type Clock, toInstant } from '../../clock.ts';
import type { MessageLanguage, PushSubscriptionBody } from '../../contract/channels.ts';
import { newOpaqueId } from '../../contract/ids.ts';
import { HubError } from '../../errors.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { PushTarget } from './channel.ts';
import type { ChannelStore, StoredDevice } from './channel-store.ts';
import { parsePushKeys } from './push-encryption.ts';

/** Browsers that one person may have; one more ends the oldest. */
const devicesPerPerson = 10;

/** A browser of a person, open for sending. */
export interface Device extends PushTarget {
  id: string;
  language: MessageLanguage;
}

/** Where browsers subscribe. An endpoint is a key to somebody's device: it is sealed at rest and never shown. */
export class PushDesk {
  readonly #store: ChannelStore;
  readonly #keys: KeyRing;
  readonly #clock: Clock;

  constructor(store: ChannelStore, keys: KeyRing, clock: Clock) {
    this.#store = store;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** The same browser again, or for another person, replaces what was. Throws PUSH_SUBSCRIPTION_INVALID. */
  async subscribe(person: string, { endpoint, keys, language }: PushSubscriptionBody): Promise<void> {
    const { username, password } = new URL(endpoint);
    if (username || password || !parsePushKeys(keys)) throw new HubError('PUSH_SUBSCRIPTION_INVALID');
    const id = newOpaqueId();
    const target: PushTarget = { endpoint, ...keys };
    await this.#store.saveDevice({
      id,
      endpointHash: hashOf(endpoint),
      person,
      language,
      sealed: this.#keys.seal('channel', id, Buffer.from(JSON.stringify(target))),
      createdAt: toInstant(this.#clock.now()),
    });
    const theirs = await this.#store.devicesOf(person);
    for (const { id: oldest } of theirs.slice(0, -devicesPerPerson)) await this.#store.removeDevice(oldest);
  }

  /** Nothing when the browser was not subscribed for this person. */
  unsubscribe(person: string, endpoint: string): Promise<void> {
    return this.#store.removeDeviceOf(person, hashOf(endpoint));
  }

  /** The push service does not know it any more. */
  forget(id: string): Promise<void> {
    return this.#store.removeDevice(id);
  }

  async target(id: string): Promise<Device | undefined> {
    const device = await this.#store.device(id);
    return device && this.#open(device);
  }

  async targetsOf(person: string): Promise<Device[]> {
    return (await this.#store.devicesOf(person)).map((device) => this.#open(device));
  }

  #open({ id, language, sealed }: StoredDevice): Device {
    const target = JSON.parse(this.#keys.open('channel', id, sealed).toString('utf8')) as PushTarget;
    return { id, language, ...target };
  }
}

function hashOf(endpoint: string): string {
  return createHash('sha256').update(endpoint).digest('hex');
}
