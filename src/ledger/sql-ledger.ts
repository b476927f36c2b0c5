// The ledger in a database: SQLite on one host, SQL Server for several.

import { newRequestId } from '../core/request-id';
import type { Statement, WritableDatabase } from '../io/database';
import type { DeliveryDraft, DeliveryState, KeptDelivery, Lease, Ledger, Settlement, StateCount, WatchChange } from './ledger';
import { acceptedRequest, byAcceptance, enteredDelivery, takenIn } from './records';
import { deliveryOf, numberIn, requestOf } from './rows';
import type { Dialect } from './schema';
import { inPieces, MOST_IDS, openTables, piecesOf, problemOf, untilNoClash } from './sql-access';
import * as sql from './statements';
import { endWait, keepWait, selectWaits } from './wait-statements';
import { changeWatched, insertWatchedRequest, selectWatched } from './watch-statements';

/** How many activities go into one statement, each of which takes two parameters. */
const MOST_ACTIVITIES = 1_000;

/** Opens the ledger at the first call, and makes its tables where there are none. */
export function openSqlLedger(database: WritableDatabase, dialect: Dialect): Ledger {
  const { query, execute } = openTables(database, dialect);
  /** With what the destination's wait becomes of it, in the same transaction. */
  const settled = async (statement: Statement, id: string, settlement: Settlement, signal: AbortSignal) => {
    const { state, waitUntil, now } = settlement;
    const waits = waitUntil === undefined ? (state === 'delivered' ? [endWait(id)] : []) : keepWait(id, waitUntil, now);
    const turns = sql.isExclusive(settlement) ? [sql.TAKE_TURNS] : [];
    const counts = await untilNoClash(() => execute([...turns, statement, ...waits], signal), 1);
    return counts[turns.length] === 1;
  };
  const changed = async (statement: Statement, signal: AbortSignal) => (await execute([statement], signal))[0] === 1;

  return {
    async accept(request, lease, signal, id = newRequestId(lease.now)) {
      const keep = () => execute([sql.insertRequest(acceptedRequest(id, request, lease))], signal);
      await keep().catch(async (error: unknown) => {
        if (problemOf(error) !== 'uncertain') throw error;
        // Under the same id, so that it is kept once. Whatever else the second try meets, the first stays uncertain.
        await keep().catch((again: unknown) => {
          if (problemOf(again) !== 'duplicate') throw error;
        });
      });
      return id;
    },

    takeIn: (accepted, now, signal) =>
      // A clash tells that somebody takes in the same at this moment.
      changed(sql.insertMissingRequest(takenIn(accepted, now)), signal).catch((error: unknown) => {
        if (problemOf(error) === 'duplicate') return false;
        throw error;
      }),

    async settleRequest(id, state, reason, dueAt, signal) {
      await execute([sql.settleRequest(id, state, reason, dueAt)], signal);
    },

    takeRequest: (seen, lease, signal) => changed(sql.takeRequest(seen, lease), signal),

    requests: (filter, most, signal) =>
      inPieces(filter, most, byAcceptance, async (piece) =>
        (await query(sql.selectRequests(piece, most), signal)).map(requestOf),
      ),

    async requestCount(command, states, signal) {
      const [row] = await query(sql.countRequests(command, states), signal);
      return { count: numberIn(row, 'count'), oldestAcceptedAt: numberIn(row, 'oldest'), nextDueAt: numberIn(row, 'next') };
    },

    async claim(requestId, drafts, lease, windowMs, signal) {
      const entries = drafts.map((draft) => [true, false].map((begun) => enteredDelivery(requestId, draft, lease, begun)));
      const statements = [
        sql.settleRequest(requestId, 'composed', '', lease.now),
        ...entries.flat().map((delivery) => sql.insertDelivery(delivery, windowMs)),
      ];
      const counts = await untilNoClash(() => execute(statements, signal), drafts.length);
      // What is due, and not begun, is so at a moment that only the ledger knows.
      const entered = entries.map(([begun], index) => (counts[1 + 2 * index] === 1 ? begun : undefined));
      return standing(requestId, drafts, entered, windowMs, signal);
    },

    begin: (seen, lease, signal) => changed(sql.beginDelivery(seen, lease), signal),

    finish: (id, owner, settlement, signal) => settled(sql.finishDelivery(id, owner, settlement), id, settlement, signal),

    async amend(seen, settlement, signal) {
      if (!settlement.receipt?.id) return settled(sql.amendDelivery(seen, settlement), seen.id, settlement, signal);
      const [, adopted] = await execute([sql.TAKE_TURNS, sql.adoptReceipt(seen, settlement)], signal);
      return adopted === 1;
    },

    deliveries: (filter, most, signal) =>
      inPieces(filter, most, byAcceptance, async (piece) =>
        (await query(sql.selectDeliveries(piece, most), signal)).map(deliveryOf),
      ),

    async knownActivities(objectType, activities, signal) {
      const known = new Set<number>();
      for (let start = 0; start < activities.length; start += MOST_ACTIVITIES) {
        const wanted = activities.slice(start, start + MOST_ACTIVITIES);
        const rows = await query(sql.selectActivities(objectType, wanted), signal);
        const there = new Set(rows.map((row) => `${row['objid']} ${row['activity_objid']}`));
        for (const { objid, activityObjid } of wanted) if (there.has(`${objid} ${activityObjid}`)) known.add(activityObjid);
      }
      return known;
    },

    async counts(signal, objectType) {
      const rows = await query(sql.counts(objectType), signal);
      return rows.map((row): StateCount => ({
        destination: String(row['destination']),
        state: String(row['state']) as DeliveryState,
        count: numberIn(row, 'count'),
        oldestAcceptedAt: numberIn(row, 'oldest'),
        nextDueAt: numberIn(row, 'next'),
        lastDeliveredAt: numberIn(row, 'newest'),
      }));
    },

    async knownReceipts(destination, ids, signal) {
      const known = new Set<string>();
      for (const piece of piecesOf(ids)) {
        const rows = await query(sql.selectReceipts(destination, piece), signal);
        for (const row of rows) known.add(String(row['receipt_id']));
      }
      return known;
    },

    async waits(now, signal) {
      const rows = await query(selectWaits(now), signal);
      return rows.map((row) => ({ destination: String(row['destination']), until: Number(row['until']) }));
    },

    /** In several transactions, lest a rule that fires meanwhile wait for it. */
    async forgetMessages(deliveredBefore, signal) {
      let forgotten = 0;
      for (;;) {
        const rows = await query(sql.selectForgettable(deliveredBefore, MOST_IDS), signal);
        if (rows.length === 0) return forgotten;
        const [count = 0] = await execute([sql.forgetMessages(rows.map((row) => String(row['id'])))], signal);
        forgotten += count;
      }
    },

    async emptyMessages(ids, signal) {
      let emptied = 0;
      for (const piece of piecesOf(ids)) {
        const [count = 0] = await execute([sql.emptyMessages(piece)], signal);
        emptied += count;
      }
      return emptied;
    },

    async watched(objectType, objids, signal) {
      const rows = await query(selectWatched(objectType, objids), signal);
      return rows.map((row) => ({ objectType, objid: Number(row['objid']), state: String(row['state']) }));
    },

    async watch(changes, lease, signal) {
      if (changes.length === 0) return [];
      const made = changes.map((change) => statementsOf(change, lease));
      const statements = made.flatMap((each) => each.statements);
      const counts = await untilNoClash(() => execute(statements, signal), changes.length);
      let place = 0;
      return made.map(({ id, statements: own }) => {
        const isMade = counts[place] === 1;
        place += own.length;
        return isMade ? id : undefined;
      });
    },

    close: () => database.close(),
  };

  /** What this claim entered, and for the rest what is in its place. In the ordinary case there is no rest, and nothing is read. */
  async function standing(
    requestId: string,
    drafts: readonly DeliveryDraft[],
    entered: readonly (KeptDelivery | undefined)[],
    windowMs: number,
    signal: AbortSignal,
  ): Promise<readonly KeptDelivery[]> {
    const missing = drafts.filter((_, index) => entered[index] === undefined).map(({ id }) => id);
    const rows = missing.length === 0 ? [] : await query(sql.selectDeliveries({ ids: missing }, missing.length), signal);
    const byId = new Map(rows.map(deliveryOf).map((delivery) => [delivery.id, delivery]));
    return Promise.all(
      drafts.map(async (draft, index) => {
        const known = entered[index] ?? byId.get(draft.id);
        if (known !== undefined) return known;
        const [row] = await query(sql.selectContent(draft.contentKey, requestId, windowMs), signal);
        if (row === undefined) throw new Error(`the delivery ${draft.id} was neither entered nor there`);
        return deliveryOf(row);
      }),
    );
  }
}

/** The statements of a change, and the id of its request; an empty text where it has none. */
function statementsOf(
  change: WatchChange,
  lease: Lease,
): { readonly id: string; readonly statements: readonly [Statement, ...Statement[]] } {
  const { request } = change;
  if (request === undefined) return { id: '', statements: [changeWatched(change, '', lease.now)] };
  const id = newRequestId(lease.now);
  const kept = acceptedRequest(id, request, lease);
  return { id, statements: [changeWatched(change, id, lease.now), insertWatchedRequest(kept)] };
}
