import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { everyone } from '../accounts/access.ts';
import { apiExamples, refusalExample } from './api-examples.ts';
import { sessionCookie } from './authentication.ts';
import type { HubApp } from './hub-app.ts';
import { refusals } from './refusals.ts';

/** The schemas of a route as it was written. */
interface RouteSchemas {
  operationId?: string;
  hide?: boolean;
  body?: unknown;
  response?: Record<string, unknown>;
  /** Media type of the answer when it is not JSON. */
  produces?: string[];
}

/** Describes every route from the schemas that it validates with, and shows an example; registered before the routes. */
export async function describeApi(app: HubApp, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Gatehouse hub',
        version,
        description:
          'Every refusal is `{ code, message, remedy, details }`; hub/README.md has the codes. Changes are taken from the hub’s own pages, or from clients that send no cookie of a browser’s session without `Origin`.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/', description: 'this hub' }],
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: sessionCookie,
            description: 'from `POST /api/v1/session`',
          },
          metricsToken: { type: 'http', scheme: 'bearer', description: 'GATEHOUSE_METRICS_TOKEN of the hub' },
        },
      },
      security: [{ session: [] }],
    },
    transform: (route) => {
      const written = route.schema as RouteSchemas | undefined;
      const described = jsonSchemaTransform(route);
      if (!written || written.hide) return described;
      return { ...described, schema: withExamples(written, described.schema as RouteSchemas, route.url) };
    },
  });
}

/** The description itself. */
export function openapiRoutes(app: HubApp): void {
  app.get(
    '/api/v1/openapi.json',
    {
      config: { access: everyone, scope: 'none' },
      schema: {
        operationId: 'readOpenapi',
        summary: 'This description',
        response: { 200: z.any().describe('OpenAPI 3.1'), ...refusals },
      },
    },
    () => app.swagger(),
  );
}

/** Puts the examples beside the schemas. Throws when one does not follow its schema: the description must not lie. */
function withExamples(written: RouteSchemas, described: RouteSchemas, url: string): RouteSchemas {
  const example = apiExamples[written.operationId ?? ''] ?? {};
  const attach = (schema: unknown, of: unknown, value: unknown) => {
    if (value === undefined || !(of instanceof z.ZodType)) return schema;
    const verdict = of.safeParse(value);
    if (!verdict.success) throw new Error(`the example of ${url} is wrong: ${verdict.error.message}`);
    return { ...(schema as object), examples: [value] };
  };
  const { produces, ...rest } = described;
  // Of several answers the example is the first.
  const answered = Object.keys(described.response ?? {}).find((status) => status.startsWith('2'));
  const response = Object.fromEntries(
    Object.entries(described.response ?? {}).map(([status, schema]) => {
      const isRefusal = /^[45]/.test(status);
      if (produces && !isRefusal) return [status, inBytes(produces[0], schema)];
      const value = isRefusal ? refusalExample : example.reply;
      return [
        status,
        attach(
          schema,
          written.response?.[status],
          status === answered || /^[45]xx$/i.test(status) ? value : undefined,
        ),
      ];
    }),
  );
  const body = attach(described.body, written.body, example.body);
  return { ...rest, ...(described.body !== undefined && { body }), response };
}

/** An answer of another type than JSON; its refusals are JSON all the same. */
function inBytes(mediaType: string, schema: unknown): object {
  const { description } = schema as { description?: string };
  return { description: description ?? '', content: { [mediaType]: { schema: { type: 'string' } } } };
}
