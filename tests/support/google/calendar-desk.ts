// Two people with a calendar each, for the tests of Calendar.

import { asking, itemsOf, VISIT, type Asked, type Asking } from './asking';
import { startGoogleServer, type GoogleServer } from './google-server';
import type { GoogleEvent } from './world';

export const ANN = 'ann@example.com';
export const BOB = 'bob@example.com';
export const EVENTS = 'calendars/primary/events';
/** An id as our links have them. */
export const ID = 'pa0123456789abcdefghijklmnop';

/** Starts a stand-in before each test of a file, and closes it behind it. */
export function useCalendar() {
  let [server, now]: [GoogleServer | undefined, number] = [undefined, 0];
  const running = () => {
    if (server === undefined) throw new Error('no test is running');
    return server;
  };
  const tokens = new Map<string, string>();
  beforeEach(async () => {
    now = Date.parse('2026-03-01T12:00:00Z');
    server = await startGoogleServer({ now: () => now });
    for (const email of [ANN, BOB]) {
      server.addUser(email);
      tokens.set(email, server.grant(email).access);
    }
  });
  afterEach(() => server?.close());
  const as =
    (email: string): Asking =>
    (...call) =>
      asking(running(), tokens.get(email))(...call);
  return {
    ...calls(as(ANN)),
    ask: as(ANN),
    bob: as(BOB),
    get server() {
      return running();
    },
    /** Lets time pass, in ms. */
    pass: (ms: number) => {
      now += ms;
    },
  };
}

/** What Ann does most. */
function calls(ask: Asking) {
  const list = (query = '', who = ask) => who('GET', `${EVENTS}${query}`);
  return {
    list,
    made: async (body: object = {}, query = '') =>
      (await ask('POST', `${EVENTS}${query}`, { ...VISIT, id: ID, ...body })).body as GoogleEvent,
    got: async (id = ID, who = ask) => (await who('GET', `${EVENTS}/${id}`)).body as GoogleEvent,
    patch: (change: object, etag?: string, who = ask) =>
      who('PATCH', `${EVENTS}/${ID}`, change, etag === undefined ? {} : { 'If-Match': etag }),
    remove: (id = ID, who = ask, query = '') => who('DELETE', `${EVENTS}/${id}${query}`),
    since: (token: string, more = '', who = ask) => list(`?syncToken=${encodeURIComponent(token)}${more}`, who),
    tokenOf: ({ body }: Asked) => String(body['nextSyncToken']),
    ids: (answer: Asked) => itemsOf(answer).map(({ id }) => id),
  };
}
