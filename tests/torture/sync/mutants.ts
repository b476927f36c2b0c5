// Ideas of the engine, each taken out from outside, as a test build: with any of them missing, the campaign has to find a loss.

import type { EntryReader, EntryWriter } from '../../../src/clarify/entries';
import { isFresh, readCursor, spellCursor } from '../../../src/core/sync/cursor';
import type { Entry, EntryKind } from '../../../src/core/sync/entry';
import { newLink, type Link } from '../../../src/core/sync/link';
import type { Collection, Found, RemoteGone, RemoteItem } from '../../../src/groupware/groupware';
import type { Links } from '../../../src/ledger/links';
import type { Switches } from '../../support/memory-groupware';
import type { GoogleMutant } from './google-mutants';
import type { Habits } from './people';
import { SELDOM, type WRONG } from './profiles';
import { isOther, type Paces, type Rates } from './seams';
import { KINDS, type World } from './world';

/** What a turn has to do with. */
export interface Outside {
  readonly links: Links;
  readonly reader: EntryReader;
  readonly writer: EntryWriter;
  readonly open: (kind: EntryKind) => Collection;
}

/** Whose turn it is. */
interface Whose {
  readonly world: World;
  readonly user: string;
  readonly owner: string;
}

/** Makes another outside, on which the idea does not work. */
export type Mutant = (outside: Outside, whose: Whose) => Outside;

/** An idea that is taken out. */
export interface Mutation {
  /** What is wrong then. */
  readonly shows: readonly (typeof WRONG)[number][];
  readonly outside?: Mutant;
  /** How the groupware behaves where it is the one that does not help. */
  readonly switches?: Partial<Switches>;
  readonly settledAfterMs?: number;
  /** What becomes of requests on their way to Google. */
  readonly google?: GoogleMutant;
  /** Where another idea would make good what this one is for. */
  readonly rates?: Partial<Rates>;
  readonly isNotRelisted?: boolean;
  /** How seldom listings are enough. */
  readonly paces?: Paces;
  /** What people have to do more often than else, so that it shows in a small company as well. */
  readonly habits?: Partial<Habits>;
}

const SIGNAL = new AbortController().signal;

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'the cursor moves before the last page is applied': {
    shows: ['different', 'orphans'],
    // An expired cursor, and the listing of everything once a day, would find again what is lost.
    rates: { expires: 0, blinds: 0 },
    isNotRelisted: true,
    outside: (outside, { world, user, owner }) => ({
      ...outside,
      open: (kind) => {
        const inner = outside.open(kind);
        return {
          ...inner,
          async list(...of) {
            const listing = await inner.list(...of);
            const cursor = listing.kind === 'page' ? listing.cursor : undefined;
            if (cursor !== undefined)
              await outside.links.commit(
                user,
                owner,
                { links: [], cursor: { kind, cursor: spellCursor({ text: cursor, wholeAt: world.clock.now }) } },
                world.clock.now,
                SIGNAL,
              );
            return listing;
          },
        };
      },
    }),
  },
  'no frozen body: what stands there becomes the baseline': {
    shows: ['editsLost'],
    outside: (outside, { world, user }) => ({
      ...outside,
      links: changedLinks(outside.links, (link) => {
        if (link.state !== 'intended') return link;
        const content = world.groupware.of(user, link.kind).items.get(link.remoteId === '' ? link.id : link.remoteId)?.content;
        return content?.kind === 'entry' ? { ...link, sent: content.entry } : link;
      }),
    }),
  },
  'no computed ids, and no settling time': { shows: ['doubled'], switches: { namesByUs: false }, settledAfterMs: 0 },
  'no object id is reserved': {
    shows: ['doubled'],
    outside: (outside) => ({
      ...outside,
      links: {
        ...outside.links,
        commit: (user, owner, commit, ...rest) => {
          const links = commit.links.map((link) =>
            link.state === 'intended' && link.origin === 'groupware' ? { ...link, objid: 0 } : link,
          );
          return outside.links.commit(user, owner, { ...commit, links }, ...rest);
        },
      },
    }),
  },
  'PUT in place of PATCH': { shows: ['wiped'], switches: { replacesWhole: true } },
  // A listing that lags would show what was overwritten.
  'no If-Match': { shows: ['editsLost'], switches: { ignoresVersions: true, lagMs: 0 }, settledAfterMs: 0 },
  'the CRM is written whatever it has by now': {
    shows: ['editsLost'],
    outside: (outside) => {
      const { reader, writer } = outside;
      const asItIs = async (seen: Parameters<EntryWriter['delete']>[0], signal: AbortSignal) => {
        const found = (await reader.byKey([seen], 0, signal)).get(`${seen.type}:${seen.objid}`);
        return found === undefined || found === 'absent' ? seen : found;
      };
      return {
        ...outside,
        writer: {
          ...writer,
          update: async (seen, entry, fields, now, signal) =>
            writer.update(await asItIs(seen, signal), entry, fields, now, signal),
          delete: async (seen, signal) => writer.delete(await asItIs(seen, signal), signal),
        },
      };
    },
  },
  'one baseline for both sides': {
    shows: ['quietWrites'],
    outside: (outside) => ({
      ...outside,
      links: changedLinks(outside.links, (link) =>
        link.remoteBase === undefined ? link : { ...link, crmBase: link.remoteBase },
      ),
    }),
  },
  'no guard': {
    shows: ['lost'],
    rates: { blinds: 0.2 },
    // Among so many others that are there, whatever is missing is never too much.
    outside: (outside, { user }) => {
      return {
        ...outside,
        open: (kind) => {
          const inner = outside.open(kind);
          return {
            ...inner,
            get: async (ids, deadline) => {
              const found = await inner.get(
                ids.filter((id) => !isOther(id)),
                deadline,
              );
              if ('reason' in found) return found;
              const entry: Entry = { kind, subject: 'other', time: {}, place: '', notes: '', done: false };
              const others = ids
                .filter(isOther)
                .map((id) => [id, { id, version: '1', content: { kind: 'entry', entry } }] as const);
              return new Map<string, Found>([...found, ...others]);
            },
          };
        },
        links: {
          ...outside.links,
          links: async (...of) => {
            const links = await outside.links.links(...of);
            const given = { user, type: 'appointment', origin: 'crm', state: 'linked' } as const;
            const others = KINDS.flatMap((kind) =>
              Array.from({ length: 5 * links.length }, (_, n) => ({
                ...given,
                kind,
                id: `other-${kind}-${n}`,
                remoteId: `other-${n}`,
              })),
            );
            return [...links, ...others.map(newLink)];
          },
          commit: (login, owner, commit, ...rest) =>
            outside.links.commit(login, owner, { ...commit, links: commit.links.filter(({ id }) => !isOther(id)) }, ...rest),
        },
      };
    },
  },
  'no conflicts are kept': {
    shows: ['editsLost'],
    outside: (outside) => ({
      ...outside,
      links: {
        ...outside.links,
        commit: (user, owner, commit, ...rest) => outside.links.commit(user, owner, { ...commit, conflicts: [] }, ...rest),
      },
    }),
  },
  'what a whole listing lacks is not asked for': {
    shows: ['lost', 'doubled'],
    outside: (outside) => ({
      ...outside,
      open: (kind) => ({
        ...outside.open(kind),
        get: (ids) => Promise.resolve(new Map(ids.map((id) => [id, 'absent' as const]))),
      }),
    }),
  },
  'what is missing is made on the word of the last listing': {
    shows: ['doubled'],
    switches: { namesByUs: false },
    paces: SELDOM,
    outside: (outside, { world, user }) => ({
      ...outside,
      open: (kind) => {
        const inner = outside.open(kind);
        return {
          ...inner,
          async list(cursor, ...of) {
            const kept = readCursor((await outside.links.cursors(user, SIGNAL)).get(kind), world.clock.now);
            const isEnough = cursor !== undefined && kept !== undefined && isFresh(kept, SELDOM[kind], world.clock.now);
            return isEnough ? { kind: 'page', items: [], isWhole: false, cursor } : inner.list(cursor, ...of);
          },
        };
      },
    }),
  },
  'what is private by now is kept all the same': {
    shows: ['leaked'],
    habits: { hides: 20 },
    outside: (outside) => ({
      ...outside,
      links: {
        ...outside.links,
        commit: (user, owner, commit, ...rest) => outside.links.commit(user, owner, { ...commit, emptied: [] }, ...rest),
      },
    }),
  },
  'what is private is told as any other entry': {
    shows: ['leaked'],
    habits: { hides: 20 },
    outside: (outside, { world, user }) => ({
      ...outside,
      open: (kind) => {
        const inner = outside.open(kind);
        const told = (item: RemoteItem | RemoteGone): RemoteItem | RemoteGone => {
          const entry = world.groupware.of(user, kind).items.get(item.id)?.behind;
          const isPrivate = 'content' in item && item.content.kind === 'private';
          return isPrivate && entry !== undefined ? { ...item, content: { kind: 'entry', entry } } : item;
        };
        return {
          ...inner,
          async list(...of) {
            const listing = await inner.list(...of);
            return listing.kind === 'page' ? { ...listing, items: listing.items.map(told) } : listing;
          },
        };
      },
    }),
  },
};

function changedLinks(inner: Links, change: (link: Link) => Link): Links {
  return { ...inner, links: async (...of) => (await inner.links(...of)).map(change) };
}
