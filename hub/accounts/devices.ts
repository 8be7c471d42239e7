import { type Clock, toInstant } from '../clock.ts';
import type { Device, Devices as DeviceList, Pairing } from '../contract/api.ts';
import { newId } from '../contract/ids.ts';
import { HubError } from '../errors.ts';
import type { DeviceStore } from './device-store.ts';
import { hashReadableCode, newReadableCode } from './readable-code.ts';
import { covers, type GateScope, requireGate } from './scope.ts';
import { hashSessionToken, newSessionToken } from './session-token.ts';

/** Nearly 40 bits, tried at most twenty times a minute from an address. */
const codeCharacters = 8;
const codeLastsMs = 10 * 60_000;
/** Use is noted in steps, so that not every request writes. */
const seenStepMs = 60_000;

/** Tablets that belong to a gate: paired once by a code, known by a cookie from then on, until somebody revokes them. */
export class Devices {
  readonly #store: DeviceStore;
  readonly #site: string;
  readonly #clock: Clock;

  constructor(store: DeviceStore, site: string, clock: Clock) {
    this.#store = store;
    this.#site = site;
    this.#clock = clock;
  }

  /** A code for one tablet, told here and never again. */
  async startPairing(gate: string, name: string, madeBy: string): Promise<Pairing> {
    const code = newReadableCode(codeCharacters);
    const now = this.#clock.now();
    const expiresAt = toInstant(now + codeLastsMs);
    const codeHash = hashReadableCode(code);
    await this.#store.addPairing(
      { codeHash, site: this.#site, gate, name, madeBy, expiresAt },
      toInstant(now),
    );
    return { code, gate, name, expiresAt };
  }

  /** Takes a code; the token is for the tablet's cookie. Refused with PAIRING_CODE_REFUSED. */
  async pair(code: string): Promise<{ token: string; device: Device }> {
    const token = newSessionToken();
    const at = toInstant(this.#clock.now());
    const paired = await this.#store.pair(hashReadableCode(code), at, ({ site, gate, name, madeBy }) => ({
      id: newId(this.#clock.now()),
      site,
      gate,
      name,
      pairedBy: madeBy,
      pairedAt: at,
      lastSeenAt: at,
      tokenHash: hashSessionToken(token),
    }));
    if (!paired) throw new HubError('PAIRING_CODE_REFUSED');
    const { site: _, tokenHash: __, ...device } = paired;
    return { token, device };
  }

  /** The tablet of a cookie; undefined when it was revoked or never paired. Notes that it was seen. */
  async recognise(
    token: string | undefined,
  ): Promise<{ id: string; name: string; gate: string } | undefined> {
    const device = token === undefined ? undefined : await this.#store.findByToken(hashSessionToken(token));
    if (device?.site !== this.#site) return undefined;
    const { id, name, gate, lastSeenAt } = device;
    const now = this.#clock.now();
    if (now - Date.parse(lastSeenAt) >= seenStepMs) await this.#store.noteSeen(id, toInstant(now));
    return { id, name, gate };
  }

  async list(scope: GateScope): Promise<DeviceList> {
    const items = (await this.#store.list(this.#site)).filter(({ gate }) => covers(scope, gate));
    return { items, guardsOnlyOnPairedTablets: await this.guardsOnlyOnPairedTablets() };
  }

  /** Ends the sessions on it too, whose token hashes are given. */
  async revoke(id: string, scope: GateScope): Promise<{ device: Device; sessions: string[] }> {
    const known = (await this.#store.list(this.#site)).find((device) => device.id === id);
    requireGate(scope, known?.gate);
    const revoked = await this.#store.revoke(this.#site, id);
    if (!revoked) throw new HubError('DEVICE_UNKNOWN');
    return revoked;
  }

  guardsOnlyOnPairedTablets(): Promise<boolean> {
    return this.#store.guardsOnlyOnPairedTablets(this.#site);
  }

  setGuardsOnlyOnPairedTablets(on: boolean, changedBy: string): Promise<void> {
    return this.#store.setGuardsOnlyOnPairedTablets(this.#site, on, changedBy, toInstant(this.#clock.now()));
  }
}
