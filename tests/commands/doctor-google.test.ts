// doctor groupware over the stand-in for Google: what is known of the places, and how a request with calls of two users is answered.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { vaultKeyOf } from '../../src/core/vault-keys';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { openSqlConsents } from '../../src/ledger/sql-consents';
import { installGoogle } from '../support/connecting';
import { examine } from '../support/doctor';
import { freePort } from '../support/free-port';
import { agree } from '../support/google-agreed';
import { startGoogleServer, type GoogleServer } from '../support/google/google-server';
import type { MishapRow } from '../support/google/mishaps';

jest.setTimeout(30_000);

const BYTES = randomBytes(32);
const ENV = { VAULT_KEY: BYTES.toString('base64') };

let google: GoogleServer;
beforeEach(async () => {
  google = await startGoogleServer();
});
afterEach(() => google.close());

/** An installation with a ledger in which these users agreed, of all that there are. */
async function desk(logins: readonly string[], changes: object = {}): Promise<string> {
  const { program } = await installGoogle(google.endpoints, { users: 'all', ...changes }, ENV);
  const store = openSqliteStore(join(program.folder, 'publish-activity.ledger'));
  const key = vaultKeyOf(BYTES);
  const consents = openSqlConsents(store, 'sqlite');
  for (const login of logins)
    await agree(google, login, 'Europe/Zurich', consents, { current: key, byId: new Map([[key.id, key]]) });
  store.close();
  return program.configFile;
}

interface Told {
  readonly result: string;
  /** Lines about Google, with what to do where something is wrong. */
  readonly lines: readonly string[];
}

async function told(file: string, change: { readonly now?: () => number } = {}): Promise<Told> {
  const { result, checks = [] } = await examine(file, ['groupware'], { env: ENV, ...change });
  const own = checks.filter(({ message }) => message.startsWith('Google: '));
  const lines = own.map(
    ({ status, message, remedy }) => `${status}: ${message.slice(8)}${remedy === undefined ? '' : ` → ${remedy}`}`,
  );
  return { result, lines: lines.map((line) => line.replace(/127\.0\.0\.1:\d+/g, 'HOST')) };
}

const CALLS = 'calls of several users in one request';
const about = ({ lines }: Told) => lines.filter((line) => line.includes(CALLS));
const inBatch = (login: string, what: MishapRow['what']): MishapRow => ({
  ...{ user: `${login}@example.com`, method: 'calendarList.get', nth: 2, what },
});

describe('doctor groupware over Google', () => {
  it('tells of the calendars, tasks and contacts of those who agreed, and asks for nobody else', async () => {
    const file = await desk(['agent1', 'agent2']);
    const { result, lines } = await told(file);
    expect([result, lines]).toEqual([
      'done',
      [
        'OK: HOST, HOST, HOST, HOST answer',
        'OK: it answers 2 users with a login of their own',
        'OK: made with the first entry: events, tasks and contacts of agent1, agent2',
        'skip: nobody knows whether these can be made: events, tasks and contacts of agent1, agent2; nothing says so, and to try it would leave something behind → the first publish-activity sync tells',
        'OK: it tells what changed: events, tasks and contacts of agent1, agent2',
        'OK: the clock of the server shows the time of this machine',
        `OK: it answers ${CALLS} rightly, each user with what is the user’s own; tried with two, so "batch": "shared" can be set`,
      ],
    ]);
    expect(new Set(google.calls.map(({ method }) => method))).toEqual(
      new Set(['calendarList.list', 'calendarList.get', 'tasklists.list', 'contactGroups.list']),
    );
  });

  it.each([
    ['tasks', 'tasklists.list'],
    ['contacts', 'contactGroups.list'],
  ])('says what to do where Google refuses the %s of everybody, and tells of the rest', async (kind, method) => {
    const file = await desk(['agent1', 'agent2']);
    const body = { error: { code: 403, status: 'PERMISSION_DENIED', details: [{ reason: 'SERVICE_DISABLED' }] } };
    google.misbehave({ method, times: 2, what: { kind: 'answer', status: 403, body } });
    const { result, lines } = await told(file);
    const others = kind === 'tasks' ? 'events and contacts' : 'events and tasks';
    expect(result).toBe('rejected');
    expect(lines).toContain(
      `fail: no ${kind} can be kept for agent1, agent2: Google answered 403: the API is not switched on in the project of the client or the service account; do it in Google’s console → mend it there, or groupware in the configuration`,
    );
    expect(lines).toContain(`OK: it tells what changed: ${others} of agent1, agent2`);
  });

  it('tells of a clock that is wrong once, also where nobody agreed', async () => {
    const now = () => Date.now() + 10 * 60_000;
    const warning = expect.stringMatching(
      /^warn: the clock of the server is (9|10) min behind the clock of this machine → let a time server \(NTP\) set the clock that is wrong$/,
    ) as string;
    for (const logins of [[], ['agent1']])
      expect((await told(await desk(logins), { now })).lines.filter((line) => line.includes('clock'))).toEqual([warning]);
  });

  it('leaves out of nothing that is told what hangs', async () => {
    const file = await desk(['agent1', 'agent2'], { batch: 'shared' });
    google.misbehave({ method: 'batch', what: { kind: 'hang' } });
    const { result, lines } = await told(file);
    expect(result).toBe('later');
    expect(lines).toContain('OK: it tells what changed: events, tasks and contacts of agent1, agent2');
    expect(lines.at(-1)).toMatch(/^fail: nobody can tell how it answers calls of several users in one request: /);
  });
});

describe.each(['own', 'shared'] as const)('doctor groupware, of requests with calls of two users ("batch": "%s")', (batch) => {
  const isShared = batch === 'shared';

  it('needs two users', async () => {
    expect(about(await told(await desk(['agent1'], { batch })))).toEqual([
      `skip: how it answers ${CALLS} can be tried once two users are let in`,
    ]);
  });

  it('says that they are right', async () => {
    const { result, lines } = await told(await desk(['agent1', 'agent2'], { batch }));
    const more = isShared ? '' : ', so "batch": "shared" can be set';
    expect([result, lines.at(-1)]).toEqual([
      'done',
      `OK: it answers ${CALLS} rightly, each user with what is the user’s own; tried with two${more}`,
    ]);
  });

  it('calls it dangerous where a user gets what is another’s, and shows nothing of it', async () => {
    const file = await desk(['agent1', 'agent2'], { batch });
    google.misbehave(inBatch('agent1', { kind: 'answer', status: 200, body: { id: 'private@example.com' } }));
    const { result, lines } = await told(file);
    const words = `danger: of ${CALLS}, it answered one with what is not that user’s own; nothing of it was kept`;
    expect([result, lines.at(-1)]).toEqual(
      isShared
        ? ['configuration', `fail: ${words} → set "batch": "own" at once, on every host`]
        : ['done', `warn: ${words} → leave it at "batch": "own"`],
    );
    expect(lines.join()).not.toContain('@example.com');
  });

  it('says that they are refused', async () => {
    const file = await desk(['agent1', 'agent2'], { batch });
    google.misbehave(inBatch('agent2', { kind: 'unauthorized' }));
    const { result, lines } = await told(file);
    const words = `it does not answer ${CALLS}: Google answered 401 (authError, UNAUTHENTICATED)`;
    expect([result, lines.at(-1)]).toEqual(
      isShared
        ? ['configuration', `fail: ${words} → set "batch": "own"`]
        : ['done', `OK: ${words}; with "batch": "own" none are made`],
    );
  });

  it('says that nobody can tell', async () => {
    const file = await desk(['agent1', 'agent2'], { batch });
    const body = { id: 'all@example.com' };
    google.misbehave({ method: 'calendarList.get', times: 2, what: { kind: 'answer', status: 200, body } });
    const { result, lines } = await told(file);
    const words = `nobody can tell how it answers ${CALLS}: the 2 that were asked are answered alike, one by one`;
    expect([result, lines.at(-1)]).toEqual(
      isShared
        ? ['later', `fail: ${words} → try again; as long as nobody can tell, set "batch": "own"`]
        : ['done', `skip: ${words}`],
    );
  });
});

it('doctor groupware names each host that cannot be reached', async () => {
  for (const endpoint of ['calendar', 'token', 'revoke'] as const) {
    const root = `http://127.0.0.1:${await freePort()}`;
    const path = endpoint === 'calendar' ? '' : `/${endpoint}`;
    const file = await desk([], { endpoints: { ...endpointsOf(google), [endpoint]: `${root}${path}` } });
    const { lines } = await told(file);
    expect(lines).toContainEqual(
      expect.stringMatching(/^fail: HOST cannot be reached: .*ECONNREFUSED.* → see dns, proxy and tls$/),
    );
  }
});

function endpointsOf({ endpoints: { certificates: _, ...rest } }: GoogleServer) {
  return rest;
}
