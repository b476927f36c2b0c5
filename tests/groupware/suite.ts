// The questions that every groupware has to answer, whatever keeps its entries.

import { startDeadline, type Deadline } from '../../src/core/deadline';
import { ALL_CARD_PARTS, cardOf } from '../../src/core/sync/card';
import {
  ENTRY_KINDS,
  changedFields,
  isDay,
  spelledField,
  withFields,
  type AgendaKind,
  type Entry,
  type EntryField,
  type EntryKind,
  type When,
} from '../../src/core/sync/entry';
import type {
  Collection,
  GroupwareUser,
  RemoteContent,
  RemoteItem,
  RemoteStep,
  StepOutcome,
} from '../../src/groupware/groupware';

/** What a person does there with another program. */
export interface Person {
  /** Makes an entry; what the groupware calls it. */
  add(entry: Entry): Promise<string>;
  /** Changes an entry that may be anybody's. */
  edit(id: string, change: Partial<Entry>): Promise<void>;
  remove(id: string): Promise<void>;
  /** Makes something else of an entry; private entries say `SECRET` wherever they can. */
  turn(id: string, into: 'private' | 'series' | 'foreign' | 'unreadable'): Promise<void>;
  /** Puts reminders, guests, colours and whatever else there is on an entry. */
  decorate(id: string): Promise<void>;
  /** These, in a form that can be compared. */
  decorations(id: string): Promise<unknown>;
  /** Spells its moments in UTC, and its numbers as addresses; where neither is possible, nothing. */
  respell(id: string): Promise<void>;
}

/** A groupware set up for tests. */
export interface Subject {
  readonly fields: Readonly<Partial<Record<EntryKind, readonly EntryField[]>>>;
  open(user: GroupwareUser, kind: EntryKind): Collection;
  person(user: GroupwareUser, kind: EntryKind): Person;
  close(): Promise<void>;
}

/**
 * What some cannot do: keep more than the day of when a task is due, take an id of ours, refuse what is of an older version, have anything
 * private, or a series, or list nothing but what is new.
 */
export type Inability = 'moments' | 'ids' | 'versions' | 'private' | 'series' | 'foreign' | 'news';

const PRIVATE_WORD = 'SECRET';

export const ANN: GroupwareUser = { login: 'ann', email: 'ann@example.com', system: 'crm', timeZone: 'Europe/Zurich' };
export const BOB: GroupwareUser = { login: 'bob', email: 'bob@example.com', system: 'crm', timeZone: 'America/Chicago' };

function at(wallClock: string, timeZone = 'Europe/Zurich'): When {
  return { wallClock: `${wallClock}:00`, timeZone };
}

export const VISIT: Entry = {
  kind: 'event',
  subject: 'Visit',
  time: { begin: at('2026-03-02T09:30'), end: at('2026-03-02T10:30') },
  place: 'Basel',
  notes: 'Bring the plan.',
  done: false,
};
export const CALL: Entry = {
  kind: 'task',
  subject: 'Call back',
  time: { end: at('2026-03-02T16:00') },
  place: '',
  notes: 'About the offer',
  done: false,
};

export const NORA: Entry = {
  kind: 'contact',
  subject: "Nora O'Dell",
  time: {},
  place: '',
  notes: '',
  done: false,
  card: cardOf({
    ...{ given: 'Nora', family: "O'Dell", company: 'Calder, Logistics', title: 'Dock Manager' },
    ...{ phone: '555-010-2001', mobile: '555-010-2101', fax: '555-010-2201' },
    ...{ email: 'nora.odell@calder.example', otherEmail: 'nora@calder.example' },
    ...{ street: '12 Harbour Way', city: 'Austin', region: 'TX', postcode: '78701', country: 'USA' },
  }),
};

const SAMPLES: Readonly<Record<EntryKind, Entry>> = { event: VISIT, task: CALL, contact: NORA };

/** The same with everything changed. */
const OTHERS: Readonly<Record<EntryKind, Entry>> = {
  event: { ...VISIT, subject: 'New', place: 'Bern', notes: '', time: moved('event') },
  task: { ...CALL, subject: 'New', place: 'Bern', notes: '', done: true, time: moved('task') },
  contact: {
    ...NORA,
    subject: 'New',
    card: cardOf({
      ...{ given: 'New', family: '', company: '', title: 'Boss, too', phone: '1', mobile: '', fax: '2' },
      ...{ email: '', otherEmail: 'new@x', street: 'a;b', country: 'CH' },
    }),
  },
};
const SOME: Readonly<Record<EntryKind, readonly EntryField[]>> = {
  event: ['subject', 'notes'],
  task: ['subject', 'notes'],
  contact: ['subject', 'company', 'phone', 'email'],
};

/** Some ids as links have them. */
const idOf = (n: number) => `pa${String(n).padStart(26, '0')}`;

const HOSTILE = 'a,b;c\\d "e" <b>&amp; {{ x }} \u{1f600} \u202e\nEND:VEVENT\nEND:VCARD\nX-EVIL:1\n\\n ende';

/** Wall clocks and the moments that they are. */
const CLOCKS: readonly (readonly [string, string, string, string])[] = [
  ['an hour that is missing', '2026-03-08T02:30', 'America/Chicago', '2026-03-08T08:30:00Z'],
  ['an hour that comes twice', '2026-11-01T01:30', 'America/Chicago', '2026-11-01T06:30:00Z'],
  ['an hour that is missing', '2026-03-29T02:30', 'Europe/Zurich', '2026-03-29T01:30:00Z'],
  ['an hour that comes twice', '2026-10-25T02:30', 'Europe/Zurich', '2026-10-25T00:30:00Z'],
  ['an hour that is missing', '2026-10-04T02:30', 'Australia/Sydney', '2026-10-03T16:30:00Z'],
  ['an hour that comes twice', '2026-04-05T02:30', 'Australia/Sydney', '2026-04-04T15:30:00Z'],
  ['a quarter of an hour', '2026-03-02T09:30', 'Asia/Kathmandu', '2026-03-02T03:45:00Z'],
];

/** Asks a groupware every question, but for those about what it cannot do. */
export function describeGroupware(
  name: string,
  setUp: () => Subject | Promise<Subject>,
  kinds: readonly EntryKind[] = ENTRY_KINDS,
  inabilities: readonly Inability[] = [],
): void {
  const can = (what: Inability) => !inabilities.includes(what);
  describe.each(kinds)(`the contract of a groupware: ${name}, %ss`, (kind) => {
    let subject: Subject;
    let collection: Collection;
    let person: Person;
    let deadline: Deadline;
    const [sample, other] = [SAMPLES[kind], OTHERS[kind]];

    beforeEach(async () => {
      subject = await setUp();
      [collection, person] = [subject.open(ANN, kind), subject.person(ANN, kind)];
      const begun = performance.now();
      deadline = startDeadline(30_000, () => performance.now() - begun);
    });
    afterEach(async () => {
      deadline.end();
      await subject.close();
    });

    const apply = async (step: RemoteStep, where = collection): Promise<StepOutcome | undefined> =>
      (await where.apply([step], deadline)).get(step.linkId);
    const create = (entry: Entry = sample, n = 1, where = collection) =>
      apply({ do: 'create', linkId: idOf(n), entry, url: 'http://server/dovetail/1?a=1,2;3' }, where);
    const update = (item: RemoteItem, change: Partial<Entry>, fields: readonly EntryField[]) =>
      apply({
        do: 'update',
        linkId: idOf(1),
        id: item.id,
        version: item.version,
        entry: { ...entryIn(item.content), ...change },
        fields,
      });
    const remove = ({ id, version }: RemoteItem) => apply({ do: 'delete', linkId: idOf(1), id, version });
    const made = async (entry: Entry = sample, n = 1) => itemOf(await create(entry, n));
    const found = async (id: string) => {
      const answer = await collection.get([id], deadline);
      if ('kind' in answer) throw new Error(JSON.stringify(answer));
      return answer.get(id);
    };
    const item = async (id: string): Promise<RemoteItem> => {
      const there = await found(id);
      if (there === undefined || there === 'absent') throw new Error(`${id} is ${there}`);
      return there;
    };
    /** All pages from a cursor on. */
    const listed = async (cursor?: string) => {
      const items: RemoteItem[] = [];
      for (let page: string | undefined, more = true; more;) {
        const listing = await collection.list(cursor, page, deadline);
        if (listing.kind !== 'page') throw new Error(JSON.stringify(listing));
        items.push(...listing.items.flatMap((each) => ('gone' in each ? [] : [each])));
        [page, more] = [listing.next, listing.next !== undefined];
      }
      return items;
    };
    const expectSame = (content: RemoteContent, entry: Entry) =>
      expect(changedFields(entryIn(content), can('moments') ? entry : dueOnDay(entry), subject.fields[kind])).toEqual([]);

    it('has nothing to begin with, and says so of the whole', async () => {
      expect(await collection.list(undefined, undefined, deadline)).toMatchObject({ kind: 'page', items: [], isWhole: true });
      expect(await found('nobody')).toBe('absent');
    });

    it('makes an entry, marks it with its link, and shows it as it is', async () => {
      const there = await made();
      expect(there.mark).toBe(idOf(1));
      expectSame(there.content, sample);
      expect(await listed()).toEqual([there]);
      expect(await item(there.id)).toEqual(there);
    });

    it('makes an entry once, and then shows what is there', async () => {
      const there = await made();
      expect(await create({ ...sample, subject: 'Other' })).toEqual({ kind: 'exists', item: there });
      expect(await listed()).toEqual([there]);
    });

    const itIf = (isPossible: boolean) => (isPossible ? it : it.skip);

    itIf(can('ids'))('makes one of two that are made at once', async () => {
      const second = subject.open(ANN, kind);
      const outcomes = await Promise.all([create(sample), create({ ...sample, subject: 'Other' }, 1, second)]);
      expect(outcomes.map((outcome) => outcome?.kind).sort()).toEqual(['done', 'exists']);
      expect(await listed()).toHaveLength(1);
    });

    it('changes the fields that it is told, and no other', async () => {
      const before = await made();
      const after = itemOf(await update(before, other, SOME[kind]));
      expect(after.version).not.toBe(before.version);
      expectSame(after.content, withFields(sample, other, SOME[kind]));
      expect(await item(before.id)).toEqual(after);
    });

    it('leaves what other programs put there alone', async () => {
      const { id } = await made();
      await person.decorate(id);
      const decorations = await person.decorations(id);
      expect(decorations).not.toEqual([]);
      for (const field of subject.fields[kind] ?? []) itemOf(await update(await item(id), other, [field]));
      expect(await person.decorations(id)).toEqual(decorations);
      expectSame((await item(id)).content, other);
    });

    it('writes nothing where nothing is new', async () => {
      const before = await made();
      expect(itemOf(await update(before, {}, subject.fields[kind] ?? []))).toEqual(before);
    });

    it('sees what a person changes, and changes nothing of an older version', async () => {
      const before = await made();
      await person.edit(before.id, { subject: 'Theirs' });
      const theirs = await item(before.id);
      expectSame(theirs.content, { ...sample, subject: 'Theirs' });
      expect(theirs.version).not.toBe(before.version);
      expect(await update(before, { subject: 'Ours' }, ['subject'])).toEqual({ kind: 'stale' });
      expect(await update(before, { subject: 'Theirs' }, ['subject'])).toEqual({ kind: 'stale' });
      expect(await remove(before)).toEqual({ kind: 'stale' });
      expect(await item(before.id)).toEqual(theirs);
    });

    itIf(can('versions'))('lets one of two changes of the same version through', async () => {
      const before = await made();
      const outcomes = await Promise.all(
        ['One', 'Two'].map((subjectLine) => update(before, { subject: subjectLine }, ['subject'])),
      );
      expect(outcomes.map((outcome) => outcome?.kind).sort()).toEqual(['done', 'stale']);
    });

    it('deletes an entry, and only once', async () => {
      const there = await made();
      expect(await remove(there)).toEqual({ kind: 'deleted' });
      expect(await remove(there)).toEqual({ kind: 'stale' });
      expect(await update(there, { subject: 'New' }, ['subject'])).toEqual({ kind: 'stale' });
      expect(await found(there.id)).toBe('absent');
      expect(await listed()).toEqual([]);
    });

    it('does many steps at once, each by itself', async () => {
      const steps: RemoteStep[] = [1, 2, 3, 4].map((n) => ({ do: 'create', linkId: idOf(n), entry: sample, url: '' }));
      await create(sample, 2);
      const outcomes = await collection.apply(steps, deadline);
      expect(steps.map(({ linkId }) => outcomes.get(linkId)?.kind)).toEqual(['done', 'exists', 'done', 'done']);
      expect(await listed()).toHaveLength(4);
    });

    it('shows what a person made, without a mark, and what a person removed no more', async () => {
      const id = await person.add({ ...sample, subject: 'Theirs' });
      const theirs = await item(id);
      expectSame(theirs.content, { ...sample, subject: 'Theirs' });
      expect(theirs.mark).toBeUndefined();
      await person.remove(id);
      expect(await found(id)).toBe('absent');
    });

    it('keeps users apart', async () => {
      await made();
      const listing = await subject.open(BOB, kind).list(undefined, undefined, deadline);
      expect(listing.kind === 'page' ? listing.items : []).toEqual([]);
      expect(['page', 'absent']).toContain(listing.kind);
    });

    it.each(
      (['series', 'foreign', 'unreadable'] as const).filter(
        (into) => into === 'unreadable' || (can(into) && (into !== 'series' || kind !== 'contact')),
      ),
    )('knows what is %s for what it is, and never changes it', async (into) => {
      const { id } = await made();
      await person.turn(id, into);
      const there = await item(id);
      expect(there.content.kind).toBe(into);
      // What is another person's need not even be listed.
      const kindsListed = (await listed()).map(({ content }) => content.kind);
      expect(into === 'foreign' && kindsListed.length === 0 ? [into] : kindsListed).toEqual([into]);
      const outcome = await apply({
        do: 'update',
        linkId: id,
        id,
        version: there.version,
        entry: sample,
        fields: ['subject', 'time'],
      });
      expect(['rejected', 'stale']).toContain(outcome?.kind);
      expect(await item(id)).toEqual(there);
    });

    itIf(can('private'))('says no word of what is private', async () => {
      const { id } = await made();
      await person.turn(id, 'private');
      const there = await item(id);
      expect(there.content).toEqual({ kind: 'private' });
      const outcome = await apply({ do: 'update', linkId: id, id, version: there.version, entry: sample, fields: ['subject'] });
      const again = await create();
      expect(JSON.stringify([there, await listed(), outcome, again])).not.toContain(PRIVATE_WORD);
    });

    it('takes what stands there in another spelling for the same', async () => {
      const before = await made();
      await person.respell(before.id);
      const after = await item(before.id);
      expectSame(after.content, sample);
      expect(itemOf(await update(after, sample, subject.fields[kind] ?? []))).toEqual(after);
    });

    it('keeps whatever a text holds, and lets nothing out of it', async () => {
      const card = cardOf(Object.fromEntries(ALL_CARD_PARTS.map((part) => [part, HOSTILE])));
      const hostile = { ...sample, subject: HOSTILE, place: HOSTILE, notes: HOSTILE, ...(kind === 'contact' && { card }) };
      const there = await made(hostile);
      expectSame(there.content, hostile);
      expectSame(itemOf(await update(there, { subject: `${HOSTILE}!` }, ['subject'])).content, {
        ...hostile,
        subject: `${HOSTILE}!`,
      });
      expect(await listed()).toHaveLength(1);
    });

    if (kind !== 'contact') {
      itIf(can('moments')).each(CLOCKS)('knows %s: %s in %s is %s', async (_name, wallClock, timeZone, instant) => {
        const time = spanFrom(kind, at(wallClock, timeZone));
        const there = await made({ ...sample, time });
        expect(spelledField(entryIn(there.content), 'time')).toContain(instant);
        expect(spelledField(entryIn(there.content), 'time')).toBe(spelledField({ ...sample, time }, 'time'));
        // Moved there, it is the same.
        const later = itemOf(await update(await made(sample, 2), { time }, ['time']));
        expect(spelledField(entryIn(later.content), 'time')).toContain(instant);
      });

      it('makes a matter of days of one of hours, and back', async () => {
        const days = {
          ...sample,
          time: kind === 'event' ? { begin: { day: '2026-03-29' }, end: { day: '2026-03-31' } } : { end: { day: '2026-03-29' } },
        };
        const asDays = itemOf(await update(await made(), { time: days.time }, ['time']));
        expect(entryIn(asDays.content).time).toEqual(days.time);
        const back = itemOf(await update(asDays, { time: sample.time }, ['time']));
        expectSame(back.content, sample);
        const whole = await made(days, 2);
        expect(entryIn(whole.content).time).toEqual(days.time);
      });
    }

    if (kind === 'event')
      it('keeps an event that has no length', async () => {
        const time = { begin: at('2026-03-02T09:30'), end: at('2026-03-02T09:30') };
        expectSame((await made({ ...sample, time })).content, { ...sample, time });
      });

    if (kind === 'task')
      it('ticks a task off, and opens it again', async () => {
        const ticked = itemOf(await update(await made(), { done: true }, ['done']));
        expectSame(ticked.content, { ...sample, done: true });
        expectSame(itemOf(await update(ticked, { done: false }, ['done'])).content, sample);
        await person.edit(ticked.id, { done: true });
        expectSame((await item(ticked.id)).content, { ...sample, done: true });
        const done = await made({ ...sample, done: true }, 2);
        expect(entryIn(done.content).done).toBe(true);
      });

    it('goes on where a listing ended, if it can', async () => {
      const first = await made();
      const listing = await collection.list(undefined, undefined, deadline);
      if (listing.kind !== 'page' || listing.cursor === undefined) return;
      const isNews = (there: RemoteItem) => can('news') || JSON.stringify(there) !== JSON.stringify(first);
      const newsSince = async (cursor: string) => (await listed(cursor)).filter(isNews);
      expect(await newsSince(listing.cursor)).toEqual([]);
      const second = await made(sample, 2);
      // Some can tell no more than that something changed.
      if ((await collection.list(listing.cursor, undefined, deadline)).kind === 'expired') return;
      expect(await newsSince(listing.cursor)).toEqual([second]);
      await remove(first);
      expect(await collection.list(listing.cursor, undefined, deadline)).toMatchObject({
        items: expect.arrayContaining([{ id: first.id, gone: true }]),
        isWhole: false,
      });
    });
  });
}

/** A task of which the day alone is left. */
function dueOnDay(entry: Entry): Entry {
  const { end } = entry.time;
  return end === undefined || isDay(end) ? entry : { ...entry, time: { end: { day: end.wallClock.slice(0, 10) } } };
}

/** The entry of what is one. */
export function entryIn(content: RemoteContent): Entry {
  if (content.kind !== 'entry') throw new Error(`it is no entry: ${JSON.stringify(content)}`);
  return content.entry;
}

/** The item of a step that was done. */
export function itemOf(outcome: StepOutcome | undefined): RemoteItem {
  if (outcome?.kind !== 'done') throw new Error(`it was not done: ${JSON.stringify(outcome)}`);
  return outcome.item;
}

function spanFrom(kind: AgendaKind, when: When): Entry['time'] {
  return kind === 'event' ? { begin: when, end: at('2026-12-01T12:00', 'UTC') } : { end: when };
}

function moved(kind: AgendaKind): Entry['time'] {
  const [begin, end] = [at('2026-07-02T09:30'), at('2026-07-02T10:45')];
  return kind === 'event' ? { begin, end } : { end };
}
