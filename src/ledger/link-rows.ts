// Between links, grants, conflicts and writes, and the columns of their tables.

import { ENTRY_KINDS } from '../core/sync/entry';
import { readEntries, spellEntries } from '../core/sync/kept-entries';
import { LINK_STATES, type CrmWrite, type Link, type LinkCause, type LinkOrder, type LinkState } from '../core/sync/link';
import type { Row } from '../io/database';
import type { Grant, HeldCount, KeptConflict, LinkCount } from './links';
import { fit } from './records';
import { numberIn, Reading, type Columns } from './rows';
import { LONGEST } from './schema';

const ORIGINS: readonly Link['origin'][] = ['crm', 'groupware'];
const ORDERS: readonly LinkOrder[] = ['', 'crm', 'groupware', 'both'];
const GRANT_STATES: readonly Grant['state'][] = ['new', 'active', 'parked', 'adopting', 'disconnected'];
/** The states in which a link needs its entries no more. */
const FORGETTABLE: readonly LinkState[] = ['apart', 'gone'];

/** The names of the columns that make a link, a grant, a conflict and a write. */
export const LINK_COLUMNS =
  '[id], [login], [kind], [entry_type], [objid], [generation], [remote_id], [version], [origin], [state], [cause], [reason], ' +
  '[resolved_as], [entries], [attempts], [changed_at], [revision]';
export const GRANT_COLUMNS =
  '[login], [state], [reason], [due_at], [synced_at], [failures], [groupware], [lease_owner], [lease_until]';
export const CONFLICT_COLUMNS = '[id], [link_id], [login], [field], [winner], [crm_value], [remote_value], [happened_at]';
export const WRITE_COLUMNS =
  '[id], [link_id], [login], [remote_user], [crm_table], [objid], [crm_column], [old_value], [new_value], [happened_at]';

/** A link that was changed at a moment as columns, but for its revision, which the statements count. */
export function columnsOfLink(link: Link, now: number): Columns {
  const entries = spellEntries(link);
  return {
    id: link.id,
    login: link.user,
    kind: link.kind,
    entry_type: link.type,
    objid: link.objid,
    generation: link.generation,
    remote_id: whole(link.remoteId),
    version: whole(link.version),
    origin: link.origin,
    state: link.state,
    cause: link.cause,
    reason: fit(link.reason, LONGEST.reason),
    resolved_as: link.order,
    entries,
    attempts: link.attempts,
    changed_at: now,
    forgettable_since: entries !== '' && FORGETTABLE.includes(link.state) ? now : 0,
  };
}

/** The link of a row. One that is damaged is held, whatever else the row says: nothing may follow from what cannot be read. */
export function linkOf(row: Row): Link {
  const read = new Reading(row);
  const entries = readEntries(read.text('entries'));
  if (entries === undefined) read.note('its entries are none');
  const link: Link = {
    id: read.text('id'),
    user: read.text('login'),
    kind: read.oneOf('kind', ENTRY_KINDS),
    type: read.text('entry_type'),
    objid: read.whole('objid'),
    generation: read.whole('generation'),
    remoteId: read.text('remote_id'),
    version: read.text('version'),
    origin: read.oneOf('origin', ORIGINS),
    state: read.oneOf('state', LINK_STATES),
    cause: read.text('cause') as LinkCause,
    reason: read.text('reason'),
    order: read.oneOf('resolved_as', ORDERS),
    ...(entries ?? { crmBase: undefined, remoteBase: undefined, sent: undefined, pending: undefined }),
    attempts: read.whole('attempts'),
    changedAt: read.whole('changed_at'),
    revision: read.whole('revision'),
  };
  const { damage } = read.damage();
  return damage === undefined ? link : heldForDamage(link, damage);
}

/** A link as it is shown while its row is damaged. */
export function heldForDamage(link: Link, damage: string): Link {
  return { ...link, state: 'held', cause: '', order: '', reason: `its row in the ledger is damaged: ${damage}`, damage };
}

/** The grant of a row. A damaged one has no turns. */
export function grantOf(row: Row): Grant {
  const read = new Reading(row);
  const state = read.oneOf('state', GRANT_STATES);
  const grant: Grant = {
    user: read.text('login'),
    state,
    reason: read.text('reason'),
    dueAt: read.whole('due_at'),
    syncedAt: read.whole('synced_at'),
    failures: read.whole('failures'),
    groupware: read.text('groupware'),
    leaseOwner: read.text('lease_owner'),
    leaseUntil: read.whole('lease_until'),
  };
  const { damage } = read.damage();
  return damage === undefined ? grant : { ...grant, state: 'parked', reason: `its row in the ledger is damaged: ${damage}` };
}

/** A conflict of a row. */
export function conflictOf(row: Row): KeptConflict {
  const text = (column: string) => String(row[column]);
  return {
    id: text('id'),
    linkId: text('link_id'),
    user: text('login'),
    field: text('field'),
    winner: text('winner') as KeptConflict['winner'],
    crmValue: text('crm_value'),
    remoteValue: text('remote_value'),
    at: numberIn(row, 'happened_at'),
  };
}

/** A conflict as columns. */
export function columnsOfConflict(conflict: KeptConflict): Columns {
  return {
    id: conflict.id,
    link_id: conflict.linkId,
    login: conflict.user,
    field: conflict.field,
    winner: conflict.winner,
    crm_value: whole(conflict.crmValue),
    remote_value: whole(conflict.remoteValue),
    happened_at: conflict.at,
    forgettable_since: conflict.at,
  };
}

/** A write of a row. */
export function writeOf(row: Row): CrmWrite {
  const text = (column: string) => String(row[column]);
  return {
    linkId: text('link_id'),
    user: text('login'),
    remoteUser: text('remote_user'),
    table: text('crm_table'),
    objid: numberIn(row, 'objid'),
    column: text('crm_column'),
    oldValue: text('old_value'),
    newValue: text('new_value'),
    at: numberIn(row, 'happened_at'),
  };
}

/** A write as columns. */
export function columnsOfWrite(id: string, write: CrmWrite): Columns {
  return {
    id,
    link_id: write.linkId,
    login: write.user,
    remote_user: fit(write.remoteUser, LONGEST.reason),
    crm_table: write.table,
    objid: write.objid,
    crm_column: write.column,
    old_value: whole(write.oldValue),
    new_value: whole(write.newValue),
    happened_at: write.at,
    forgettable_since: write.at,
  };
}

/** How many links a row counts. */
export function countOf(row: Row): LinkCount {
  return {
    user: String(row['login']),
    state: String(row['state']) as LinkState,
    count: numberIn(row, 'count'),
    oldestChangedAt: numberIn(row, 'oldest'),
  };
}

/** How many links a row counts that are held. */
export function heldCountOf(row: Row): HeldCount {
  return { user: String(row['login']), cause: String(row['cause']) as LinkCause, count: numberIn(row, 'count') };
}

/** A text of any length, as every engine keeps it. */
function whole(text: string): string {
  return fit(text, Infinity);
}
