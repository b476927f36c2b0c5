// What a test does with a stand-in, beside asking it.

import { perform, routeOf, type Api } from './api';
import type { Desk } from './calls';
import { answerTo, type Answer } from './errors';
import type { MishapByChance, MishapRow } from './mishaps';
import type { Client, Consent, OAuthState } from './oauth';
import type { Limits } from './quota';
import { scope } from './reach';
import type { ServiceAccount } from './service-account';
import { addUser, calendarFor, enlist, keep, userOf, type GoogleEvent, type Role, type StoredEvent, type World } from './world';

/** A client that every stand-in knows. It may listen on any port of the loopback. */
export const DESKTOP_CLIENT: Client = { id: 'stand-in.apps.googleusercontent.com', secret: 'GOCSPX-stand-in', kind: 'desktop' };

/** Who may come in. */
export function grants(oauth: OAuthState) {
  const { tokens } = oauth;
  return {
    addClient: (client: Client) => void oauth.clients.set(client.id, client),
    addServiceAccount: (account: ServiceAccount) => void oauth.serviceAccounts.set(account.email, account),
    consent: (consent: Consent) => void (oauth.consent = consent),
    grant: (email: string, names: readonly string[] = [scope('calendar')], clientId = DESKTOP_CLIENT.id) => {
      const scopes = new Set(names);
      const { token: refresh } = tokens.newRefresh({ email, clientId, scopes });
      const { token: access } = tokens.newAccess({ email, clientId, scopes, isDelegated: false, refreshToken: refresh });
      return { access, refresh };
    },
    expireAccessTokens: (email?: string) => {
      for (const each of tokens.access.values()) if (email === undefined || each.email === email) each.expiresAt = 0;
    },
  };
}

/** What people do, and what a test looks at. */
export function hands({ world }: Desk, apis: readonly Api[]) {
  const calendarOf = (email: string, id: string) => calendarFor(world, userOf(world, email), id, 'freeBusyReader');
  return {
    addUser: (email: string, timeZone = 'Europe/Zurich') => void addUser(world, email, timeZone),
    share: (calendarId: string, email: string, role: Role) => void enlist(userOf(world, email), calendarId, { role }),
    calendars: (email: string) =>
      [...userOf(world, email).list.values()].flatMap((entry) =>
        entry.isDeleted ? [] : (world.calendars.get(entry.calendarId) ?? []),
      ),
    events: (email: string, calendarId = 'primary') => [...calendarOf(email, calendarId).events.values()].map(({ data }) => data),
    act: (email: string, verb: string, path: string, body?: object) => byHand(world, apis, email, { verb, path, body }),
    alter: (email: string, calendarId: string, id: string, work: (event: StoredEvent['data']) => GoogleEvent) => {
      const calendar = calendarOf(email, calendarId);
      const stored = calendar.events.get(id);
      if (stored === undefined) throw new Error(`no event ${id}`);
      const { iCalUID, status } = stored.data;
      keep(calendar, { iCalUID, status, ...work(stored.data), id });
    },
  };
}

/** A call that needs no token, meets no limit and no mishap, and is not counted. */
function byHand(
  world: World,
  apis: readonly Api[],
  email: string,
  { verb, path, body }: { readonly verb: string; readonly path: string; readonly body: object | undefined },
): unknown {
  const api = apis.find((each) => path.startsWith(each.path));
  const text = body === undefined ? '' : JSON.stringify(body);
  const request = { verb, path, headers: { 'content-type': 'application/json' }, body: text };
  const route = api === undefined ? undefined : routeOf(api, request);
  if (api === undefined || route === undefined) throw new Error(`nobody can do ${verb} ${path}`);
  const scopes = new Set(route.method.scopes);
  const own = { token: '', email, isDelegated: false, clientId: 'a person', scopes, expiresAt: Infinity };
  const answer = orElse(() => perform(api, world, route, request, own));
  if (answer.status >= 300) throw new Error(`${verb} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

function orElse(act: () => Answer): Answer {
  try {
    return act();
  } catch (problem) {
    return answerTo(problem);
  }
}

/** What can be made to go wrong. */
export function troubles({ world, mishaps, quota, tokens }: Desk) {
  return {
    expireCursors: (email?: string, of = '') => {
      for (const each of email === undefined ? world.cursors.values() : world.cursors.of(email))
        if (each.of.startsWith(of)) each.expired = true;
    },
    answerExpiredWith: (status: 410 | 400) => void (world.expiredIs = status),
    tidy: () => {
      const newest = new Map(
        [...world.cursors].map(([token, { kind, email, of }]) => [`${kind} ${email} ${of}`, token] as const),
      );
      const kept = new Set(newest.values());
      for (const token of world.cursors.keys()) if (!kept.has(token)) world.cursors.delete(token);
      for (const [token, { expiresAt }] of tokens.access) if (expiresAt <= world.now()) tokens.access.delete(token);
    },
    forgetDeleted: () => {
      for (const { events, burnt } of world.calendars.values())
        for (const { data } of [...events.values()])
          if (data.status === 'cancelled' && data.recurringEventId === undefined) {
            events.delete(data.id);
            burnt.add(data.id);
          }
    },
    misbehave: (...rows: readonly MishapRow[]) => {
      for (const row of rows) mishaps.add(row);
    },
    misbehaveByChance: (otherwise: MishapByChance) => void (mishaps.otherwise = otherwise),
    behave: () => mishaps.clear(),
    limit: (limits: Limits) => void (quota.limits = limits),
    lag: (ms: number) => void (world.lagMs = ms),
    limitPages: (most: number) => void (world.longestPage = most),
  };
}
