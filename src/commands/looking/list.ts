// The command `list`: what is in the ledger, one line each, in the order of acceptance: deliveries, and the requests that have none.

import { DELIVERY_STATES, REQUEST_STATES } from '../../core/states';
import { UserError } from '../../core/errors';
import { LINK_STATES } from '../../core/sync/link';
import type { Report } from '../../core/report';
import { visible, visibleStart } from '../../core/visible';
import { isoSeconds } from '../../core/wall-clock';
import type { DeliveryFilter, DeliveryState, KeptDelivery, KeptRequest, Ledger, RequestState } from '../../ledger/ledger';
import type { CommandFunction, Context, Datum } from '../command';
import { listConflicts, listEntries } from '../groupware/entries';
import type { SyncParts } from '../groupware/sync/parts';
import { FILTERS, type FilterName } from '../options';
import type { PublishParts } from '../outbox/publish/parts';
import { allDeliveries, allRequests, damagedStates, withLedger } from './ledger-access';
import { deliveryFilterOf, destinationHint, readState, refuseOthers } from './ledger-filter';
import { counted, deliveryJson, objectWords, objidWords, requestJson, stateOf, stateWords } from './ledger-words';
import { givenWords, meaningOf, spooledFiles, spooledJson, type SpooledFile } from './spool-view';

/** Those of a request that is listed: of one that is composed, the deliveries tell everything; of one that was handed on, the entry does. */
const LISTED_STATES = REQUEST_STATES.filter((state) => state !== 'composed' && state !== 'handed-on');
/** Of what waits for the ledger, and of what can never enter it. */
const SPOOL_STATES: readonly string[] = ['spooled', 'refused'];
/** All states that --state knows. */
export const STATES: readonly string[] = [...new Set<string>([...DELIVERY_STATES, ...LISTED_STATES, ...SPOOL_STATES])];
type AnyState = DeliveryState | RequestState | SpooledFile['state'];
/** The longest reason in a line, in characters. */
const LONGEST_REASON = 200;

/** Lists what the filters let through. With --json a line holds every field but the body of the message; the title is there. */
export const list: CommandFunction<FilterName | 'state' | 'entries' | 'conflicts' | 'user', PublishParts & SyncParts> = async (
  context,
) => {
  const { options, config, parts, deadline, emit } = context;
  if (options.entries === true) {
    refuseOthers(options, ['entries', 'state', 'user', 'limit'], 'entries are listed');
    const state = options.state === undefined ? undefined : readState(options.state, LINK_STATES);
    return withLedger(context, () => listEntries(state, context));
  }
  if (options.conflicts === true) {
    refuseOthers(options, ['conflicts', 'user', 'limit'], 'conflicts are listed');
    return withLedger(context, () => listConflicts(context));
  }
  refuseOthers(options, [...FILTERS, 'state'], 'deliveries are listed');
  const question: Question = {
    filter: deliveryFilterOf(context),
    state: options.state === undefined ? undefined : readState(options.state, STATES),
    now: parts.now(),
    nameWidth: Math.max(...Object.keys(config.destinations).map((name) => name.length)),
  };
  return withLedger(context, async (ledger): Promise<Report> => {
    let count = 0;
    const kept = inOrder(deliveryLines(ledger, question, deadline.signal), requestLines(ledger, question, deadline.signal));
    for await (const { datum } of inOrder(kept, spoolLines(context, question))) {
      if (deadline.signal.aborted) throw cutShort(count);
      emit(datum);
      count += 1;
      if (count === options.limit) break;
    }
    const hint = count === 0 ? destinationHint(context) : undefined;
    const message = count === 0 ? 'the ledger has nothing like that' : '';
    return { result: 'done', message, deliveries: [], printed: true, ...(hint === undefined ? {} : { hint }) };
  });
};

interface Question {
  readonly filter: DeliveryFilter;
  readonly state: string | undefined;
  /** Ms since 1970 UTC. */
  readonly now: number;
  /** How wide the column of destinations is. */
  readonly nameWidth: number;
}

interface Line {
  readonly acceptedAt: number;
  readonly datum: Datum;
}

async function* deliveryLines(ledger: Ledger, question: Question, signal: AbortSignal): AsyncGenerator<Line> {
  const { filter, state, now, nameWidth } = question;
  const damaged = state === undefined ? damagedStates(await ledger.counts(signal)) : [];
  const wanted = [...DELIVERY_STATES.filter((known) => state === undefined || known === state), ...damaged];
  // What was cut off while it was sent is in doubt, and stands in the ledger as sending.
  const states = state === 'in-doubt' ? [...wanted, 'sending' as const] : wanted;
  if (states.length === 0) return;
  for await (const kept of allDeliveries(ledger, { ...filter, states }, signal)) {
    if (!wanted.includes(stateOf(kept, now))) continue;
    const text = columns(kept, stateOf(kept, now), kept.started, kept.destination.padEnd(nameWidth), deliveryWords(kept, now));
    yield { acceptedAt: kept.acceptedAt, datum: { text, json: { format: 1, ...deliveryJson(kept, now) } } };
  }
}

async function* requestLines(ledger: Ledger, question: Question, signal: AbortSignal): AsyncGenerator<Line> {
  const { filter, state, nameWidth } = question;
  const { ids, objectType, since, until = Infinity, destination } = filter;
  const states = LISTED_STATES.filter((known) => state === undefined || known === state);
  if (states.length === 0 || destination !== undefined) return;
  const wanted = {
    states,
    ...(ids === undefined ? {} : { ids }),
    ...(objectType === undefined ? {} : { objectType }),
    // Every id comes after an empty one.
    ...(since === undefined ? {} : { after: { acceptedAt: since, id: '' } }),
  };
  for await (const kept of allRequests(ledger, wanted, signal)) {
    if (kept.acceptedAt >= until) return;
    const text = columns(kept, kept.state, kept.attempts, '-'.padEnd(nameWidth), requestWords(kept));
    yield { acceptedAt: kept.acceptedAt, datum: { text, json: { format: 1, ...requestJson(kept) } } };
  }
}

async function* spoolLines({ parts, readCall }: Pick<Context, 'parts' | 'readCall'>, question: Question): AsyncGenerator<Line> {
  const { filter, state, nameWidth } = question;
  const { ids, objectType, since = -Infinity, until = Infinity, destination } = filter;
  if (destination !== undefined || (state !== undefined && !SPOOL_STATES.includes(state))) return;
  for (const file of spooledFiles(parts.spools())) {
    const request = await meaningOf(file, readCall);
    const isWanted =
      (state === undefined || file.state === state) &&
      (ids === undefined || ids.includes(file.id)) &&
      (objectType === undefined || request?.objectType === objectType) &&
      file.at >= since &&
      file.at < until;
    if (!isWanted) continue;
    const words = request === undefined ? givenWords(file) : objidWords(request);
    const text = columns({ id: file.id, acceptedAt: file.at }, file.state, 0, '-'.padEnd(nameWidth), words);
    yield { acceptedAt: file.at, datum: { text, json: spooledJson(file) } };
  }
}

/** Merges two streams of lines, each of which is in the order of acceptance. */
async function* inOrder(left: AsyncGenerator<Line>, right: AsyncGenerator<Line>): AsyncGenerator<Line> {
  let [one, other] = [await left.next(), await right.next()];
  while (one.done !== true || other.done !== true) {
    if (one.done !== true && (other.done === true || one.value.acceptedAt <= other.value.acceptedAt)) {
      yield one.value;
      one = await left.next();
    } else if (other.done !== true) {
      yield other.value;
      other = await right.next();
    }
  }
}

function columns(
  { id, acceptedAt }: Pick<KeptRequest, 'id' | 'acceptedAt'>,
  state: AnyState,
  attempts: number,
  destination: string,
  words: string,
): string {
  const tries = counted(attempts, 'attempt ', 'attempts');
  return [id, stateWords(state).padEnd(9), isoSeconds(acceptedAt), tries.padStart(11), visible(destination), words].join('  ');
}

function deliveryWords(kept: KeptDelivery, now: number): string {
  const { reason, receipt, dueAt, damage } = kept;
  if (damage !== undefined) return withReason(objectWords(kept), `damaged in the ledger: ${damage}`);
  const state = stateOf(kept, now);
  if (state === 'delivered') return withReason(objectWords(kept), receipt?.permalink ?? receipt?.id ?? '');
  const waits = (state === 'due' || state === 'in-doubt') && dueAt > now;
  return withReason(objectWords(kept), reason) + (waits ? `; next ${isoSeconds(dueAt)}` : '');
}

function requestWords({ request, reason, damage }: KeptRequest): string {
  return withReason(objidWords(request), damage === undefined ? reason : `damaged in the ledger: ${damage}`);
}

function withReason(about: string, reason: string): string {
  return reason === '' ? about : `${about}: ${visibleStart(reason, LONGEST_REASON)}`;
}

function cutShort(count: number): UserError {
  const message = `the list is not complete: the time was up after ${counted(count, 'line', 'lines')}`;
  return new UserError('later', message, 'give it more time with --timeout, or less to do with the filters');
}
