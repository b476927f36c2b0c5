// What doctor learns of a calendar at Google by asking alone: never more than Google said, and nothing changes by it.

import { startDeadline } from '../../src/core/deadline';
import { google } from '../../src/groupware/google/index';
import type { GoogleOptions } from '../../src/groupware/google/options';
import type { GroupwareUser } from '../../src/groupware/groupware';
import type { Mishap } from '../support/google/mishaps';
import { startGoogleSite, type GoogleSite } from '../support/google-site';
import { ANN, BOB, VISIT } from './suite';

const deadline = startDeadline(600_000, () => 0);
afterAll(() => deadline.end());
let site: GoogleSite;
afterEach(() => site.close());

async function start(changes: Partial<GoogleOptions> = {}): Promise<void> {
  site = await startGoogleSite(changes);
  site.join(ANN);
}

const open = (user: GroupwareUser, now = site.tools.now) => google.open(user, 'event', site.options, { ...site.tools, now });
const inspect = async (user = ANN, until = deadline, now = site.tools.now) => open(user, now).inspect?.(until);
const make = () => open(ANN).apply([{ do: 'create', linkId: 'pa100000', entry: VISIT, url: '' }], deadline);
const methods = () => site.server.calls.map(({ method }) => method);
const answers = (method: string, body: unknown, status = 200): void =>
  site.server.misbehave({ method, what: { kind: 'answer', status, body } });

describe('a look at the calendar of the CRM', () => {
  it('knows that it is not there, does not know whether it can be made, and makes none', async () => {
    await start();
    expect(await inspect()).toEqual({
      ...{ kind: 'inspected', login: 'own', isThere: false, tellsChanges: true, aheadMs: expect.any(Number) as number },
    });
    expect(methods()).toEqual(['calendarList.list']);
    expect(site.server.calendars(ANN.email)).toHaveLength(1);
  });

  it('takes the word of the list for it that whoever owns it may write', async () => {
    await start();
    await make();
    expect(await inspect()).toMatchObject({ kind: 'inspected', isThere: true, writable: 'said', tellsChanges: true });
  });

  it('tells two of them, and a list that cannot be read', async () => {
    await start();
    await make();
    const description = `publish-activity: events of crm, ${ANN.login}`;
    site.server.act(ANN.email, 'POST', '/calendar/v3/calendars', { summary: 'Copy', description });
    expect(await inspect()).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('several calendars say') as string,
    });
    answers('calendarList.list', { items: 'CRM' });
    expect(await inspect()).toMatchObject({ kind: 'retry' });
  });
});

describe('a look at the first calendar of a user', () => {
  it('asks for the role and for no event, and changes nothing', async () => {
    await start({ calendar: 'primary' });
    await make();
    const before = site.server.events(ANN.email);
    expect(await inspect()).toMatchObject({
      kind: 'inspected',
      login: 'own',
      isThere: true,
      writable: 'said',
      tellsChanges: true,
    });
    expect(site.server.events(ANN.email)).toEqual(before);
    expect(site.server.calls.at(-1)?.query.get('fields')).toBe('accessRole');
  });

  it.each<[string, string, object]>([
    ['may be written by a writer', 'writer', { kind: 'inspected', writable: 'said' }],
    [
      'may only be read by a reader',
      'reader',
      { kind: 'refused', reason: 'Google says that the account may only read its first calendar' },
    ],
    ['is not known to be writable by a role that is new', 'editor', { kind: 'inspected', isThere: true }],
  ])('%s', async (_, accessRole, told) => {
    await start({ calendar: 'primary' });
    answers('events.list', { accessRole });
    expect(await inspect()).toMatchObject(told);
  });

  it.each([
    ['a role that is new', { accessRole: 'editor' }],
    ['no role', {}],
  ])('does not know whether it can be written where Google tells %s', async (_, body) => {
    await start({ calendar: 'primary' });
    answers('events.list', body);
    expect(await inspect()).not.toHaveProperty('writable');
  });

  it('says that there is none', async () => {
    await start({ calendar: 'primary' });
    answers('events.list', { error: { code: 404, errors: [{ reason: 'notFound' }] } }, 404);
    expect(await inspect()).toEqual({ kind: 'refused', reason: 'the account has no calendar' });
  });
});

describe.each(['own', 'primary'] as const)('a look at a calendar ("%s")', (calendar) => {
  const method = calendar === 'own' ? 'calendarList.list' : 'events.list';

  it('keeps the words of users who have not agreed, whose consent is parked, and whose scopes do not do', async () => {
    await start({ calendar });
    site.kept.clear();
    expect(await inspect()).toMatchObject({
      kind: 'refused',
      by: 'user',
      reason: expect.stringContaining('has not agreed yet') as string,
    });
    site.join(ANN, ['openid']);
    expect(await inspect()).toMatchObject({
      kind: 'refused',
      by: 'user',
      reason: expect.stringContaining('connect ann') as string,
    });
    expect(site.kept.get('ann')?.state).toBe('parked');
  });

  it.each<[string, Mishap, number]>([
    ['breaks off', { kind: 'cut' }, 2],
    ['is in trouble', { kind: 'status', status: 503 }, 2],
    ['shows a page of somebody else', { kind: 'page' }, 2],
  ])('is trouble that may pass where Google %s', async (_, what, times) => {
    await start({ calendar });
    site.server.misbehave({ method, what, times });
    expect(await inspect()).toMatchObject({ kind: 'retry' });
  });

  it('is over with its time', async () => {
    await start({ calendar });
    const over = startDeadline(0, () => 0);
    expect(await inspect(ANN, over)).toMatchObject({ kind: 'retry' });
    expect(methods()).toEqual([]);
  });

  it('compares the clock of Google with ours, also where calls of several travel together', async () => {
    const now = () => Date.now() - 300_000;
    await start({ calendar, batch: 'shared' });
    site.join(BOB);
    for (const seen of await Promise.all([ANN, BOB].map((user) => inspect(user, deadline, now)))) {
      const ahead = seen?.kind === 'inspected' ? seen.aheadMs : undefined;
      expect(Math.round((ahead ?? 0) / 60_000)).toBe(5);
    }
    expect(site.server.calls.every(({ isInBatch }) => !isInBatch)).toBe(true);
  });
});
