// A groupware in memory, with switches for all that goes wrong with real ones. What it shows in listings may lag behind what it has.

import { changedFields, normalized, withFields, type Entry, type EntryKind } from '../../src/core/sync/entry';
import type {
  Collection,
  Found,
  Listing,
  RemoteContent,
  RemoteGone,
  RemoteItem,
  RemoteStep,
  StepOutcome,
} from '../../src/groupware/groupware';

/** How it behaves; all can be changed while it runs. */
export interface Switches {
  /** Whether the answer to a step is lost after it was done. */
  loses: (step: RemoteStep) => boolean;
  /** What a step comes to without being done; nothing lets it be done. */
  fails: (step: RemoteStep) => StepOutcome | undefined;
  /** What a listing comes to in place of a page. */
  listsInstead: () => Exclude<Listing, { readonly kind: 'page' }> | undefined;
  /** How long it takes until listings show a change, in ms. */
  lagMs: number;
  /** How many changes there are on a page. */
  pageSize: number;
  /** Whether an id that was deleted never comes back. */
  burns: boolean;
  /** Whether we choose ids; if not, the same entry can be made twice. */
  namesByUs: boolean;
  /** What it makes of an entry that it is given, as real ones do with texts and zones. */
  keeps: (entry: Entry) => Entry;
  /** Whether it forgets everything else of an item that is changed, and whether it looks at no version: what a wrong client would do. */
  replacesWhole: boolean;
  ignoresVersions: boolean;
}

/** An item as it has it. */
export interface MemoryItem {
  readonly content: RemoteContent;
  /** What it says where the groupware tells only what it is: private, or a series. */
  readonly behind?: Entry;
  readonly mark: string | undefined;
  readonly version: string;
  /** Whatever others put there. */
  readonly decorations: readonly string[];
}

/** One user's items of a kind, as that user and the tests see them. */
export interface MemoryItems {
  readonly items: ReadonlyMap<string, MemoryItem>;
  /**
   * Makes an item, or another one of it; without one it is deleted. Answers with what it is called, which is another name where the groupware
   * chooses it.
   */
  put(id: string, item: Omit<MemoryItem, 'version'> | undefined): string;
}

export interface MemoryGroupware {
  readonly switches: Switches;
  open(user: string, kind: EntryKind): Collection;
  of(user: string, kind: EntryKind): MemoryItems;
  /** Cursors that were given so far are no longer known. */
  expireCursors(): void;
  /** How many steps changed something so far. */
  writes(): number;
}

interface Change {
  readonly id: string;
  readonly at: number;
  readonly item: MemoryItem | undefined;
}

/** A groupware without anything in it. `now` is ms since 1970 UTC. */
export function memoryGroupware(given: Partial<Switches> = {}, now: () => number = Date.now): MemoryGroupware {
  const switches: Switches = { ...FAULTLESS, ...given };
  const stores = new Map<string, Store>();
  let [epoch, writes] = [0, 0];
  const storeOf = (user: string, kind: EntryKind) => {
    const key = `${user}/${kind}`;
    const store = stores.get(key) ?? makeStore(now);
    stores.set(key, store);
    return store;
  };
  const open = (user: string, kind: EntryKind): Collection => {
    const store = storeOf(user, kind);
    return {
      remoteUser: user,
      list: (cursor, page) => Promise.resolve(listing(store, cursor, page, switches, epoch, now())),
      get: (ids) => {
        const foundOf = (id: string): Found => shown(id, store.items.get(id), switches) ?? 'absent';
        return Promise.resolve(new Map(ids.map((id) => [id, foundOf(id)])));
      },
      apply: (steps) => {
        const outcomes = new Map<string, StepOutcome>();
        for (const step of steps) {
          const outcome = switches.fails(step) ?? stepped(store, step, switches);
          if (outcome.kind === 'done' || outcome.kind === 'deleted') writes += 1;
          if (!switches.loses(step)) outcomes.set(step.linkId, outcome);
        }
        return Promise.resolve(outcomes);
      },
    };
  };
  return { switches, open, of: storeOf, expireCursors: () => (epoch += 1), writes: () => writes };
}

const FAULTLESS: Switches = {
  loses: () => false,
  fails: () => undefined,
  listsInstead: () => undefined,
  lagMs: 0,
  pageSize: 50,
  burns: true,
  namesByUs: true,
  keeps: (entry) => entry,
  replacesWhole: false,
  ignoresVersions: false,
};

interface Store extends MemoryItems {
  /** Everything that happened. */
  readonly changes: readonly Change[];
}

function makeStore(now: () => number): Store {
  const changes: Change[] = [];
  const items = new Map<string, MemoryItem>();
  return {
    changes,
    items,
    put: (id, item) => {
      const made = item === undefined ? undefined : { ...item, version: `v${changes.length + 1}` };
      if (made === undefined) items.delete(id);
      else items.set(id, made);
      changes.push({ id, at: now(), item: made });
      return id;
    },
  };
}

/** As servers of CalDAV, it tells no mark of what is private; where it names items by itself, only the mark tells which one it is. */
function shown(id: string, item: MemoryItem | undefined, { namesByUs }: Pick<Switches, 'namesByUs'>): RemoteItem | undefined {
  if (item === undefined) return undefined;
  const { version, content, mark } = item;
  return { id, version, content, ...(mark === undefined || (content.kind === 'private' && namesByUs) ? {} : { mark }) };
}

/** A cursor is how many changes were shown; a page goes on within a listing that was begun. */
function listing(
  { changes }: Store,
  cursor: string | undefined,
  page: string | undefined,
  switches: Switches,
  epoch: number,
  now: number,
): Listing {
  const { listsInstead, lagMs, pageSize } = switches;
  const instead = listsInstead();
  if (instead !== undefined) return instead;
  const [since, ofEpoch] = cursor?.split('@').map(Number) ?? [0, epoch];
  if (ofEpoch !== epoch) return { kind: 'expired' };
  const seen = changes.filter(({ at }) => at + lagMs <= now).length;
  const [until, from] = page?.split('/').map(Number) ?? [seen, 0];
  const latest = new Map(changes.slice(since, until).map((change) => [change.id, change]));
  const all = [...latest.values()].flatMap(({ id, item }): (RemoteItem | RemoteGone)[] => {
    const there = shown(id, item, switches);
    if (there !== undefined) return [there];
    return cursor === undefined ? [] : [{ id, gone: true }];
  });
  const end = (from ?? 0) + pageSize;
  const rest = end < all.length ? { next: `${until}/${end}` } : { cursor: `${until}@${epoch}` };
  return { kind: 'page', items: all.slice(from, end), isWhole: cursor === undefined, ...rest };
}

function stepped(store: Store, step: RemoteStep, switches: Switches): StepOutcome {
  if (step.do === 'create') return created(store, step, switches);
  const there = store.items.get(step.id);
  if (there === undefined || !(switches.ignoresVersions || there.version === step.version)) return { kind: 'stale' };
  if (step.do === 'delete') {
    store.put(step.id, undefined);
    return { kind: 'deleted' };
  }
  if (there.content.kind !== 'entry') return { kind: 'rejected', reason: `it is ${there.content.kind}` };
  const { entry } = there.content;
  const changed = switches.keeps(normalized(withFields(entry, step.entry, step.fields)));
  if (switches.replacesWhole || changedFields(changed, entry).length > 0)
    store.put(step.id, {
      ...there,
      content: { kind: 'entry', entry: changed },
      decorations: switches.replacesWhole ? [] : there.decorations,
    });
  return done(store, step.id, switches);
}

function created(
  store: Store,
  { linkId, entry }: Extract<RemoteStep, { readonly do: 'create' }>,
  switches: Switches,
): StepOutcome {
  const { namesByUs, burns, keeps } = switches;
  const id = namesByUs ? linkId : `theirs-${store.changes.length + 1}`;
  const there = shown(id, store.items.get(id), switches);
  if (there !== undefined) return { kind: 'exists', item: there };
  if (burns && store.changes.some((change) => change.id === id)) return { kind: 'burnt' };
  store.put(id, { content: { kind: 'entry', entry: keeps(normalized(entry)) }, mark: linkId, decorations: [] });
  return done(store, id, switches);
}

function done(store: Store, id: string, switches: Switches): StepOutcome {
  const item = shown(id, store.items.get(id), switches);
  return item === undefined ? { kind: 'stale' } : { kind: 'done', item };
}
