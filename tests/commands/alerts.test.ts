// What a rerun tells of trouble, over both a ledger in memory and one in a file, with destinations that do as they are told.

import { join } from 'node:path';
import { list } from '../../src/commands/looking/list';
import { status } from '../../src/commands/looking/status';
import { why } from '../../src/commands/looking/why';
import { alertIdentity } from '../../src/core/alert';
import { DatabaseError } from '../../src/core/database-error';
import { deliveryId } from '../../src/core/delivery';
import type { Config } from '../../src/config/schema';
import type { Link } from '../../src/core/sync/link';
import { openSqliteStore } from '../../src/io/sqlite-store';
import type { Ledger } from '../../src/ledger/ledger';
import type { Grant, Links } from '../../src/ledger/links';
import { agreeing, consentOf, nobodyAgrees } from '../support/consenting';
import { leftLinks } from '../support/left-links';
import { link } from '../support/links';
import { newMemoryStore, openMemoryLedger } from '../support/memory-ledger';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { obey } from '../support/ledger-context';
import { accept, enter, HOUR, MINUTE, NOW, one, SECOND } from '../support/ledger-content';
import { makeStream, RETRY, setScene, startNow, type RunOptions, type Scene, type Stream } from '../support/rerun';
import { temporaryFolder } from '../support/sample';

const DAY = 24 * HOUR;
const STALLED = 'support has not accepted anything for 3 h';
const never = new AbortController().signal;
const told = (to: readonly string[], more: Partial<NonNullable<RunOptions['alerts']>> = {}): RunOptions => ({
  alerts: { to, after: HOUR, silence: DAY, ...more },
});
const ONCALL = told(['oncall']);

const scenes: Scene[] = [];
afterEach(() => {
  for (const scene of scenes.splice(0)) scene.close();
});

/** A `support` that is down from now on, and an `oncall` that is not. */
function streams(): { support: Stream; oncall: Stream; down: (stream: Stream, times?: number) => void } {
  const [support, oncall] = [makeStream('support'), makeStream('oncall')];
  return { support, oncall, down: (stream, times = 100) => stream.next(...Array<typeof RETRY>(times).fill(RETRY)) };
}

describe.each<[string, () => Ledger]>([
  ['memory', () => openMemoryLedger(newMemoryStore())],
  ['SQLite', () => openSqlLedger(openSqliteStore(join(temporaryFolder(), 'ledger')), 'sqlite')],
])('With a ledger in %s, a rerun', (_, openLedger) => {
  function stage(...all: readonly Stream[]): Scene {
    const scene = setScene(all, undefined, openLedger());
    scenes.push(scene);
    return scene;
  }

  /** Something for `support` that has waited for three hours, and is due. */
  const stalled = (scene: Scene, objid = 1) =>
    enter(scene.ledger, { objid, destination: 'support', ago: 3 * HOUR, state: 'due', title: `case ${objid}` });

  it('tells nobody where nobody is to be told', async () => {
    const { support, oncall, down } = streams();
    const scene = stage(support, oncall);
    await stalled(scene);
    down(support);
    await scene.run();
    expect(oncall.attempts).toEqual([]);
  });

  it('tells nothing where all is well', async () => {
    const { support, oncall } = streams();
    const scene = stage(support, oncall);
    await stalled(scene);
    const { report } = await scene.run({}, ONCALL);
    expect(report).toMatchObject({ result: 'posted', message: '1 posted' });
    expect([support.posts, oncall.posts]).toEqual([['case 1'], []]);
    expect(await scene.ledger.requests({ objectType: 'alert' }, 10, never)).toEqual([]);
  });

  it('tells once a day what a destination has not accepted for long', async () => {
    const { support, oncall, down } = streams();
    const scene = stage(support, oncall);
    await stalled(scene);
    down(support);
    for (const wait of [0, MINUTE, 5 * HOUR]) {
      scene.clock.now += wait;
      await scene.run({}, ONCALL);
    }
    expect(oncall.posts).toEqual([STALLED]);
    expect(await scene.ledger.requests({ objectType: 'alert' }, 10, never)).toHaveLength(1);
    scene.clock.now = NOW + 16 * HOUR;
    await scene.run({}, ONCALL);
    expect(oncall.posts).toEqual([STALLED, 'support has not accepted anything for 19 h']);
  });

  it('does not let a post that was told of change its exit code, and one that was not is kept', async () => {
    const { support, oncall, down } = streams();
    const scene = stage(support, oncall);
    await enter(scene.ledger, { destination: 'support', ago: HOUR, state: 'held' });
    expect((await scene.run({}, ONCALL)).report).toMatchObject({ result: 'posted', sums: { posted: 1 } });
    down(oncall, 1);
    scene.clock.now += DAY;
    const { report, texts } = await scene.run({}, ONCALL);
    expect(report).toMatchObject({ result: 'later', sums: { later: 1, waiting: 1 } });
    expect(texts).toEqual([
      expect.stringMatching(/^kept and tried again: alert destination support "1 delivery .*" to oncall: .*503$/),
    ]);
  });

  it('tells nothing any more once the trouble is gone', async () => {
    const { support, oncall, down } = streams();
    const scene = stage(support, oncall);
    await stalled(scene);
    down(support, 1);
    await scene.run({}, ONCALL);
    scene.clock.now += DAY;
    await scene.run({}, ONCALL);
    scene.clock.now += DAY;
    await scene.run({}, ONCALL);
    expect([support.posts, oncall.posts]).toEqual([['case 1'], [STALLED]]);
  });

  it('tells once where two of them are at it at once', async () => {
    const { support, oncall, down } = streams();
    const scene = stage(support, oncall);
    await stalled(scene);
    down(support);
    await Promise.all([1, 2, 3].map(() => scene.run({}, ONCALL)));
    expect(oncall.posts).toEqual([STALLED]);
  });

  it('tells everybody, in one post each, of each trouble by itself', async () => {
    const { support, oncall, down } = streams();
    const [boss, intranet] = [makeStream('boss'), makeStream('intranet')];
    const scene = stage(support, oncall, boss, intranet);
    await stalled(scene);
    down(support);
    await enter(scene.ledger, { objid: 2, destination: 'support', ago: 9 * HOUR, state: 'abandoned' });
    await enter(scene.ledger, { objid: 3, destination: 'intranet', ago: 9 * HOUR, state: 'held' });
    const given = await accept(scene.ledger, { objid: 4 }, 9 * HOUR);
    await scene.ledger.settleRequest(given, 'abandoned', 'the CRM is down', NOW, never);
    await scene.run({}, told(['oncall', 'boss']));
    for (const { posts } of [oncall, boss]) {
      expect([...posts].sort()).toEqual([
        '1 delivery to intranet is held in doubt',
        '1 request was abandoned before there was a message',
        STALLED,
      ]);
    }
  });

  it('keeps what cannot be told, and tells it once the destination is up', async () => {
    const { support, oncall, down } = streams();
    const scene = stage(support, oncall);
    await stalled(scene);
    down(support);
    down(oncall, 3);
    for (const wait of [0, 2 * MINUTE, 5 * MINUTE]) {
      scene.clock.now += wait;
      expect((await scene.run({}, ONCALL)).report.result).toBe('later');
    }
    expect(oncall.posts).toEqual([]);
    scene.clock.now += 10 * MINUTE;
    await scene.run({}, ONCALL);
    expect(oncall.posts).toEqual([STALLED]);
  });

  it('has no alerts about alerts, however they fare', async () => {
    const { support, oncall, down } = streams();
    const scene = stage(support, oncall);
    await stalled(scene);
    down(support);
    down(oncall);
    // On seven days nothing of what oncall is told arrives, and after five of them the first is given up.
    for (let hours = 0; hours < 6 * 24; hours += 3) {
      scene.clock.now = NOW + hours * HOUR;
      await scene.run({}, ONCALL);
    }
    const alerts = await scene.ledger.counts(never, 'alert');
    expect(alerts.map(({ destination, state }) => [destination, state])).toEqual(
      expect.arrayContaining([
        ['oncall', 'abandoned'],
        ['oncall', 'due'],
      ]),
    );
    const subjects = await scene.ledger.deliveries({ objectType: 'alert' }, 100, never);
    expect(new Set(subjects.map(({ rule }) => rule))).toEqual(new Set(['destination support']));
    expect(subjects).toHaveLength(7);
  });

  it('does not count an alert that waits among what a destination has not accepted', async () => {
    const { support, down } = streams();
    const scene = stage(support);
    down(support);
    await enter(scene.ledger, { destination: 'support', ago: HOUR, state: 'held' });
    await scene.run({}, told(['support']));
    await enter(scene.ledger, { objid: 2, destination: 'support', ago: -22 * HOUR, state: 'due' });
    scene.clock.now += DAY;
    await scene.run({}, told(['support']));
    const alerts = await scene.ledger.deliveries({ objectType: 'alert' }, 10, never);
    expect(alerts.map(({ message }) => message?.title)).toEqual([
      '1 delivery to support is held in doubt',
      'support has not accepted anything for 2 h',
    ]);
    expect(alerts[1]?.message?.body).toContain(': 1 delivery waits, the oldest since 2026-11-23T06:00:00Z; 1 held in doubt.');
  });

  it.each([
    ['another one, where there is one', ['support', 'oncall'], []],
    ['itself, where it is the only one', ['support'], [STALLED]],
  ])('tells of a destination in trouble through %s', async (_, to, posts) => {
    const { support, oncall, down } = streams();
    const scene = stage(support, oncall);
    await stalled(scene);
    down(support, to.length === 1 ? 2 : 1);
    await scene.run({}, told(to));
    scene.clock.now += 2 * MINUTE;
    await scene.run({}, told(to));
    expect(oncall.posts).toEqual(to.length === 1 ? [] : [STALLED]);
    expect([...support.posts].sort()).toEqual(['case 1', ...posts]);
  });

  it('leaves alone a destination that it gave up, and tells through it later', async () => {
    const { support } = streams();
    const scene = stage(support);
    for (const objid of [1, 2, 3, 4]) await stalled(scene, objid);
    support.next(RETRY, RETRY, RETRY, RETRY);
    await scene.run({}, told(['support']));
    const attempts = support.attempts.length;
    const [alert] = await scene.ledger.deliveries({ objectType: 'alert' }, 10, never);
    expect(alert).toMatchObject({ state: 'due', destination: 'support' });
    expect(support.attempts).not.toContain(alert?.id);
    expect(attempts).toBeLessThanOrEqual(4);
  });

  it.each([
    ['in the last day', 23 * HOUR, ['support refused 1 delivery in the last 24 h']],
    ['before, and then of nothing', 25 * HOUR, []],
  ])('tells of what was refused %s', async (_, ago, posts) => {
    const { support, oncall } = streams();
    const scene = stage(support, oncall);
    await enter(scene.ledger, { destination: 'support', ago, state: 'rejected' });
    oncall.next(...(posts.length === 0 ? [] : [{ kind: 'rejected', reason: '422' } as const]));
    await scene.run({}, ONCALL);
    scene.clock.now += MINUTE;
    await scene.run({}, ONCALL);
    const alerts = await scene.ledger.deliveries({ objectType: 'alert' }, 10, never);
    expect(alerts.map(({ message, state }) => [message?.title, state])).toEqual(posts.map((title) => [title, 'rejected']));
  });

  it('tells of what waits for the CRM', async () => {
    const { oncall } = streams();
    const scene = setScene(
      [oncall],
      () => {
        throw new DatabaseError('unavailable', 'the database does not answer');
      },
      openLedger(),
    );
    scenes.push(scene);
    await accept(scene.ledger, { activityObjid: 1 }, 2 * HOUR);
    await scene.run({}, ONCALL);
    expect(oncall.posts).toEqual(['1 request waits for the CRM, for 2 h']);
  });

  it('tells also where its time was up before the end, and not where somebody stopped it', async () => {
    const { support, oncall } = streams();
    const scene = stage(support, oncall);
    await enter(scene.ledger, { destination: 'support', ago: HOUR, state: 'held' });
    const [stopped, short] = [startNow(60_000), startNow(1)];
    stopped.end();
    await scene.run({}, { ...ONCALL, deadline: stopped });
    expect(oncall.posts).toEqual([]);
    await new Promise((resolve) => short.signal.addEventListener('abort', resolve));
    await scene.run({}, { ...ONCALL, deadline: short });
    expect(oncall.posts).toEqual(['1 delivery to support is held in doubt']);
  });

  it('does not tell with --dry-run', async () => {
    const { support, oncall } = streams();
    const scene = stage(support, oncall);
    await enter(scene.ledger, { destination: 'support', ago: HOUR, state: 'held' });
    await scene.run({ dryRun: true }, ONCALL);
    expect(await scene.ledger.deliveries({ objectType: 'alert' }, 10, never)).toEqual([]);
  });

  it('that was killed before it told anybody keeps nobody from being told', async () => {
    const { support, oncall } = streams();
    const scene = stage(support, oncall);
    await enter(scene.ledger, { destination: 'support', ago: HOUR, state: 'held' });
    const { objectType, objid, rule } = alertIdentity('destination support', 'oncall', NOW);
    const id = await accept(scene.ledger, { objectType, objid, rule }, MINUTE);
    await scene.run({}, ONCALL);
    expect(scene.read).toEqual([]);
    expect(oncall.posts).toEqual(['1 delivery to support is held in doubt']);
    expect(await scene.ledger.requests({ ids: [id] }, 1, never)).toMatchObject([{ state: 'filtered' }]);
  });

  describe('where the CRM logged activities that no rule passed on', () => {
    const asked: [number, number][] = [];
    const logged = (count: number): RunOptions => ({
      ...ONCALL,
      loggedActivities: (since, until) => {
        asked.push([since, until]);
        return Promise.resolve(count);
      },
    });
    beforeEach(() => asked.splice(0));

    it('tells so once a day, and asks no more on that day', async () => {
      const { support, oncall } = streams();
      const scene = stage(support, oncall);
      await scene.run({}, logged(40));
      scene.clock.now += MINUTE;
      await scene.run({}, logged(41));
      expect(oncall.posts).toEqual(['The CRM logged 40 matching activities in the last 24 h, and none was published']);
      expect(asked).toEqual([[NOW - DAY, NOW - 15 * MINUTE]]);
      // What was told yesterday, less than a day ago, was no rule's doing.
      scene.clock.now += 20 * HOUR;
      await scene.run({}, logged(7));
      expect(oncall.posts).toHaveLength(2);
    });

    it.each([
      ['something was handed over since', 23 * HOUR, {}, []],
      ['the last was handed over before', 25 * HOUR, {}, [40]],
      ['nobody wants to know', 25 * HOUR, told(['oncall'], { silence: false }), []],
      ['a shorter span was asked for', 23 * HOUR, told(['oncall'], { silence: 12 * HOUR }), [40]],
    ])('minds whether %s', async (_, ago, options, posts) => {
      const { support, oncall } = streams();
      const scene = stage(support, oncall);
      await enter(scene.ledger, { ago, destination: 'support', state: 'delivered' });
      await scene.run({}, { ...logged(40), ...options });
      expect(oncall.posts).toHaveLength(posts.length);
    });

    it('tells nothing where the CRM does not answer', async () => {
      const { support, oncall } = streams();
      const scene = stage(support, oncall);
      const down = () => Promise.reject(new DatabaseError('unavailable', 'the database does not answer'));
      expect((await scene.run({}, { ...ONCALL, loggedActivities: down })).report.result).toBe('posted');
      expect(oncall.posts).toEqual([]);
    });
  });

  describe('over entries in step', () => {
    const HELD = '2 entries are held, because too many were missing at once';
    const ADOPTING = '1 user has entries that the ledger knows nothing of';
    const FAILING = 'The turns of 1 user have failed for up to 2 h';
    const failing = { failures: 4, syncedAt: NOW - 2 * HOUR } as const;
    const guarded = { user: 'ann', state: 'held', cause: 'guard-there' } as const;

    const over = (links: Links, consenting = nobodyAgrees(links)): RunOptions => ({
      ...ONCALL,
      parts: { links: () => Promise.resolve(links), consenting: () => Promise.resolve(consenting) },
      config: { groupware: { every: 0 } } as unknown as Partial<Config>,
    });

    it('tells of each trouble by itself, once a day', async () => {
      const { oncall } = streams();
      const scene = stage(oncall);
      const links = await leftLinks(
        [{ user: 'ann' }, { user: 'bob', state: 'adopting' }, { user: 'cat', ...failing }],
        [
          link('a', guarded),
          link('b', { ...guarded, cause: 'guard-here' }),
          link('c', { user: 'ann', state: 'held', cause: 'series' }),
        ],
      );
      await scene.run({}, over(links));
      expect([...oncall.posts].sort()).toEqual([ADOPTING, HELD, FAILING].sort());
      scene.clock.now += 5 * HOUR;
      await scene.run({}, over(links));
      expect(oncall.posts).toHaveLength(3);
      scene.clock.now += DAY;
      await scene.run({}, over(links));
      expect(oncall.posts).toHaveLength(6);
    });

    it('tells once a day whose consent counts no more, and nothing of those who have not agreed yet', async () => {
      const { oncall } = streams();
      const scene = stage(oncall);
      const links = await leftLinks([{ user: 'ann' }, { user: 'bob', ...failing }, { user: 'cat', ...failing }]);
      const parked = consentOf('bob', { state: 'parked', reason: 'invalid_grant' });
      const consenting = agreeing(links, [consentOf('ann'), parked]);
      await scene.run({}, over(links, consenting));
      scene.clock.now += 5 * HOUR;
      await scene.run({}, over(links, consenting));
      expect(oncall.posts).toEqual(['1 user has to agree anew at the groupware']);
    });

    it('tells of what comes later on that day, too', async () => {
      const { oncall } = streams();
      const scene = stage(oncall);
      await scene.run({}, over(await leftLinks([{ user: 'cat', ...failing }])));
      await scene.run(
        {},
        over(await leftLinks([{ user: 'ann' }, { user: 'cat', ...failing }], [link('a', guarded), link('b', guarded)])),
      );
      expect(oncall.posts).toEqual([FAILING, HELD]);
    });

    it.each<[string, Partial<Grant>, Partial<Link>]>([
      ['all is in step', {}, {}],
      ['an entry is held for another reason', {}, { state: 'held', cause: 'private' }],
      ['turns have failed for less than the time that is untold', { failures: 3, syncedAt: NOW - HOUR + SECOND }, {}],
      ['turns of nobody who has any fail', { ...failing, state: 'parked' }, {}],
    ])('tells nothing where %s', async (_, grant, change) => {
      const { oncall } = streams();
      const scene = stage(oncall);
      await scene.run({}, over(await leftLinks([{ user: 'ann', ...grant }], [link('a', { user: 'ann', ...change })])));
      expect(oncall.posts).toEqual([]);
    });

    it('looks at none where no groupware is configured', async () => {
      const { oncall } = streams();
      const scene = stage(oncall);
      await scene.run({}, { ...ONCALL, parts: { links: () => Promise.reject(new Error('somebody asked for links')) } });
      expect(oncall.posts).toEqual([]);
    });
  });

  it('leaves alerts in the ledger as an administrator can read them', async () => {
    const { support, oncall, down } = streams();
    const scene = stage(support, oncall);
    await stalled(scene);
    down(support);
    await scene.run({}, ONCALL);
    const id = deliveryId(alertIdentity('destination support', 'oncall', NOW));
    expect(await one(scene.ledger, id)).toMatchObject({ state: 'delivered', rule: 'destination support', contentKey: '' });
    const listed = await obey(list, scene.ledger, [], { options: { objectType: 'Alert' } });
    expect(listed.text).toMatch(new RegExp(`^${id}  delivered .*  oncall .* alert destination support "${STALLED}": oncall-1$`));
    const story = await obey(why, scene.ledger, [id], { now: NOW + SECOND });
    expect(story.text).toContain(': alert of 2026-11-22, rule "destination support"');
    expect(story.text).toContain(`delivery ${id} to oncall (not in the configuration any more): delivered`);
    expect((await obey(status, scene.ledger)).text).toMatch(/^oncall \* .* 1 {2}now$/m);
    expect((await obey(why, scene.ledger, ['alert', '20779'])).report).toMatchObject({ result: 'usage' });
  });
});
