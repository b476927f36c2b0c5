// How entries in step stand, as status tells it, and what status --check makes of it.

import { failingUsers, readStanding } from '../../src/commands/groupware/standing';
import { status } from '../../src/commands/looking/status';
import type { Config } from '../../src/config/schema';
import type { Link } from '../../src/core/sync/link';
import type { Grant, Links } from '../../src/ledger/links';
import { enter, HOUR, MINUTE, NOW, SECOND } from '../support/ledger-content';
import { obey, type Obeyed } from '../support/ledger-context';
import { agreeing, consentOf, nobodyAgrees } from '../support/consenting';
import type { Consenting } from '../../src/commands/groupware/consent-parts';
import { link, NEVER } from '../support/links';
import { leftLinks } from '../support/left-links';
import { openLedger } from '../support/open-ledger';

const GROUPWARE = { groupware: { every: 0 } } as unknown as Partial<Config>;

async function told(
  links: Links,
  options: object = {},
  config: Partial<Config> = {},
  consenting: Consenting = nobodyAgrees(links),
): Promise<Obeyed> {
  const parts = { links: () => Promise.resolve(links), consenting: () => Promise.resolve(consenting) };
  return obey(status, openLedger(), [], { options, parts, config: { ...GROUPWARE, ...config } });
}

const WELL = { syncedAt: NOW - MINUTE, dueAt: NOW + MINUTE } as const;

describe('status', () => {
  it('tells machines how entries stand: sums, who waits, and when a turn last ended well', async () => {
    const links = await leftLinks(
      [
        { user: 'ann', ...WELL },
        { user: 'bob', dueAt: NOW - 2 * HOUR, syncedAt: NOW - 3 * HOUR, failures: 2 },
        { user: 'cat', state: 'parked', dueAt: NOW - 9 * HOUR },
        { user: 'dan', state: 'adopting', dueAt: NOW - 5 * HOUR, leaseUntil: NOW + MINUTE },
      ],
      [
        link('a', { user: 'ann' }),
        link('b', { user: 'ann', state: 'held', cause: 'guard-there' }),
        link('c', { user: 'bob', state: 'held', cause: 'series' }),
      ],
      2,
    );
    const { json } = await told(links);
    expect(json[0]?.['groupware']).toMatchObject({
      users: [{ user: 'ann' }, { user: 'bob', failures: 2 }, { user: 'cat' }, { user: 'dan' }],
      usersByState: { new: 2, active: 0, parked: 1, adopting: 1 },
      entries: { intended: 0, linked: 1, leaving: 0, held: 2, gone: 0, apart: 0 },
      guarded: 1,
      conflicts: 4,
      oldestWait: { user: 'bob', since: '2026-11-22T06:00:00.000Z', seconds: 7_200 },
      lastTurn: { at: '2026-11-22T07:59:00.000Z', seconds: 60 },
    });
    const { text } = await told(links, { openmetrics: true });
    const seconds = NOW / 1_000;
    for (const line of [
      'entries{state="held"} 2',
      'entries{state="gone"} 0',
      'guarded_entries 1',
      'conflicts 4',
      'users{state="adopting"} 1',
      'failing_users 1',
      `oldest_turn_timestamp_seconds ${seconds - 7_200}`,
      `last_turn_timestamp_seconds ${seconds - 60}`,
    ])
      expect(text.split('\n')).toContain(`publish_activity_${line}`);
    expect(text.endsWith(`\npublish_activity_status_timestamp_seconds ${seconds}\n# EOF`)).toBe(true);
  });

  it('says nothing of moments that never were, and nothing at all of entries where there is no groupware', async () => {
    const { json, text } = await told(await leftLinks([{ user: 'ann', dueAt: NOW + MINUTE }]));
    expect(json[0]?.['groupware']).toMatchObject({ oldestWait: null, lastTurn: null });
    expect(text).toContain('groupware of ann: 0 entries in step, no turn yet');
    const { text: metrics } = await told(await leftLinks([]), { openmetrics: true });
    expect(metrics).not.toMatch(/_turn_timestamp/);
    const none = await obey(status, openLedger(), [], { options: { openmetrics: true } });
    expect(none.text).not.toContain('entries');
  });
});

describe('status --check', () => {
  const FAILING = { syncedAt: NOW - 2 * HOUR, failures: 3, dueAt: NOW + MINUTE } as const;

  it.each<[string, readonly Partial<Grant>[], readonly Link[], string, string]>([
    ['ends well where all is well', [WELL], [link('a', { user: 'u0' })], 'done', ''],
    ['finds what is held', [WELL], [link('a', { user: 'u0', state: 'held' })], 'rejected', '1 entry is held'],
    ['finds who is only adopted', [{ ...WELL, state: 'adopting' }], [], 'rejected', '1 user waits to be resolved'],
    ['finds whose turns fail for long', [FAILING, WELL], [], 'later', 'the turns of 1 user have failed for up to 2 h'],
    ['leaves a turn alone that failed a moment ago', [{ ...FAILING, syncedAt: NOW - MINUTE }], [], 'done', ''],
    ['leaves whoever is parked alone', [{ ...FAILING, state: 'parked' }], [], 'done', ''],
    [
      'ends with the code of what waits for a person, where there is both',
      [FAILING, { ...WELL, state: 'adopting' }],
      [],
      'rejected',
      '1 user waits to be resolved, the turns of 1 user have failed for up to 2 h',
    ],
  ])('%s', async (_, grants, links, result, message) => {
    const made = await leftLinks(
      grants.map((grant, n) => ({ user: `u${n}`, ...grant })),
      links,
    );
    expect((await told(made, { check: true })).report).toMatchObject({ result, message });
    expect((await told(made)).report).toMatchObject({ result: 'done', message });
  });

  it('takes conflicts for information', async () => {
    const made = await leftLinks([{ user: 'ann', ...WELL }], [link('a', { user: 'ann' })], 3);
    expect((await told(made, { check: true })).report).toMatchObject({ result: 'done', message: '' });
  });

  it('finds what waits among posts, too', async () => {
    const ledger = openLedger();
    expect((await obey(status, ledger, [], { options: { check: true } })).report.result).toBe('done');
    await enter(ledger, { ago: HOUR, state: 'held' });
    expect((await obey(status, ledger, [], { options: { check: true } })).report).toMatchObject({
      result: 'rejected',
      message: '1 delivery is held',
    });
  });

  it('waits as long as alerts do', async () => {
    const made = await leftLinks([{ user: 'ann', ...FAILING }]);
    const alerts = { to: ['oncall'], after: 3 * HOUR, silence: false } as const;
    expect((await told(made, { check: true }, { alerts })).report.result).toBe('done');
  });
});

describe('A user', () => {
  const of = async (grant: Partial<Grant>, every = 0) =>
    failingUsers(await readStanding(await leftLinks([{ user: 'ann', ...grant }]), NEVER), { now: NOW, after: HOUR, every });

  it.each<[string, Partial<Grant>, number, number | undefined]>([
    ['has failed since its last good turn', { failures: 1, syncedAt: NOW - HOUR }, 0, HOUR],
    ['has not, where its turn came a moment ago', { failures: 1, syncedAt: NOW - 25 * HOUR }, 24 * HOUR + SECOND, undefined],
    ['has failed as long as its waits took, where no turn ever ended well', { failures: 8 }, 0, (127 * MINUTE * 4) / 5],
    ['has not failed for long after some first tries', { failures: 6 }, 0, undefined],
    ['has failed as its waits say, where a clock was wrong', { failures: 8, syncedAt: NOW + HOUR }, 0, (127 * MINUTE * 4) / 5],
    ['is well without failures, however long ago its last turn was', { syncedAt: NOW - 99 * HOUR }, 0, undefined],
  ])('%s', async (_, grant, every, ms) => {
    expect(await of(grant, every)).toEqual(ms === undefined ? [] : [{ user: 'ann', ms }]);
  });
});

describe('The consents of users', () => {
  const users = ['ann', 'bob', 'cat', 'dan', 'eve'];
  const given = [
    consentOf('ann'),
    consentOf('bob', { state: 'parked', reason: 'invalid_grant' }),
    consentOf('cat', { scopes: [] }),
    consentOf('dan', { refreshToken: 'lost' }),
    consentOf('gus'),
  ];

  it('are told by status where they do not do', async () => {
    const links = await leftLinks([...users.map((user) => ({ user, ...WELL })), { user: 'fay', state: 'disconnected' }]);
    const { text, json } = await told(links, {}, {}, agreeing(links, given));
    expect(text.split('\n').filter((line) => line.startsWith('consent'))).toEqual([
      'consent of bob: invalid_grant',
      'consent of cat: calendar is missing',
      'consent of dan: the token is sealed under the key 0123456789abcdef, which groupware.vault does not have',
      'consent of eve: has not agreed',
    ]);
    const { consents } = json[0]?.['groupware'] as { readonly consents: readonly Readonly<Record<string, unknown>>[] };
    expect(consents.map(({ user, state }) => `${String(user)} ${String(state)}`)).toEqual([
      ...['ann given', 'bob parked', 'cat scopes', 'dan sealed', 'eve missing', 'gus given'],
    ]);
    expect(JSON.stringify(json)).not.toContain('refreshToken');
  });

  it('wait for somebody, and are no turns that fail', async () => {
    const failing = { failures: 9, syncedAt: NOW - 5 * HOUR, dueAt: NOW + MINUTE };
    const links = await leftLinks(users.map((user) => ({ user, ...(user === 'ann' ? WELL : failing) })));
    const { report } = await told(links, { check: true }, {}, agreeing(links, given));
    expect(report).toMatchObject({ result: 'rejected', message: '3 users have to agree anew, 1 user has not agreed' });
  });
});
