// The stand-in of Google as the groupware of a soak: what its people see and do there, kind by kind.

import { ENTRY_KINDS, type EntryKind } from '../../../src/core/sync/entry';
import type { GoogleSite } from '../../support/google-site';
import type { MemoryItems } from '../../support/memory-groupware';
import { itemsIn } from '../sync/google';

/** The entries of a kind of somebody with this login and address; nothing before the program made a place for them. */
type Look = (site: GoogleSite, login: string, email: string) => MemoryItems | undefined;

/** One more kind is one more row. */
const AT_GOOGLE: Readonly<Partial<Record<EntryKind, Look>>> = {
  event: (site, login, email) =>
    site.server.calendars(email).some(({ isPrimary }) => !isPrimary) ? itemsIn(site, login) : undefined,
};

/** The kinds that stand there. */
export const KINDS_AT_GOOGLE: readonly EntryKind[] = ENTRY_KINDS.filter((kind) => AT_GOOGLE[kind] !== undefined);

/** What people have before them. */
export interface GoogleBooks {
  /** A user's items of a kind; none before there is a place for them. */
  of(user: string, kind: EntryKind): MemoryItems;
  /** Whether the program made a place for every kind of a user's entries. */
  isReady(user: string): boolean;
}

const NOTHING: MemoryItems = {
  items: new Map(),
  put: () => {
    throw new Error('the program has to make a place first');
  },
};

/** The books of all users. */
export function openBooks(site: GoogleSite, emailOf: (user: string) => string): GoogleBooks {
  const known = new Map<string, MemoryItems>();
  const look = (user: string, kind: EntryKind) => {
    const key = `${user} ${kind}`;
    const items = known.get(key) ?? AT_GOOGLE[kind]?.(site, user, emailOf(user));
    if (items !== undefined) known.set(key, items);
    return items;
  };
  return {
    of: (user, kind) => look(user, kind) ?? NOTHING,
    isReady: (user) => KINDS_AT_GOOGLE.every((kind) => look(user, kind) !== undefined),
  };
}
