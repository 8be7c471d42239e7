import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { managing } from '../../accounts/access.ts';
import { alertExportQuery, type ExportFormat, sightingExportQuery } from '../../contract/export.ts';
import { newOpaqueId } from '../../contract/ids.ts';
import type { Export, ExportDesk, ExportEnd } from '../../export/export-desk.ts';
import type { RecordDeed } from '../auditing.ts';
import type { HubApp } from '../hub-app.ts';
import { perMinute } from '../rate-limits.ts';
import { refusals } from '../refusals.ts';

export interface ExportParts {
  exports: ExportDesk;
  record: RecordDeed;
}

const mediaTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const satisfies Record<ExportFormat, string>;

const formats = ['csv', 'xlsx'] as const;

/** The log and the alerts as files. Every export is recorded before its first byte, and again with its rows when it has ended. */
export function exportRoutes(app: HubApp, { exports, record }: ExportParts): void {
  for (const format of formats) {
    app.get(
      `/api/v1/exports/sightings.${format}`,
      {
        config: { access: managing, rateLimit: perMinute.export },
        schema: {
          operationId: format === 'csv' ? 'exportSightingsCsv' : 'exportSightingsXlsx',
          summary: `The log as ${format.toUpperCase()}, newest first, however long it is`,
          querystring: sightingExportQuery,
          produces: [mediaTypes[format]],
          response: { 200: z.any().describe('the file'), ...refusals },
        },
      },
      async (request, reply) => {
        exports.check(request.query);
        const onEnd = await recordBegin(request, `sightings.${format}`, request.query);
        return send(
          reply,
          `sightings.${format}`,
          format,
          await exports.sightings(request.query, format, onEnd),
        );
      },
    );

    app.get(
      `/api/v1/exports/alerts.${format}`,
      {
        config: { access: managing, rateLimit: perMinute.export },
        schema: {
          operationId: format === 'csv' ? 'exportAlertsCsv' : 'exportAlertsXlsx',
          summary: `The alerts as ${format.toUpperCase()}: who was told, who dealt with them, how fast`,
          querystring: alertExportQuery,
          produces: [mediaTypes[format]],
          response: { 200: z.any().describe('the file'), ...refusals },
        },
      },
      async (request, reply) => {
        exports.check({});
        const onEnd = await recordBegin(request, `alerts.${format}`, request.query);
        return send(reply, `alerts.${format}`, format, await exports.alerts(request.query, format, onEnd));
      },
    );
  }

  async function recordBegin(
    request: FastifyRequest,
    target: string,
    query: object,
  ): Promise<(end: ExportEnd) => Promise<void>> {
    const id = newOpaqueId();
    await record(request, { action: 'exported', target, details: { export: id, ...query } });
    return async (end) => {
      await record(request, {
        action: 'exported',
        target,
        details: { export: id, rows: end.rows, complete: end.complete },
      });
    };
  }
}

function send(reply: FastifyReply, name: string, format: ExportFormat, { bytes, expectedRows }: Export) {
  if (expectedRows !== undefined) reply.header('x-expected-rows', expectedRows);
  return reply
    .type(mediaTypes[format])
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="gatehouse-${name}"`)
    .send(Readable.from(bytes, { objectMode: false }));
}
