// A stand-in for Google on the loopback: Calendar v3 and Tasks v1 with their batches, and where tokens are given. Each host of Google's is a port of its
// own. What it answers is told, line by line and with the page that says so, by the tests beside it. Nothing of it is Google's code, and
// where no page says how Google does it, it takes what is harder for its caller.

import type { Api } from './api';
import { serve, withMishap, type Desk, type LoggedCall } from './calls';
import { calendarV3 } from './calendar-v3';
import { DESKTOP_CLIENT, grants, hands, troubles } from './controls';
import type { Answer } from './errors';
import { startHost, type Host, type HostRequest, type Outcome } from './host';
import { IdTokens } from './id-token';
import { Mishaps, type MishapByChance, type MishapRow } from './mishaps';
import { authorize, revoke, token, type Client, type Consent, type OAuthState } from './oauth';
import { contactHands, type ContactHands } from './contact-hands';
import { peopleV1 } from './people-v1';
import { Quota, type Limits } from './quota';
import type { ServiceAccount } from './service-account';
import { taskHands, type TaskHands } from './task-controls';
import { tasksV1 } from './tasks-v1';
import { Tokens } from './tokens';
import { newWorld, type Calendar, type GoogleEvent, type Mail, type Role, type StoredEvent } from './world';

/** The APIs that there are. One more is one row here. */
const APIS: Readonly<Record<'calendar' | 'tasks' | 'people', Api | undefined>> = {
  calendar: calendarV3,
  tasks: tasksV1,
  people: peopleV1,
};

/** Where everything is. */
export interface Endpoints {
  /** Roots, without a slash at the end: what comes behind is `/calendar/v3` and so on. */
  readonly calendar: string;
  readonly tasks: string;
  readonly people: string;
  /** Whole addresses. */
  readonly authorize: string;
  readonly token: string;
  readonly revoke: string;
  readonly certificates: string;
}

/** A request as it came in, whatever it held. */
export interface LoggedRequest {
  readonly host: keyof typeof APIS | 'accounts';
  readonly method: string;
  readonly path: string;
  readonly headers: HostRequest['headers'];
}

/** What a test does with a stand-in, beside asking it. */
export interface GoogleServer extends TaskHands {
  readonly endpoints: Endpoints;
  readonly oauth: OAuthState;
  /** Requests of HTTP, a batch being one. */
  readonly requests: readonly LoggedRequest[];
  /** Calls of methods, each part of a batch being one. */
  readonly calls: readonly LoggedCall[];
  /** Mails to guests. */
  readonly mails: readonly Mail[];
  /** Adds somebody with a primary calendar. */
  addUser(email: string, timeZone?: string): void;
  addClient(client: Client): void;
  addServiceAccount(account: ServiceAccount): void;
  /** How the next persons answer who are asked for consent. */
  consent(consent: Consent): void;
  /** Tokens without anybody being asked: for `calendar` unless scopes are given. */
  grant(email: string, scopes?: readonly string[], clientId?: string): { readonly access: string; readonly refresh: string };
  /** Ends all access tokens, or somebody's; refresh tokens live on. */
  expireAccessTokens(email?: string): void;
  /** Lets somebody else look into a calendar. */
  share(calendarId: string, email: string, role: Role): void;
  calendars(email: string): readonly Calendar[];
  /** All events of a calendar as they are kept, those that are deleted among them. */
  events(email: string, calendarId?: string): readonly StoredEvent['data'][];
  /** What somebody does by hand: a method of an API, without a token, a limit or a mishap. Not counted. */
  act(email: string, verb: string, path: string, body?: object): unknown;
  /** Makes of an event whatever no API would: another organizer, a type that does not exist yet. */
  alter(email: string, calendarId: string, id: string, work: (event: StoredEvent['data']) => GoogleEvent): void;
  /**
   * No sync token and no page that was given so far is good any more; of all users, or of one. `of` is how what was listed begins: `events of`,
   * `contacts`; everything where it is left out.
   */
  expireCursors(email?: string, of?: string): void;
  /** How an expired cursor is answered; 410 at first. */
  answerExpiredWith(status: 410 | 400): void;
  /** Forgets what nobody asks for any more: tokens that ended, and of each listing all cursors but the newest ones. */
  tidy(): void;
  /** Deleted events disappear altogether, as they do some day. Their ids stay taken. */
  forgetDeleted(): void;
  /** What people do with contacts, and what becomes of them. */
  readonly contacts: ContactHands;
  misbehave(...rows: readonly MishapRow[]): void;
  /** What happens to calls for which there is no row. */
  misbehaveByChance(otherwise: MishapByChance): void;
  /** No mishap is left. */
  behave(): void;
  limit(limits: Limits): void;
  /** Listings of events show what changed from now on so late, in ms; by its id, an event is always as it is. */
  lag(ms: number): void;
  /** No page is longer than this. */
  limitPages(most: number): void;
  close(): Promise<void>;
}

/** A stand-in that nobody can reach yet. */
export interface ClosedGoogle {
  /** What comes of a request to a host. */
  handle(host: LoggedRequest['host'], request: HostRequest): Promise<Outcome>;
  /** Opens it at these roots, one for each host. */
  at(roots: Readonly<Record<LoggedRequest['host'], string>>, close: () => Promise<void>): GoogleServer;
}

/** Makes a stand-in. `now` is ms since 1970 UTC. */
export function newGoogle(now: () => number): ClosedGoogle {
  const { desk, oauth } = emptyDesk(now);
  const requests: LoggedRequest[] = [];
  return {
    handle: async (host, request) => {
      requests.push({ host, method: request.method, path: request.path, headers: request.headers });
      return host === 'accounts' ? serveAccounts(oauth, desk.mishaps, request) : serve(desk, APIS[host], request);
    },
    at: ({ accounts, ...roots }, close) => {
      const endpoints = endpointsOf(roots, accounts);
      oauth.tokenAddress = endpoints.token;
      const apis = Object.values(APIS).filter((api) => api !== undefined);
      return {
        ...{ endpoints, oauth, requests, calls: desk.calls, mails: desk.world.mails, close },
        ...{ ...grants(oauth), ...hands(desk, apis), ...taskHands(desk), ...troubles(desk) },
        contacts: contactHands(desk.world),
      };
    },
  };
}

/** Starts a stand-in, each host on a port of its own. `now` is ms since 1970 UTC. */
export async function startGoogleServer({ now = Date.now }: { readonly now?: () => number } = {}): Promise<GoogleServer> {
  const google = newGoogle(now);
  const start = (name: LoggedRequest['host']): Promise<Host> => startHost((request) => google.handle(name, request), now);
  const [calendar, tasks, people, accounts] = await Promise.all([
    start('calendar'),
    start('tasks'),
    start('people'),
    start('accounts'),
  ]);
  const roots = { calendar: calendar.url, tasks: tasks.url, people: people.url, accounts: accounts.url };
  return google.at(roots, async () => {
    await Promise.all([calendar, tasks, people, accounts].map((host) => host.close()));
  });
}

/** Nobody is there yet, and nobody would be given consent. */
function emptyDesk(now: () => number): { readonly desk: Desk; readonly oauth: OAuthState } {
  const [world, tokens] = [newWorld(now), new Tokens(now)];
  return {
    desk: { world, tokens, quota: new Quota(now), mishaps: new Mishaps(), calls: [], batchLimit: 50 },
    oauth: {
      ...{ now, tokens, idTokens: new IdTokens(now), clients: new Map([[DESKTOP_CLIENT.id, DESKTOP_CLIENT]]) },
      ...{ serviceAccounts: new Map(), users: world.users, tokenAddress: '', consent: { kind: 'deny' } },
    },
  };
}

function endpointsOf(roots: Pick<Endpoints, 'calendar' | 'tasks' | 'people'>, accounts: string): Endpoints {
  return {
    ...{ ...roots, authorize: `${accounts}/o/oauth2/v2/auth` },
    ...{ token: `${accounts}/token`, revoke: `${accounts}/revoke`, certificates: `${accounts}/oauth2/v3/certs` },
  };
}

/** The pages of consent, tokens and keys, which are hosts of their own at Google's. */
function serveAccounts(oauth: OAuthState, mishaps: Mishaps, request: HostRequest): Promise<Outcome> {
  const { pathname, searchParams } = new URL(request.path, 'http://stand-in');
  const form = new URLSearchParams(request.body.toString('utf8'));
  // Google's own library takes tokens back without a body, and so without a type of it.
  const isForm = request.body.length === 0 || /^application\/x-www-form-urlencoded/i.test(request.headers['content-type'] ?? '');
  const posted = (answer: () => Answer): Answer =>
    isForm ? answer() : { status: 400, body: { error: 'invalid_request', error_description: 'Bad Request' } };
  const places: Readonly<Record<string, readonly [name: string, answer: () => Answer]>> = {
    'GET /o/oauth2/v2/auth': ['authorize', () => authorize(oauth, searchParams)],
    'POST /token': ['token', () => posted(() => token(oauth, form, request.headers['authorization']))],
    'POST /revoke': ['revoke', () => posted(() => revoke(oauth, form, searchParams))],
    'GET /oauth2/v3/certs': ['certificates', () => ({ status: 200, body: oauth.idTokens.certificates() })],
  };
  const place = places[`${request.method} ${pathname}`];
  if (place === undefined)
    return Promise.resolve({ kind: 'answer', answer: { status: 404, body: '<!doctype html><title>404</title>' } });
  return withMishap(mishaps.next(place[0], undefined), place[1]);
}
