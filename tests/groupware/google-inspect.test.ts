// What doctor learns of the places at Google by asking alone: never more than Google said, and nothing changes by it.

import { startDeadline, type Deadline } from '../../src/core/deadline';
import type { Entry, EntryKind } from '../../src/core/sync/entry';
import { google } from '../../src/groupware/google/index';
import type { GoogleOptions } from '../../src/groupware/google/options';
import type { GroupwareUser } from '../../src/groupware/groupware';
import type { Mishap } from '../support/google/mishaps';
import { startGoogleSite, type GoogleSite } from '../support/google-site';
import { ANN, BOB, CALL, NORA, VISIT } from './suite';

const deadline = startDeadline(600_000, () => 0);
afterAll(() => deadline.end());
let site: GoogleSite;
afterEach(() => site.close());

async function start(changes: Partial<GoogleOptions> = {}): Promise<void> {
  site = await startGoogleSite(changes);
  site.join(ANN);
}

/** How a kind is looked at, of somebody else than Ann, at another time or until another one. */
interface Look {
  readonly user?: GroupwareUser;
  readonly now?: () => number;
  readonly until?: Deadline;
}

const open = (kind: EntryKind, { user = ANN, now = site.tools.now }: Look = {}) =>
  google.open(user, kind, site.options, { ...site.tools, now });
const inspectAll = async (kind: EntryKind, look: Look = {}) => open(kind, look).inspect?.(look.until ?? deadline);
const inspect = (look: Look = {}) => inspectAll('event', look);
const makeOne = (entry: Entry) =>
  open(entry.kind).apply([{ do: 'create', linkId: `pa${'0'.repeat(26)}`, entry, url: '' }], deadline);
const make = () => makeOne(VISIT);
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

const KINDS = [
  { called: 'the list of tasks', kind: 'task', entry: CALL, method: 'tasklists.list', holds: 'items' },
  { called: 'the group of contacts', kind: 'contact', entry: NORA, method: 'contactGroups.list', holds: 'contactGroups' },
] as const;

describe.each(KINDS)('a look at $called', ({ kind, entry, method, holds }) => {
  const inspected = { kind: 'inspected', login: 'own', tellsChanges: true, aheadMs: expect.any(Number) as number };

  it('knows that it is not there, does not know whether it can be made, and makes none', async () => {
    await start();
    expect(await inspectAll(kind)).toEqual({ ...inspected, isThere: false });
    expect(await inspectAll(kind)).toMatchObject({ isThere: false });
    expect(methods()).toEqual([method, method]);
  });

  it('knows that it is there, and that Google says nowhere whether it may be changed; no entry is looked at', async () => {
    await start();
    await makeOne(entry);
    const before = methods().length;
    expect(await inspectAll(kind)).toEqual({ ...inspected, isThere: true });
    expect(methods().slice(before)).toEqual([method]);
  });

  it('says that nothing is known where the answer cannot be read', async () => {
    await start();
    answers(method, { [holds]: 'CRM' });
    expect(await inspectAll(kind)).toMatchObject({ kind: 'retry', reason: expect.stringContaining('cannot be read') as string });
  });

  it('says what to do where the API is not switched on', async () => {
    await start();
    answers(method, { error: { code: 403, status: 'PERMISSION_DENIED', details: [{ reason: 'SERVICE_DISABLED' }] } }, 403);
    expect(await inspectAll(kind)).toMatchObject({
      ...{ kind: 'refused', by: 'everybody' },
      reason: expect.stringContaining('the API is not switched on') as string,
    });
  });
});

it('a look at the list of tasks tells several of that title with tasks of the CRM in them', async () => {
  await start();
  for (const title of ['CRM tasks', 'CRM tasks']) {
    const { id } = site.server.act(ANN.email, 'POST', '/tasks/v1/users/@me/lists', { title }) as { readonly id: string };
    const notes = `[crm pa${'0'.repeat(26)}]`;
    site.server.act(ANN.email, 'POST', `/tasks/v1/lists/${id}/tasks`, { title: 'Theirs', notes });
  }
  expect(await inspectAll('task')).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('several lists have the title') as string,
  });
});

const LOOKS = [
  { called: 'a calendar ("own")', kind: 'event', calendar: 'own', method: 'calendarList.list' },
  { called: 'a calendar ("primary")', kind: 'event', calendar: 'primary', method: 'events.list' },
  { called: 'the list of tasks', kind: 'task', calendar: 'own', method: 'tasklists.list' },
  { called: 'the group of contacts', kind: 'contact', calendar: 'own', method: 'contactGroups.list' },
] as const;

describe.each(LOOKS)('a look at $called', ({ kind, calendar, method }) => {
  const inspectIt = (look: Look = {}) => inspectAll(kind, look);

  it('keeps the words of users who have not agreed, whose consent is parked, and whose scopes do not do', async () => {
    await start({ calendar });
    site.kept.clear();
    expect(await inspectIt()).toMatchObject({
      kind: 'refused',
      by: 'user',
      reason: expect.stringContaining('has not agreed yet') as string,
    });
    site.join(ANN, ['openid']);
    expect(await inspectIt()).toMatchObject({
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
    expect(await inspectIt()).toMatchObject({ kind: 'retry' });
  });

  it('is over with its time', async () => {
    await start({ calendar });
    const over = startDeadline(0, () => 0);
    expect(await inspectIt({ until: over })).toMatchObject({ kind: 'retry' });
    expect(methods()).toEqual([]);
  });

  it('compares the clock of Google with ours, also where calls of several travel together', async () => {
    const now = () => Date.now() - 300_000;
    await start({ calendar, batch: 'shared' });
    site.join(BOB);
    for (const seen of await Promise.all([ANN, BOB].map((user) => inspectIt({ user, now })))) {
      const ahead = seen?.kind === 'inspected' ? seen.aheadMs : undefined;
      expect(Math.round((ahead ?? 0) / 60_000)).toBe(5);
    }
    expect(site.server.calls.every(({ isInBatch }) => !isInBatch)).toBe(true);
  });
});
