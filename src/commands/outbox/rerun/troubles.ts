// What is told of trouble, in words: from figures to alerts. Pure. Nothing of the CRM's texts is in them.

import type { Alert } from '../../../core/alert';
import { visible } from '../../../core/visible';
import { isoSeconds } from '../../../core/wall-clock';
import { counted, spanWords } from '../../looking/ledger-words';
import { refusedWords } from '../../looking/spool-view';

/** How one destination stands, alerts left out. Moments are ms since 1970 UTC, and 0 where there is none. */
export interface DestinationFigures {
  readonly destination: string;
  /** Whether the configuration has it. */
  readonly configured: boolean;
  /** Deliveries that are due or in doubt, and when the oldest was accepted. */
  readonly waiting: number;
  readonly oldestWaitingAt: number;
  readonly lastDeliveredAt: number;
  /** Refused among those that were accepted in the last REFUSED_MS: its cause may be there still. */
  readonly refused: number;
  readonly held: number;
  readonly abandoned: number;
}

/** How the requests without a message stand. */
export interface RequestFigures {
  readonly waiting: number;
  readonly oldestWaitingAt: number;
  readonly abandoned: number;
  /** Of the spools of this host: what could never be taken in. */
  readonly refused: number;
}

/** The moment, and the longest that something may wait untold (`alerts.after`), in ms. */
export interface Measure {
  readonly now: number;
  readonly after: number;
}

/** For how long something refused is told of, in ms. Unlike the rest it is no work for anybody unless it goes on. */
export const REFUSED_MS = 24 * 3_600_000;

/** The subject of the silence alarm. */
export const SILENCE = 'silence';

/** The alert about a destination; `undefined` where all is well. */
export function destinationTrouble(figures: DestinationFigures, { now, after }: Measure): Alert | undefined {
  const { destination, configured, waiting, oldestWaitingAt, refused, held, abandoned } = figures;
  const stalledMs = stalledFor(figures, now);
  const stalled = stalledMs >= after;
  if (!stalled && refused === 0 && held === 0 && abandoned === 0) return undefined;
  const name = visible(destination);
  const stall = configured
    ? `${name} has not accepted anything for ${spanWords(stalledMs)}`
    : `${name} is not configured any more`;
  const refusal = `${name} refused ${counted(refused, 'delivery', 'deliveries')} in the last ${spanWords(REFUSED_MS)}`;
  const gaveUp = `${counted(abandoned, 'delivery', 'deliveries')} to ${name} ${abandoned === 1 ? 'was' : 'were'} abandoned`;
  const doubt = `${counted(held, 'delivery', 'deliveries')} to ${name} ${held === 1 ? 'is' : 'are'} held in doubt`;
  const facts = [
    waiting === 0 ? '' : `${counted(waiting, 'delivery waits', 'deliveries wait')}${sinceWords(oldestWaitingAt)}`,
    refused === 0 ? '' : `${refused} refused: publish-activity list --state rejected`,
    abandoned === 0 ? '' : `${abandoned} abandoned`,
    held === 0 ? '' : `${held} held in doubt`,
  ];
  return {
    subject: `destination ${destination}`,
    destination,
    title: stalled ? stall : refused > 0 ? refusal : abandoned > 0 ? gaveUp : doubt,
    body: bodyOf(now, facts, 'publish-activity status tells more.'),
  };
}

/** The alert about requests that have no message; `undefined` where all is well. */
export function requestTrouble(
  { waiting, oldestWaitingAt, abandoned, refused }: RequestFigures,
  { now, after }: Measure,
): Alert | undefined {
  const stalledMs = waiting === 0 ? 0 : now - oldestWaitingAt;
  const stalled = stalledMs >= after;
  if (!stalled && abandoned === 0 && refused === 0) return undefined;
  const stall = `${counted(waiting, 'request waits', 'requests wait')} for the CRM, for ${spanWords(stalledMs)}`;
  const gaveUp = `${counted(abandoned, 'request was', 'requests were')} abandoned before there was a message`;
  const facts = [
    waiting === 0 ? '' : `${counted(waiting, 'request waits', 'requests wait')}${sinceWords(oldestWaitingAt)}`,
    abandoned === 0 ? '' : `${abandoned} abandoned: publish-activity list --state abandoned`,
    refused === 0 ? '' : `${refused} refused: publish-activity list --state refused`,
  ];
  return {
    subject: 'requests',
    title: stalled ? stall : abandoned > 0 ? gaveUp : refusedWords(refused),
    body: bodyOf(now, facts, 'publish-activity status tells more.'),
  };
}

/** The alert about calls of `sync` that wait for a run of it; `undefined` where all is well. */
export function syncTrouble(
  { waiting, oldestWaitingAt }: Pick<RequestFigures, 'waiting' | 'oldestWaitingAt'>,
  { now, after }: Measure,
): Alert | undefined {
  const stalledMs = waiting === 0 ? 0 : now - oldestWaitingAt;
  if (waiting === 0 || stalledMs < after) return undefined;
  const calls = counted(waiting, 'call of sync waits', 'calls of sync wait');
  const facts = [`${calls}${sinceWords(oldestWaitingAt)}`];
  const remedy = 'Does a scheduler run publish-activity sync? publish-activity list tells more.';
  return { subject: 'sync', title: `${calls} for ${spanWords(stalledMs)}`, body: bodyOf(now, facts, remedy) };
}

/** The alert that no rule passed on anything in a span (ms), though the CRM logged something; `undefined` where it logged nothing. */
export function silenceTrouble(logged: number, spanMs: number, now: number): Alert | undefined {
  if (logged === 0) return undefined;
  const activities = counted(logged, 'matching activity', 'matching activities');
  const remedy = `Is the rule engine running? publish-activity reconcile --since ${isoSeconds(now - spanMs)} lists them.`;
  return {
    subject: SILENCE,
    title: `The CRM logged ${activities} in the last ${spanWords(spanMs)}, and none was published`,
    body: bodyOf(now, ['no rule handed over anything'], remedy),
  };
}

/** How the entries stand that are kept in step with a groupware. */
export interface EntryFigures {
  /** How many are held because too many were missing at once, and of how many users. */
  readonly guarded: { readonly entries: number; readonly users: number };
  /** How many users are only looked at, because the ledger knows nothing of entries that were found. */
  readonly adopting: number;
  /** For how long, in ms, the turns of each user have failed whose turns fail for long. */
  readonly failingMs: readonly number[];
  /** How many users agreed once, and have to agree anew. */
  readonly lostConsents: number;
}

/** The alerts about entries, each by itself: what one of them is about ends in another way than the others. */
export function entryTroubles(figures: EntryFigures, now: number): readonly Alert[] {
  const { guarded, adopting, failingMs, lostConsents } = figures;
  const users = (count: number) => counted(count, 'user', 'users');
  const held: Alert = {
    subject: 'guard',
    title: `${counted(guarded.entries, 'entry is', 'entries are')} held, because too many were missing at once`,
    body: bodyOf(
      now,
      [`they belong to ${users(guarded.users)}`, 'nothing was deleted'],
      'publish-activity list --entries --state held shows them, and resolve ends it.',
    ),
  };
  const unknown: Alert = {
    subject: 'adopting',
    title: `${users(adopting)} ${adopting === 1 ? 'has' : 'have'} entries that the ledger knows nothing of`,
    body: bodyOf(
      now,
      ['nothing of theirs is made or deleted'],
      'Was the ledger restored or emptied? publish-activity status names them, and resolve <login> --as crm ends it.',
    ),
  };
  const failing: Alert = {
    subject: 'turns',
    title: `The turns of ${users(failingMs.length)} have failed for up to ${spanWords(Math.max(0, ...failingMs))}`,
    body: bodyOf(now, ['their calendars and tasks are not in step'], 'publish-activity status tells why.'),
  };
  const lost: Alert = {
    subject: 'consents',
    title: `${users(lostConsents)} ${lostConsents === 1 ? 'has' : 'have'} to agree anew at the groupware`,
    body: bodyOf(
      now,
      ['their entries are not in step'],
      'publish-activity connect --list tells why, and connect <login> asks for it.',
    ),
  };
  return [
    ...(guarded.entries > 0 ? [held] : []),
    ...(adopting > 0 ? [unknown] : []),
    ...(failingMs.length > 0 ? [failing] : []),
    ...(lostConsents > 0 ? [lost] : []),
  ];
}

/**
 * For how long, in ms, a destination has accepted nothing of what waits. A success later than `now` was recorded by a clock that was
 * wrong, and counts for nothing.
 */
function stalledFor({ waiting, oldestWaitingAt, lastDeliveredAt }: DestinationFigures, now: number): number {
  if (waiting === 0 || oldestWaitingAt === 0) return 0;
  return now - Math.max(oldestWaitingAt, lastDeliveredAt > now ? 0 : lastDeliveredAt);
}

function sinceWords(at: number): string {
  return at === 0 ? '' : `, the oldest since ${isoSeconds(at)}`;
}

/** The moment is in it, because an alert that waited itself is read later. */
function bodyOf(now: number, facts: readonly string[], remedy: string): string {
  return `At ${isoSeconds(now)}: ${facts.filter((fact) => fact !== '').join('; ')}. ${remedy}`;
}
