// A user's agenda in step with a groupware in memory, which people change on both sides, for the tests of commands about people.

import type { Entry, EntryKind } from '../../src/core/sync/entry';
import type { Link } from '../../src/core/sync/link';
import { NOW } from './ledger-content';
import { memoryGroupware, type MemoryGroupware, type MemoryItem } from './memory-groupware';
import { MemoryCrm } from './memory-crm';
import { newLinkStore, openMemoryLinks } from './memory-links';
import { SIGNAL, turn, type Place } from './turns';

export const LOGIN = 'pmorales';
/** How many rows there are. */
export const ROWS = 12;

/** Where it takes place. */
export interface Agenda extends Place {
  readonly groupware: MemoryGroupware;
  /** What stands in the user's calendar, by its id. */
  items(): ReadonlyMap<string, MemoryItem>;
  /** The link of a row that is not gone. */
  linkOf(objid: number): Promise<Link>;
  /** The entry of a row as the calendar has it. */
  there(objid: number): Promise<Entry | undefined>;
  /** Changes it there, as people do. */
  edit(objid: number, change: Partial<Entry>): Promise<void>;
  /** Makes it something else there: private, or one of a series. */
  become(objid: number, kind: 'private' | 'series'): Promise<void>;
  deleteThere(objid: number): Promise<void>;
  /** The subjects on both sides, sorted: equal where all is well. */
  subjects(): { readonly crm: readonly string[]; readonly groupware: readonly string[] };
}

export const key = (objid: number) => ({ type: 'appointment', objid });
const at = (hour: number) => ({ wallClock: `2026-12-01T${String(hour).padStart(2, '0')}:00:00`, timeZone: 'America/Chicago' });

/** The entry that a row begins with. */
export function visit(objid: number): Entry {
  const time = { begin: at(objid), end: at(objid + 1) };
  return { kind: 'event', subject: `Visit ${objid}`, time, place: `Dock ${objid}`, notes: '', done: false };
}

/** An agenda of which all is in step. */
export async function agenda(): Promise<Agenda> {
  const crm = new MemoryCrm();
  const place = { now: NOW };
  const groupware = memoryGroupware({}, () => place.now);
  const links = openMemoryLinks(newLinkStore());
  crm.users.set(LOGIN, { login: LOGIN, email: '', isActive: true });
  for (let objid = 1; objid <= ROWS; objid += 1) crm.put({ ...key(objid), kind: 'event', owner: LOGIN, entry: visit(objid) });
  const calendar = groupware.of(LOGIN, 'event');
  const linkOf = async (objid: number) => {
    const found = (await links.find(key(objid), 100, SIGNAL)).find(({ state }) => state !== 'gone');
    if (found === undefined) throw new Error(`row ${objid} has no link`);
    return found;
  };
  const itemOf = async (objid: number) => {
    const { remoteId } = await linkOf(objid);
    return { id: remoteId, item: calendar.items.get(remoteId) };
  };
  const change = async (objid: number, next: (item: MemoryItem) => MemoryItem['content']) => {
    const { id, item } = await itemOf(objid);
    if (item === undefined) throw new Error(`row ${objid} has no item`);
    calendar.put(id, { ...item, content: next(item) });
  };
  const made: Agenda = Object.assign(place, {
    crm,
    links,
    groupware,
    open: ({ login }: { login: string }, kind: EntryKind) => groupware.open(login, kind),
    items: () => calendar.items,
    linkOf,
    there: async (objid: number) => {
      const { item } = await itemOf(objid);
      return item?.content.kind === 'entry' ? item.content.entry : undefined;
    },
    edit: (objid: number, changes: Partial<Entry>) =>
      change(objid, ({ content }) =>
        content.kind === 'entry' ? { kind: 'entry', entry: { ...content.entry, ...changes } } : content,
      ),
    become: (objid: number, kind: 'private' | 'series') => change(objid, () => ({ kind })),
    deleteThere: async (objid: number) => void calendar.put((await linkOf(objid)).remoteId, undefined),
    subjects: () => {
      const ours = [...crm.rows.values()].map(({ entry }) => entry.subject);
      const theirs = [...calendar.items.values()].map(({ content }) =>
        content.kind === 'entry' ? content.entry.subject : content.kind,
      );
      return { crm: ours.toSorted(), groupware: theirs.toSorted() };
    },
  });
  await turn(made, LOGIN);
  await turn(made, LOGIN);
  return made;
}

/** Takes so many turns, a minute apart. */
export async function turns(made: Agenda, count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    made.now += 60_000;
    await turn(made, LOGIN);
  }
}
