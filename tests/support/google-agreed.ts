// Users of the stand-in of Google who agreed, as `connect` would have kept it: their tokens, sealed.

import type { Consent, Consents } from '../../src/core/consent';
import { Secret } from '../../src/core/secret';
import { ENTRY_KINDS } from '../../src/core/sync/entry';
import type { VaultKeys } from '../../src/core/vault';
import { scopesOf } from '../../src/groupware/google/consent/scopes';
import { sealedTokens } from '../../src/groupware/google/consent/tokens';
import type { GroupwareUser } from '../../src/groupware/groupware';
import type { GoogleServer } from './google/google-server';

/** What somebody agreed to at the stand-in, where everybody has an account. */
export interface Agreed {
  /** A consent that nobody keeps yet. */
  readonly consent: Consent;
  /** The access token, which lives for an hour. */
  readonly access: string;
}

/** Somebody who agrees to these scopes. `now` is ms since 1970 UTC. */
export function agreedTo(
  scopes: readonly string[],
  { login, email, timeZone }: Omit<GroupwareUser, 'system'>,
  server: GoogleServer,
  keys: VaultKeys,
  now: number,
): Agreed {
  if (!server.oauth.users.has(email)) server.addUser(email, timeZone);
  const { access, refresh } = server.grant(email, scopes);
  const tokens = { accessToken: new Secret(access), refreshToken: new Secret(refresh), forMs: 3_600_000 };
  const given = { user: login, state: 'given', reason: '', account: email, scopes, givenAt: now, revision: 0 } as const;
  return { consent: { refreshToken: '', ...given, ...sealedTokens(login, tokens, now, keys) }, access };
}

/** Adds somebody of this login whose events stand in a calendar of their own to a ledger. The access token. */
export async function agree(
  server: GoogleServer,
  login: string,
  timeZone: string,
  consents: Consents,
  keys: VaultKeys,
): Promise<string> {
  const scopes = scopesOf({ calendar: 'own', busy: false }, ENTRY_KINDS);
  const { consent, access } = agreedTo(scopes, { login, email: `${login}@example.com`, timeZone }, server, keys, Date.now());
  if (!(await consents.keep(consent, new AbortController().signal))) throw new Error(`${login} has agreed before`);
  return access;
}
