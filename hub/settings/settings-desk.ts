import type { z } from 'zod';
import { type Clock, toInstant } from '../clock.ts';
import { alertSettings } from '../contract/alerting.ts';
import { rosterSettings } from '../contract/roster.ts';
import { HubError } from '../errors.ts';
import type { SettingsStore } from './settings-store.ts';

/** The settings of a site by their names. */
const schemas = { alerting: alertSettings, roster: rosterSettings };

type Name = keyof typeof schemas;
export type SettingOf<N extends Name> = z.infer<(typeof schemas)[N]>;

/** A setting and its version; version 0 was never changed. */
export interface Setting<N extends Name> {
  version: number;
  value: SettingOf<N>;
}

/** Where settings are read and changed; every version is kept. */
export class SettingsDesk {
  readonly #site: string;
  readonly #store: SettingsStore;
  readonly #clock: Clock;

  constructor(site: string, store: SettingsStore, clock: Clock) {
    this.#site = site;
    this.#store = store;
    this.#clock = clock;
  }

  /** What was set last, or the defaults. */
  async read<N extends Name>(name: N): Promise<Setting<N>> {
    const saved = await this.#store.current(this.#site, name);
    const value = schemas[name].parse(saved?.value ?? defaults(name)) as SettingOf<N>;
    return { version: saved?.version ?? 0, value };
  }

  /** `basedOn` is the version that was edited: refused with SETTING_CONFLICT when there is a newer one. */
  async change<N extends Name>(
    name: N,
    value: SettingOf<N>,
    changedBy: string,
    basedOn: number,
  ): Promise<Setting<N>> {
    const { version } = await this.read(name);
    const setting = {
      version: basedOn + 1,
      value,
      changedBy,
      changedAt: toInstant(this.#clock.now()),
    };
    if (version !== basedOn || !(await this.#store.save(this.#site, name, setting))) {
      throw new HubError('SETTING_CONFLICT', undefined, { details: { version } });
    }
    return { version: setting.version, value };
  }
}

/** The roster is meant in the zone in which the hub stands. */
function defaults(name: Name): unknown {
  return name === 'roster' ? { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone } : {};
}
