/** One version of a setting, as it was saved. */
export interface SavedSetting {
  version: number;
  /** JSON value; parsed by the schema of its name where it is used. */
  value: unknown;
  changedBy: string;
  /** ISO 8601 UTC. */
  changedAt: string;
}

/** Keeps every version of every setting of a site. */
export interface SettingsStore {
  current(site: string, name: string): Promise<SavedSetting | undefined>;
  /** False when that version exists already, because someone else was faster. */
  save(site: string, name: string, setting: SavedSetting): Promise<boolean>;
}
