import type { HubApp } from './hub-app.ts';

/** One line for each answered request, with the route and never the address asked for, which may name a plate. */
export function logRequests(app: HubApp): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const facts = {
      method,
      route: routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    request.log.debug(facts, 'request answered');
  });
}
