import { z } from 'zod';
import { managing } from '../../accounts/access.ts';
import { uuid } from '../../contract/ids.ts';
import { incidentReport } from '../../contract/report.ts';
import type { ReportDesk } from '../../report/report-desk.ts';
import type { RecordDeed } from '../auditing.ts';
import { sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface ReportParts {
  reports: ReportDesk;
  record: RecordDeed;
}

/** One incident as a document. */
export function reportRoutes(app: HubApp, { reports, record }: ReportParts): void {
  app.get(
    '/api/v1/alerts/:id/report',
    {
      config: { access: managing },
      schema: {
        operationId: 'readIncidentReport',
        summary:
          'What a printed report of one alert says, every picture hashed again; every look is recorded',
        params: z.strictObject({ id: uuid }),
        response: { 200: incidentReport, ...refusals },
      },
    },
    async (request) => {
      const { id } = request.params;
      const report = await reports.incident(id, sessionOf(request).person);
      await record(request, {
        action: 'exported',
        target: id,
        details: {
          document: 'incident_report',
          pictures: report.pictures.length,
          sha256: report.sightingSha256,
        },
      });
      return report;
    },
  );
}
