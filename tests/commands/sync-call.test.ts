// The calls of rules to `sync`, in this process: a CRM, a groupware, a ledger and links in memory, and rules that fire while turns are taken.

import type { EntryReader } from '../../src/clarify/entries';
import { readCall } from '../../src/clarify/calls';
import type { AllOptions, AllParts } from '../../src/commands/index';
import type { Context } from '../../src/commands/command';
import { sync } from '../../src/commands/groupware/sync/index';
import type { Syncing } from '../../src/commands/groupware/sync/parts';
import type { Kept } from '../../src/commands/outbox/publish/keep';
import type { Config } from '../../src/config/schema';
import { DatabaseError } from '../../src/core/database-error';
import { newRequestId } from '../../src/core/request-id';
import type { Report } from '../../src/core/report';
import type { Entry } from '../../src/core/sync/entry';
import type { Ledger } from '../../src/ledger/ledger';
import type { Links } from '../../src/ledger/links';
import { NOW } from '../support/ledger-content';
import { MemoryCrm } from '../support/memory-crm';
import { memoryGroupware } from '../support/memory-groupware';
import { newMemoryStore, openMemoryLedger } from '../support/memory-ledger';
import { newLinkStore, openMemoryLinks } from '../support/memory-links';
import { startNow } from '../support/rerun';
import { SIGNAL, turnOf, type Place } from '../support/turns';
import { oneGroupware } from '../support/one-groupware';

const MINUTE = 60_000;
const at = (hour: string) => ({ wallClock: `2026-12-01T${hour}:00`, timeZone: 'America/Chicago' });
const VISIT: Entry = {
  kind: 'event',
  subject: 'Visit',
  time: { begin: at('09:00'), end: at('10:00') },
  place: '',
  notes: '',
  done: false,
};
const ROW = { type: 'appointment', objid: 7, kind: 'event', entry: VISIT } as const;

/** What is different about a run. */
interface More {
  readonly links?: Links;
  readonly ledger?: Ledger;
  readonly reader?: EntryReader;
  readonly options?: AllOptions;
  /** How much time it has. */
  readonly ms?: number;
}

type Company = ReturnType<typeof company>;

/** A company whose pat and ada are kept in step; eve is not active, and nobody kept bob in step. */
function company() {
  const crm = new MemoryCrm();
  for (const login of ['pat', 'ada', 'eve']) crm.users.set(login, { login, email: '', isActive: login !== 'eve' });
  crm.put({ ...ROW, owner: 'pat' });
  const clock = { now: NOW };
  const groupware = memoryGroupware({}, () => clock.now);
  const [grants, memory] = [newLinkStore(), newMemoryStore()];
  const links = openMemoryLinks(grants);
  const ledger = openMemoryLedger(memory);
  let runs = 0;

  const run = async (words: readonly string[], kept: Kept | undefined, { options = {}, ...more }: More = {}): Promise<Report> => {
    const open: Place['open'] = ({ login }, kind) => groupware.open(login, kind);
    const place: Place = { crm, links, open, now: clock.now };
    const syncing: Syncing = {
      config: {
        window: { past: 60 * 1_440 * MINUTE, ahead: 400 * 1_440 * MINUTE },
        firstFill: { entriesPerMinute: 0, usersPerHour: 0 },
        concurrency: 1,
        every: 0,
      } as Syncing['config'],
      links: more.links ?? links,
      reader: more.reader ?? crm.reader,
      writer: crm.writer,
      groupwares: oneGroupware({ open }),
      rulesOf: (login) => turnOf(place, login).rules,
    };
    const deadline = startNow(more.ms ?? 60_000);
    const owner = `run ${(runs += 1)}`;
    const context: Context<AllOptions, AllParts> = {
      words,
      options,
      config: { keepMessages: 90 * 1_440 * MINUTE } as unknown as Config,
      parts: {
        ...({} as AllParts),
        ...(kept === undefined ? {} : { kept }),
        syncing: () => Promise.resolve(syncing),
        ledger: () => Promise.resolve(more.ledger ?? ledger),
        spools: () => [],
        now: () => clock.now,
        random: () => 0.5,
        owner,
      },
      deadline,
      attemptDeadline: () => startNow(more.ms ?? 60_000),
      readRequest: () => {
        throw new Error('a call of sync is read by readCall');
      },
      readCall: (given) => readCall(given, { types: [], kinds: {} }),
      emit: () => undefined,
      progress: () => undefined,
      confirm: () => Promise.resolve(false),
    };
    try {
      return await sync(context);
    } finally {
      deadline.end();
    }
  };

  /** Keeps a call, as main does before it loads the command. */
  const keep = async (objid: number, own: Ledger = ledger): Promise<Kept> => {
    const request = { objectType: 'sync/appointment', objid, rule: '' };
    const id = newRequestId(clock.now);
    await ledger.accept(request, { owner: 'a rule', now: clock.now, workMs: 10_000 }, SIGNAL, id);
    return { place: 'ledger', ledger: own, requestId: id };
  };
  return {
    crm,
    clock,
    groupware,
    grants,
    links,
    ledger,
    memory,
    keep,
    run,
    call: async (objid: number, more: More = {}) => run(['appointment', String(objid)], await keep(objid, more.ledger), more),
    /** What users have in their calendars. */
    subjects: (user: string) =>
      [...groupware.of(user, 'event').items.values()].map(({ content }) =>
        content.kind === 'entry' ? content.entry.subject : content.kind,
      ),
    states: () => [...memory.requests.values()].map(({ state }) => state),
  };
}

describe('The call of a rule', () => {
  it('brings the row into step for its owner, and nobody else has a turn', async () => {
    const made = company();
    made.crm.put({ ...ROW, objid: 8, owner: 'ada' });
    expect(await made.call(7)).toMatchObject({ result: 'done', message: '1 user in step; 1 made in the groupware' });
    expect([made.subjects('pat'), made.subjects('ada')]).toEqual([['Visit'], []]);
    expect([...made.memory.requests.values()]).toMatchObject([{ state: 'handed-on', reason: 'pat' }]);
    expect([...made.grants.grants.keys()]).toEqual(['pat']);
  });

  it('removes the entry of whoever owned the row before', async () => {
    const made = company();
    await made.call(7);
    made.crm.put({ ...ROW, owner: 'ada' });
    expect(await made.call(7)).toMatchObject({ result: 'done' });
    expect([made.subjects('pat'), made.subjects('ada')]).toEqual([[], ['Visit']]);
  });

  it('removes the entry of a row that is gone', async () => {
    const made = company();
    await made.call(7);
    made.crm.rows.clear();
    expect(await made.call(7)).toMatchObject({ result: 'done' });
    expect(made.subjects('pat')).toEqual([]);
  });

  it.each([
    ['that belongs to nobody', '', 'sync of appointment 9: it belongs to nobody'],
    ['of somebody who is not active', 'eve', 'sync of appointment 9: it belongs to eve, who is not active in the CRM'],
    ['of somebody who is left out', 'bob', 'sync of appointment 9: it belongs to bob, who is not kept in step'],
  ])('about a row %s is settled, and says why', async (_, owner, message) => {
    const made = company();
    made.crm.put({ ...ROW, objid: 9, owner });
    expect(await made.call(9)).toMatchObject({ result: 'filtered', message });
    expect([made.states(), made.grants.grants.size]).toEqual([['filtered'], 0]);
  });

  it('about a row of which nothing can be said is settled', async () => {
    const made = company();
    const reader = { ...made.crm.reader, byKey: () => Promise.resolve(new Map()) };
    expect(await made.call(7, { reader })).toMatchObject({ result: 'filtered' });
  });

  it('about a row that is not there is kept, and looked for by the rounds of ten minutes', async () => {
    const made = company();
    expect(await made.call(9)).toMatchObject({
      result: 'later',
      message: expect.stringContaining('until it is 10 minutes') as string,
    });
    made.clock.now += 5 * MINUTE;
    await made.run([], undefined);
    expect(made.states()).toEqual(['awaited']);
    made.crm.put({ ...ROW, objid: 9, owner: 'ada' });
    made.clock.now += 5 * MINUTE;
    await made.run([], undefined);
    expect([made.states(), made.subjects('ada')]).toEqual([['handed-on'], ['Visit']]);
  });

  it('about a row that never comes is settled after that', async () => {
    const made = company();
    await made.call(9);
    made.clock.now += 11 * MINUTE;
    await made.run([], undefined);
    expect(made.states()).toEqual(['not-found']);
  });

  it('that meets a CRM which does not answer is put off with its words', async () => {
    const made = company();
    const reader = { ...made.crm.reader, byKey: () => Promise.reject(new DatabaseError('unavailable', 'the CRM is down')) };
    expect(await made.call(7, { reader })).toMatchObject({ result: 'later', hint: 'it is kept, and the next sync tries again' });
    expect([...made.memory.requests.values()]).toMatchObject([{ state: 'accepted', reason: 'the CRM is down' }]);
    made.clock.now += 2 * MINUTE;
    await made.run([], undefined);
    expect([made.states(), made.subjects('pat')]).toEqual([['handed-on'], ['Visit']]);
  });

  it('whose turn fails in the CRM stays handed on, and the turn stays due', async () => {
    const made = company();
    const reader = { ...made.crm.reader, ofUser: () => Promise.reject(new DatabaseError('unavailable', 'the CRM is down')) };
    expect(await made.call(7, { reader })).toMatchObject({ result: 'later' });
    expect([made.states(), made.grants.grants.get('pat')?.failures]).toEqual([['handed-on'], 1]);
    made.clock.now += 2 * MINUTE;
    await made.run([], undefined);
    expect(made.subjects('pat')).toEqual(['Visit']);
  });

  it('that neither ledger nor spool could keep says so', async () => {
    const made = company();
    const error = new DatabaseError('not-writable', 'the ledger is full');
    const report = await made.run(['appointment', '7'], { place: 'nowhere', error, reason: 'the spool is full' });
    expect(report).toMatchObject({
      result: 'not-kept',
      message: 'not in step yet, and not kept: the ledger is full; the spool is full',
    });
  });

  it('shows its plan in a dry run, and keeps nothing', async () => {
    const made = company();
    const dry = { options: { dryRun: true } };
    expect(await made.run(['appointment', '7'], undefined, dry)).toMatchObject({
      result: 'planned',
      message: '1 step for 1 user; a first fill of 1 user with 1 entry, in one run',
    });
    expect(await made.run(['appointment', '9'], undefined, dry)).toMatchObject({ result: 'not-found' });
    expect([made.states(), made.grants.grants.size, made.subjects('pat')]).toEqual([[], 0, []]);
  });

  it('does not go together with --user', async () => {
    await expect(company().run(['appointment', '7'], undefined, { options: { user: 'pat' } })).rejects.toThrow(
      '--user does not go',
    );
  });
});

describe('Many calls at once about one user', () => {
  it('are ten rows and one step', async () => {
    const made = company();
    const kept = await Promise.all(Array.from({ length: 10 }, () => made.keep(7)));
    const results = await Promise.all(kept.map((each) => made.run(['appointment', '7'], each)));
    expect([made.states(), made.groupware.writes()]).toEqual([Array(10).fill('handed-on'), 1]);
    expect(new Set(results.map(({ result }) => result))).toEqual(new Set(['done', 'later']));
  });

  it('leave the turn due where another run has it, and end with later', async () => {
    const made = company();
    await made.links.enter(['pat'], NOW, SIGNAL);
    const [grant] = await made.links.grants(SIGNAL);
    if (grant === undefined) throw new Error('pat was entered');
    await made.links.takeTurn(grant, { owner: 'another run', now: NOW, workMs: MINUTE }, SIGNAL);
    expect(await made.call(7)).toMatchObject({ result: 'later', message: 'another run is at pat; another turn follows' });
    await made.links.endTurn('pat', 'another run', { ...grant, dueAt: NOW + MINUTE }, SIGNAL);
    expect(await made.links.dueGrants(NOW, 10, SIGNAL)).toMatchObject([{ user: 'pat' }]);
  });

  it('are done by whoever has the turn: it takes another one', async () => {
    const made = company();
    let late: Report | undefined;
    const reader: EntryReader = {
      ...made.crm.reader,
      ofUser: async (...given) => {
        const seen = await made.crm.reader.ofUser(...given);
        // What the first call has read does not have the second row, whose rule fires now.
        if (late === undefined) {
          made.crm.put({ ...ROW, objid: 8, owner: 'pat', entry: { ...VISIT, subject: 'Second visit' } });
          late = await made.call(8);
        }
        return seen;
      },
    };
    expect(await made.call(7, { reader })).toMatchObject({ result: 'done', message: '1 user in step; 2 made in the groupware' });
    expect(late).toMatchObject({ result: 'later' });
    expect(made.subjects('pat').sort()).toEqual(['Second visit', 'Visit']);
  });

  it('believe another run that took the turn since it was asked for', async () => {
    const made = company();
    const links: Links = {
      ...made.links,
      makeDue: async (...given) => {
        await made.links.makeDue(...given);
        made.clock.now += 1;
        await made.run([], undefined);
        made.clock.now -= 1;
      },
    };
    expect(await made.call(7, { links })).toMatchObject({ result: 'done', message: 'another run took the turn of pat' });
    expect(made.subjects('pat')).toEqual(['Visit']);
  });
});

describe('A call whose run is killed', () => {
  const killed = () => Promise.reject(new Error('killed'));

  it.each<[string, (made: Company) => More]>([
    ['before it looked at the CRM', ({ crm }) => ({ reader: { ...crm.reader, users: killed } })],
    ['before it asked for the turn', ({ links }) => ({ links: { ...links, makeDue: killed } })],
    ['after it asked for the turn', ({ ledger }) => ({ ledger: { ...ledger, settleRequest: killed } })],
    ['before it took the turn', ({ links }) => ({ links: { ...links, takeTurn: killed, endTurn: killed } })],
    ['in its turn', ({ links }) => ({ links: { ...links, commit: killed, endTurn: killed } })],
  ])('%s is done by the next round', async (_, killing) => {
    const made = company();
    const end = await made.call(7, killing(made)).then(
      ({ message }) => message,
      (error: unknown) => String(error),
    );
    expect(end).toContain('killed');
    // Whatever it held is over by then.
    made.clock.now += 2 * MINUTE;
    await made.run([], undefined);
    expect([made.states(), made.subjects('pat')]).toEqual([['handed-on'], ['Visit']]);
  });
});

describe('A round', () => {
  it('leaves a call alone whose own run is at work', async () => {
    const made = company();
    await made.keep(7);
    await made.run([], undefined);
    expect(made.states()).toEqual(['accepted']);
  });

  it('ends a turn for which all its time was not enough', async () => {
    const made = company();
    const ends: boolean[] = [];
    const links: Links = {
      ...made.links,
      endTurn: (...given) => {
        ends.push(given[3].aborted);
        return made.links.endTurn(...given);
      },
    };
    // As a SQL Server that answers nobody any more whose time is over.
    const reader: EntryReader = {
      ...made.crm.reader,
      ofUser: async (login, now, signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        return made.crm.reader.ofUser(login, now, signal);
      },
    };
    expect(await made.run([], undefined, { links, reader, ms: 50, options: { user: 'pat' } })).toMatchObject({ result: 'later' });
    expect(ends).toEqual([false]);
    expect(made.grants.grants.get('pat')).toMatchObject({ leaseOwner: '', failures: 1 });
  });
});
