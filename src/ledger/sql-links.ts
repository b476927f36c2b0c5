// The links in the ledger's database: SQLite on one host, SQL Server for several.

import type { EntryKind } from '../core/sync/entry';
import type { Link } from '../core/sync/link';
import type { Statement, WritableDatabase } from '../io/database';
import { selectAllowance, useAllowance, usedOf } from './allowance-statements';
import { changeId, commitId, piecesOf as piecesOfCommit, type Piece } from './commit';
import * as grants from './grant-statements';
import { conflictOf, countOf, grantOf, heldCountOf, linkOf, writeOf } from './link-rows';
import * as sql from './link-statements';
import type { Links } from './links';
import { numberIn } from './rows';
import type { Dialect } from './schema';
import { inPieces, MOST_IDS, openTables, piecesOf, problemOf, untilNoClash } from './sql-access';

/** Opens the links at the first call. Whoever opened the database closes it. */
export function openSqlLinks(database: WritableDatabase, dialect: Dialect): Links {
  const { query, execute } = openTables(database, dialect);
  const changed = async (statement: Statement, signal: AbortSignal) => (await execute([statement], signal))[0] === 1;

  return {
    async enter(users, now, signal) {
      const known = new Set((await query(grants.SELECT_GRANTS, signal)).map((row) => row['login']));
      const missing = [...new Set(users)].filter((user) => !known.has(user));
      for (const piece of piecesOf(missing)) {
        const statements = piece.map((user) => grants.insertGrant(user, now));
        await untilNoClash(() => execute(statements, signal), piece.length);
      }
    },

    grants: async (signal) => (await query(grants.SELECT_GRANTS, signal)).map(grantOf),

    dueGrants: async (now, most, signal, behind) => (await query(grants.selectDueGrants(now, most, behind), signal)).map(grantOf),

    takeTurn: (seen, lease, signal) => changed(grants.takeTurn(seen, lease), signal),

    endTurn: (user, owner, end, signal) => changed(grants.endTurn(user, owner, end), signal),

    async spend(allowance, wanted, now, signal) {
      for (;;) {
        const [row] = await query(selectAllowance(allowance.name), signal);
        const used = row === undefined ? { since: now, count: 0 } : usedOf(row, allowance.perMs, now);
        const given = Math.max(0, Math.min(wanted, allowance.most - used.count));
        if (given === 0) return 0;
        const statement = useAllowance(allowance, row, { ...used, count: used.count + given });
        // Whoever was faster may have left something.
        if (await untilNoClash(() => changed(statement, signal), 1)) return given;
      }
    },

    async makeDue(user, now, signal) {
      await execute([grants.makeDue(user, now)], signal);
    },

    links: async (user, signal) => (await query(sql.selectLinks(user), signal)).map(linkOf),

    find: (filter, most, signal) =>
      inPieces(filter, most, newestFirst, async (piece) => (await query(sql.findLinks(piece, most), signal)).map(linkOf)),

    async cursors(user, signal) {
      const rows = await query(sql.selectCursors(user), signal);
      return new Map(rows.map((row) => [String(row['kind']) as EntryKind, String(row['cursor_text'])]));
    },

    async commit(user, owner, commit, now, signal) {
      for (const piece of piecesOfCommit(commit)) if (!(await commitPiece(user, owner, piece, now, signal))) return false;
      return true;
    },

    async order(seen, order, now, signal) {
      if (seen.state !== 'held') return false;
      const [, count] = await execute([grants.awaitCommit(seen.user), sql.orderLink(seen, order, now)], signal);
      return count === 1;
    },

    counts: async (signal) => (await query(sql.COUNT_LINKS, signal)).map(countOf),

    heldCounts: async (signal) => (await query(sql.COUNT_HELD, signal)).map(heldCountOf),

    conflictCount: async (signal) => numberIn((await query(sql.COUNT_CONFLICTS, signal))[0], 'count'),

    conflicts: async (filter, most, signal) => (await query(sql.selectConflicts(filter, most), signal)).map(conflictOf),

    writes: async (linkId, most, signal) => (await query(sql.selectWrites(linkId, most), signal)).map(writeOf),

    /** In several transactions, lest a rule that fires meanwhile wait for it. */
    async forgetEntries(before, signal) {
      let forgotten = 0;
      for (const table of sql.FORGETTABLE_TABLES) {
        for (;;) {
          const rows = await query(sql.selectForgettable(table, before, MOST_IDS), signal);
          if (rows.length === 0) break;
          const ids = rows.map((row) => String(row['id']));
          const [count = 0] = await execute([sql.forget(table, ids, before)], signal);
          forgotten += count;
        }
      }
      return forgotten;
    },
  };

  async function commitPiece(user: string, owner: string, piece: Piece, now: number, signal: AbortSignal): Promise<boolean> {
    const id = commitId(owner, piece);
    const statements = statementsOf(user, owner, piece, id, now);
    const attempt = async () => (await execute(statements, signal)).at(-1) === 1;
    try {
      return await attempt();
    } catch (error) {
      // Another user's commit entered the same id at this moment.
      if (problemOf(error) === 'duplicate') return false;
      if (problemOf(error) !== 'uncertain') throw error;
      // If it came true, it is known by its name. Whatever the second try meets, the first stays uncertain.
      return attempt().catch(() => {
        throw error;
      });
    }
  }
}

/** First everything is looked at, then everything is changed, or nothing. */
function statementsOf(user: string, owner: string, piece: Piece, commit: string, now: number): readonly Statement[] {
  const { links, conflicts, writes, emptied, cursor, groupware } = piece;
  return [
    grants.beginCommit(user, owner, commit),
    ...links.map(({ id, revision }) => grants.checkLink(user, commit, id, revision)),
    ...links.map((link) => sql.keepLink({ ...link, user }, commit, now)),
    ...emptied.flatMap((linkId) => sql.emptyLink(user, linkId, commit)),
    ...conflicts.map((conflict, n) => sql.insertConflict(user, { ...conflict, id: changeId(commit, n) }, commit)),
    ...writes.map((write, n) => sql.insertWrite(user, changeId(commit, n), write, commit)),
    ...(cursor === undefined ? [] : sql.moveCursor(user, cursor, commit, now)),
    ...grants.endCommit(user, commit, groupware),
  ];
}

function newestFirst(one: Link, other: Link): number {
  return other.changedAt - one.changedAt || (one.id < other.id ? 1 : -Number(one.id > other.id));
}
