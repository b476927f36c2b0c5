// Links, entries and turns for the tests of what keeps them.

import type { Entry } from '../../src/core/sync/entry';
import { newLink, type Conflict, type CrmWrite, type Link } from '../../src/core/sync/link';
import { leaseOf, NOW } from './ledger';
import type { Grant, Links } from '../../src/ledger/links';

export const NEVER = new AbortController().signal;

/** A visit that somebody plans. */
export const VISIT: Entry = {
  kind: 'event',
  subject: 'Visit Calder & Sons',
  time: {
    begin: { wallClock: '2026-06-15T09:00:00', timeZone: 'America/Chicago' },
    end: { wallClock: '2026-06-15T10:00:00', timeZone: 'America/Chicago' },
  },
  place: 'Zürich',
  notes: 'bring the dock door',
  done: false,
};

/** A link of an appointment that both sides have. */
export function link(id: string, changes: Partial<Link> = {}): Link {
  const given = { user: 'agent1', kind: 'event', type: 'appointment', origin: 'crm', state: 'linked' } as const;
  return newLink({ ...given, objid: 268435457, crmBase: VISIT, remoteBase: VISIT, id, ...changes });
}

/** A conflict about a link's place. */
export function conflict(linkId: string, changes: Partial<Conflict> = {}): Conflict {
  const values = { field: 'place', winner: 'crm', crmValue: 'Zürich', remoteValue: 'Bern' } as const;
  return { linkId, user: 'agent1', ...values, at: NOW, ...changes };
}

/** A write of a link's subject. */
export function write(linkId: string, changes: Partial<CrmWrite> = {}): CrmWrite {
  const place = { table: 'table_appointment', objid: 268435457, column: 'title' };
  return { linkId, user: 'agent1', remoteUser: 'agent1', ...place, oldValue: 'old', newValue: 'new', at: NOW, ...changes };
}

/** A user's grant as it is now. */
export async function grantNow(links: Links, user: string): Promise<Grant> {
  const grant = (await links.grants(NEVER)).find((known) => known.user === user);
  if (grant === undefined) throw new Error(`there is no grant of ${user}`);
  return grant;
}

/** Enters a user and takes the turn. */
export async function haveTurn(links: Links, user: string, owner: string, now = NOW): Promise<void> {
  await links.enter([user], now, NEVER);
  if (!(await links.takeTurn(await grantNow(links, user), leaseOf(owner, now), NEVER))) throw new Error('somebody has the turn');
}
