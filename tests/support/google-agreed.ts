// Users of the stand-in of Google who agreed, as `connect` would have kept it: their tokens, sealed, in a ledger.

import type { Consents } from '../../src/core/consent';
import { Secret } from '../../src/core/secret';
import type { VaultKeys } from '../../src/core/vault';
import { scopesOf } from '../../src/groupware/google/consent/scopes';
import { sealedTokens } from '../../src/groupware/google/consent/tokens';
import { KINDS } from './google-site';
import type { GoogleServer } from './google/google-server';

/** Adds somebody of this login whose events stand in a calendar of their own. The access token, which lives for an hour. */
export async function agree(
  server: GoogleServer,
  login: string,
  timeZone: string,
  consents: Consents,
  keys: VaultKeys,
): Promise<string> {
  const email = `${login}@example.com`;
  const scopes = scopesOf({ calendar: 'own', busy: false }, KINDS);
  server.addUser(email, timeZone);
  const { access, refresh } = server.grant(email, scopes);
  const tokens = { accessToken: new Secret(access), refreshToken: new Secret(refresh), forMs: 3_600_000 };
  const now = Date.now();
  const given = { user: login, state: 'given', reason: '', account: email, scopes, givenAt: now, revision: 0 } as const;
  const consent = { refreshToken: '', ...given, ...sealedTokens(login, tokens, now, keys) };
  if (!(await consents.keep(consent, new AbortController().signal))) throw new Error(`${login} has agreed before`);
  return access;
}
