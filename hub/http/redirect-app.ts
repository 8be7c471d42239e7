import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Counters } from '../counters.ts';
import type { TrustedAuthority } from '../tls/server-identity.ts';
import { replyWithCodedErrors } from './error-replies.ts';
import { answerBrokenRequest, createHttpServer } from './http-server.ts';
import type { HubApp } from './hub-app.ts';
import { limitRates } from './rate-limits.ts';
import { trustRoutes } from './routes/trust-routes.ts';
import { sendSecurityHeaders } from './security-headers.ts';

/**
 * What answers in the clear beside HTTPS: how to trust the hub, and for everything else where it is. Whoever asks for
 * a name that is not the hub's is sent to `address`, so that the redirect leads nowhere else.
 */
export async function buildRedirectApp(parts: {
  /** `https://host:port` of the hub. */
  address: string;
  /** Whether the hub's certificate names this host. */
  isOwnName: (host: string) => boolean;
  authority: TrustedAuthority | undefined;
  counters: Counters;
  log: FastifyBaseLogger;
}): Promise<HubApp> {
  const { address, isOwnName, authority, counters, log } = parts;
  const app: HubApp = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1024,
    forceCloseConnections: true,
    serverFactory: (handler) => createHttpServer(handler, undefined, counters),
    clientErrorHandler: answerBrokenRequest(counters),
  }).withTypeProvider<ZodTypeProvider>();
  replyWithCodedErrors(app);
  await sendSecurityHeaders(app, { keepsTls: false });
  await limitRates(app);
  if (authority) trustRoutes(app, authority);
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => {
    const target = new URL(address);
    if (isOwnName(request.hostname)) target.hostname = request.hostname;
    // 308 keeps the method; what the path leads to is decided over TLS.
    return reply.redirect(`${target.origin}${request.url.startsWith('/') ? request.url : '/'}`, 308);
  });
  return app;
}
