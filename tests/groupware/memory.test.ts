// The groupware in memory is one, and its switches do what they say.

import { startDeadline } from '../../src/core/deadline';
import { CARD_FIELDS } from '../../src/core/sync/card';
import type { RemoteStep } from '../../src/groupware/groupware';
import { memoryGroupware, type MemoryGroupware } from '../support/memory-groupware';
import { personOf } from '../support/memory-person';
import { ANN, describeGroupware, VISIT } from './suite';

describeGroupware('memory', () => {
  const groupware = memoryGroupware();
  return {
    fields: {
      event: ['subject', 'time', 'place', 'notes'],
      task: ['subject', 'time', 'place', 'notes', 'done'],
      contact: ['subject', ...CARD_FIELDS],
    },
    open: ({ login }, kind) => groupware.open(login, kind),
    person: ({ login }, kind) => personOf(groupware.of(login, kind)),
    close: () => Promise.resolve(),
  };
});

describe('the switches of the groupware in memory', () => {
  const deadline = startDeadline(60_000, () => 0);
  afterAll(() => deadline.end());
  const step = (n: number): RemoteStep => ({ do: 'create', linkId: `pa${n}`, entry: VISIT, url: '' });
  const list = async (groupware: MemoryGroupware, cursor?: string, page?: string) => {
    const listing = await groupware.open('ann', 'event').list(cursor, page, deadline);
    return listing.kind === 'page'
      ? { ...listing, ids: listing.items.map(({ id }) => id) }
      : { ...listing, items: [], ids: [], next: '', cursor: '' };
  };
  const apply = (groupware: MemoryGroupware, ...steps: readonly RemoteStep[]) =>
    groupware.open('ann', 'event').apply(steps, deadline);

  it('lose an answer, and not what was done', async () => {
    const groupware = memoryGroupware({ loses: ({ linkId }) => linkId === 'pa1' });
    expect([...(await apply(groupware, step(1), step(2))).keys()]).toEqual(['pa2']);
    expect((await list(groupware)).ids).toEqual(['pa1', 'pa2']);
    expect(groupware.writes()).toBe(2);
  });

  it('let a step fail without doing it', async () => {
    const groupware = memoryGroupware({ fails: () => ({ kind: 'retry', reason: 'busy' }) });
    expect((await apply(groupware, step(1))).get('pa1')).toMatchObject({ kind: 'retry' });
    expect([(await list(groupware)).ids, groupware.writes()]).toEqual([[], 0]);
  });

  it('let listings lag behind, and lose nothing by that', async () => {
    let now = 0;
    const groupware = memoryGroupware({ lagMs: 100 }, () => now);
    await apply(groupware, step(1));
    now = 50;
    await apply(groupware, step(2));
    expect((await list(groupware)).ids).toEqual([]);
    now = 120;
    const first = await list(groupware);
    expect(first.ids).toEqual(['pa1']);
    now = 200;
    expect((await list(groupware, first.cursor)).ids).toEqual(['pa2']);
  });

  it('expire cursors, refuse listings, and cut them into pages', async () => {
    const groupware = memoryGroupware({ pageSize: 2 });
    await apply(groupware, ...[1, 2, 3].map(step));
    const first = await list(groupware);
    expect([first.ids, first.cursor]).toEqual([['pa1', 'pa2'], undefined]);
    const last = await list(groupware, undefined, first.next);
    expect([last.ids, last.next]).toEqual([['pa3'], undefined]);
    expect(await list(groupware, last.cursor)).toMatchObject({ kind: 'page', ids: [] });
    groupware.expireCursors();
    expect(await list(groupware, last.cursor)).toMatchObject({ kind: 'expired' });
    groupware.switches.listsInstead = () => ({ kind: 'absent' });
    expect(await list(groupware)).toMatchObject({ kind: 'absent' });
  });

  it('burn ids, or let them come back', async () => {
    const groupware = memoryGroupware();
    await apply(groupware, step(1));
    groupware.of('ann', 'event').put('pa1', undefined);
    expect((await apply(groupware, step(1))).get('pa1')).toEqual({ kind: 'burnt' });
    groupware.switches.burns = false;
    expect((await apply(groupware, step(1))).get('pa1')).toMatchObject({ kind: 'done' });
  });

  it('let it name entries itself, and keep something else than it is given', async () => {
    const groupware = memoryGroupware({ namesByUs: false, keeps: (entry) => ({ ...entry, notes: 'theirs' }) });
    await apply(groupware, step(1));
    await apply(groupware, step(1));
    expect((await list(groupware)).items).toMatchObject([
      { id: 'theirs-1', mark: 'pa1', content: { entry: { notes: 'theirs' } } },
      { id: 'theirs-2', mark: 'pa1' },
    ]);
  });

  it('make it a wrong one, which wipes what others put there and looks at no version', async () => {
    const groupware = memoryGroupware({ replacesWhole: true, ignoresVersions: true });
    await apply(groupware, step(1));
    const items = groupware.of(ANN.login, 'event');
    const [item] = [...items.items.values()];
    if (item !== undefined) items.put('pa1', { ...item, decorations: ['a reminder'] });
    await apply(groupware, { do: 'update', linkId: 'pa1', id: 'pa1', version: 'old', entry: VISIT, fields: ['subject'] });
    expect(items.items.get('pa1')?.decorations).toEqual([]);
  });
});
