import type { Server } from 'node:http';
import cookie from '@fastify/cookie';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { auditDeeds } from './http/auditing.ts';
import { authenticate } from './http/authentication.ts';
import { serveDashboard } from './http/dashboard-files.ts';
import { replyToBadAddresses, replyWithCodedErrors } from './http/error-replies.ts';
import { answerBrokenRequest, createHttpServer } from './http/http-server.ts';
import type { HubApp } from './http/hub-app.ts';
import { describeApi, openapiRoutes } from './http/openapi.ts';
import { limitRates } from './http/rate-limits.ts';
import { logRequests } from './http/request-log.ts';
import { type AlertParts, alertRoutes } from './http/routes/alert-routes.ts';
import { type AlertingParts, alertingRoutes } from './http/routes/alerting-routes.ts';
import { type AuditParts, auditRoutes } from './http/routes/audit-routes.ts';
import { type ChannelParts, channelRoutes } from './http/routes/channel-routes.ts';
import { type CorrectionParts, correctionRoutes } from './http/routes/correction-routes.ts';
import { deadLetterRoutes } from './http/routes/dead-letter-routes.ts';
import { type DeviceParts, deviceRoutes } from './http/routes/device-routes.ts';
import { type DutyParts, dutyRoutes } from './http/routes/duty-routes.ts';
import { type ErasureParts, erasureRoutes } from './http/routes/erasure-routes.ts';
import { type EvidenceLinkParts, evidenceLinkRoutes } from './http/routes/evidence-link-routes.ts';
import { type ExportParts, exportRoutes } from './http/routes/export-routes.ts';
import { type HealthParts, healthRoutes } from './http/routes/health-routes.ts';
import { type KeepingParts, keepingRoutes } from './http/routes/keeping-routes.ts';
import { type LogParts, logRoutes } from './http/routes/log-routes.ts';
import { type MetricsParts, metricsRoutes } from './http/routes/metrics-routes.ts';
import { type NoticeParts, noticeRoutes } from './http/routes/notice-routes.ts';
import { type PeopleParts, peopleRoutes } from './http/routes/people-routes.ts';
import { type PolicyParts, policyRoutes } from './http/routes/policy-routes.ts';
import { type PushParts, pushRoutes } from './http/routes/push-routes.ts';
import { type ReportParts, reportRoutes } from './http/routes/report-routes.ts';
import { type RosterParts, rosterRoutes } from './http/routes/roster-routes.ts';
import { type SecondFactorParts, secondFactorRoutes } from './http/routes/second-factor-routes.ts';
import { type SessionParts, sessionRoutes } from './http/routes/session-routes.ts';
import { streamRoutes } from './http/routes/stream-routes.ts';
import { type TrajectoryParts, trajectoryRoutes } from './http/routes/trajectory-routes.ts';
import { trustRoutes } from './http/routes/trust-routes.ts';
import { type ViidParts, viidRoutes } from './http/routes/viid-routes.ts';
import { requireSameOrigin } from './http/same-origin.ts';
import { sendSecurityHeaders } from './http/security-headers.ts';
import type { DeadLetterStore } from './ingest/dead-letter.ts';
import type { ServerIdentity } from './tls/server-identity.ts';

/** Bytes of a request body; the largest thing anyone sends is a policy. */
const bodyLimit = 64 * 1024;

/** Milliseconds for requests in hand to end when the hub stops. */
const graceMs = 1000;

/** What the HTTP door opens onto. */
export type AppParts = Omit<
  SessionParts &
    HealthParts &
    AlertParts &
    AlertingParts &
    CorrectionParts &
    DutyParts &
    RosterParts &
    TrajectoryParts &
    LogParts &
    PolicyParts &
    ErasureParts &
    PeopleParts &
    ChannelParts &
    NoticeParts &
    PushParts &
    EvidenceLinkParts &
    SecondFactorParts &
    DeviceParts &
    AuditParts &
    KeepingParts &
    ExportParts &
    ReportParts &
    ViidParts &
    PeopleParts &
    MetricsParts,
  'record'
> & {
  /** HTTPS with this; HTTP without. */
  identity?: ServerIdentity;
  version: string;
  deadLetters: DeadLetterStore;
  /** The built dashboard. */
  dashboardFolder: string;
  log: FastifyBaseLogger;
};

/** The HTTP door of the hub, ready but not listening: tests inject, `server.ts` listens. */
export async function buildApp(parts: AppParts): Promise<HubApp> {
  const app: HubApp = Fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    // A proxy that adds TLS runs on this machine; from elsewhere nobody may say who they are.
    trustProxy: 'loopback',
    forceCloseConnections: 'idle',
    serverFactory: (handler) => createHttpServer(handler, parts.identity?.context, parts.counters),
    clientErrorHandler: answerBrokenRequest(parts.counters),
    frameworkErrors: replyToBadAddresses,
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  replyWithCodedErrors(app);
  logRequests(app);

  await app.register(cookie);
  await sendSecurityHeaders(app, { keepsTls: parts.identity !== undefined && !parts.identity.authority });
  await limitRates(app);
  requireSameOrigin(app);
  authenticate(app, parts.accounts);
  await describeApi(app, parts.version);

  const routed = { ...parts, record: auditDeeds(parts.audit, parts.clock) };
  sessionRoutes(app, routed);
  healthRoutes(app, routed);
  alertRoutes(app, routed);
  alertingRoutes(app, routed);
  correctionRoutes(app, routed);
  dutyRoutes(app, routed);
  rosterRoutes(app, routed);
  trajectoryRoutes(app, routed);
  logRoutes(app, routed);
  policyRoutes(app, routed);
  erasureRoutes(app, routed);
  keepingRoutes(app, routed);
  exportRoutes(app, routed);
  reportRoutes(app, routed);
  viidRoutes(app, routed);
  peopleRoutes(app, routed);
  channelRoutes(app, routed);
  noticeRoutes(app, routed);
  pushRoutes(app, routed);
  evidenceLinkRoutes(app, routed);
  secondFactorRoutes(app, routed);
  deviceRoutes(app, routed);
  auditRoutes(app, routed);
  deadLetterRoutes(app, parts.deadLetters);
  streamRoutes(app, parts.stream);
  metricsRoutes(app, routed);
  openapiRoutes(app);
  if (parts.identity?.authority) trustRoutes(app, parts.identity.authority);
  await serveDashboard(app, parts.dashboardFolder);

  app.addHook('preClose', async () => {
    await parts.stream.stop();
    cutConnectionsSoon(app.server);
  });
  return app;
}

/** Browsers open connections ahead of need; Node would wait a minute for a request on each before it closes. */
function cutConnectionsSoon(server: Server): void {
  if (!server.listening) return;
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  server.once('close', () => clearTimeout(cut));
}
