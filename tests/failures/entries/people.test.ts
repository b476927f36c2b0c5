// What people do to a linked pair on either side, over a groupware in memory, a folder of files, Radicale and Google: README.md has the list.

import type { Entry } from '../../../src/core/sync/entry';
import { BOB } from '../../groupware/suite';
import {
  beside,
  between,
  EVENTS,
  IN_STEP,
  OWNER,
  pairOf,
  ROW,
  T,
  TASK,
  V,
  VISIT,
  type Pair,
  type Rest,
} from '../../support/pair';
import { SIGNAL } from '../../support/turns';
import { ALL, describeOver, itOver, type Not } from '../../support/worlds';

let pair: Pair;
afterEach(() => pair.close());

const NEW_TIME = between('03T14:00', '03T15:30');
const moved = V.replace(/2026.*Z/, '2026-12-03T20:00:00Z/2026-12-03T21:30:00Z');
const otherTime = between('04T08:00', '04T09:00');
const DAYS: Entry['time'] = { begin: { day: '2026-12-01' }, end: { day: '2026-12-03' } };
const inDays = V.replace(/2026.*Z/, '2026-12-01/2026-12-03');
const midnights = V.replace(/2026.*Z/, '2026-12-01T06:00:00Z/2026-12-03T06:00:00Z');
const both = (entry: string, rest: Partial<Rest> = {}) => ({ ...IN_STEP, crm: [entry], groupware: [entry], ...rest });
const visit = () => pair.idOf('appointment', 7);

describeOver(ALL, 'a linked pair comes to rest as it should', (name) => {
  it.each<[string, Partial<Entry>, Partial<Entry>, Rest]>([
    ['the row alone', { subject: 'Visit 2' }, {}, both(V.replace('Visit', 'Visit 2'), { writes: [0, 1] })],
    ['the item alone', {}, { time: NEW_TIME }, both(moved, { writes: [1, 0] })],
    [
      'different fields of both',
      { subject: 'Visit 2' },
      { time: NEW_TIME },
      both(moved.replace('Visit', 'Visit 2'), { writes: [1, 1] }),
    ],
    [
      'the time of both',
      { time: otherTime },
      { time: NEW_TIME },
      both(moved, { writes: [1, 0], conflicts: ['time: groupware, not 2026-12-04T14:00:00Z/2026-12-04T15:00:00Z'] }),
    ],
    [
      'the subject of both',
      { subject: 'Ours' },
      { subject: 'Theirs' },
      both(V.replace('Visit', 'Ours'), { writes: [0, 1], conflicts: ['subject: crm, not Theirs'] }),
    ],
    [
      'the notes of both',
      { notes: 'Ours' },
      { notes: 'Theirs' },
      both(`${V} | Ours\n\nTheirs`, { writes: [1, 1], conflicts: ['notes: both, not Ours'] }),
    ],
    ['both in the same way', { time: NEW_TIME }, { time: NEW_TIME }, both(moved)],
    ['the subject, which is empty now', {}, { subject: '' }, both(V.replace('Visit | ', ''), { writes: [1, 0] })],
    ['the subject, which is empty now in the CRM', { subject: '' }, {}, both(V.replace('Visit | ', ''), { writes: [0, 1] })],
    [
      'the notes, which have ten thousand characters',
      {},
      { notes: 'x'.repeat(10_000) },
      both(`${V} | ${'x'.repeat(10_000)}`, { writes: [1, 0] }),
    ],
    ['8. the item, which is all-day now', {}, { time: DAYS }, { ...both(inDays, { writes: [1, 0] }), crm: [midnights] }],
  ])('somebody changes %s', async (_, here, there, expected) => {
    pair = await pairOf(name, undefined, EVENTS);
    if (Object.keys(here).length > 0) pair.crm.edit(ROW, here);
    if (Object.keys(there).length > 0) await pair.person().edit(await visit(), there);
    expect(await pair.rest()).toEqual(expected);
  });

  it('the notes of both, while the row is somebody else’s for a moment', async () => {
    pair = await pairOf(name);
    pair.crm.edit(ROW, { notes: 'Ours' });
    await pair.person().edit(await visit(), { notes: 'Theirs' });
    pair.crm.put({ ...ROW, kind: 'event', owner: BOB.login, entry: { ...VISIT, notes: 'Ours' } });
    await pair.turn();
    const entry = pair.crm.rows.get('appointment:7')?.entry ?? VISIT;
    pair.crm.put({ ...ROW, kind: 'event', owner: OWNER, entry });
    const expected = both(`${V} | Ours\n\nTheirs`, { writes: [1, 1], conflicts: ['notes: both, not Ours'] });
    expect(await pair.rest()).toEqual(expected);
  });

  it('somebody makes an entry, and it is private before it is in the CRM: it waits, and nothing of it is kept', async () => {
    pair = await pairOf(name);
    const lunch = await pair.person().add({ ...VISIT, subject: 'Lunch', place: '' });
    pair.crm.before = (what) => {
      if (what === 'crm insert') throw new Error('the CRM is not there');
    };
    expect(await pair.turn()).toBeInstanceOf(Error);
    pair.crm.before = () => undefined;
    await pair.person().turn(lunch, 'private');
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: [V, 'private'], links: ['intended', 'linked'] });
    const kept = [...pair.store.links.values()].map(({ entries }) => String(entries));
    expect(kept.filter((text) => text.includes('Lunch'))).toEqual([]);
  });

  it('8. all-day in the groupware, moved by a day in the CRM, and back to hours on either side', async () => {
    pair = await pairOf(name, undefined, EVENTS);
    await pair.person().edit(await visit(), { time: DAYS });
    await pair.rest();
    pair.crm.edit(ROW, { time: between('02T00:00', '03T00:00') });
    expect(await pair.rest()).toMatchObject({ groupware: [V.replace(/2026.*Z/, '2026-12-02/2026-12-03')], writes: [1, 1] });
    pair.crm.edit(ROW, { time: NEW_TIME });
    expect(await pair.rest()).toEqual(both(moved, { writes: [1, 2] }));
    await pair.person().edit(await visit(), { time: DAYS });
    await pair.rest();
    await pair.person().edit(await visit(), { time: VISIT.time });
    expect(await pair.rest()).toEqual(both(V, { writes: [3, 2] }));
  });

  it('12. another program writes the zone as UTC, and moves nothing', async () => {
    pair = await pairOf(name, undefined, EVENTS);
    await pair.person().edit(await visit(), { time: utc('2026-12-01T15:00:00', '2026-12-01T16:00:00') });
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it('10, 11. whatever other programs put there stays, whatever is written', async () => {
    pair = await pairOf(name, undefined, EVENTS);
    await pair.person().decorate(await visit());
    const decorations = await pair.person().decorations(await visit());
    for (const change of [{ subject: 'Visit 2' }, { time: NEW_TIME }, { place: '' }, { notes: 'New' }, { time: DAYS }]) {
      pair.crm.edit(ROW, change);
      await pair.rest();
    }
    expect(await pair.person().decorations(await visit())).toEqual(decorations);
    expect((await pair.rest()).writes).toEqual([0, 5]);
  });

  it.each(['private', 'series', 'unreadable', 'foreign'] as const)(
    '11, 13, 14. it becomes %s, the row changes meanwhile, and nobody writes anything',
    async (into) => {
      pair = await pairOf(name, undefined, EVENTS);
      const id = await visit();
      await pair.person().turn(id, into);
      const states = { private: 'held (private)', series: 'held (series)', unreadable: 'linked', foreign: 'apart (both)' };
      pair.crm.edit(ROW, { subject: 'Visit 2' });
      expect(await pair.rest()).toEqual({
        ...IN_STEP,
        crm: [V.replace('Visit', 'Visit 2')],
        groupware: [into],
        links: [states[into]],
      });
      const kept = JSON.stringify([...pair.store.links.values(), ...pair.store.conflicts.values()]);
      expect(kept).not.toContain('SECRET');
      if (into === 'private') expect(kept).not.toContain('Visit');
    },
  );

  it.each(['private', 'series', 'unreadable', 'foreign'] as const)('14. what is %s is never taken in', async (into) => {
    pair = await pairOf(name, undefined, EVENTS);
    const id = await pair.person().add({ ...VISIT, subject: 'Theirs' });
    await pair.person().turn(id, into);
    expect(await pair.rest()).toMatchObject({ crm: [V], links: ['linked'], writes: [0, 0] });
  });

  it('25. what is over is deleted in the groupware: the history of the CRM stays', async () => {
    pair = await pairOf(name, undefined, EVENTS);
    pair.crm.put({ ...ROW, kind: 'event', owner: OWNER, entry: VISIT, isPast: true });
    await pair.person().remove(await visit());
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: [], links: ['apart (past)'] });
  });

  it.each<[string, string, Partial<Rest>]>([
    ['the row', 'crm', { crm: [], groupware: [], links: ['gone (deleted-here)'], writes: [0, 1] }],
    ['the item', 'groupware', { groupware: [], links: ['apart (deleted-there)'] }],
    ['both', 'crm groupware', { crm: [], groupware: [], links: ['gone'] }],
    ['the row, which was changed in the groupware', 'crm edited-there', { ...both(moved), links: ['linked'], writes: [1, 0] }],
    [
      'the item, which was changed in the CRM',
      'groupware edited-here',
      { ...both(moved), links: ['gone (deleted-there)', 'linked'], writes: [0, 1] },
    ],
  ])('somebody deletes %s', async (_, did, expected) => {
    pair = await pairOf(name, undefined, EVENTS);
    const id = await visit();
    if (did.includes('edited-here')) pair.crm.edit(ROW, { time: NEW_TIME });
    if (did.includes('edited-there')) await pair.person().edit(id, { time: NEW_TIME });
    if (did.includes('crm')) pair.crm.rows.delete('appointment:7');
    if (did.startsWith('groupware') || did.endsWith(' groupware')) await pair.person().remove(id);
    expect(await pair.rest()).toEqual({ ...IN_STEP, ...expected });
  });

  it('7. deleted, made anew, and again: each time under an id of its own', async () => {
    pair = await pairOf(name, undefined, EVENTS);
    const ids = new Set<string>();
    for (let n = 1; n <= 3; n += 1) {
      const [link] = await pair.links.find({ states: ['linked'] }, 1, SIGNAL);
      ids.add(link?.remoteId ?? '');
      await pair.person().remove(link?.remoteId ?? '');
      pair.crm.edit(ROW, { subject: `Visit ${n}` });
      const gone = Array.from({ length: n }, () => 'gone (deleted-there)');
      expect(await pair.rest()).toEqual(both(V.replace('Visit', `Visit ${n}`), { links: [...gone, 'linked'], writes: [0, n] }));
    }
    expect(ids.size).toBe(3);
  });

  it('two entries swap their times', async () => {
    pair = await pairOf(name, ({ crm }) =>
      crm.put({ ...ROW, objid: 8, kind: 'event', owner: OWNER, entry: { ...VISIT, subject: 'Other', time: NEW_TIME } }),
    );
    await pair.person().edit(await visit(), { time: NEW_TIME });
    await pair.person().edit(await pair.idOf('appointment', 8), { time: VISIT.time });
    const all = [V.replace('Visit', 'Other'), moved];
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: all, groupware: all, links: ['linked', 'linked'], writes: [2, 0] });
  });

  it('a row leaves the window and returns, and what was changed meanwhile comes along', async () => {
    pair = await pairOf(name, undefined, EVENTS);
    pair.crm.put({ ...ROW, kind: 'event', owner: OWNER, entry: VISIT, isInWindow: false });
    expect(await pair.rest()).toEqual({ ...IN_STEP, links: ['apart (window)'] });
    await pair.person().edit(await visit(), { time: NEW_TIME });
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    expect(await pair.rest()).toMatchObject({ crm: [V.replace('Visit', 'Visit 2')], groupware: [moved], writes: [0, 0] });
    pair.crm.put({ ...ROW, kind: 'event', owner: OWNER, entry: { ...VISIT, subject: 'Visit 2' }, isInWindow: true });
    expect(await pair.rest()).toEqual(both(moved.replace('Visit', 'Visit 2'), { writes: [1, 1] }));
  });

  it('a row is given to another user, and back', async () => {
    pair = await pairOf(name, undefined, EVENTS);
    pair.crm.put({ ...ROW, kind: 'event', owner: BOB.login, entry: VISIT });
    const links = ['gone (owner)', 'linked'];
    expect(await pair.rest(OWNER, BOB.login)).toEqual({ ...IN_STEP, links, writes: [0, 2] });
    pair.crm.put({ ...ROW, kind: 'event', owner: OWNER, entry: VISIT });
    expect(await pair.rest(OWNER, BOB.login)).toEqual({
      ...IN_STEP,
      links: ['gone (owner)', 'gone (owner)', 'linked'],
      writes: [0, 4],
    });
  });

  it('a row is given away, deleted, and was changed by both: each keeps what they made of it', async () => {
    pair = await pairOf(name, undefined, EVENTS);
    await pair.rest(OWNER, BOB.login);
    pair.crm.put({ ...ROW, kind: 'event', owner: BOB.login, entry: VISIT });
    // Bob gets his, and Ann's does not go yet.
    await pair.turn(BOB.login);
    const [his] = (await pair.links.find({ user: BOB.login }, 1, SIGNAL)).map(({ remoteId }) => remoteId);
    await pair.person('event', BOB.login).edit(his ?? '', { subject: 'His' });
    await pair.person().edit(await idOf(OWNER), { subject: 'Hers' });
    pair.crm.rows.delete('appointment:7');
    const all = [V.replace('Visit', 'Hers'), V.replace('Visit', 'His')];
    expect(await pair.rest(OWNER, BOB.login)).toEqual({
      ...IN_STEP,
      crm: all,
      groupware: all,
      links: ['linked', 'linked'],
      writes: [2, 1],
    });
    expect(new Set([...pair.crm.rows.values()].map(({ owner }) => owner))).toEqual(new Set([OWNER, BOB.login]));
  });

  const NOT_INVITED: Not = { Google: 'no invitation comes into a calendar of the program’s own' };
  itOver(name, '15. a meeting that stands in two calendars is an entry of the one who invites', NOT_INVITED, async () => {
    pair = await pairOf(name, undefined, EVENTS);
    const hers = await pair.person().add({ ...VISIT, subject: 'Meeting' });
    const his = await pair.person('event', BOB.login).add({ ...VISIT, subject: 'Meeting' });
    expect(his).toBe(hers);
    await pair.person('event', BOB.login).turn(his, 'foreign');
    const meeting = V.replace('Visit', 'Meeting');
    expect(await pair.rest(OWNER, BOB.login)).toEqual({
      ...IN_STEP,
      crm: [meeting, V],
      groupware: [meeting, V, 'foreign'],
      links: ['linked', 'linked'],
      writes: [1, 0],
    });
  });

  it('15. what stands in two calendars, and nobody invited to, is an entry of each', async () => {
    pair = await pairOf(name, undefined, EVENTS);
    for (const login of [OWNER, BOB.login]) await pair.person('event', login).add({ ...VISIT, subject: 'Meeting' });
    const meeting = V.replace('Visit', 'Meeting');
    const all = [meeting, meeting, V];
    const links = ['linked', 'linked', 'linked'];
    expect(await pair.rest(OWNER, BOB.login)).toEqual({ ...IN_STEP, crm: all, groupware: all, links, writes: [2, 0] });
  });

  it('a task is ticked off on either side', async () => {
    const { there } = beside(name);
    pair = await pairOf(name, ({ crm }) => crm.put({ type: 'action_item', objid: 8, kind: 'task', owner: OWNER, entry: TASK }));
    await pair.person('task').edit(await pair.idOf('action_item', 8), { done: true });
    expect(await pair.rest()).toMatchObject({ crm: [`${T} | done`, V], groupware: [`${there} | done`, V], writes: [1, 0] });
    pair.crm.edit({ type: 'action_item', objid: 8 }, { done: false });
    expect(await pair.rest()).toMatchObject({ crm: [T, V], groupware: [there, V], writes: [1, 1] });
  });

  it('what was entered in the groupware is deleted there: its row goes, too', async () => {
    pair = await pairOf(name, undefined, EVENTS);
    const id = await pair.person().add({ ...VISIT, subject: 'Lunch' });
    await pair.rest();
    await pair.person().remove(id);
    expect(await pair.rest()).toEqual({ ...IN_STEP, links: ['gone (deleted-there)', 'linked'], writes: [2, 0] });
  });
});

const idOf = async (user: string) => (await pair.links.find({ user, states: ['linked'] }, 1, SIGNAL))[0]?.remoteId ?? '';
const utc = (begin: string, end: string): Entry['time'] => ({
  begin: { wallClock: begin, timeZone: 'UTC' },
  end: { wallClock: end, timeZone: 'UTC' },
});

describe('An entry that the groupware named', () => {
  it('is known by that name though it is private before anybody heard of it, and not made again', async () => {
    pair = await pairOf('memory');
    const groupware = pair.world.memory;
    if (groupware === undefined) throw new Error('it is in memory');
    groupware.switches.namesByUs = false;
    groupware.switches.loses = () => true;
    pair.crm.put({ type: 'action_item', objid: 8, kind: 'task', owner: OWNER, entry: TASK });
    await pair.turn();
    groupware.switches.loses = () => false;
    const [id = ''] = groupware.of(OWNER, 'task').items.keys();
    await pair.person('task').turn(id, 'private');
    const expected = { ...IN_STEP, crm: [T, V], groupware: [V, 'private'] };
    expect(await pair.rest()).toEqual({ ...expected, links: ['held (private)', 'linked'] });
    const [link] = await pair.links.find({ states: ['held'] }, 1, SIGNAL);
    if (link === undefined) throw new Error('it is held');
    expect(link.remoteId).toBe(id);
    await pair.links.order(link, 'crm', pair.now, SIGNAL);
    expect(await pair.rest()).toEqual({ ...expected, links: ['apart (both)', 'linked'] });
  });
});
