// Turns of a kind that its groupware lets us list less often than turns come: what is to be done is done all the same, and nothing follows
// from what an old listing did not show.

import type { Entry } from '../../src/core/sync/entry';
import type { Collection, Listing } from '../../src/groupware/groupware';
import type { TurnReport } from '../../src/commands/groupware/sync/turn';
import { MemoryCrm } from '../support/memory-crm';
import { memoryGroupware, type Switches } from '../support/memory-groupware';
import { newLinkStore, openMemoryLinks } from '../support/memory-links';
import { personOf } from '../support/memory-person';
import { outlook, SIGNAL, turn, type Place } from '../support/turns';

const START = Date.UTC(2026, 10, 29, 12);
const MINUTE = 60_000;
const OWNER = 'pmorales';
const CALL: Entry = {
  kind: 'task',
  subject: 'Call Nora',
  time: { end: { wallClock: '2026-12-02T16:00:00', timeZone: 'America/Chicago' } },
  place: '',
  notes: '',
  done: false,
};
const ROW = { type: 'action_item', objid: 8 } as const;

/** Tasks of one user, which are listed every 15 minutes, or never mind how often without `pace`. */
class Tasks {
  readonly crm = new MemoryCrm();
  readonly links = openMemoryLinks(newLinkStore());
  readonly groupware;
  readonly items;
  readonly person;
  /** What was asked of the groupware: `all`, `changes` or `get`. */
  asked: string[] = [];
  pace: number | undefined = 15 * MINUTE;
  /** Whether everything may be listed. */
  mayListAll = true;
  /** What a listing comes to in place of what is there. */
  instead: (listing: Listing) => Listing = (listing) => listing;
  readonly place: Place;

  constructor(switches: Partial<Switches> = {}) {
    this.groupware = memoryGroupware(switches, () => this.place.now);
    this.items = this.groupware.of(OWNER, 'task');
    this.person = personOf(this.items);
    const open: Place['open'] = (_, kind) =>
      kind === 'task' ? this.#watched(this.groupware.open(OWNER, kind)) : this.groupware.open(OWNER, kind);
    const mayListAll = () => Promise.resolve(this.mayListAll);
    this.place = { crm: this.crm, links: this.links, now: START, kinds: ['event', 'task'], open, mayListAll };
  }

  #watched(inner: Collection): Collection {
    return {
      ...inner,
      ...(this.pace !== undefined && { listEveryMs: this.pace }),
      firstListings: { most: 1, perMs: MINUTE },
      list: async (cursor, ...of) => {
        this.asked.push(cursor === undefined ? 'all' : 'changes');
        return this.instead(await inner.list(cursor, ...of));
      },
      get: (...of) => {
        this.asked.push('get');
        return inner.get(...of);
      },
    };
  }

  add(objid: number): void {
    this.crm.put({ ...ROW, objid, kind: 'task', owner: OWNER, entry: CALL });
  }

  /** Takes a turn so many minutes after the beginning, and tells what was asked in it. */
  async at(minutes: number): Promise<readonly string[]> {
    this.asked = [];
    this.place.now = START + minutes * MINUTE;
    await this.turn();
    return this.asked;
  }

  async turn(): Promise<TurnReport> {
    return turn(this.place, OWNER);
  }

  /** What stands in the groupware: subjects and notes. */
  get there(): readonly string[] {
    return [...this.items.items.values()].map(({ content }) => {
      return content.kind === 'entry' ? `${content.entry.subject}: ${content.entry.notes}` : content.kind;
    });
  }

  async states(): Promise<readonly string[]> {
    const links = await this.links.find({}, 10, SIGNAL);
    return links.map(({ state, cause, attempts }) => `${state} ${cause} ${attempts}`).sort();
  }

  get id(): string {
    return [...this.items.items.keys()][0] ?? '';
  }
}

/** One task in step since the first minute, at which everything was listed. */
async function inStep(switches: Partial<Switches> = {}, rows = [8]): Promise<Tasks> {
  const tasks = new Tasks(switches);
  for (const objid of rows) tasks.add(objid);
  expect(await tasks.at(0)).toEqual(['all']);
  return tasks;
}

describe('A turn within the time of the last listing', () => {
  it('asks nothing where nothing is to be done, and the one after that time what changed', async () => {
    const tasks = await inStep();
    for (const minutes of [1, 5, 14.9]) expect(await tasks.at(minutes)).toEqual([]);
    expect(await tasks.at(15)).toEqual(['changes']);
    expect(await tasks.at(29)).toEqual([]);
    expect(await tasks.at(30)).toEqual(['changes']);
  });

  it('takes what changed in the CRM there, and hears of what changed there later', async () => {
    const tasks = await inStep();
    tasks.crm.edit(ROW, { notes: 'from the CRM' });
    expect(await tasks.at(1)).toEqual([]);
    expect(tasks.there).toEqual(['Call Nora: from the CRM']);
    await tasks.person.edit(tasks.id, { subject: 'Call Nora back' });
    expect(await tasks.at(14)).toEqual([]);
    expect(tasks.crm.rows.get('action_item:8')?.entry.subject).toBe('Call Nora');
    expect(await tasks.at(15)).toEqual(['changes']);
    expect(tasks.crm.rows.get('action_item:8')?.entry).toMatchObject({ subject: 'Call Nora back', notes: 'from the CRM' });
  });

  it('that is told that an item is of another version asks for it in the next turn, and gets on without a listing', async () => {
    const tasks = await inStep();
    await tasks.person.edit(tasks.id, { subject: 'Call Nora back' });
    tasks.crm.edit(ROW, { notes: 'from the CRM' });
    expect(await tasks.at(1)).toEqual([]);
    expect(await tasks.states()).toEqual(['linked  1']);
    expect(await tasks.at(2)).toEqual(['get']);
    expect(tasks.there).toEqual(['Call Nora back: from the CRM']);
    expect(tasks.crm.rows.get('action_item:8')?.entry).toMatchObject({ subject: 'Call Nora back', notes: 'from the CRM' });
    expect(await tasks.states()).toEqual(['linked  0']);
    const writes = tasks.groupware.writes();
    for (const minutes of [3, 4, 15, 16]) await tasks.at(minutes);
    expect([tasks.groupware.writes(), await tasks.states()]).toEqual([writes, ['linked  0']]);
  });

  it('lists as soon as it is told that an item is not there any more', async () => {
    const tasks = await inStep();
    await tasks.person.remove(tasks.id);
    tasks.crm.edit(ROW, { notes: 'from the CRM' });
    expect(await tasks.at(1)).toEqual([]);
    expect(await tasks.at(2)).toEqual(['get', 'changes', 'get']);
    expect(tasks.there).toEqual(['Call Nora: from the CRM']);
  });

  it('holds what is missing where the list itself is gone, and deletes nothing', async () => {
    const tasks = await inStep({}, [8, 9]);
    tasks.groupware.switches.loses = () => true;
    tasks.crm.edit(ROW, { notes: 'from the CRM' });
    await tasks.at(1);
    for (const id of [...tasks.items.items.keys()]) await tasks.person.remove(id);
    tasks.groupware.switches.listsInstead = () => ({ kind: 'absent' });
    await tasks.at(2);
    expect(await tasks.states()).toEqual(['held guard-there 0', 'held guard-there 1']);
    expect(tasks.crm.rows.size).toBe(2);
  });

  it('makes nothing before it listed: a new row may be there already', async () => {
    const tasks = await inStep({ namesByUs: false });
    tasks.add(9);
    expect(await tasks.at(1)).toEqual(['changes']);
    expect(tasks.there).toHaveLength(2);
  });

  it('looks for an item whose making nobody heard of, and makes no second one', async () => {
    const tasks = await inStep({ namesByUs: false, loses: ({ do: what }) => what === 'create' });
    for (const minutes of [1, 2, 3]) await tasks.at(minutes);
    expect([tasks.there, await tasks.states()]).toEqual([['Call Nora: '], ['linked  0']]);
  });

  it('is known after everything was listed, because a cursor had expired', async () => {
    const tasks = await inStep();
    tasks.groupware.expireCursors();
    expect(await tasks.at(1)).toEqual([]);
    expect(await tasks.at(15)).toEqual(['changes', 'all']);
    expect(await tasks.at(16)).toEqual([]);
  });
});

describe('A listing', () => {
  it('is no new one for the next turn where it was not believed', async () => {
    const tasks = await inStep({}, [8, 9]);
    tasks.instead = (listing) => (listing.kind === 'page' ? { ...listing, isWhole: true, items: [] } : listing);
    const all = [...tasks.items.items];
    for (const [id] of all) await tasks.person.remove(id);
    expect(await tasks.at(15)).toEqual(['changes', 'get']);
    expect((await tasks.states()).every((state) => state.startsWith('held guard-there'))).toBe(true);
    for (const [id, item] of all) tasks.items.put(id, item);
    tasks.instead = (listing) => listing;
    expect(await tasks.at(16)).toContain('changes');
    expect(await tasks.states()).toEqual(['linked  0', 'linked  0']);
  });

  it.each(['event', 'task'] as const)(
    'comes each turn while entries are only adopted, one of the kind %s among them',
    async (kind) => {
      const tasks = await inStep();
      const { id } = tasks;
      const item = tasks.items.items.get(id);
      if (item === undefined) throw new Error('the task is there');
      const stranger = { ...item, mark: `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}` };
      tasks.groupware.of(OWNER, kind).put('theirs', stranger);
      await tasks.at(15);
      expect((await tasks.links.grants(SIGNAL)).map(({ state }) => state)).toEqual(['adopting']);
      expect(await tasks.at(16)).toEqual(['changes']);
      expect(await tasks.at(17)).toEqual(['changes']);
    },
  );

  it('of everything that has to wait leaves its kind out of the plan', async () => {
    const tasks = await inStep();
    tasks.groupware.expireCursors();
    tasks.crm.rows.delete('action_item:8');
    tasks.add(9);
    tasks.mayListAll = false;
    tasks.place.now = START + 15 * MINUTE;
    const { plan, unlisted } = await outlook(tasks.place, OWNER);
    expect([plan.decisions, unlisted]).toEqual([[], [{ kind: 'task', most: 1, perMs: MINUTE }]]);
    expect(await tasks.at(15)).toEqual(['changes']);
    tasks.mayListAll = true;
    expect(await tasks.at(16)).toEqual(['changes', 'all']);
    expect(await tasks.states()).toEqual(['gone deleted-here 0', 'linked  0']);
  });

  it('keeps no time where each turn lists: what is quiet stays as it was kept', async () => {
    const tasks = new Tasks();
    tasks.pace = undefined;
    await tasks.at(0);
    const before = (await tasks.links.cursors(OWNER, SIGNAL)).get('task');
    expect(before).toMatch(/^\d+ /);
    await tasks.at(1);
    expect((await tasks.links.cursors(OWNER, SIGNAL)).get('task')).toBe(before);
  });

  it('of a place that is not there is new enough, too, as long as nothing is to be made', async () => {
    const tasks = new Tasks();
    tasks.groupware.switches.listsInstead = () => ({ kind: 'absent', cursor: 'home' });
    expect(await tasks.at(0)).toEqual(['all']);
    expect(await tasks.at(14)).toEqual([]);
    tasks.add(8);
    expect(await tasks.at(14.5)).toEqual(['changes']);
    expect(tasks.there).toEqual(['Call Nora: ']);
    expect(await tasks.at(15)).toEqual([]);
    expect(await tasks.states()).toEqual(['linked  0']);
  });

  it('comes in the next turn where no cursor is given', async () => {
    const tasks = new Tasks();
    tasks.instead = withoutCursor;
    for (const minutes of [0, 1]) expect(await tasks.at(minutes)).toEqual(['all']);
  });

  it.each<[title: string, change: (tasks: Tasks) => Promise<unknown>]>([
    ['where it has no pace', (tasks) => Promise.resolve((tasks.pace = undefined))],
    ['where its cursor is one of before there were paces', (tasks) => spoilCursor(tasks, (kept) => kept.replace(/\/\d+/, ''))],
    [
      'where a clock was a day ahead',
      (tasks) => spoilCursor(tasks, (kept) => kept.replace(/\/\d+/, `/${START + 1_440 * MINUTE}`)),
    ],
  ])('comes in the next turn %s', async (_, change) => {
    const tasks = await inStep();
    await change(tasks);
    expect(await tasks.at(1)).toEqual(['changes']);
  });

  it('of a dry run is the one of a turn, and keeps nothing', async () => {
    const tasks = await inStep();
    tasks.crm.edit(ROW, { notes: 'from the CRM' });
    tasks.asked = [];
    tasks.place.now = START + MINUTE;
    const before = await tasks.links.cursors(OWNER, SIGNAL);
    expect((await outlook(tasks.place, OWNER)).plan.decisions.map(({ remote }) => remote?.do)).toEqual(['update']);
    expect(tasks.asked).toEqual([]);
    tasks.place.now = START + 15 * MINUTE;
    await outlook(tasks.place, OWNER);
    expect(tasks.asked).toEqual(['changes']);
    expect(await tasks.links.cursors(OWNER, SIGNAL)).toEqual(before);
  });
});

const withoutCursor = (listing: Listing): Listing => {
  if (listing.kind !== 'page') return listing;
  const { kind, items, isWhole } = listing;
  return { kind, items, isWhole };
};

/** Makes something else of the cursor that is kept. */
async function spoilCursor({ links, place }: Tasks, change: (kept: string) => string): Promise<void> {
  const kept = (await links.cursors(OWNER, SIGNAL)).get('task') ?? '';
  const [grant] = await links.grants(SIGNAL);
  if (grant === undefined || !(await links.takeTurn(grant, { owner: 'spoiler', now: place.now, workMs: 1 }, SIGNAL)))
    throw new Error('somebody has the turn');
  await links.commit(OWNER, 'spoiler', { links: [], cursor: { kind: 'task', cursor: change(kept) } }, place.now, SIGNAL);
  await links.endTurn(OWNER, 'spoiler', grant, SIGNAL);
}
