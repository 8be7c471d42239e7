import { hash, verify } from '@node-rs/argon2';

/** OWASP's first recommendation for argon2id (19 MiB, 2 passes, 1 lane); `algorithm: 2` is argon2id. */
const argon2id = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Compared against when the username is unknown, so that both refusals take the same work. Nobody has its password. */
const nobodysHash =
  '$argon2id$v=19$m=19456,t=2,p=1$Z2F0ZWhvdXNlLW5vYm9keQ$2kYvDJ8pdk8Q3wzv3bC8uQ8o2m1m0m2W3xq5oRk7fJc';

/** A PHC string with its own random salt. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, argon2id);
}

/** Takes the same time whether or not there is a hash to compare with. */
export async function passwordMatches(passwordHash: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? nobodysHash, password);
  return matches && passwordHash !== undefined;
}
