// The stand-in of Google as the groupware of a soak: what its people see and do there, kind by kind.

import { ENTRY_KINDS, type EntryKind } from '../../../src/core/sync/entry';
import type { GoogleSite } from '../../support/google-site';
import type { MemoryItems } from '../../support/memory-groupware';
import { itemsIn } from '../sync/google';
import { contactItems } from '../sync/google-contacts';
import { taskItems } from '../sync/google-tasks';
import type { World } from '../sync/world';

/** Whose entries they are, and of which CRM. */
interface Whose {
  readonly login: string;
  readonly email: string;
  readonly system: string;
}

/** The entries of a kind of somebody; nothing before the program made a place for them. */
type Look = (site: GoogleSite, whose: Whose) => MemoryItems | undefined;

const AT_GOOGLE: Readonly<Record<EntryKind, Look>> = {
  event: (site, { login, email }) =>
    site.server.calendars(email).some(({ isPrimary }) => !isPrimary) ? itemsIn(site, login) : undefined,
  task: ({ server }, { email, system }) => taskItems(server, email, system),
  // Everybody has an address book.
  contact: ({ server }, { email }) => contactItems(server, email),
};

/** What people have before them. */
export interface GoogleBooks extends Pick<World['groupware'], 'canHide'> {
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
export function openBooks(site: GoogleSite, system: string, emailOf: (user: string) => string): GoogleBooks {
  const known = new Map<string, MemoryItems>();
  const ready = new Set<string>();
  const look = (user: string, kind: EntryKind) => {
    const key = `${user} ${kind}`;
    const items = known.get(key) ?? AT_GOOGLE[kind](site, { login: user, email: emailOf(user), system });
    if (items !== undefined) known.set(key, items);
    return items;
  };
  return {
    of: (user, kind) => look(user, kind) ?? NOTHING,
    // Neither tasks nor contacts can be private there, and there are no series of them.
    canHide: ['event'],
    isReady: (user) => {
      if (!ready.has(user) && ENTRY_KINDS.every((kind) => look(user, kind) !== undefined)) ready.add(user);
      return ready.has(user);
    },
  };
}
