// A user who leaves: the turns end, what was made for the user in the groupware can be taken out of it, and the way back doubles nothing.

import { disconnect } from '../../src/commands/groupware/disconnect';
import { sync } from '../../src/commands/groupware/sync/index';
import { resolve } from '../../src/commands/outbox/resolve';
import { forget } from '../../src/commands/groupware/forget';
import type { Links } from '../../src/ledger/links';
import { agenda, key, LOGIN, ROWS, turns, visit, type Agenda } from '../support/agenda';
import { nobodyAgrees } from '../support/consenting';
import { obey, type AnyCommand, type Obeyed, type Situation } from '../support/ledger-context';
import { openLedger } from '../support/open-ledger';
import { SIGNAL, syncingOf } from '../support/turns';

const REMOVE = { removeEntries: true, yes: true } as const;
let runs = 0;

/** Runs a command on an agenda, as a run of its own. */
function run(command: unknown, made: Agenda, words: readonly string[], situation: Situation = {}): Promise<Obeyed> {
  runs += 1;
  const parts = {
    syncing: () => Promise.resolve(syncingOf(made)),
    links: () => Promise.resolve(made.links),
    consenting: () => Promise.resolve(nobodyAgrees(made.links)),
    owner: `run ${runs}`,
    random: () => 0.5,
  };
  return obey(command as AnyCommand, openLedger(), words, { now: made.now, ...situation, parts });
}

const stateOf = async ({ links }: Agenda) => (await links.grants(SIGNAL)).map(({ state }) => state);
/** How many links there are in each state. */
async function countsOf({ links }: Agenda): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { state, cause } of await links.find({}, 100, SIGNAL)) {
    const name = `${state}${cause === '' ? '' : ` (${cause})`}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Takes the turns of all whose turn it is, as the scheduler does. */
async function synced(made: Agenda, times = 1, options: Situation['options'] = {}): Promise<Obeyed> {
  let last = await run(sync, made, [], { options });
  for (let round = 1; round < times; round += 1) {
    made.now += 60_000;
    last = await run(sync, made, [], { options });
  }
  return last;
}

describe('disconnect', () => {
  it('ends the turns of a user, and deletes nothing', async () => {
    const made = await agenda();
    const before = [await made.links.find({}, 100, SIGNAL), made.subjects(), made.groupware.writes(), made.crm.writes];
    const { report, questions } = await run(disconnect, made, [' PMorales ']);
    expect(report).toMatchObject({
      result: 'done',
      message: `${LOGIN} is disconnected; nothing was deleted`,
      hint: `to keep ${LOGIN} in step again: publish-activity resolve ${LOGIN} --as both`,
    });
    expect([questions, await stateOf(made)]).toEqual([[], ['disconnected']]);
    made.crm.edit(key(1), { subject: 'Desk 1' });
    expect((await synced(made, 3)).report.sums).toMatchObject({ users: 0, parked: 0 });
    made.crm.edit(key(1), { subject: 'Visit 1' });
    const after = [await made.links.find({}, 100, SIGNAL), made.subjects(), made.groupware.writes(), made.crm.writes];
    expect(after).toEqual(before);
    const { report: refused } = await run(sync, made, [], { options: { user: LOGIN } });
    expect(refused).toMatchObject({ result: 'usage', message: `${LOGIN} is disconnected` });
    expect((await run(sync, made, [], { options: { dryRun: true } })).report.sums).toMatchObject({ users: 0, steps: 0 });
  });

  it('keeps a user out who has had no turn yet', async () => {
    const made = await agenda();
    made.crm.users.set('nvale', { login: 'nvale', email: '', isActive: true });
    await run(disconnect, made, ['nvale']);
    await synced(made);
    expect(await stateOf(made)).toEqual(['disconnected', 'active']);
    expect((await made.links.grants(SIGNAL))[0]).toMatchObject({ user: 'nvale', syncedAt: 0 });
  });

  it.each<[string, readonly string[], string]>([
    ['somebody who was never kept in step', ['nobody'], 'not-found'],
    ['nobody', [], 'usage'],
    ['two', [LOGIN, 'nvale'], 'usage'],
  ])('refuses %s', async (_, words, result) => {
    const made = await agenda();
    expect((await run(disconnect, made, words, { options: REMOVE })).report.result).toBe(result);
    expect([made.items().size, await stateOf(made)]).toEqual([ROWS, ['active']]);
  });

  it('is refused while a run is at the user', async () => {
    const made = await agenda();
    const [grant] = await made.links.grants(SIGNAL);
    if (grant === undefined) throw new Error('there is no grant');
    await made.links.takeTurn(grant, { owner: 'a run', now: made.now, workMs: 60_000 }, SIGNAL);
    expect((await run(disconnect, made, [LOGIN], { options: REMOVE })).report).toMatchObject({ result: 'later' });
    expect([made.items().size, await stateOf(made)]).toEqual([ROWS, ['active']]);
  });
});

describe('disconnect --remove-entries', () => {
  /** What people changed there, or made, stays. */
  async function lived(): Promise<Agenda> {
    const made = await agenda();
    const calendar = made.groupware.of(LOGIN, 'event');
    const entry = { kind: 'event', subject: 'Dentist', time: {}, place: '', notes: '', done: false } as const;
    calendar.put('own', { content: { kind: 'entry', entry }, mark: undefined, decorations: [] });
    await turns(made, 1);
    await made.edit(1, { subject: 'Phone 1' });
    await made.become(2, 'private');
    await made.become(3, 'series');
    return made;
  }

  it('asks, and does nothing where nobody says yes', async () => {
    const made = await lived();
    const { report, questions } = await run(disconnect, made, [LOGIN], { options: { removeEntries: true } });
    expect(questions).toEqual([
      `9 entries of ${LOGIN} will be deleted in the groupware; the CRM keeps its own. 3 entries stay, because somebody changed it, or nobody knows.\n` +
        `Disconnect ${LOGIN}?`,
    ]);
    expect(report).toMatchObject({ result: 'usage', message: 'nothing was disconnected, because nobody said yes' });
    expect([made.items().size, await stateOf(made)]).toEqual([ROWS + 1, ['active']]);
  });

  it('deletes what was made there for the CRM, and leaves what people made or changed, and the CRM', async () => {
    const made = await lived();
    const rows = [...made.crm.rows.values()];
    const { report, text, json } = await run(disconnect, made, [LOGIN], { options: { removeEntries: true }, answer: true });
    expect(report).toMatchObject({
      result: 'done',
      message: `${LOGIN} is disconnected; 9 entries were taken out of the groupware; 3 entries stay there`,
      sums: { deleted: 9, staying: 3, left: 0 },
    });
    expect(made.subjects().groupware).toEqual(['Dentist', 'Phone 1', 'private', 'series']);
    expect([[...made.crm.rows.values()], made.crm.writes]).toEqual([rows, 1]);
    expect(json.map(({ objid, why }) => [objid, why]).toSorted()).toEqual([
      [1, 'somebody changed it there'],
      [2, 'it is private there now'],
      [3, 'somebody made a series of it'],
    ]);
    expect(text).toContain('appointment 1 "Visit 1" stays in the groupware: somebody changed it there');
    expect(await countsOf(made)).toEqual({ 'gone (disconnected)': 9, linked: 3, 'held (private)': 1 });
    expect(await stateOf(made)).toEqual(['disconnected']);
    const again = await run(disconnect, made, [LOGIN], { options: { removeEntries: true } });
    expect([again.questions, again.report.sums]).toEqual([[], { deleted: 0, staying: 3, left: 0 }]);
  });

  it('also of a user whom the CRM does not name any more, and of all entries at once', async () => {
    const made = await agenda();
    made.crm.users.clear();
    expect((await run(disconnect, made, [LOGIN], { options: REMOVE })).report.sums).toEqual({
      deleted: ROWS,
      staying: 0,
      left: 0,
    });
    expect([made.items().size, made.crm.rows.size]).toEqual([0, ROWS]);
  });

  it('leaves what somebody changes at the last moment', async () => {
    const made = await agenda();
    const { remoteId } = await made.linkOf(5);
    const item = made.items().get(remoteId);
    if (item === undefined) throw new Error('it is there');
    const entry = { ...visit(5), subject: 'Phone 5' };
    made.groupware.switches.fails = ({ do: step }) => {
      if (step === 'delete') made.groupware.of(LOGIN, 'event').put(remoteId, { ...item, content: { kind: 'entry', entry } });
      made.groupware.switches.fails = () => undefined;
      return undefined;
    };
    const { report } = await run(disconnect, made, [LOGIN], { options: REMOVE });
    expect(report.sums).toEqual({ deleted: ROWS - 1, staying: 1, left: 0 });
    expect(made.subjects().groupware).toEqual(['Phone 5']);
  });

  it('says what is left where the groupware fails, and goes on when it is run again', async () => {
    const made = await agenda();
    let steps = 0;
    made.groupware.switches.fails = () => ((steps += 1) > 4 ? { kind: 'retry', reason: 'too many requests' } : undefined);
    const { report } = await run(disconnect, made, [LOGIN], { options: REMOVE });
    expect(report).toMatchObject({
      result: 'later',
      message: `${LOGIN} is disconnected; 4 entries were taken out of the groupware; 8 still to be deleted: too many requests`,
      hint: 'run the same command again; it goes on',
    });
    made.groupware.switches.fails = () => undefined;
    expect((await run(disconnect, made, [LOGIN], { options: REMOVE })).report.sums).toEqual({ deleted: 8, staying: 0, left: 0 });
    expect(await countsOf(made)).toEqual({ 'gone (disconnected)': ROWS });
  });

  /** Links that stop working at the n-th change, before it is made or after. */
  function dyingAt(links: Links, at: number, isAfter: boolean): Links {
    let changes = 0;
    const dying =
      <Of extends unknown[], T>(change: (...of: Of) => Promise<T>) =>
      async (...of: Of): Promise<T> => {
        changes += 1;
        if (changes > at || (changes === at && !isAfter)) throw new Error('killed');
        const made = await change(...of);
        if (changes === at) throw new Error('killed');
        return made;
      };
    return {
      ...links,
      enter: dying((...of) => links.enter(...of)),
      takeTurn: dying((...of) => links.takeTurn(...of)),
      commit: dying((...of) => links.commit(...of)),
      endTurn: dying((...of) => links.endTurn(...of)),
    };
  }

  const KILLS = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((at) => [false, true].map((isAfter) => [at, isAfter] as const));
  it.each(KILLS)(
    'goes on after a kill at its change %i (after it: %s), and can be taken back at any moment',
    async (at, isAfter) => {
      const made = await agenda();
      await made.edit(1, { subject: 'Phone 1' });
      const { links } = made;
      await run(disconnect, { ...made, links: dyingAt(links, at, isAfter) }, [LOGIN], { options: REMOVE }).catch(() => undefined);
      // Until its lease is over, nobody else has the turn.
      made.now += 600_000;
      if ((await stateOf(made))[0] === 'disconnected') {
        await run(disconnect, made, [LOGIN], { options: REMOVE });
        expect([made.subjects().groupware, await stateOf(made)]).toEqual([['Phone 1'], ['disconnected']]);
      }
      await run(resolve, made, [LOGIN], { options: { as: 'both' } });
      await synced(made, 10);
      const { crm, groupware } = made.subjects();
      expect([crm.length, groupware]).toEqual([ROWS, crm]);
      expect(crm).toContain('Phone 1');
    },
  );

  it.each(KILLS)('is taken back in step where it was killed at its change %i (after it: %s)', async (at, isAfter) => {
    const made = await agenda();
    await made.edit(1, { subject: 'Phone 1' });
    const dying = { ...made, links: dyingAt(made.links, at, isAfter) };
    await run(disconnect, dying, [LOGIN], { options: REMOVE }).catch(() => undefined);
    made.now += 600_000;
    await run(resolve, made, [LOGIN], { options: { as: 'both' } });
    await synced(made, 10);
    const { crm, groupware } = made.subjects();
    expect([crm.length, groupware]).toEqual([ROWS, crm]);
    expect(crm).toContain('Phone 1');
    expect((await countsOf(made))['held (guard-there)']).toBeUndefined();
  });
});

describe('A user who was disconnected', () => {
  it.each<[string, Situation['options']]>([
    ['is adopted when kept in step again, and nothing is doubled', {}],
    ['gets everything anew when it was taken out', REMOVE],
  ])('%s', async (_, options = {}) => {
    const made = await agenda();
    const own = { kind: 'entry', entry: { ...visit(13), subject: 'Own' } } as const;
    made.groupware.of(LOGIN, 'event').put('own', { content: own, mark: undefined, decorations: [] });
    await run(disconnect, made, [LOGIN], { options });
    // What happens meanwhile on both sides comes in step.
    made.crm.edit(key(1), { subject: 'Desk 1' });
    if (options.removeEntries !== true) await made.edit(2, { subject: 'Phone 2' });
    made.crm.put({
      ...key(30),
      kind: 'event',
      owner: LOGIN,
      entry: { ...visit(3), subject: 'New' },
    });
    await synced(made, 2);
    expect((await run(resolve, made, [LOGIN], { options: { as: 'both' } })).report).toMatchObject({
      result: 'done',
      message: `${LOGIN} is kept in step again; the next sync goes on`,
    });
    await synced(made, 10);
    const { crm, groupware } = made.subjects();
    expect(groupware).toEqual(crm);
    expect(crm).toEqual(expect.arrayContaining(['Desk 1', 'New', 'Own']));
    expect(crm.includes('Phone 2')).toBe(options.removeEntries !== true);
    expect(crm).toHaveLength(ROWS + 2);
    expect(await countsOf(made)).toEqual({
      linked: ROWS + 2,
      ...(options.removeEntries === true ? { 'gone (disconnected)': ROWS } : {}),
    });
  });

  it('whose texts were forgotten is adopted as well', async () => {
    const made = await agenda();
    await run(disconnect, made, [LOGIN]);
    const { report } = await run(forget, made, [LOGIN], { options: { yes: true } });
    expect(report.hint).toBeUndefined();
    await run(resolve, made, [LOGIN], { options: { as: 'crm' } });
    await synced(made, 10);
    expect([made.subjects().groupware, await countsOf(made)]).toEqual([made.subjects().crm, { linked: ROWS }]);
    expect([made.groupware.writes(), made.crm.writes]).toEqual([ROWS, 0]);
  });

  it('is not kept in step again as long as nobody names the login', async () => {
    const made = await agenda();
    await run(disconnect, made, [LOGIN]);
    made.crm.users.clear();
    expect((await run(resolve, made, [LOGIN], { options: { as: 'both' } })).report).toMatchObject({
      result: 'not-found',
      hint: 'name the login there first',
    });
    expect(await stateOf(made)).toEqual(['disconnected']);
  });
});
