// Somebody with contacts, for the tests of People.

import { asking, type Asked, type Asking } from './asking';
import { startGoogleServer, type GoogleServer } from './google-server';
import { scope } from './reach';

export const ANN = 'ann@example.com';
export const FIELDS = 'names,phoneNumbers,emailAddresses,clientData,metadata';

/** What somebody made of a person. */
export interface Person {
  readonly resourceName: string;
  readonly metadata: {
    readonly sources: readonly { readonly type: string; readonly etag: string }[];
    readonly [other: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** Starts a stand-in before each test of a file, and closes it behind it. */
export function useContacts() {
  let [server, now]: [GoogleServer | undefined, number] = [undefined, 0];
  const running = () => {
    if (server === undefined) throw new Error('no test is running');
    return server;
  };
  beforeEach(async () => {
    now = Date.parse('2026-03-01T12:00:00Z');
    server = await startGoogleServer({ now: () => now });
    server.addUser(ANN);
  });
  afterEach(() => server?.close());
  // A token of its own for each call, since some tests let days pass.
  const ask: Asking = (...call) => asking(running(), running().grant(ANN, [scope('contacts')]).access, 'people')(...call);
  const list = (query = '') => ask('GET', `people/me/connections?personFields=${FIELDS}&requestSyncToken=true${query}`);
  return {
    ask,
    list,
    get server() {
      return running();
    },
    /** Lets time pass, in ms. */
    pass: (ms: number) => {
      now += ms;
    },
    made: async (body: object = { names: [{ givenName: 'Nora' }] }) =>
      (await ask('POST', `people:createContact?personFields=${FIELDS}`, body)).body as unknown as Person,
    got: async (name: string) => (await ask('GET', `${name}?personFields=${FIELDS}`)).body as unknown as Person,
    update: (person: Person, change: object, fields = Object.keys(change).join(',')) =>
      ask('PATCH', `${person.resourceName}:updateContact?updatePersonFields=${fields}&personFields=${FIELDS}`, {
        ...change,
        metadata: person.metadata,
      }),
    updateAll: (people: readonly (readonly [Person, object])[], updateMask: string) =>
      ask('POST', 'people:batchUpdateContacts', {
        contacts: Object.fromEntries(
          people.map(([{ resourceName, metadata }, change]) => [resourceName, { ...change, metadata }]),
        ) as object,
        ...{ updateMask, readMask: FIELDS },
      }),
    tokenOf: (asked: Asked) => String(asked.body['nextSyncToken']),
    since: (token: string, query = '') => list(`&syncToken=${token}${query}`),
  };
}

/** The people of an answer. */
export function peopleOf({ body }: Asked): readonly Person[] {
  return (body['connections'] ?? []) as readonly Person[];
}
