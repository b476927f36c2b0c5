// How `status` is drawn for people: a table that fits 100 columns, and below it what the figures do not say. Pure.

import { visible } from '../../core/visible';
import type { DeliveryState } from '../../ledger/ledger';
import { counted, momentWords, relativeWords, stateWords } from './ledger-words';
import type { DestinationStatus, LedgerStatus } from './ledger-status';

/** In the order in which a delivery goes through them. */
const COLUMNS: readonly DeliveryState[] = ['due', 'sending', 'in-doubt', 'held', 'rejected', 'abandoned', 'delivered'];
/** What the columns of figures leave of 100 columns for a name. A longer one stands in a line of its own. */
const NAME_WIDTH = 20;
const NEVER = 'never';

/** The text for people, at `now` (ms since 1970 UTC). */
export function statusText(status: LedgerStatus, now: number): string {
  const notes = [...status.destinations.flatMap((destination) => notesOf(destination, now)), ...requestNotes(status, now)];
  return [...table(status.destinations, now), ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}

function table(destinations: readonly DestinationStatus[], now: number): readonly string[] {
  const shortNames = destinations.map(nameOf).filter((name) => name.length <= NAME_WIDTH);
  const nameWidth = Math.max('destination'.length, ...shortNames.map((name) => name.length));
  const widths = COLUMNS.map((state) =>
    Math.max(...[stateWords(state), ...destinations.map(figure(state))].map((cell) => cell.length)),
  );
  const row = (name: string, figures: readonly string[], last: string) =>
    [name.padEnd(nameWidth), ...figures.map((cell, index) => cell.padStart(widths[index] ?? 0)), last].join('  ');
  return [
    row('destination', COLUMNS.map(stateWords), 'last success'),
    ...destinations.flatMap((each) => {
      const name = nameOf(each);
      const last = each.lastDeliveredAt === 0 ? NEVER : relativeWords(each.lastDeliveredAt, now);
      const figures = COLUMNS.map((state) => figure(state)(each));
      return name.length > nameWidth ? [name, row('', figures, last)] : [row(name, figures, last)];
    }),
  ];
}

function figure(state: DeliveryState): (each: DestinationStatus) => string {
  return ({ counts }) => String(counts[state]);
}

/** The name, with a mark where the configuration does not have it. A name in a configuration has no star in it. */
function nameOf({ destination, configured }: DestinationStatus): string {
  return visible(destination) + (configured ? '' : ' *');
}

function notesOf(each: DestinationStatus, now: number): readonly string[] {
  const { counts, configured, oldestDueAt, nextDueAt, waitUntil, heldId } = each;
  const name = visible(each.destination);
  const notes: string[] = [];
  if (!configured) notes.push('* not in the configuration any more: what waits for it stays until the name is there again');
  if (waitUntil > 0) notes.push(`asked for a wait until ${momentWords(waitUntil, now)}: nothing is sent there before`);
  if (counts.due > 0) notes.push(`due: the oldest of ${momentWords(oldestDueAt, now)}, the next ${dueWords(nextDueAt, now)}`);
  if (counts['in-doubt'] > 0) notes.push('in doubt: may have been posted; rerun looks into it');
  if (counts.held > 0) {
    notes.push(
      `held: may have been posted; look whether the oldest is there, then say so:`,
      `  publish-activity resolve ${heldId} --as delivered`,
      `  publish-activity resolve ${heldId} --as undelivered    (it is sent again)`,
    );
  }
  if (counts.rejected > 0) notes.push(`rejected: the reasons: publish-activity list --state rejected --destination ${name}`);
  if (counts.abandoned > 0) notes.push(`abandoned: the reasons: publish-activity list --state abandoned --destination ${name}`);
  return notes.length === 0 ? [] : [name, ...notes.map((note) => `  ${note}`)];
}

function dueWords(at: number, now: number): string {
  return at <= now ? 'now' : `at ${momentWords(at, now)}`;
}

function requestNotes({ accepted, abandoned, sync }: LedgerStatus, now: number): readonly string[] {
  const notes: string[] = [];
  if (accepted.count > 0) {
    const what = counted(accepted.count, 'request waits for the CRM', 'requests wait for the CRM');
    notes.push(`${what}, the oldest since ${momentWords(accepted.oldestAcceptedAt, now)}; rerun asks again`);
  }
  if (abandoned.count > 0) {
    const what = counted(abandoned.count, 'request was abandoned', 'requests were abandoned');
    notes.push(`${what} before the CRM answered: publish-activity list --state abandoned`);
  }
  if (sync.count > 0) {
    const what = counted(sync.count, 'call of sync waits', 'calls of sync wait');
    notes.push(`${what}, the oldest since ${momentWords(sync.oldestAcceptedAt, now)}; the next sync takes them up`);
  }
  return notes;
}
