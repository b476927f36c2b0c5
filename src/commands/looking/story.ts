// What became of a request and of a delivery, in plain words: what was, what comes next and when, and what an administrator can do. Pure.

import { kindOfSync, type RuleCommand } from '../../core/call';
import { OPEN_REQUESTS } from '../../core/states';
import { BACKOFF } from '../../core/backoff';
import { visible } from '../../core/visible';
import type { DeliveryState, KeptDelivery, KeptRequest } from '../../ledger/ledger';
import { counted, isOver, momentWords, objidWords, STANDINGS, stateOf, stateWords } from './ledger-words';
import { givenWords, type SpooledFile } from './spool-view';

/** What the words about a delivery depend on beside itself. */
export interface Circumstances {
  /** Ms since 1970 UTC. */
  readonly now: number;
  /** Whether the configuration still has the destination. */
  readonly configured: boolean;
  /** What has to be delivered before, in words; an empty text where there is nothing. */
  readonly waitsFor: string;
}

/** The story of a request, a line each. */
export function requestStory(kept: KeptRequest, now: number): readonly string[] {
  const { id, request, state, acceptedAt, attempts, reason } = kept;
  const rule = request.rule === '' ? '' : `, rule "${visible(request.rule)}"`;
  if (kept.damage !== undefined) return [`request ${id}: ${objidWords(request)}${rule}`, ...damageStory(id, kept.damage)];
  const isOpen = OPEN_REQUESTS.includes(state);
  const { states, next, discarded } = REQUESTS[kindOfSync(request.objectType) === undefined ? 'publish' : 'sync'];
  const tries = attempts < 2 ? '' : `, taken up ${attempts} times`;
  return [
    `request ${id}: ${objidWords(request)}${rule}`,
    `  accepted ${momentWords(acceptedAt, now)}${tries}`,
    `  ${states[state]}${reason === '' ? '' : `: ${visible(reason)}`}`,
    ...(isOpen ? [`  next: ${onceDue(kept.dueAt, now, next)}`] : []),
    ...(isOpen ? [`  you can: publish-activity discard ${id}    (${discarded})`] : []),
  ];
}

/** What was kept of it tells no whole story, and nothing is done with it. */
function damageStory(id: string, damage: string): readonly string[] {
  return [
    damageLine(damage),
    '  next: nothing; rerun leaves it alone',
    `  you can: publish-activity discard ${id}    (it is never sent)`,
  ];
}

function damageLine(damage: string): string {
  return `  damaged in the ledger: ${damage}`;
}

/** What is told of a request, by the command that its call is for. */
interface RequestWords {
  readonly states: Readonly<Record<KeptRequest['state'], string>>;
  /** What a run does about one that is open, and what it means to discard it. */
  readonly next: string;
  readonly discarded: string;
}

const REQUESTS: Readonly<Record<RuleCommand, RequestWords>> = {
  publish: {
    states: {
      accepted: 'waits for the CRM; there is no message yet',
      awaited: 'waits for its row in the CRM, which is not there',
      composed: 'the message was composed',
      'handed-on': 'handed on',
      filtered: 'left out on purpose; nothing is posted',
      'not-found': 'refused, because the CRM does not have it; nothing is posted',
      abandoned: 'abandoned; nothing is posted',
      discarded: 'discarded; nothing is posted',
    },
    next: 'rerun reads the activity from the CRM',
    discarded: 'it is never posted',
  },
  sync: {
    states: {
      accepted: 'waits for a run of sync',
      awaited: 'waits for its row in the CRM, which is not there',
      composed: 'composed',
      'handed-on': 'handed on: a turn was asked for',
      filtered: 'left out on purpose; nobody has a turn because of it',
      'not-found': 'the CRM does not have it; nobody has a turn because of it',
      abandoned: 'abandoned; nobody has a turn because of it',
      discarded: 'discarded; nobody has a turn because of it',
    },
    next: 'sync asks for the turn of whoever owns the row',
    discarded: 'nobody has a turn because of it',
  },
};

/** The story of a request that the ledger does not have yet, a line each. */
export function spooledStory(file: SpooledFile, now: number): readonly string[] {
  const rule = file.spooled === undefined || file.spooled.rule === '' ? '' : `, rule "${visible(file.spooled.rule)}"`;
  const isWaiting = file.state === 'spooled';
  return [
    `request ${file.id}: ${givenWords(file)}${rule}`,
    `  accepted ${momentWords(file.at, now)}`,
    isWaiting
      ? '  waits in the spool, because the ledger could not take it'
      : '  refused: its words mean nothing to this configuration',
    isWaiting
      ? `  next: ${file.spooled?.command === 'sync' ? 'sync takes it in and asks for the turn of whoever owns the row' : 'rerun takes it in and posts it'}`
      : `  you can: delete its file in ${file.folder}, or move it one folder up again`,
  ];
}

/** The story of a delivery, a line each. */
export function deliveryStory(kept: KeptDelivery, circumstances: Circumstances): readonly string[] {
  const { now, configured } = circumstances;
  const state = stateOf(kept, now);
  const gone = configured ? '' : ' (not in the configuration any more)';
  const head = `delivery ${kept.id} to ${visible(kept.destination)}${gone}: ${stateWords(state)}`;
  if (kept.damage !== undefined && !isOver(state)) return [head, ...damageStory(kept.id, kept.damage)];
  const next = nextOf(kept, state, circumstances);
  return [
    head,
    `  ${attemptsOf(kept, now)}`,
    ...pastOf(kept, state, now).map((line) => `  ${line}`),
    ...(kept.damage === undefined ? [] : [damageLine(kept.damage)]),
    ...(next === '' ? [] : [`  next: ${next}`]),
    ...adviceOf(kept, state, circumstances).map((advice, index) => `  ${index === 0 ? 'you can:' : '        '} ${advice}`),
  ];
}

function attemptsOf({ started, lastAttemptAt }: KeptDelivery, now: number): string {
  if (started === 0) return 'no attempt yet';
  return `${counted(started, 'attempt', 'attempts')}, the last ${momentWords(lastAttemptAt, now)}`;
}

function pastOf(kept: KeptDelivery, state: DeliveryState, now: number): readonly string[] {
  const reason = visible(kept.reason);
  const because = reason === '' ? '' : `: ${reason}`;
  const { past } = STANDINGS[state];
  switch (state) {
    case 'delivered':
      return [`${past} ${momentWords(kept.deliveredAt, now)}${because}`, ...receiptOf(kept)];
    case 'due':
      return reason === '' ? [] : [`${past}${because}`];
    case 'sending':
      return [`${past}, until ${momentWords(kept.leaseUntil, now)} at the latest`];
    case 'in-doubt':
      return [`${past}${kept.state === 'sending' ? ': the run was cut off while it sent it' : because}`];
    default:
      return [`${past}${because}`];
  }
}

function receiptOf({ receipt, message }: KeptDelivery): readonly string[] {
  return [
    ...(receipt?.id === undefined ? [] : [`the destination calls it ${visible(receipt.id)}`]),
    ...(receipt?.permalink === undefined ? [] : [`it stands at ${visible(receipt.permalink)}`]),
    ...(message === undefined ? ['its text is no longer kept; that it was delivered is kept for ever'] : []),
  ];
}

function nextOf({ acceptedAt, dueAt }: KeptDelivery, state: DeliveryState, { now, configured, waitsFor }: Circumstances): string {
  if (!configured && (state === 'due' || state === 'in-doubt'))
    return 'nothing, until the destination is in the configuration again';
  switch (state) {
    case 'due': {
      const after = waitsFor === '' ? '' : ` after ${waitsFor}`;
      const end = acceptedAt + BACKOFF.lifeMs;
      const last = end > now ? `after ${momentWords(end, now)}` : 'if that fails';
      return `${onceDue(dueAt, now, `rerun sends it${after}`)}; it is given up ${last}`;
    }
    case 'in-doubt':
      return onceDue(dueAt, now, 'rerun looks whether it is there, and sends it again or holds it');
    case 'held':
      return 'nothing, until somebody says what became of it';
    default:
      return '';
  }
}

function onceDue(dueAt: number, now: number, what: string): string {
  return dueAt > now ? `${what}, not before ${momentWords(dueAt, now)}` : `the next ${what}`;
}

function adviceOf({ id }: KeptDelivery, state: DeliveryState, { configured, waitsFor }: Circumstances): readonly string[] {
  const discard = `publish-activity discard ${id}    (it is never sent)`;
  switch (state) {
    case 'held':
    case 'in-doubt':
      return [
        `look whether the post is there, and say so${state === 'held' ? '' : ' before rerun finds out'}:`,
        `publish-activity resolve ${id} --as delivered`,
        `publish-activity resolve ${id} --as undelivered    (it is sent again)`,
      ];
    case 'rejected':
      return [`mend the cause, then: publish-activity rerun --failed --id ${id}`, discard];
    case 'abandoned':
      return [`publish-activity rerun --abandoned --id ${id}`, discard];
    case 'due':
      return configured && waitsFor === '' ? [`publish-activity rerun --id ${id}    (it is tried now)`, discard] : [discard];
    default:
      return [];
  }
}
