import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import files from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HubError } from '../errors.ts';
import { sendRefusal } from './error-replies.ts';
import type { HubApp } from './hub-app.ts';

const notBuilt = `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta http-equiv="refresh" content="3"><title>Gatehouse 门岗</title></head>
<body>
<h1>Gatehouse 门岗</h1>
<p>控制台尚未构建。The dashboard has not been built yet. On the hub, run</p>
<pre>npm run build</pre>
<p>and load this page again. The API is at <code>/api/v1</code>.</p>
</body>
</html>
`;

/**
 * Serves the built dashboard from `folder`, also when it is built into that folder later. Its pages have addresses of their own, so what is not a file is answered
 * with the page itself; what is not there under /api is refused with a code.
 */
export async function serveDashboard(app: HubApp, folder: string): Promise<void> {
  const page = join(folder, 'index.html');
  if (existsSync(folder)) await app.register(files, { root: folder, setHeaders: setCacheControl });

  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => {
    if (!asksForPage(request)) return sendRefusal(reply, new HubError('ROUTE_UNKNOWN'));
    reply.code(200);
    return existsSync(page)
      ? reply.sendFile('index.html')
      : reply.type('text/html; charset=utf-8').send(notBuilt);
  });
}

function asksForPage(request: FastifyRequest): boolean {
  const isPath = !request.url.startsWith('/api/') && !/\.\w+(\?|$)/.test(request.url);
  return (
    request.method === 'GET' &&
    isPath &&
    (request.headers.accept ?? '*/*').match(/text\/html|\*\/\*/) !== null
  );
}

/** Built assets carry their hash in their names; everything else is asked for again. */
function setCacheControl(reply: FastifyReply, path: string): void {
  const isHashed = path.includes(`${sep}assets${sep}`);
  reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}
