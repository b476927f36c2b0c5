// Keeping what a rule hands over, before anything else is done with it: in the ledger, or, where that cannot take it in time, in the spool.

import type { Request } from '../../../core/activity';
import { DatabaseError } from '../../../core/database-error';
import { afterMs, GRACE_MS, sleep, type Deadline } from '../../../core/deadline';
import { codeOf, messageOf } from '../../../core/errors';
import { newRequestId } from '../../../core/request-id';
import type { Ledger } from '../../../ledger/ledger';
import type { Spool, SpooledRequest } from '../../../ledger/spool';
import { leaseOf, type AttemptParts } from '../deliver';

/** A call of a rule. */
export interface Call extends Pick<SpooledRequest, 'command' | 'words' | 'rule'> {
  /** What its words mean; `undefined` where that takes a configuration that cannot be read. Then only the spool can keep it. */
  readonly request: Request | undefined;
}

/** What keeping is made of. */
export interface KeepParts extends Pick<AttemptParts, 'owner' | 'now'> {
  /** Opens the ledger; `undefined` where nobody knows which one it is. Rejects where it cannot be used at all. */
  readonly ledger: (() => Promise<Ledger>) | undefined;
  /** Opens the spool, which is asked for only where the ledger is not enough. Never rejects. */
  readonly spool: () => Promise<Spool>;
}

/** Where a call is kept. The reasons say why not in the ledger, and why not in the spool. */
export type Kept =
  | { readonly place: 'ledger'; readonly ledger: Ledger; readonly requestId: string }
  | { readonly place: 'spool'; readonly folder: string; readonly reason: string }
  | { readonly place: 'nowhere'; readonly error: DatabaseError; readonly reason: string };

/** How much of the time that is left is kept for the post while the ledger is waited for. */
const SHARE_FOR_THE_POST = 0.5;
/** The ledger is waited for that long even where the machine is so busy that the deadline is over before the program runs, in ms. */
const LEAST_PATIENCE_MS = 250;

/** Keeps a call. Never rejects. */
export async function keep(call: Call, parts: KeepParts, deadline: Deadline): Promise<Kept> {
  const at = parts.now();
  const id = newRequestId(at);
  const kept = await inLedger(id, call, parts, deadline);
  if (!(kept instanceof DatabaseError)) return { place: 'ledger', ledger: kept, requestId: id };
  // Under the same id: a commit whose answer was lost may have kept it after all, and then the ledger knows the file for what it is.
  const spool = await parts.spool();
  const trouble = await inSpool({ id, command: call.command, words: call.words, rule: call.rule, at }, spool);
  if (trouble === undefined) return { place: 'spool', folder: spool.folder, reason: kept.message };
  return { place: 'nowhere', error: kept, reason: trouble };
}

/** The ledger that keeps it now, or what is wrong. Whatever that is, the spool is tried, so nothing is thrown on. */
async function inLedger(
  id: string,
  { request }: Call,
  { ledger: open, ...parts }: KeepParts,
  deadline: Deadline,
): Promise<Ledger | DatabaseError> {
  if (request === undefined || open === undefined)
    return new DatabaseError('configuration', 'the configuration does not say where the ledger is');
  // So late the machine is full of others that want the ledger. The spool needs nobody, and to open it costs next to nothing.
  if (deadline.expired()) return new DatabaseError('busy', 'its time was over before the ledger could be asked');
  const patience = new AbortController();
  const patienceMs = Math.max(LEAST_PATIENCE_MS, deadline.remainingMs() * (1 - SHARE_FOR_THE_POST));
  const callOff = afterMs(patienceMs, () => patience.abort());
  try {
    const ledger = await open();
    await ledger.accept(request, leaseOf(parts, deadline), patience.signal, id);
    return ledger;
  } catch (error) {
    return error instanceof DatabaseError ? error : new DatabaseError('unavailable', messageOf(error));
  } finally {
    callOff();
  }
}

/** Trouble that may be over in a moment: too many open files, or a virus scanner of Windows that holds a new file. */
const PASSING: readonly string[] = ['EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'EINTR', 'ENOMEM', 'EPERM', 'EACCES'];
const AGAIN_MS = 50;

/** Why the spool cannot keep it; `undefined` where it does. */
async function inSpool(request: SpooledRequest, spool: Spool): Promise<string | undefined> {
  const begin = performance.now();
  for (;;) {
    try {
      spool.keep(request);
      return undefined;
    } catch (error) {
      const isOver = performance.now() - begin >= GRACE_MS;
      if (isOver || !PASSING.includes(codeOf(error))) return `the spool ${spool.folder} cannot be written (${messageOf(error)})`;
      await sleep(AGAIN_MS, never);
    }
  }
}

const never = new AbortController().signal;
