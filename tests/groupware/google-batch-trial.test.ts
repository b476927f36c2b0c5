// How calls of two users in one request are answered, as doctor tries it: what is told of each way in which Google may answer, and that
// nothing else is.

import { generateKeyPairSync } from 'node:crypto';
import { startDeadline } from '../../src/core/deadline';
import { Secret } from '../../src/core/secret';
import { google } from '../../src/groupware/google/index';
import type { GoogleOptions } from '../../src/groupware/google/options';
import { scopesOf } from '../../src/groupware/google/consent/scopes';
import type { GroupwareUser } from '../../src/groupware/groupware';
import type { Mishap, MishapRow } from '../support/google/mishaps';
import { startGoogleSite, type GoogleSite } from '../support/google-site';
import { ANN, BOB } from './suite';

const deadline = startDeadline(600_000, () => 0);
afterAll(() => deadline.end());
let site: GoogleSite;
afterEach(() => site.close());

async function start(changes: Partial<GoogleOptions> = {}): Promise<void> {
  site = await startGoogleSite(changes);
  for (const user of [ANN, BOB]) site.join(user);
}

const tried = (users: readonly GroupwareUser[] = [ANN, BOB]) =>
  google.sharedRequests?.(site.options, site.tools)?.try(users, deadline);
/** The requests at Calendar, each with its path. */
const requests = () => site.server.requests.filter(({ host }) => host === 'calendar');
/** What happens to the part of a user in the batch: the second time that this user is asked. */
const inBatch = (user: GroupwareUser, what: Mishap): MishapRow => ({ user: user.email, nth: 2, what });
const said = (body: unknown, status = 200): Mishap => ({ kind: 'answer', status, body });

describe.each(['own', 'primary'] as const)('a request with a call of each of two users ("%s")', (calendar) => {
  /** An answer as a user gets it. */
  const answerOf = (user: GroupwareUser) =>
    calendar === 'own' ? { id: user.email } : { summary: user.email, timeZone: 'Europe/Zurich' };

  it.each(['own', 'shared'] as const)(
    'is right where each gets what this user gets alone, with batches of "%s"',
    async (batch) => {
      await start({ calendar, batch });
      expect(await tried()).toEqual({ kind: 'right' });
      expect(site.server.calls.map(({ user, isInBatch }) => [user, isInBatch]).sort()).toEqual([
        [ANN.email, false],
        [ANN.email, true],
        [BOB.email, false],
        [BOB.email, true],
      ]);
      expect(requests().map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
      expect(requests()[2]?.headers).not.toHaveProperty('authorization');
      expect(google.sharedRequests?.(site.options, site.tools)?.areMade).toBe(batch === 'shared');
    },
  );

  it('is right in whatever order its parts are answered', async () => {
    await start({ calendar });
    site.server.misbehave({ method: 'batch', what: { kind: 'batch', order: 'reversed' } });
    expect(await tried()).toEqual({ kind: 'right' });
  });

  it.each<[string, (told: typeof answerOf) => readonly MishapRow[]]>([
    ['both get the answer of the first one', (told) => [inBatch(BOB, said(told(ANN)))]],
    ['they get the answers of each other', (told) => [inBatch(ANN, said(told(BOB))), inBatch(BOB, said(told(ANN)))]],
    ['one gets the answer of somebody else', (told) => [inBatch(ANN, said(told({ ...ANN, email: 'x@example.com' })))]],
    [
      'one gets that of the other, and the other none',
      (told) => [inBatch(ANN, said(told(BOB))), inBatch(BOB, { kind: 'unauthorized' })],
    ],
  ])('is dangerous where %s, and nothing of it is told', async (_, rows) => {
    await start({ calendar });
    site.server.misbehave(...rows(answerOf));
    expect(await tried()).toEqual({ kind: 'mixed' });
  });

  it('is not made where nobody could tell its parts apart', async () => {
    await start({ calendar });
    const rows = [ANN, BOB].map((user): MishapRow => ({ user: user.email, what: said(answerOf(ANN)) }));
    site.server.misbehave(...rows);
    expect(await tried()).toEqual({ kind: 'alike', users: 2 });
    expect(requests().map(({ method }) => method)).toEqual(['GET', 'GET']);
  });
});

describe('a request with a call of each of two users', () => {
  it.each<[string, MishapRow, string]>([
    ['refuses a part for its token', inBatch(BOB, { kind: 'unauthorized' }), 'Google answered 401 (authError'],
    ['answers a part with something else', inBatch(ANN, said({})), 'its answer cannot be read'],
    ['refuses the whole', { method: 'batch', what: { kind: 'status', status: 400 } }, 'the batch was answered 400'],
  ])('is wrong where Google %s', async (_, row, reason) => {
    await start();
    site.server.misbehave(row);
    expect(await tried()).toMatchObject({ kind: 'wrong', reason: expect.stringContaining(reason) as string });
  });

  it.each<[string, MishapRow]>([
    ['leaves a part out', { method: 'batch', what: { kind: 'batch', leaveOut: [1] } }],
    ['answers a part twice', { method: 'batch', what: { kind: 'batch', twice: 0 } }],
    ['names no parts', { method: 'batch', what: { kind: 'batch', style: 'without ids' } }],
    ['is in trouble with a part', inBatch(BOB, { kind: 'status', status: 503 })],
    ['is in trouble with the whole', { method: 'batch', what: { kind: 'status', status: 503 } }],
    ['asks to slow down', { method: 'batch', what: { kind: 'status', status: 429 } }],
    ['breaks off', { method: 'batch', what: { kind: 'reset' } }],
  ])('is told to be unknown where Google %s', async (_, row) => {
    await start();
    site.server.misbehave(row);
    expect(await tried()).toMatchObject({ kind: 'untold', reason: expect.stringMatching(/./) as string });
    // Once is enough.
    expect(requests().filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('is made with those who are answered alone, of five at the most', async () => {
    await start();
    const others = ['cyd', 'dee', 'eva', 'fay', 'guy'].map((login) => ({ ...ANN, login, email: `${login}@example.com` }));
    const [cyd = ANN, dee = ANN] = others;
    expect(await tried([cyd, ANN, dee, BOB])).toEqual({ kind: 'right' });
    expect(await tried([...others, ANN, BOB])).toMatchObject({
      kind: 'untold',
      reason: expect.stringContaining('cyd has not agreed yet') as string,
    });
  });

  it('is made by a service account, too', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const issuer = 'sync@project.iam.gserviceaccount.com';
    const privateKey = new Secret(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const service = { issuer, keyId: 'k1', privateKey };
    await start({ clientId: undefined, clientSecret: undefined, vault: undefined, serviceAccount: service });
    site.kept.clear();
    const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const delegated = scopesOf(site.options, site.tools.kinds);
    site.server.addServiceAccount({ email: issuer, clientId: '1', publicKey, keyId: 'k1', delegated });
    expect(await tried()).toEqual({ kind: 'right' });
  });

  it('is not there where no events are kept: there is no question to which users agreed', async () => {
    await start();
    expect(google.sharedRequests?.(site.options, { ...site.tools, kinds: ['task'] })).toBeUndefined();
  });
});
