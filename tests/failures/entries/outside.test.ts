// What goes wrong between the engine and both sides, over a groupware in memory, a folder of files, Radicale and Google: README.md has the list.

import { keyText } from '../../../src/core/sync/entry-key';
import type { Collection, Found, RemoteStep, StepOutcome } from '../../../src/groupware/groupware';
import { beside, between, IN_STEP, OWNER, pairOf, ROW, V, VISIT, type Pair } from '../../support/pair';
import { SIGNAL } from '../../support/turns';
import { ALL, describeOver } from '../../support/worlds';

let pair: Pair;
afterEach(() => pair.close());

const NEW_TIME = between('03T14:00', '03T15:30');
const moved = V.replace(/2026.*Z/, '2026-12-03T20:00:00Z/2026-12-03T21:30:00Z');
const killed = new Error('killed');

/** The next call of a kind is the last thing that the program does. */
function killedAfter(name: 'apply' | 'list'): Pair['between'] {
  let isOver = false;
  return (inner) => ({
    ...inner,
    [name]: async (...of: never) => {
      const answer = await (inner[name] as (...all: never) => Promise<unknown>)(...of);
      if (isOver) return answer;
      isOver = true;
      throw killed;
    },
  });
}

/** Answers to steps of which somebody makes what he likes. */
const answering =
  (work: (outcomes: ReadonlyMap<string, StepOutcome>, steps: readonly RemoteStep[]) => ReadonlyMap<string, StepOutcome>) =>
  (inner: Collection): Collection => ({
    ...inner,
    apply: async (steps, deadline) => work(await inner.apply(steps, deadline), steps),
  });
const lost = answering(() => new Map());
const quietly = (inner: Collection) => inner;

describeOver(ALL, 'a linked pair comes to rest as it should', (name) => {
  const { key, kind, entry, shown: C, there: G } = beside(name);
  const putCalls = (...numbers: readonly number[]) => {
    for (const n of numbers)
      pair.crm.put({ ...key, objid: 100 + n, kind, owner: OWNER, entry: { ...entry, subject: `Call ${n}` } });
  };

  it('1. killed after the groupware has what was made, before its answer is kept', async () => {
    pair = await pairOf(name);
    pair.crm.put({ ...key, kind, owner: OWNER, entry });
    pair.between = killedAfter('apply');
    expect(await pair.turn()).toBe(killed);
    expect(await pair.rest()).toEqual({
      ...IN_STEP,
      crm: [C, V],
      groupware: [G, V],
      links: ['linked', 'linked'],
      writes: [0, 1],
    });
  });

  it('2. made, the answer lost, and edited by somebody before anybody looks', async () => {
    pair = await pairOf(name);
    pair.crm.put({ ...key, kind, owner: OWNER, entry });
    pair.between = lost;
    await pair.turn();
    const [link] = await pair.links.find(key, 1, SIGNAL);
    await pair.person(kind).edit(link?.id ?? '', { subject: 'Call Nora' });
    pair.between = quietly;
    const edited = C.replace('Call', 'Call Nora');
    const links = ['linked', 'linked'];
    expect(await pair.rest()).toEqual({
      ...IN_STEP,
      crm: [edited, V],
      groupware: [G.replace('Call', 'Call Nora'), V],
      links,
      writes: [1, 1],
    });
  });

  it('1. killed after the CRM has the row of what somebody entered', async () => {
    pair = await pairOf(name);
    await pair.person().add({ ...VISIT, subject: 'Lunch', place: '' });
    pair.crm.after = () => {
      throw killed;
    };
    expect(await pair.turn()).toBe(killed);
    pair.crm.after = () => undefined;
    const lunch = V.replace('Visit', 'Lunch').replace(' | Dock 3', '');
    const links = ['linked', 'linked'];
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [lunch, V], groupware: [lunch, V], links, writes: [1, 0] });
  });

  it.each([
    ['subject', { subject: 'Visit 2' }, V.replace('Visit', 'Visit 2')],
    ['time', { time: NEW_TIME }, moved],
  ])('26. somebody changes the row between our reading and our writing: the %s', async (_, there, expected) => {
    pair = await pairOf(name);
    await pair.person().edit(await pair.idOf('appointment', 7), there);
    pair.crm.before = (what) => {
      if (what !== 'crm update') return;
      pair.crm.before = () => undefined;
      pair.crm.edit(ROW, { place: 'Dock 4' });
    };
    const both = expected.replace('Dock 3', 'Dock 4');
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [both], groupware: [both], writes: [1, 1] });
  });

  it('26. somebody changes the item between our reading and our writing', async () => {
    pair = await pairOf(name);
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    const id = await pair.idOf('appointment', 7);
    let isFirst = true;
    pair.between = (inner) => ({
      ...inner,
      apply: async (steps, deadline) => {
        if (isFirst) await pair.person().edit(id, { time: NEW_TIME });
        isFirst = false;
        return inner.apply(steps, deadline);
      },
    });
    const both = moved.replace('Visit', 'Visit 2');
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [both], groupware: [both], writes: [1, 1] });
  });

  it('18. of fifty answers seven say later, two are missing, and one says later of what was done', async () => {
    pair = await pairOf(name);
    putCalls(...Array.from({ length: 50 }, (_, n) => n));
    let steps: readonly RemoteStep[] = [];
    pair.between = (inner, which) => ({
      ...inner,
      apply: async (all, deadline) => {
        if (which !== kind) return inner.apply(all, deadline);
        steps = all;
        const outcomes = new Map(await inner.apply(all.slice(7), deadline));
        for (const { linkId } of all.slice(0, 7)) outcomes.set(linkId, { kind: 'retry', reason: 'userRateLimitExceeded' });
        for (const { linkId } of all.slice(7, 9)) outcomes.delete(linkId);
        for (const { linkId } of all.slice(9, 10)) outcomes.set(linkId, { kind: 'retry', reason: 'backendError' });
        return outcomes;
      },
    });
    expect(await pair.turn()).toMatchObject({ done: { created: 40 }, trouble: 'userRateLimitExceeded' });
    expect(steps).toHaveLength(50);
    pair.between = quietly;
    const { groupware, links, writes } = await pair.rest();
    expect([groupware.length, new Set(groupware).size, new Set(links), writes]).toEqual([51, 51, new Set(['linked']), [0, 50]]);
  });

  it('19. answers that come in another order', async () => {
    pair = await pairOf(name);
    putCalls(1, 2, 3);
    pair.between = answering((outcomes) => new Map([...outcomes].reverse()));
    const [here, there] = [C, G].map((task) => [1, 2, 3].map((n) => task.replace('Call', `Call ${n}`)));
    expect(await pair.rest()).toMatchObject({ crm: [...(here ?? []), V], groupware: [...(there ?? []), V], writes: [0, 3] });
    await pair.person(kind).edit(await pair.idOf(key.type, 102), { subject: 'Second' });
    await pair.rest();
    expect(pair.crm.rows.get(keyText({ ...key, objid: 102 }))?.entry.subject).toBe('Second');
  });

  it('20. one entry that the groupware refuses: it is held with words, and the rest goes on', async () => {
    pair = await pairOf(name);
    putCalls(1, 2, 3);
    pair.between = (inner) => ({
      ...inner,
      apply: async (steps, deadline) => {
        const refused = steps.filter((step) => step.do === 'create' && step.entry.subject === 'Call 2');
        const outcomes = await inner.apply(
          steps.filter((step) => !refused.includes(step)),
          deadline,
        );
        return new Map([
          ...outcomes,
          ...refused.map(({ linkId }) => [linkId, { kind: 'rejected', reason: 'too long' }] as const),
        ]);
      },
    });
    const done = [1, 3].map((n) => G.replace('Call', `Call ${n}`));
    expect(await pair.rest()).toMatchObject({
      groupware: [...done, V],
      links: ['held (refused)', 'linked', 'linked', 'linked'],
      writes: [0, 2],
    });
    expect(await pair.links.find({ states: ['held'] }, 1, SIGNAL)).toMatchObject([{ reason: 'too long' }]);
  });

  it('22. everything is reported as changed, and nothing is', async () => {
    pair = await pairOf(name);
    let n = 0;
    pair.between = (inner) => ({
      ...inner,
      list: async (...of) => {
        const listing = await inner.list(...of);
        if (listing.kind !== 'page') return listing;
        n += 1;
        return { ...listing, isWhole: true, items: listing.items.map((item) => ({ ...item, version: `v${n}` })) };
      },
    });
    await pair.turn();
    await pair.turn();
    pair.between = quietly;
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it('5. a listing shows nothing, though all can be had by their ids', async () => {
    pair = await pairOf(name);
    pair.between = (inner) => ({ ...inner, list: () => Promise.resolve({ kind: 'page', items: [], isWhole: true }) });
    await pair.turn();
    pair.between = quietly;
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it('5. a listing says that it is gone, though it can be had by its id', async () => {
    pair = await pairOf(name);
    const id = await pair.idOf('appointment', 7);
    pair.between = (inner, kind) => ({
      ...inner,
      list: () => Promise.resolve({ kind: 'page', items: kind === 'event' ? [{ id, gone: true }] : [], isWhole: false }),
    });
    await pair.turn();
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    await pair.turn();
    pair.between = quietly;
    const renamed = V.replace('Visit', 'Visit 2');
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: [renamed], writes: [0, 1] });
  });

  it.each([
    ['5. nothing is to be seen any more of several entries', 3, 3],
    ['5. nothing is to be seen of more than a quarter', 30, 25],
  ])('%s: they are held, nothing is deleted, and they go on when they can be seen again', async (_, all, missing) => {
    pair = await pairOf(name, ({ crm }) => {
      for (let n = 1; n < all; n += 1)
        crm.put({ type: 'appointment', objid: 100 + n, kind: 'event', owner: OWNER, entry: { ...VISIT, subject: `Visit ${n}` } });
    });
    const hidden = new Set((await pair.links.find({}, missing, SIGNAL)).map(({ remoteId }) => remoteId));
    pair.between = (inner) => ({
      ...inner,
      list: async (...of) => {
        const listing = await inner.list(undefined, undefined, of[2]);
        return listing.kind === 'page' ? { ...listing, items: listing.items.filter(({ id }) => !hidden.has(id)) } : listing;
      },
      get: (ids) => Promise.resolve(new Map(ids.map((id): [string, Found] => [id, 'absent']))),
    });
    const blind = await pair.rest();
    expect([blind.crm.length, blind.groupware.length, blind.writes]).toEqual([all, all, [0, 0]]);
    expect(blind.links.filter((link) => link === 'held (guard-there)')).toHaveLength(missing);
    pair.between = quietly;
    const { crm, groupware, links, writes } = await pair.rest();
    expect([crm.length, groupware.length, new Set(links), writes]).toEqual([all, all, new Set(['linked']), [0, 0]]);
  });

  it.each([
    ['retry', 'later'],
    ['refused', 'rejected'],
  ] as const)('5. the listing itself fails: %s', async (trouble, result) => {
    pair = await pairOf(name);
    pair.between = (inner) => ({ ...inner, list: () => Promise.resolve({ kind: trouble, reason: 'login failed' }) });
    expect(await pair.turn()).toMatchObject({ trouble: 'login failed', result });
    pair.between = quietly;
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it('6. the whole calendar is gone: held, and made anew only when somebody says so', async () => {
    pair = await pairOf(name);
    pair.between = (inner, kind) => (kind === 'event' ? { ...inner, list: () => Promise.resolve({ kind: 'absent' }) } : inner);
    expect(await pair.rest()).toMatchObject({ crm: [V], links: ['held (guard-there)'], writes: [0, 0] });
    await pair.person().remove(await pair.idOf('appointment', 7));
    pair.between = quietly;
    expect(await pair.rest()).toMatchObject({ crm: [V], groupware: [], links: ['held (guard-there)'], writes: [0, 0] });
    const [held] = await pair.links.find({ states: ['held'] }, 1, SIGNAL);
    if (held === undefined) throw new Error('it is held');
    await pair.links.order(held, 'crm', pair.now, SIGNAL);
    expect(await pair.rest()).toEqual({ ...IN_STEP, links: ['gone (deleted-there)', 'linked'], writes: [0, 1] });
  });

  it('24. connected anew, with nothing known any more: all is adopted, nothing is doubled', async () => {
    pair = await pairOf(name);
    await pair.person().decorate(await pair.idOf('appointment', 7));
    pair.store.links.clear();
    pair.store.cursors.clear();
    pair.store.grants.clear();
    expect(await pair.rest()).toEqual(IN_STEP);
  });
});
