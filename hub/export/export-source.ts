import type { Alert, TrajectoryEntry } from '../contract/api.ts';
import type { AlertExportQuery, SightingExportQuery } from '../contract/export.ts';
import type { Place } from '../trajectory/cursor.ts';

/** What a log is narrowed to. */
export type SightingFilter = Omit<SightingExportQuery, 'language' | 'timeZone' | 'subjects'>;

/** What the alerts are narrowed to. */
export type AlertFilter = Omit<AlertExportQuery, 'language' | 'timeZone'>;

/**
 * Rows to export, newest first, a page at a time after the last row given. Every page is a short read of its own: rows
 * that come or go meanwhile are neither repeated nor waited for, and nothing keeps the database from tidying up.
 */
export interface ExportSource {
  sightings(filter: SightingFilter, after: Place | undefined, limit: number): Promise<TrajectoryEntry[]>;
  alerts(filter: AlertFilter, after: Place | undefined, limit: number): Promise<Alert[]>;
  /** How many rows there are, up to `most`; undefined when counting would mean to read them. */
  countSightings(filter: SightingFilter, most: number): Promise<number | undefined>;
  countAlerts(filter: AlertFilter, most: number): Promise<number | undefined>;
}
