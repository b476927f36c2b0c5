// Links that live as long as the process: the double of the real ones in tests. It keeps rows, as they do, and answers the same suite.

import type { EntryKind } from '../../src/core/sync/entry';
import type { Link, LinkState } from '../../src/core/sync/link';
import { changeId, commitId, piecesOf, type Piece } from '../../src/ledger/commit';
import { columnsOfConflict, columnsOfLink, columnsOfWrite, conflictOf, linkOf, writeOf } from '../../src/ledger/link-rows';
import type { Grant, HeldCount, LinkCount, LinkFilter, Links } from '../../src/ledger/links';
import { endOf, fit } from '../../src/ledger/records';
import type { Columns } from '../../src/ledger/rows';
import { LONGEST } from '../../src/ledger/schema';
import { IndexedMap } from './indexed-map';

/** What several handles of one store share. */
export interface LinkStore {
  readonly grants: Map<string, Grant>;
  /** The users for whom a turn was asked meanwhile, and the last commit of each. */
  readonly asked: Set<string>;
  readonly committed: Map<string, string>;
  /** Rows by their ids. */
  readonly links: IndexedMap<Columns>;
  readonly conflicts: IndexedMap<Columns>;
  readonly writes: Map<string, Columns>;
  readonly allowances: Map<string, { readonly since: number; readonly count: number }>;
  /** By user, then by kind. */
  readonly cursors: Map<string, Map<EntryKind, string>>;
}

/** An empty store. */
export function newLinkStore(): LinkStore {
  const ofLogin = (row: Columns) => String(row['login']);
  const byLogin = () => new IndexedMap(ofLogin);
  const rows = { allowances: new Map(), links: byLogin(), conflicts: byLogin(), writes: new Map(), cursors: new Map() };
  return { grants: new Map(), asked: new Set(), committed: new Map(), ...rows };
}

/** A handle on a store. */
export function openMemoryLinks({ grants, asked, committed, links, conflicts, writes, cursors, allowances }: LinkStore): Links {
  const change = (user: string, changes: Partial<Grant>): boolean => {
    const grant = grants.get(user);
    if (grant !== undefined) grants.set(user, { ...grant, ...changes });
    return grant !== undefined;
  };
  /** The rows among which those of a filter are. */
  const near = ({ ids, user }: LinkFilter): readonly Columns[] => {
    if (ids !== undefined) return [...new Set(ids)].map((id) => links.get(id)).filter((row) => row !== undefined);
    return user === undefined ? [...links.values()] : links.of(user);
  };

  return {
    enter: (users, now) => {
      const grant = {
        state: 'new',
        reason: '',
        dueAt: now,
        syncedAt: 0,
        failures: 0,
        groupware: '',
        leaseOwner: '',
        leaseUntil: 0,
      } as const;
      for (const user of users) if (!grants.has(user)) grants.set(user, { user, ...grant });
      return Promise.resolve();
    },

    grants: () => Promise.resolve([...grants.values()].sort(byUser)),

    dueGrants: (now, most, _signal, behind) => {
      const order = (one: Pick<Grant, 'dueAt' | 'user'>, other: Pick<Grant, 'dueAt' | 'user'>) =>
        one.dueAt - other.dueAt || byUser(one, other);
      const all = [...grants.values()].sort(order).filter((grant) => behind === undefined || order(grant, behind) > 0);
      const isDue = ({ dueAt, leaseUntil, state }: Grant) => dueAt <= now && leaseUntil <= now && !IDLE.includes(state);
      return Promise.resolve(all.filter(isDue).slice(0, most));
    },

    takeTurn: (seen, lease) => {
      const grant = grants.get(seen.user);
      const names = ['state', 'dueAt', 'syncedAt', 'failures', 'leaseOwner', 'leaseUntil'] as const;
      const isFree = grant !== undefined && names.every((name) => grant[name] === seen[name]) && grant.leaseUntil <= lease.now;
      if (isFree) asked.delete(seen.user);
      const state = seen.state === 'new' ? 'active' : seen.state;
      return Promise.resolve(isFree && change(seen.user, { state, leaseOwner: lease.owner, leaseUntil: endOf(lease) }));
    },

    endTurn: (user, owner, end) => {
      const grant = grants.get(user);
      if (grant === undefined || owner === '' || grant.leaseOwner !== owner) return Promise.resolve(false);
      const { state, syncedAt, failures } = end;
      const dueAt = asked.has(user) ? grant.dueAt : Math.ceil(end.dueAt);
      const ended = { state, syncedAt, failures, dueAt, reason: fit(end.reason, LONGEST.reason), leaseOwner: '', leaseUntil: 0 };
      return Promise.resolve(change(user, ended));
    },

    spend: ({ name, most, perMs }, wanted, now) => {
      const used = allowances.get(name);
      const current = used !== undefined && used.since <= now && used.since + perMs > now ? used : { since: now, count: 0 };
      const given = Math.max(0, Math.min(wanted, most - current.count));
      if (given > 0) allowances.set(name, { ...current, count: current.count + given });
      return Promise.resolve(given);
    },

    makeDue: (user, now) => {
      if (change(user, { dueAt: Math.min(now, grants.get(user)?.dueAt ?? now) })) asked.add(user);
      return Promise.resolve();
    },

    links: (user) => {
      const own = links
        .of(user)
        .filter(({ state }) => state !== 'gone')
        .map(readLink);
      return Promise.resolve(own.sort((one, other) => compare(one.id, other.id)));
    },

    find: (filter, most) => {
      const rows = near(filter)
        .filter((row) => fits(row, filter))
        .map(readLink);
      return Promise.resolve(rows.sort(newestFirst).slice(0, most));
    },

    cursors: (user) => Promise.resolve(new Map([...(cursors.get(user) ?? [])].filter(([, cursor]) => cursor !== ''))),

    commit: (user, owner, commit, now) =>
      Promise.resolve(piecesOf(commit).every((piece) => commitPiece(user, owner, piece, now))),

    order: (seen, order, now) => {
      const row = links.get(seen.id);
      const isSeen = row?.['revision'] === seen.revision && (seen.damage !== undefined || row['state'] === seen.state);
      if (row === undefined || !isSeen || seen.state !== 'held') return Promise.resolve(false);
      const mended = seen.damage === undefined ? {} : { state: 'held', cause: '', entries: '', forgettable_since: 0 };
      links.set(seen.id, { ...row, ...mended, resolved_as: order, changed_at: now, revision: seen.revision + 1 });
      return Promise.resolve(true);
    },

    counts: () => {
      const counted = new Map<string, LinkCount>();
      for (const row of links.values()) {
        const [user, state, changedAt] = [String(row['login']), row['state'] as LinkState, Number(row['changed_at'])];
        const { count = 0, oldestChangedAt = changedAt } = counted.get(`${user} ${state}`) ?? {};
        const oldest = Math.min(oldestChangedAt, changedAt);
        counted.set(`${user} ${state}`, { user, state, count: count + 1, oldestChangedAt: oldest });
      }
      const order = (one: LinkCount, other: LinkCount) => byUser(one, other) || compare(one.state, other.state);
      return Promise.resolve([...counted.values()].sort(order));
    },

    heldCounts: () => {
      const counted = new Map<string, HeldCount>();
      for (const row of [...links.values()].filter(({ state }) => state === 'held')) {
        const [user, cause] = [String(row['login']), row['cause'] as HeldCount['cause']];
        counted.set(`${user} ${cause}`, { user, cause, count: (counted.get(`${user} ${cause}`)?.count ?? 0) + 1 });
      }
      return Promise.resolve([...counted.values()].sort((one, other) => byUser(one, other) || compare(one.cause, other.cause)));
    },

    conflictCount: () => Promise.resolve(conflicts.size),

    conflicts: ({ user, linkId }, most) => {
      const all = user === undefined ? [...conflicts.values()] : conflicts.of(user);
      const kept = all.map(conflictOf).filter((one) => linkId === undefined || one.linkId === linkId);
      return Promise.resolve(kept.sort((one, other) => other.at - one.at || compare(other.id, one.id)).slice(0, most));
    },

    writes: (linkId, most) => {
      const order = (one: Columns, other: Columns) =>
        Number(other['happened_at']) - Number(one['happened_at']) || compare(String(other['id']), String(one['id']));
      const rows = [...writes.values()].filter((row) => row['link_id'] === linkId).sort(order);
      return Promise.resolve(rows.slice(0, most).map(writeOf));
    },

    forgetEntries: (before) => {
      const empty = (table: Map<string, Columns>, emptied: Columns) => {
        const old: (readonly [string, Columns])[] = [];
        for (const [id, row] of table) {
          const since = Number(row['forgettable_since']);
          if (since > 0 && since < before) old.push([id, row]);
        }
        for (const [id, row] of old) table.set(id, { ...row, ...emptied, forgettable_since: 0 });
        return old.length;
      };
      return Promise.resolve(empty(links, { entries: '' }) + empty(conflicts, NO_CONFLICT) + empty(writes, NO_WRITE));
    },
  };

  function commitPiece(user: string, owner: string, piece: Piece, now: number): boolean {
    const id = commitId(owner, piece);
    const grant = grants.get(user);
    if (committed.get(user) === id) return true;
    if (grant === undefined || owner === '' || grant.leaseOwner !== owner) return false;
    const isAsRead = (link: Link) => {
      const row = links.get(link.id);
      return link.revision === 0 ? row === undefined : row?.['login'] === user && row['revision'] === link.revision;
    };
    if (!piece.links.every(isAsRead)) return false;
    for (const link of piece.links) links.set(link.id, { ...columnsOfLink({ ...link, user }, now), revision: link.revision + 1 });
    for (const linkId of piece.emptied) emptyLink(user, linkId);
    piece.conflicts.forEach((conflict, n) => {
      conflicts.set(changeId(id, n), columnsOfConflict({ ...conflict, user, id: changeId(id, n) }));
    });
    piece.writes.forEach((write, n) => writes.set(changeId(id, n), columnsOfWrite(changeId(id, n), { ...write, user })));
    if (piece.cursor !== undefined)
      cursors.set(user, new Map([...(cursors.get(user) ?? []), [piece.cursor.kind, piece.cursor.cursor]]));
    if (piece.groupware !== undefined) change(user, { groupware: piece.groupware });
    committed.set(user, id);
    return true;
  }

  function emptyLink(user: string, linkId: string): void {
    const row = links.get(linkId);
    const isRefused = row?.['cause'] === 'refused';
    if (row?.['login'] === user && (row['entries'] !== '' || (isRefused && row['reason'] !== '')))
      links.set(linkId, {
        ...row,
        ...{ entries: '', forgettable_since: 0, revision: Number(row['revision']) + 1 },
        ...(isRefused ? { reason: '' } : {}),
      });
    for (const [table, values] of [[conflicts, NO_CONFLICT] as const, [writes, NO_WRITE] as const])
      for (const [id, kept] of table)
        if (kept['link_id'] === linkId && kept['login'] === user) table.set(id, { ...kept, ...values, forgettable_since: 0 });
  }
}

/** Links as their rows were read: no row is ever changed, another one takes its place. */
const linksRead = new WeakMap<Columns, Link>();

function readLink(row: Columns): Link {
  const link = linksRead.get(row) ?? linkOf(row);
  linksRead.set(row, link);
  return link;
}

/** The states in which there are no turns. */
const IDLE: readonly Grant['state'][] = ['parked', 'disconnected'];
const NO_CONFLICT = { crm_value: '', remote_value: '' };
const NO_WRITE = { old_value: '', new_value: '' };

function fits(row: Columns, { user, ids, type, objid, states }: LinkFilter): boolean {
  const equals = (column: string, wanted: string | number | undefined) => wanted === undefined || row[column] === wanted;
  const isOneOf = (column: string, wanted: readonly string[] | undefined) =>
    wanted === undefined || wanted.includes(String(row[column]));
  return (
    equals('login', user) &&
    isOneOf('id', ids) &&
    equals('entry_type', type) &&
    equals('objid', objid) &&
    isOneOf('state', states)
  );
}

function newestFirst(one: Link, other: Link): number {
  return other.changedAt - one.changedAt || compare(other.id, one.id);
}

function byUser(one: { readonly user: string }, other: { readonly user: string }): number {
  return compare(one.user, other.user);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
