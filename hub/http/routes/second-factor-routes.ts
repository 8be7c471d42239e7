import { z } from 'zod';
import { everyone } from '../../accounts/access.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { SecondFactors } from '../../accounts/second-factors.ts';
import type { TabletStream } from '../../announce/tablet-stream.ts';
import { newSecondFactor, recoveryCodes, secondFactorCode, secondFactorRemoval } from '../../contract/api.ts';
import { HubError } from '../../errors.ts';
import type { RecordDeed } from '../auditing.ts';
import { sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { perMinute } from '../rate-limits.ts';
import { refusals } from '../refusals.ts';

export interface SecondFactorParts {
  accounts: Accounts;
  secondFactors: SecondFactors;
  stream: TabletStream;
  record: RecordDeed;
}

/** Routes on which a code is tried: as seldom as log-ins. */
const trying = { access: everyone, scope: 'none', rateLimit: perMinute.logIn } as const;

/** One's own second factor: set up, renewed, removed. */
export function secondFactorRoutes(app: HubApp, parts: SecondFactorParts): void {
  const { accounts, secondFactors, stream, record } = parts;

  app.post(
    '/api/v1/session/second-factor',
    {
      config: { access: everyone, scope: 'none', evenWhile: ['second_factor'] },
      schema: {
        operationId: 'beginSecondFactor',
        summary: 'A new secret for the authenticator app; it holds once a code of it was given',
        response: { 200: newSecondFactor, ...refusals },
      },
    },
    (request) => secondFactors.begin(sessionOf(request).person),
  );

  app.put(
    '/api/v1/session/second-factor',
    {
      config: { ...trying, evenWhile: ['second_factor'] },
      schema: {
        operationId: 'confirmSecondFactor',
        summary: 'The first code: the second factor holds from now on, the other sessions end',
        body: secondFactorCode,
        response: { 200: recoveryCodes, ...refusals },
      },
    },
    async (request) => {
      const { person, tokenHash } = sessionOf(request);
      const codes = await accounts.throttled(person, request.ip, () =>
        secondFactors.confirm(person.id, request.body.code, tokenHash),
      );
      stream.closePerson(person.id);
      await record(request, { action: 'second_factor_set', target: person.id });
      return { recoveryCodes: codes };
    },
  );

  app.post(
    '/api/v1/session/second-factor/recovery-codes',
    {
      config: trying,
      schema: {
        operationId: 'renewRecoveryCodes',
        summary: 'New recovery codes; the old ones open nothing any more',
        body: secondFactorCode,
        response: { 200: recoveryCodes, ...refusals },
      },
    },
    async (request) => {
      const { person } = sessionOf(request);
      await accounts.throttled(person, request.ip, () => requireCode(person.id, request.body.code));
      const codes = await secondFactors.renewRecoveryCodes(person.id);
      await record(request, { action: 'recovery_codes_made', target: person.id });
      return { recoveryCodes: codes };
    },
  );

  app.post(
    '/api/v1/session/second-factor/removal',
    {
      config: trying,
      schema: {
        operationId: 'removeSecondFactor',
        summary: 'Remove it, with the password and a code; whoever must have one sets up another at once',
        body: secondFactorRemoval,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { person } = sessionOf(request);
      const { password, code } = request.body;
      await accounts.throttled(person, request.ip, async () => {
        await accounts.requirePassword(person, password);
        await requireCode(person.id, code);
      });
      await secondFactors.remove(person.id);
      stream.closePerson(person.id);
      await record(request, { action: 'second_factor_removed', target: person.id });
      return reply.code(204).send(null);
    },
  );

  async function requireCode(person: string, code: string): Promise<void> {
    if (!(await secondFactors.accept(person, code))) throw new HubError('CODE_REFUSED');
  }
}
