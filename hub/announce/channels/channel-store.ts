import type { ChannelKind, MessageLanguage, NoticeSettings } from '../../contract/channels.ts';
import type { ChannelSettings } from './channel.ts';

/** A channel as it is kept. */
export interface StoredChannel {
  id: string;
  site: string;
  kind: ChannelKind;
  settings: ChannelSettings;
  /** ChannelSecrets as JSON, sealed to the channel's id. */
  sealed?: Uint8Array;
  createdAt: string;
}

/** A browser as it is kept. */
export interface StoredDevice {
  id: string;
  /** Hex SHA-256 of the endpoint: a browser has one row. */
  endpointHash: string;
  person: string;
  language: MessageLanguage;
  /** PushTarget as JSON, sealed to the id. */
  sealed: Uint8Array;
  createdAt: string;
}

/** Keeps channels, browsers and what messages share. Every method is one unit of work. */
export interface ChannelStore {
  /** Oldest first. */
  list(site: string): Promise<StoredChannel[]>;
  get(id: string): Promise<StoredChannel | undefined>;
  /** Adds it, or replaces what was set. */
  save(channel: StoredChannel): Promise<void>;
  /** What waits on it is skipped in the same transaction. */
  remove(id: string): Promise<boolean>;
  /** Replaces the row of the same endpoint, whoever had it. */
  saveDevice(device: StoredDevice): Promise<void>;
  device(id: string): Promise<StoredDevice | undefined>;
  devicesOf(person: string): Promise<StoredDevice[]>;
  removeDevice(id: string): Promise<void>;
  /** Only when it is this person's. */
  removeDeviceOf(person: string, endpointHash: string): Promise<void>;
  settings(site: string): Promise<NoticeSettings | undefined>;
  saveSettings(site: string, settings: NoticeSettings, changedBy: string, at: string): Promise<void>;
}
