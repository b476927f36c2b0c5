// Puts things into a ledger the way the program does, through its contract alone, so that every kind of ledger can be filled.

import { draftOf } from '../../src/commands/outbox/prepare';
import type { Request } from '../../src/core/activity';
import type { Message } from '../../src/core/message';
import type { Receipt } from '../../src/core/outcome';
import type { DeliveryState, KeptDelivery, Ledger } from '../../src/ledger/ledger';

/** The moment at which all these tests happen: 2026-11-22T08:00:00Z. */
export const NOW = Date.UTC(2026, 10, 22, 8);
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const OWNER = 'a run of long ago';
const never = new AbortController().signal;

/** A delivery to be put into a ledger. */
export interface Entry {
  readonly objid?: number;
  readonly activityObjid?: number;
  readonly rule?: string;
  readonly title?: string;
  readonly destination?: string;
  /** When it was accepted and tried, in ms before NOW. */
  readonly ago: number;
  readonly state: DeliveryState;
  readonly reason?: string;
  /** When it is tried again, in ms after NOW. */
  readonly dueIn?: number;
  readonly receipt?: Receipt;
  /** Until when its destination asked for a wait. */
  readonly waitUntil?: number;
  /** How long its run may take, in ms. */
  readonly workMs?: number;
}

/** A message about case 4711. */
export function message(change: Partial<Message> = {}): Message {
  return {
    title: 'Created Case for Nora at Calder & Sons',
    body: 'a body that nobody but the readers of the stream should see',
    url: 'http://server/dovetail/Cases/Summary/4711',
    tags: ['dovetailCRM'],
    objectType: 'case',
    typeName: 'Case',
    id: '4711',
    activity: 'Create',
    activityCode: 600,
    actor: 'Pat Morales',
    actorLogin: 'bagent',
    actorEmail: 'bob.agent@example.com',
    fields: [{ name: 'priority', label: 'Priority', value: 'High' }],
    happened: { wallClock: '2026-11-22T02:00:00', timeZone: 'America/Chicago' },
    ...change,
  };
}

/** Keeps a request, and nothing more. Answers its id. */
export function accept(ledger: Ledger, change: Partial<Request>, ago: number): Promise<string> {
  const request = { objectType: 'case', objid: 268435457, rule: '', ...change };
  return ledger.accept(request, { owner: OWNER, now: NOW - ago, workMs: 10 * SECOND }, never);
}

/** Puts a delivery into a ledger, with a request of its own. */
export async function enter(ledger: Ledger, entry: Entry): Promise<KeptDelivery> {
  const {
    objid = 268435457,
    activityObjid = 268435457,
    rule = '',
    destination = 'socialcast',
    ago,
    workMs = 10 * SECOND,
  } = entry;
  const at = NOW - ago;
  const request = { objectType: 'case', objid, activityObjid, rule };
  const requestId = await accept(ledger, request, ago);
  const draft = draftOf(
    request,
    { destination, by: undefined, message: message(entry.title === undefined ? {} : { title: entry.title }) },
    at,
  );
  const [begun] = await ledger.claim(requestId, [draft], { owner: OWNER, now: at, workMs }, 0, never);
  if (begun?.state === 'sending' && entry.state !== 'sending') await end(ledger, begun, entry, at);
  return one(ledger, draft.id);
}

/** The delivery as it stands now. */
export async function one(ledger: Ledger, id: string): Promise<KeptDelivery> {
  const [kept] = await ledger.deliveries({ ids: [id] }, 1, never);
  if (kept === undefined) throw new Error(`there is no delivery ${id}`);
  return kept;
}

async function end(ledger: Ledger, { id }: KeptDelivery, entry: Entry, now: number): Promise<void> {
  const { state, reason = '', dueIn = 0, receipt, waitUntil } = entry;
  const byHand = state === 'held' || state === 'discarded';
  const settlement = {
    now,
    dueAt: NOW + dueIn,
    reason,
    ...(receipt && { receipt }),
    ...(waitUntil === undefined ? {} : { waitUntil }),
  };
  await ledger.finish(id, OWNER, { ...settlement, state: byHand ? 'in-doubt' : state }, never);
  if (byHand) await ledger.amend(await one(ledger, id), { ...settlement, state }, never);
}
