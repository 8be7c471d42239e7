import type { TrustedAuthority } from '../../tls/server-identity.ts';
import { trustPage, trustPaths, trustProfile } from '../../tls/trust-page.ts';
import type { HubApp } from '../hub-app.ts';

/** How tablets are made to trust the hub's own authority; open to anyone, because nobody can log in before. */
export function trustRoutes(app: HubApp, authority: TrustedAuthority): void {
  const told = { schema: { hide: true } };
  app.get(trustPaths.page, told, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(trustPage(authority)),
  );
  app.get(trustPaths.certificate, told, (_request, reply) =>
    reply.type('application/x-x509-ca-cert').send(authority.der),
  );
  app.get(trustPaths.profile, told, (_request, reply) =>
    reply
      .type('application/x-apple-aspen-config')

      .send(trustProfile(authority)),
  );
}
