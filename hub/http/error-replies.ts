import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { ApiError } from '../contract/api.ts';
import { HubError, type HubErrorCode, hubErrors } from '../errors.ts';
import { bareHeaders } from './http-server.ts';
import type { HubApp } from './hub-app.ts';

/** What fastify itself refuses, in the words of the catalogue. */
const fastifyCodes: Record<string, HubErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'REQUEST_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE_UNKNOWN',
  FST_ERR_REOPENED_CLOSE_SERVER: 'HUB_STOPPING',
  FST_ERR_REOPENED_SERVER: 'HUB_STOPPING',
};

/** Every refusal leaves as `{ code, message, remedy, details }` from the catalogue; what is unexpected is logged whole and told as INTERNAL. */
export function replyWithCodedErrors(app: HubApp): void {
  app.setErrorHandler((error: FastifyError | HubError, request, reply) => {
    const refusal = refusalOf(error, request);
    if (refusal.code === 'INTERNAL') {
      request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
    }
    return sendRefusal(reply, refusal);
  });
}

/** What fastify refuses before it knows a route, such as an address that does not decode; no hook runs for it. */
export function replyToBadAddresses(
  _error: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  sendRefusal(reply.headers(bareHeaders), new HubError('REQUEST_INVALID'));
}

/** Sends a refusal outside of a thrown error. */
export function sendRefusal(reply: FastifyReply, refusal: HubError): FastifyReply {
  const { status, message, remedy } = hubErrors[refusal.code];
  const waitSeconds = refusal.details?.waitSeconds;
  if (typeof waitSeconds === 'number') reply.header('retry-after', waitSeconds);
  const body: ApiError = { code: refusal.code, message, remedy, details: refusal.details };
  return reply.code(status).type('application/json; charset=utf-8').send(body);
}

function refusalOf(error: FastifyError | HubError, request: FastifyRequest): HubError {
  if (error instanceof HubError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = error.validation.map((issue) => ({
      path: `${error.validationContext ?? 'request'}${issue.instancePath}`,
      problem: issue.message ?? 'not valid',
    }));
    return new HubError('REQUEST_INVALID', undefined, { details: { fields } });
  }
  const known = fastifyCodes[error.code];
  if (known) return new HubError(known, undefined, { cause: error });
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new HubError('REQUEST_INVALID', undefined, { cause: error, details: { problem: error.code } });
  }
  return new HubError('INTERNAL', undefined, { cause: error, details: { request: request.id } });
}
