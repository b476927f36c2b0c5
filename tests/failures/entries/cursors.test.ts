// What only a groupware does that lists changes and answers in its own way: README.md has the list.

import type { Entry } from '../../../src/core/sync/entry';
import type { Collection, Listing } from '../../../src/groupware/groupware';
import { IN_STEP, OWNER, pairOf, ROW, T, TASK, V, VISIT, type Pair } from '../../support/pair';

let pair: Pair;
afterEach(() => pair.close());

const quietly = (inner: Collection) => inner;
const switches = () => {
  if (pair.world.memory === undefined) throw new Error('it is in memory');
  return pair.world.memory.switches;
};
const visits = (count: number) => (made: Pair) => {
  for (let n = 1; n < count; n += 1)
    made.crm.put({ ...ROW, objid: 100 + n, kind: 'event', owner: OWNER, entry: { ...VISIT, subject: `Visit ${n}` } });
};

describe('A cursor', () => {
  it.each([
    ['expires before the first page', 1],
    ['expires in the middle of the pages', 2],
  ])('3, 4. that %s makes the listing start over, for this user and kind only', async (_, at) => {
    pair = await pairOf('memory', visits(12));
    switches().pageSize = 5;
    for (let n = 1; n <= 8; n += 1)
      await pair.person().edit(await pair.idOf('appointment', 100 + n), { subject: `Visit ${n}, moved` });
    const asked: string[] = [];
    pair.between = (inner, kind) => ({
      ...inner,
      list: (cursor, page, deadline) => {
        asked.push(`${kind} ${cursor === undefined ? 'whole' : 'changes'}`);
        const expired: Listing = { kind: 'expired' };
        const isNow = kind === 'event' && cursor !== undefined && asked.filter((each) => each === 'event changes').length === at;
        return isNow ? Promise.resolve(expired) : inner.list(cursor, page, deadline);
      },
    });
    await pair.turn();
    expect([...new Set(asked)]).toEqual(['event changes', 'event whole', 'task changes']);
    pair.between = quietly;
    const { crm, groupware, links, writes } = await pair.rest();
    expect([crm, links.length, writes]).toEqual([groupware, 12, [8, 0]]);
  });

  it.each(['nonsense', '1 ', '99999999999999999 3@0', '1796000000000', '\u0000'])(
    'that was kept as %j is none, and everything is listed',
    async (kept) => {
      pair = await pairOf('memory');
      await pair.person().edit(await pair.idOf('appointment', 7), { subject: 'Visit 2' });
      pair.store.cursors.set(OWNER, new Map([['event', kept]]));
      const renamed = V.replace('Visit', 'Visit 2');
      expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: [renamed], writes: [1, 0] });
    },
  );

  it('is expired for ever at a groupware that is broken: the turn comes to its end, and says so', async () => {
    pair = await pairOf('memory');
    pair.between = (inner) => ({ ...inner, list: () => Promise.resolve({ kind: 'expired' }) });
    expect(await pair.turn()).toMatchObject({ trouble: expect.stringContaining('expired') as string });
    pair.between = quietly;
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it.each([
    ['a day ahead', 86_400_000],
    ['a year ahead', 365 * 86_400_000],
    ['back by a day', -86_400_000],
  ])('survives a clock that is set %s, and so does everything else', async (_, by) => {
    pair = await pairOf('memory');
    pair.now += by;
    await pair.person().edit(await pair.idOf('appointment', 7), { subject: 'Visit 2' });
    const renamed = V.replace('Visit', 'Visit 2');
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: [renamed], writes: [1, 0] });
    pair.now -= by;
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: [renamed], writes: [1, 0] });
  });
});

describe('A groupware', () => {
  it('7. in which an id was burnt by somebody else gets the next one', async () => {
    pair = await pairOf('memory');
    pair.between = (inner) => ({
      ...inner,
      apply: (steps) => {
        pair.between = quietly;
        return Promise.resolve(new Map(steps.map(({ linkId }) => [linkId, { kind: 'burnt' }] as const)));
      },
    });
    pair.crm.put({ type: 'action_item', objid: 8, kind: 'task', owner: OWNER, entry: TASK });
    expect(await pair.rest()).toEqual({
      ...IN_STEP,
      crm: [T, V],
      groupware: [T, V],
      links: ['gone', 'linked', 'linked'],
      writes: [0, 1],
    });
  });

  it.each<[string, Partial<Entry>, (entry: Entry) => Entry]>([
    ['lays out notes anew', { notes: 'one\n\ntwo  three' }, (entry) => ({ ...entry, notes: entry.notes.replace(/\s+/g, ' ') })],
    ['trims', { subject: 'Visit' }, (entry) => ({ ...entry, subject: ` ${entry.subject} ` })],
    [
      'spells moments in UTC',
      {},
      (entry) => ({
        ...entry,
        time: {
          begin: { wallClock: '2026-12-01T15:00:00', timeZone: 'UTC' },
          end: { wallClock: '2026-12-01T16:00:00', timeZone: 'UTC' },
        },
      }),
    ],
  ])('2. that %s of what is made, and whose answer is lost, changes nothing in the CRM', async (_, changes, keeps) => {
    pair = await pairOf('memory');
    switches().keeps = keeps;
    pair.between = (inner) => ({ ...inner, apply: (...of) => inner.apply(...of).then(() => new Map()) });
    const entry = { ...VISIT, subject: 'New', ...changes };
    pair.crm.put({ ...ROW, objid: 8, kind: 'event', owner: OWNER, entry });
    await pair.turn();
    pair.between = quietly;
    expect(await pair.rest()).toMatchObject({ links: ['linked', 'linked'], conflicts: [], writes: [0, 1] });
    expect(pair.crm.rows.get('appointment:8')?.entry).toEqual(entry);
  });

  it('that cuts what it is given is not taken for somebody who shortened it', async () => {
    pair = await pairOf('memory');
    switches().keeps = (entry) => ({ ...entry, notes: entry.notes.slice(0, 10) });
    pair.crm.edit(ROW, { notes: 'x'.repeat(100) });
    const { crm, conflicts, writes } = await pair.rest();
    expect([crm, conflicts, writes]).toEqual([[`${V} | ${'x'.repeat(100)}`], [], [0, 1]]);
  });

  it('that shows changes late is believed all the same', async () => {
    pair = await pairOf('memory');
    switches().lagMs = 3 * 600_000;
    const late = (inner: Collection): Collection => ({ ...inner, settledAfterMs: 3 * 600_000 });
    pair.between = late;
    await pair.person().edit(await pair.idOf('appointment', 7), { subject: 'Visit 2' });
    for (let n = 0; n < 5; n += 1) await pair.turn();
    const renamed = V.replace('Visit', 'Visit 2');
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: [renamed], writes: [1, 0] });
  });
});

describe('What is held', () => {
  it.each(['series', 'private'] as const)('13. stays held though no listing tells again that it is %s', async (into) => {
    pair = await pairOf('memory');
    await pair.person().turn(await pair.idOf('appointment', 7), into);
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: [into], links: [`held (${into})`] });
  });
});

describe('What is held because it was refused', () => {
  it('20. waits, and goes on once somebody changed it', async () => {
    pair = await pairOf('memory');
    pair.between = (inner) => ({
      ...inner,
      apply: async (steps, deadline) => {
        const bad = steps.filter((step) => step.do === 'create' && step.entry.subject === 'Bad');
        const outcomes = await inner.apply(
          steps.filter((step) => !bad.includes(step)),
          deadline,
        );
        return new Map([...outcomes, ...bad.map(({ linkId }) => [linkId, { kind: 'rejected', reason: 'bad' }] as const)]);
      },
    });
    pair.crm.put({ ...ROW, objid: 8, kind: 'event', owner: OWNER, entry: { ...VISIT, subject: 'Bad' } });
    expect(await pair.rest()).toMatchObject({ groupware: [V], links: ['held (refused)', 'linked'], writes: [0, 0] });
    pair.crm.edit({ ...ROW, objid: 8 }, { subject: 'Good' });
    const good = V.replace('Visit', 'Good');
    expect(await pair.rest()).toMatchObject({ groupware: [good, V], links: ['linked', 'linked'], writes: [0, 1] });
  });

  it.each(['made', 'changed'])('20. by the CRM waits, and goes on once somebody changed it: %s', async (did) => {
    pair = await pairOf('memory');
    const { writer } = pair.crm;
    const refusing = <W extends (...of: never) => unknown>(write: W, at: number) =>
      ((...of: never) =>
        (of as unknown as readonly Entry[])[at]?.subject === 'Bad'
          ? Promise.resolve({ kind: 'rejected', reason: 'bad' })
          : write(...of)) as unknown as W;
    Object.assign(writer, { insert: refusing(writer.insert.bind(writer), 2), update: refusing(writer.update.bind(writer), 1) });
    const id = did === 'made' ? await pair.person().add({ ...VISIT, subject: 'Bad' }) : await pair.idOf('appointment', 7);
    if (did === 'changed') await pair.person().edit(id, { subject: 'Bad' });
    const bad = await pair.rest();
    expect([bad.links.filter((link) => link !== 'linked'), bad.writes, bad.crm]).toEqual([['held (refused)'], [0, 0], [V]]);
    await pair.person().edit(id, { subject: 'Good' });
    const { crm, groupware, links, writes } = await pair.rest();
    expect([crm, new Set(links), writes]).toEqual([groupware, new Set(['linked']), [1, 0]]);
  });
});
