import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { everyone } from '../accounts/access.ts';
import { sessionCookie } from './authentication.ts';
import type { HubApp } from './hub-app.ts';
import { refusals } from './refusals.ts';

/** Describes every route from the schemas that it validates with; registered before the routes. */
export async function describeApi(app: HubApp, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Gatehouse hub',
        version,
        description: 'Every refusal is `{ code, message, remedy, details }`; hub/README.md has the codes.',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
          metricsToken: { type: 'http', scheme: 'bearer', description: 'GATEHOUSE_METRICS_TOKEN of the hub' },
        },
      },
      security: [{ session: [] }],
    },
    transform: jsonSchemaTransform,
  });
}

/** The description itself. */
export function openapiRoutes(app: HubApp): void {
  app.get(
    '/api/v1/openapi.json',
    {
      config: { access: everyone },
      schema: {
        operationId: 'readOpenapi',
        summary: 'This description',
        response: { 200: z.any().describe('OpenAPI 3.1'), ...refusals },
      },
    },
    () => app.swagger(),
  );
}
