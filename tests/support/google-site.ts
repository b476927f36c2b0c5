// Google as a groupware over the stand-in: options, tokens that users agreed to, and calendars that are there.

import { randomBytes } from 'node:crypto';
import type { Consent } from '../../src/core/consent';
import { Secret } from '../../src/core/secret';
import { vaultKeyOf } from '../../src/core/vault-keys';
import type { GroupwareUser } from '../../src/groupware/groupware';
import type { GoogleOptions } from '../../src/groupware/google/options';
import { scopesOf } from '../../src/groupware/google/consent/scopes';
import { titleOf } from '../../src/groupware/google/tasks/place';
import type { Tools } from '../../src/groupware/tools';
import { groupwareTools } from '../../src/parts/groupware';
import { DESKTOP_CLIENT } from './google/controls';
import { openGoogleDoor } from './google/door';
import { startGoogleServer, type GoogleServer } from './google/google-server';
import { agreedTo } from './google-agreed';
import { openMemoryConsents } from './memory-consents';

/** The bytes of the key that tokens are sealed with. */
export const VAULT_BYTES = randomBytes(32);
const key = vaultKeyOf(VAULT_BYTES);
const VAULT = { current: key, byId: new Map([[key.id, key]]) };

/** The kinds of entries that Google keeps in step. */
export const KINDS = ['event', 'task', 'contact'] as const;

/** Google with users who agreed. */
export interface GoogleSite {
  readonly server: GoogleServer;
  readonly options: GoogleOptions;
  readonly tools: Tools;
  readonly kept: Map<string, Consent>;
  /** Adds somebody who agrees to what the options need, unless other scopes are said. */
  join(user: GroupwareUser, scopes?: readonly string[]): void;
  /** Takes back what a user agreed to, at Google's; who joins again agrees anew. */
  revoke(user: GroupwareUser): void;
  /** The own calendar of a user, and the own list of tasks, as the program would have made them. */
  ownCalendar(user: GroupwareUser): string;
  ownList(user: GroupwareUser): string;
  close(): Promise<void>;
}

/** The options that reach a stand-in. */
export function googleOptionsFor(
  { endpoints }: Pick<GoogleServer, 'endpoints'>,
  changes: Partial<GoogleOptions> = {},
): GoogleOptions {
  const { calendar, tasks, people, authorize, token, revoke } = endpoints;
  return {
    ...{ clientId: DESKTOP_CLIENT.id, clientSecret: new Secret(DESKTOP_CLIENT.secret ?? ''), serviceAccount: undefined },
    ...{ vault: VAULT, calendar: 'own', busy: false, batch: 'own' },
    endpoints: { calendar, tasks, people, authorize, token, revoke, issuer: 'https://accounts.google.com' },
    listEvery: { tasks: 0, contacts: 0 },
    ...{ caFile: undefined, minTlsVersion: undefined, proxy: false },
    ...changes,
  };
}

/** Starts a stand-in. `now` is ms since 1970 UTC. */
export async function startGoogleSite(
  changes: Partial<GoogleOptions> = {},
  now: () => number = () => Date.now(),
): Promise<GoogleSite> {
  return siteAt(await startGoogleServer({ now }), changes, now);
}

/** Opens a stand-in that is reached without a socket, for campaigns in virtual time. `now` is ms since 1970 UTC. */
export function openGoogleSite(changes: Partial<GoogleOptions>, now: () => number): GoogleSite {
  const { server, http } = openGoogleDoor(now);
  const site = siteAt(server, changes, now);
  return { ...site, tools: { ...site.tools, http: () => Promise.resolve(http) } };
}

function siteAt(server: GoogleServer, changes: Partial<GoogleOptions>, now: () => number): GoogleSite {
  const options = googleOptionsFor(server, changes);
  const kept = new Map<string, Consent>();
  const consents = openMemoryConsents(kept);
  return {
    ...{ server, options, kept },
    tools: groupwareTools({ now, kinds: KINDS, consents: () => Promise.resolve(consents) }),
    join: (user, scopes = scopesOf(options, KINDS)) => {
      const { consent } = agreedTo(scopes, user, server, VAULT, now());
      // As a ledger has one that was kept once.
      kept.set(user.login, { ...consent, revision: 1 });
    },
    revoke: ({ email }) => {
      const { tokens } = server.oauth;
      for (const each of tokens.refresh.values()) if (each.email === email) tokens.revoke(each.token);
    },
    ownCalendar: ({ email }) => {
      const own = server.calendars(email).find(({ isPrimary }) => !isPrimary);
      if (own === undefined) throw new Error(`${email} has no calendar of the CRM`);
      return own.id;
    },
    ownList: (user) => {
      const own = server.taskLists(user.email).find(({ title }) => title === titleOf(user));
      if (own === undefined) throw new Error(`${user.email} has no list of the CRM`);
      return own.id;
    },
    close: () => server.close(),
  };
}

/** Waits until the stand-in was asked for a method. */
export async function untilAsked({ server }: Pick<GoogleSite, 'server'>, wanted: string): Promise<void> {
  while (!server.calls.some(({ method }) => method === wanted)) await new Promise((resolve) => setImmediate(resolve));
}
