// From the spool into the ledger: what the ledger could not take when it was handed over.

import { DatabaseError } from '../../core/database-error';
import type { Deadline } from '../../core/deadline';
import { codeOf, messageOf, UserError } from '../../core/errors';
import type { Ledger } from '../../ledger/ledger';
import type { Spool } from '../../ledger/spool';
import type { Context } from '../command';

/** What taking in is made of. */
export interface TakeInParts {
  readonly ledger: Pick<Ledger, 'takeIn'>;
  readonly readCall: Context['readCall'];
  readonly now: () => number;
  /** Whether there is time for more. */
  readonly wanted: () => boolean;
  /** Hears of each, so that somebody is told. Without it, what cannot be taken in stays where it is. */
  readonly note?: (id: string, fate: TakenFate) => void;
}

/** What became of a file. `left` stays where it is, for whoever can read it. */
export type TakenFate = { readonly kind: 'taken' } | { readonly kind: 'refused' | 'left'; readonly reason: string };

/** How many are taken in at once: the ledger flushes what comes together only once. */
const AT_ONCE = 16;

/**
 * Takes in what waits, the oldest first, each in a transaction of its own; only then its file is removed, so that a run which is killed in
 * between leaves a file that the ledger knows. Two runs at once do no harm for the same reason. Rejects with the ledger's DatabaseError.
 */
export async function takeIn(spools: readonly Spool[], parts: TakeInParts, signal: AbortSignal): Promise<void> {
  for (const spool of spools) {
    try {
      const ids = spool.waiting();
      for (let start = 0; start < ids.length && parts.wanted(); start += AT_ONCE)
        await Promise.all(ids.slice(start, start + AT_ONCE).map((id) => takeOne(id, spool, parts, signal)));
      // A call has no time to tidy up.
      if (parts.note !== undefined) spool.sweep(parts.now());
    } catch (error) {
      if (codeOf(error) === '') throw error;
      parts.note?.('', { kind: 'left', reason: `the spool ${spool.folder} cannot be taken in (${messageOf(error)})` });
    }
  }
}

async function takeOne(id: string, spool: Spool, { ledger, readCall, now, note }: TakeInParts, signal: AbortSignal) {
  try {
    const spooled = spool.read(id);
    // Another run was faster.
    if (spooled === undefined) return;
    const request = await readCall(spooled);
    const isNew = await ledger.takeIn({ id, request, acceptedAt: spooled.at }, now(), signal);
    spool.remove(id);
    if (isNew) note?.(id, { kind: 'taken' });
  } catch (error) {
    const isUsers = error instanceof UserError;
    // What the system answers of one file must not hold up the others.
    if (!isUsers && codeOf(error) === '') throw error;
    if (note === undefined) return;
    const isRefused = isUsers && error.result !== 'later';
    if (isRefused) spool.refuse(id);
    note(id, { kind: isRefused ? 'refused' : 'left', reason: messageOf(error) });
  }
}

/** Takes in for a moment. Whatever goes wrong is not this call's, which has a post of its own; the next rerun tells of it. */
export async function takeInBriefly(
  ledger: Ledger,
  { spools, readCall, now }: Pick<TakeInParts, 'readCall' | 'now'> & { readonly spools: () => readonly Spool[] },
  mostMs: number,
  deadline: Deadline,
): Promise<void> {
  const left = deadline.remainingMs();
  const wanted = () => left - deadline.remainingMs() < mostMs;
  await takeIn(spools(), { ledger, readCall, now, wanted }, deadline.signal).catch((error: unknown) => {
    if (!(error instanceof DatabaseError)) throw error;
  });
}
