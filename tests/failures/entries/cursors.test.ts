// What only a groupware does that lists changes and answers in its own way: README.md has the list. A folder lists everything each time.

import type { Entry } from '../../../src/core/sync/entry';
import type { Collection, Listing } from '../../../src/groupware/groupware';
import { beside, IN_STEP, OWNER, pairOf, ROW, V, VISIT, type Pair } from '../../support/pair';
import { ALL, describeOver, itOver, WITH_CURSORS, type Not } from '../../support/worlds';

let pair: Pair;
afterEach(() => pair.close());

const quietly = (inner: Collection) => inner;
const IN_UTC: Entry['time'] = {
  begin: { wallClock: '2026-12-01T15:00:00', timeZone: 'UTC' },
  end: { wallClock: '2026-12-01T16:00:00', timeZone: 'UTC' },
};
const switches = () => {
  if (pair.world.memory === undefined) throw new Error('it is in memory');
  return pair.world.memory.switches;
};
const visits = (count: number) => (made: Pair) => {
  for (let n = 1; n < count; n += 1)
    made.crm.put({ ...ROW, objid: 100 + n, kind: 'event', owner: OWNER, entry: { ...VISIT, subject: `Visit ${n}` } });
};

describeOver(WITH_CURSORS, 'A cursor', (name) => {
  const startsOver = (at: number) => async () => {
    pair = await pairOf(name, visits(12));
    if (name === 'memory') switches().pageSize = 5;
    pair.world.google?.server.limitPages(5);
    for (let n = 1; n <= 8; n += 1)
      await pair.person().edit(await pair.idOf('appointment', 100 + n), { subject: `Visit ${n} moved` });
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
  };
  itOver(name, '3, 4. that expires makes the listing start over, for this user and kind only', {}, startsOver(1));
  itOver(
    name,
    '3, 4. that expires in the middle of the pages does likewise',
    { Radicale: 'it tells everything on one page' },
    startsOver(2),
  );

  it('3. that the groupware forgot makes the listing start over, and what was changed meanwhile is seen', async () => {
    pair = await pairOf(name, visits(3));
    await pair.person().edit(await pair.idOf('appointment', 101), { subject: 'Theirs' });
    await pair.person().remove(await pair.idOf('appointment', 102));
    pair.forgetCursors();
    const { crm, groupware, links, writes } = await pair.rest();
    const theirs = V.replace('Visit', 'Theirs');
    expect({ crm, groupware, links, writes }).toEqual({
      ...{ crm: [theirs, V.replace('Visit', 'Visit 2'), V], groupware: [theirs, V] },
      ...{ links: ['apart (deleted-there)', 'linked', 'linked'], writes: [1, 0] },
    });
  });

  it.each([
    ...['nonsense', '1 ', '99999999999999999 3@0', '1796000000000', '\u0000'],
    '1796000000000 ["http://other", "http://other/", "token", "x"]',
  ])('that was kept as %j is none, and everything is listed', async (kept) => {
    pair = await pairOf(name);
    await pair.person().edit(await pair.idOf('appointment', 7), { subject: 'Visit 2' });
    pair.store.cursors.set(OWNER, new Map([['event', kept]]));
    const renamed = V.replace('Visit', 'Visit 2');
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: [renamed], writes: [1, 0] });
  });

  it('is expired for ever at a groupware that is broken: the turn comes to its end, and says so', async () => {
    pair = await pairOf(name);
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
    pair = await pairOf(name);
    pair.now += by;
    await pair.person().edit(await pair.idOf('appointment', 7), { subject: 'Visit 2' });
    const renamed = V.replace('Visit', 'Visit 2');
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: [renamed], writes: [1, 0] });
    pair.now -= by;
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: [renamed], writes: [1, 0] });
  });
});

describeOver(ALL, 'A groupware', (name) => {
  it('7. in which an id was burnt by somebody else gets the next one', async () => {
    pair = await pairOf(name);
    pair.between = (inner) => ({
      ...inner,
      apply: (steps) => {
        pair.between = quietly;
        return Promise.resolve(new Map(steps.map(({ linkId }) => [linkId, { kind: 'burnt' }] as const)));
      },
    });
    const { key, kind, entry, shown, there } = beside(name);
    pair.crm.put({ ...key, kind, owner: OWNER, entry });
    expect(await pair.rest()).toEqual({
      ...IN_STEP,
      crm: [shown, V],
      groupware: [there, V],
      links: ['gone', 'linked', 'linked'],
      writes: [0, 1],
    });
  });

  const BY_GOOGLE = 'its stand-in keeps what it is given as it is';
  const AS_GIVEN = 'it keeps what it is given as it is, but for the layout of the text';
  const reworks: readonly (readonly [string, Partial<Entry>, ((entry: Entry) => Entry) | undefined, Not])[] = [
    ['keeps what is made in its own way', { subject: 'a, b; "c" \\d', notes: 'one\n\ntwo  three' }, undefined, {}],
    [
      'lays out notes anew',
      { notes: 'one\n\ntwo  three' },
      (entry) => ({ ...entry, notes: entry.notes.replace(/\s+/g, ' ') }),
      { folder: AS_GIVEN, Radicale: AS_GIVEN, Google: BY_GOOGLE },
    ],
    [
      'trims what is made',
      { subject: 'Visit' },
      (entry) => ({ ...entry, subject: ` ${entry.subject} ` }),
      { folder: AS_GIVEN, Radicale: AS_GIVEN, Google: BY_GOOGLE },
    ],
    [
      'spells moments in UTC',
      {},
      (entry) => ({ ...entry, time: IN_UTC }),
      { folder: AS_GIVEN, Radicale: AS_GIVEN, Google: BY_GOOGLE },
    ],
  ];
  for (const [does, changes, keeps, not] of reworks)
    itOver(name, `2. that ${does}, and whose answer is lost, changes nothing in the CRM`, not, async () => {
      pair = await pairOf(name);
      if (keeps !== undefined) switches().keeps = keeps;
      pair.between = (inner) => ({ ...inner, apply: (...of) => inner.apply(...of).then(() => new Map()) });
      const entry = { ...VISIT, subject: 'New', ...changes };
      pair.crm.put({ ...ROW, objid: 8, kind: 'event', owner: OWNER, entry });
      await pair.turn();
      pair.between = quietly;
      expect(await pair.rest()).toMatchObject({ links: ['linked', 'linked'], conflicts: [], writes: [0, 1] });
      expect(pair.crm.rows.get('appointment:8')?.entry).toEqual(entry);
    });

  const ITS_TEXTS = 'it keeps texts whole';
  itOver(
    name,
    'that cuts what it is given is not taken for somebody who shortened it',
    { folder: ITS_TEXTS, Radicale: ITS_TEXTS, Google: BY_GOOGLE },
    async () => {
      pair = await pairOf(name);
      switches().keeps = (entry) => ({ ...entry, notes: entry.notes.slice(0, 10) });
      pair.crm.edit(ROW, { notes: 'x'.repeat(100) });
      const { crm, conflicts, writes } = await pair.rest();
      expect([crm, conflicts, writes]).toEqual([[`${V} | ${'x'.repeat(100)}`], [], [0, 1]]);
    },
  );

  const AT_ONCE = 'it shows a change at once';
  const NOT_LATE: Not = { folder: AT_ONCE, Radicale: AT_ONCE, Google: 'its stand-in shows a change at once' };
  itOver(name, 'that shows changes late is believed all the same', NOT_LATE, async () => {
    pair = await pairOf(name);
    switches().lagMs = 3 * 600_000;
    const late = (inner: Collection): Collection => ({ ...inner, settledAfterMs: 3 * 600_000 });
    pair.between = late;
    await pair.person().edit(await pair.idOf('appointment', 7), { subject: 'Visit 2' });
    for (let n = 0; n < 5; n += 1) await pair.turn();
    const renamed = V.replace('Visit', 'Visit 2');
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: [renamed], writes: [1, 0] });
  });
});

describeOver(WITH_CURSORS, 'What is held', (name) => {
  it.each(['series', 'private'] as const)('13. stays held though no listing tells again that it is %s', async (into) => {
    pair = await pairOf(name);
    await pair.person().turn(await pair.idOf('appointment', 7), into);
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: [into], links: [`held (${into})`] });
  });
});

describeOver(ALL, 'What is held because it was refused', (name) => {
  it('20. waits, and goes on once somebody changed it', async () => {
    pair = await pairOf(name);
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
    pair = await pairOf(name);
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
