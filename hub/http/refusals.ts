import { apiError } from '../contract/api.ts';

/** The bodies of refusals, for the `response` of every route. */
export const refusals = { '4xx': apiError, '5xx': apiError } as const;
