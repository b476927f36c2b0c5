// A run of sync over its users: several turns at once, none of which stops another, and first fills no faster than the configuration says.

import type { CrmUser } from '../../src/clarify/entries';
import { dryRun } from '../../src/commands/groupware/sync/dry-run';
import { Round, type SyncContext } from '../../src/commands/groupware/sync/round';
import { turnOf } from '../../src/commands/groupware/sync/user-turns';
import type { Syncing } from '../../src/commands/groupware/sync/parts';
import { DatabaseError } from '../../src/core/database-error';
import { startDeadline, type Deadline } from '../../src/core/deadline';
import type { Report } from '../../src/core/report';
import type { EntryKind } from '../../src/core/sync/entry';
import type { Collection } from '../../src/groupware/groupware';
import type { Grant } from '../../src/ledger/links';
import { MemoryCrm } from '../support/memory-crm';
import { memoryGroupware } from '../support/memory-groupware';
import { newLinkStore, openMemoryLinks } from '../support/memory-links';
import { NEVER, VISIT } from '../support/links';
import { oneGroupware } from '../support/one-groupware';

const START = Date.UTC(2026, 5, 10, 12);
const MINUTE = 60_000;
const NO_LIMITS = { entriesPerMinute: 0, usersPerHour: 0 };

/** A company whose users have some visits each. */
class Company {
  readonly crm = new MemoryCrm(undefined, {});
  readonly groupware = memoryGroupware({}, () => this.now);
  readonly links = openMemoryLinks(newLinkStore());
  readonly printed: string[] = [];
  now = START;
  users: readonly CrmUser[];
  /** What stands between the program and a user’s calendar. */
  open: (user: string, collection: Collection, kind: EntryKind) => Collection = (_, collection) => collection;

  constructor(
    count: number,
    visits: number,
    private readonly config: Partial<Syncing['config']> = {},
  ) {
    this.users = Array.from({ length: count }, (_, n) => ({ login: loginOf(n), email: '', isActive: true }));
    for (const [n, { login }] of this.users.entries())
      for (let visit = 0; visit < visits; visit += 1) this.add(login, n * 1_000 + visit + 1);
  }

  add(owner: string, objid: number): void {
    this.crm.put({ type: 'appointment', objid, kind: 'event', owner, entry: { ...VISIT, subject: `Visit ${objid}` } });
  }

  /** A task for each user. */
  addTasks(): void {
    const entry = { ...VISIT, kind: 'task', place: '' } as const;
    for (const [n, { login: owner }] of this.users.entries())
      this.crm.put({ type: 'action_item', objid: 9_000 + n, kind: 'task', owner, entry });
  }

  /** How many entries a user has in the groupware. */
  there(n: number, kind: EntryKind = 'event'): number {
    return this.groupware.of(loginOf(n), kind).items.size;
  }

  /** How many users have how many. */
  get spread(): readonly number[] {
    return this.users.map((_, n) => this.there(n));
  }

  /** A 1 for each turn that began, and a -1 for each that ended. */
  readonly turns: number[] = [];

  async grants(): Promise<readonly Grant[]> {
    return this.links.grants(NEVER);
  }

  async run(options: { readonly user?: string; readonly deadline?: Deadline; readonly random?: number } = {}): Promise<Report> {
    const { links } = this;
    const deadline = options.deadline ?? plenty();
    const syncing = this.#syncing();
    this.now += 1;
    const context: Pick<SyncContext, 'deadline' | 'attemptDeadline' | 'emit' | 'progress'> = {
      deadline,
      attemptDeadline: plenty,
      emit: ({ text }) => this.printed.push(text),
      progress: () => undefined,
    };
    const parts = { now: () => this.now, random: () => options.random ?? 0.5, owner: `run ${this.now}` };
    const whole = { ...context, parts, options, config: { keepMessages: 1e9 }, words: [] };
    try {
      const { user } = options;
      if (user === undefined) return await new Round(syncing, this.users, whole as unknown as SyncContext).take();
      await links.enter([user], this.now, new AbortController().signal);
      await links.makeDue(user, this.now, new AbortController().signal);
      const asked = this.users.filter(({ login }) => login === user);
      return await new Round(syncing, asked, whole as unknown as SyncContext).takeAsked();
    } finally {
      deadline.end();
    }
  }
  /** What a run would do, in words and figures. */
  async dryRun(): Promise<Report> {
    const parts = { now: () => this.now, random: () => 0.5 } as SyncContext['parts'];
    const deadline = plenty();
    const context = { parts, deadline, emit: () => undefined, progress: () => undefined };
    try {
      return await dryRun(this.users, this.#syncing(), context, turnOf);
    } finally {
      deadline.end();
    }
  }

  #syncing(): Syncing {
    const { crm, links, groupware } = this;
    const config = { every: 0, window: { past: 30, ahead: 365 }, firstFill: NO_LIMITS, ...this.config };
    return {
      config: config as Syncing['config'],
      links,
      reader: crm.reader,
      groupwares: oneGroupware({
        concurrency: this.config.concurrency ?? 4,
        open: ({ login }: CrmUser, kind: EntryKind) => this.open(login, groupware.open(login, kind), kind),
        turnBegins: () => {
          this.turns.push(1);
          return () => void this.turns.push(-1);
        },
      }),
      rulesOf: (user) => ({
        ...{ system: 'test', user, mayWrite: false, creates: {}, deletes: 'own', removesContacts: false, timeZone: 'UTC' },
      }),
    };
  }
}

function loginOf(n: number): string {
  return `agent${String(n).padStart(3, '0')}`;
}

function plenty(): Deadline {
  return startDeadline(60_000, () => 0);
}

/** A collection of which the program waits for something at each listing. */
const listing = (collection: Collection, wait: () => Promise<void>): Collection => ({
  ...collection,
  list: async (...given) => {
    await wait();
    return collection.list(...given);
  },
});

describe('A run of sync', () => {
  it.each([1, 3])('takes the turns of as many users at once as it is told: %d', async (concurrency) => {
    const company = new Company(8, 1, { concurrency });
    let [now, most] = [0, 0];
    company.open = (_, collection) =>
      listing(collection, async () => {
        most = Math.max(most, (now += 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
        now -= 1;
      });
    await company.run();
    expect(most).toBe(concurrency);
    expect(company.spread).toEqual(company.users.map(() => 1));
  });

  it.each([
    [0, 75],
    [0.5, 100],
    [1, 125],
  ])('leaves a user alone for as long as it is told, 25 %% sooner or later: %d', async (random, wait) => {
    const company = new Company(1, 1, { every: 100 });
    await company.run({ random });
    expect((await company.grants())[0]?.dueAt).toBe(company.now + 1 + wait);
  });

  it('tells when turns begin and end, those that fail among them', async () => {
    const company = new Company(3, 1, { concurrency: 3 });
    company.open = (user, collection) =>
      listing(collection, () => (user === loginOf(1) ? Promise.reject(new Error('a bug')) : Promise.resolve()));
    await company.run();
    expect(company.turns.slice(0, 3)).toEqual([1, 1, 1]);
    expect(company.turns.slice(3)).toEqual([-1, -1, -1]);
  });

  it('takes the turn of each of 300 users once', async () => {
    const company = new Company(300, 1);
    expect(await company.run()).toMatchObject({ result: 'done', sums: { users: 300, created: 300 } });
    expect(await company.run()).toMatchObject({ result: 'done', sums: { users: 300, created: 0 } });
  });

  it('goes on with everybody else while the groupware of one does not answer, refuses or breaks', async () => {
    const company = new Company(12, 1, { concurrency: 2 });
    const troubles: Readonly<Record<string, () => Promise<void>>> = {
      [loginOf(0)]: () => new Promise((resolve) => setTimeout(resolve, 100)),
      [loginOf(3)]: () => Promise.reject(new Error('a bug')),
    };
    company.open = (user, collection) => {
      if (user === loginOf(5))
        return { ...collection, list: () => Promise.resolve({ kind: 'refused', reason: 'no right to it' }) };
      return listing(collection, troubles[user] ?? (() => Promise.resolve()));
    };
    const report = await company.run();
    expect(report).toMatchObject({ result: 'bug', sums: { created: 10, failed: 2 } });
    expect(company.spread.filter((count) => count === 0)).toHaveLength(2);
    expect((await company.grants()).filter(({ leaseOwner }) => leaseOwner !== '')).toEqual([]);
  });

  it('goes on while turns are cut off from the CRM beside the one that hung, and ends where nobody is answered', async () => {
    const company = new Company(20, 1, { concurrency: 3 });
    let asked = 0;
    const unavailable = () => new DatabaseError('unavailable', 'no answer');
    company.crm.before = () => {
      if ((asked += 1) <= 3) throw unavailable();
    };
    expect(await company.run()).toMatchObject({ result: 'later', sums: { created: 17, failed: 3 } });
    company.crm.before = () => {
      asked += 1;
      throw unavailable();
    };
    asked = 0;
    company.now += 10 * MINUTE;
    await expect(company.run()).rejects.toThrow('no answer');
    expect(asked).toBeLessThan(8);
    expect((await company.grants()).filter(({ leaseOwner }) => leaseOwner !== '')).toEqual([]);
  });

  it('ends at once where the CRM refuses everybody', async () => {
    const company = new Company(20, 1);
    let asked = 0;
    company.crm.before = () => {
      asked += 1;
      throw new DatabaseError('login-refused', 'no such login');
    };
    await expect(company.run()).rejects.toThrow('no such login');
    expect(asked).toBeLessThanOrEqual(4);
  });

  it('begins no turn when its time is over', async () => {
    const company = new Company(40, 1, { concurrency: 2 });
    const deadline = plenty();
    company.open = (user, collection) => {
      if (user === loginOf(5)) deadline.end();
      return collection;
    };
    const report = await company.run({ deadline });
    expect(report).toMatchObject({
      result: 'later',
      message: expect.stringContaining('stopped before the end; the next run goes on') as string,
    });
    expect(company.spread.filter((count) => count === 1).length).toBeLessThan(10);
    expect(await company.run()).toMatchObject({ result: 'done' });
    expect(company.spread.every((count) => count === 1)).toBe(true);
  });

  it('is about one user where it was asked for one', async () => {
    const company = new Company(60, 1);
    expect(await company.run({ user: loginOf(55) })).toMatchObject({ sums: { users: 1, created: 1, parked: 0 } });
  });
});

describe('A first fill', () => {
  it('begins for as many users an hour as it may, in order, and goes on in later runs', async () => {
    const company = new Company(5, 2, { firstFill: { entriesPerMinute: 0, usersPerHour: 2 } });
    const report = await company.run();
    expect(report).toMatchObject({ result: 'done', sums: { users: 2, created: 4, waiting: 3 } });
    expect(report.message).toBe(
      '2 users in step; 4 made in the groupware; 3 users wait for a first fill, as firstFill allows 2 users an hour',
    );
    expect(company.spread).toEqual([2, 2, 0, 0, 0]);
    company.now += 59 * MINUTE;
    expect(await company.run()).toMatchObject({ result: 'done', sums: { users: 2, created: 0, waiting: 3 } });
    company.now += MINUTE;
    await company.run();
    expect(company.spread).toEqual([2, 2, 2, 2, 0]);
    company.now += 60 * MINUTE;
    expect(await company.run()).toMatchObject({ result: 'done', sums: { users: 5, waiting: 0 } });
    expect(company.spread).toEqual([2, 2, 2, 2, 2]);
  });

  it('makes as many entries a minute as it may, for all users together, and loses none', async () => {
    const company = new Company(3, 4, { concurrency: 1, firstFill: { entriesPerMinute: 6, usersPerHour: 0 } });
    const report = await company.run();
    expect(report).toMatchObject({ result: 'done', sums: { created: 6, left: 2, waiting: 1 } });
    expect(report.message).toContain(
      '1 user waits for a first fill, 2 to be made by a later run, as firstFill allows 6 entries a minute',
    );
    expect(company.printed).toContain(`${loginOf(1)}: 2 made in the groupware; 2 to be made by a later run`);
    expect(company.spread).toEqual([4, 2, 0]);
    expect(await company.run()).toMatchObject({ result: 'done', sums: { created: 0, left: 2, waiting: 1 } });
    company.now += MINUTE;
    expect(await company.run()).toMatchObject({ result: 'done', sums: { created: 6, left: 0, waiting: 0 } });
    expect(company.spread).toEqual([4, 4, 4]);
  });

  it('is not over before everything is there, and goes on before others begin, however seldom turns are', async () => {
    const company = new Company(2, 5, {
      concurrency: 1,
      every: 60 * MINUTE,
      firstFill: { entriesPerMinute: 3, usersPerHour: 0 },
    });
    await company.run();
    expect(await company.grants()).toMatchObject([
      { state: 'active', syncedAt: 0, failures: 0, leaseOwner: '' },
      { state: 'new', syncedAt: 0 },
    ]);
    company.now += MINUTE;
    await company.run();
    expect(company.spread).toEqual([5, 1]);
    const [grant] = await company.grants();
    expect(grant?.syncedAt).toBe(company.now);
    expect((grant?.dueAt ?? 0) - company.now).toBeGreaterThanOrEqual(60 * MINUTE);
  });

  it('keeps nobody waiting who is in step', async () => {
    const company = new Company(4, 3, { concurrency: 1, firstFill: { entriesPerMinute: 3, usersPerHour: 0 } });
    await company.run({ user: loginOf(0) });
    company.now += MINUTE;
    // Who is new comes first, and takes everything that may be made in this minute.
    await company.run({ user: loginOf(1) });
    company.add(loginOf(0), 900);
    expect(await company.run()).toMatchObject({ sums: { created: 1, waiting: 1, left: 3 } });
    expect(company.spread).toEqual([4, 3, 0, 0]);
  });

  it('of several hosts is limited all the same', async () => {
    const company = new Company(12, 3, { firstFill: { entriesPerMinute: 9, usersPerHour: 5 } });
    await Promise.all([company.run(), company.run(), company.run()]);
    expect(company.spread.reduce((sum, count) => sum + count, 0)).toBe(9);
    expect((await company.grants()).filter(({ state }) => state !== 'new').length).toBeLessThanOrEqual(5);
  });

  it('is that of a new user for whoever was left alone before', async () => {
    const company = new Company(3, 1, { firstFill: { entriesPerMinute: 0, usersPerHour: 1 } });
    const everybody = company.users;
    company.users = everybody.map((user) => ({ ...user, isActive: false }));
    expect(await company.run()).toMatchObject({ sums: { parked: 3 } });
    company.users = everybody;
    expect(await company.run()).toMatchObject({ sums: { created: 1, waiting: 2 } });
  });
});

describe('A first listing', () => {
  /** A company whose tasks are listed for the first time for two users an hour. */
  function company(
    count: number,
    config: Partial<Syncing['config']> = {},
    firstListings = { most: 2, perMs: 60 * MINUTE },
  ): Company {
    const made = new Company(count, 1, { concurrency: 1, ...config });
    made.addTasks();
    made.open = (_, collection, kind) => (kind === 'task' ? { ...collection, firstListings } : collection);
    return made;
  }
  const tasksOf = (made: Company) => made.users.map((_, n) => made.there(n, 'task'));

  it('waits for its hour, while everything else is in step, and whoever looks is told', async () => {
    const made = company(5, { every: 5 * MINUTE });
    const report = await made.run();
    expect(report).toMatchObject({ result: 'done', sums: { users: 5, created: 7, waiting: 0, unlisted: 3, failed: 0 } });
    expect(report.message).toBe(
      '5 users in step; 7 made in the groupware; 3 users wait until their tasks are listed for the first time, as the groupware takes 2 in 1 h',
    );
    expect([made.spread, tasksOf(made)]).toEqual([
      [1, 1, 1, 1, 1],
      [1, 1, 0, 0, 0],
    ]);
    const grants = await made.grants();
    expect(grants.map(({ reason }) => reason)).toEqual([
      '',
      '',
      ...Array<string>(3).fill('tasks wait to be listed for the first time'),
    ]);
    for (const grant of grants)
      expect(grant).toMatchObject({ failures: 0, dueAt: made.now + 1 + 5 * MINUTE, syncedAt: made.now });
    made.now += 30 * MINUTE;
    expect(await made.run()).toMatchObject({ sums: { created: 0, unlisted: 3 } });
    made.now += 30 * MINUTE;
    expect(await made.run()).toMatchObject({ sums: { created: 2, unlisted: 1 } });
    made.now += 60 * MINUTE;
    expect(await made.run()).toMatchObject({ message: '5 users in step; 1 made in the groupware', sums: { unlisted: 0 } });
    expect((await made.grants()).map(({ reason }) => reason)).toEqual(['', '', '', '', '']);
  });

  it('of a dry run is one of those of an hour, and counts as none', async () => {
    const made = company(5);
    const report = await made.dryRun();
    expect(report.message).toBe(
      '7 steps for 5 users; 3 users wait until their tasks are listed for the first time, as the groupware takes 2 in 1 h; ' +
        'a first fill of 5 users with 7 entries, in 2 h at the least',
    );
    expect(report.sums).toMatchObject({ fillMs: 120 * MINUTE });
    expect(await made.run()).toMatchObject({ sums: { unlisted: 3 } });
    expect(tasksOf(made)).toEqual([1, 1, 0, 0, 0]);
  });

  it('that waits is no first fill: whoever is new comes in nobody’s way', async () => {
    const made = company(3, { firstFill: { entriesPerMinute: 0, usersPerHour: 1 } }, { most: 1, perMs: 600 * MINUTE });
    await made.run();
    made.now += 60 * MINUTE;
    expect(await made.run()).toMatchObject({ sums: { unlisted: 1, waiting: 1 } });
    made.add(loginOf(1), 700);
    expect(await made.run()).toMatchObject({ sums: { created: 1, unlisted: 1, waiting: 1 } });
  });

  it('of several hosts is limited all the same', async () => {
    const made = company(9, { concurrency: 4 });
    await Promise.all([made.run(), made.run(), made.run()]);
    expect(tasksOf(made).reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(made.spread).toEqual(made.users.map(() => 1));
  });

  it('is needed, too, where a cursor counts no more: until then nothing of the kind is made, changed or deleted', async () => {
    const made = company(3);
    for (let hour = 0; hour < 2; hour += 1) {
      await made.run();
      made.now += 60 * MINUTE;
    }
    expect(tasksOf(made)).toEqual([1, 1, 1]);
    made.groupware.expireCursors();
    made.crm.rows.delete('action_item:9002');
    expect(await made.run()).toMatchObject({ sums: { unlisted: 1, deleted: 0 } });
    expect(tasksOf(made)).toEqual([1, 1, 1]);
    made.now += 60 * MINUTE;
    expect(await made.run()).toMatchObject({ sums: { unlisted: 0, deleted: 1 } });
  });

  it('waits for nobody whose last one is only old: half of them are for those who have none', async () => {
    const made = company(2);
    await made.run();
    const all: string[] = [];
    const { open } = made;
    made.open = (user, collection, kind) => ({
      ...open(user, collection, kind),
      list: (cursor, ...of) => {
        if (kind === 'task') all.push(cursor === undefined ? 'all' : 'changes');
        return collection.list(cursor, ...of);
      },
    });
    made.now += 24 * 60 * MINUTE;
    expect(await made.run()).toMatchObject({ sums: { unlisted: 0 } });
    expect(all).toEqual(['all', 'changes']);
  });
});
