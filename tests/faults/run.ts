// Runs of `publish` and `rerun` in this process, with everything real but the seams, and what must be true once they have recovered.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openActivityReader } from '../../src/clarify/activity-reader';
import { readArguments } from '../../src/clarify/arguments';
import { readCall } from '../../src/clarify/calls';
import { objectTypeNamed, objectTypes } from '../../src/clarify/object-types/index';
import type { Context } from '../../src/commands/command';
import type { AllOptions, AllParts } from '../../src/commands/index';
import { publishCommand } from '../../src/commands/outbox/publish/index';
import { keep } from '../../src/commands/outbox/publish/keep';
import { rerun } from '../../src/commands/outbox/rerun/index';
import { status } from '../../src/commands/looking/status';
import type { Config } from '../../src/config/schema';
import { compose, type Composition } from '../../src/core/compose';
import type { Report } from '../../src/core/report';
import type { Repeat } from '../../src/destinations/destination';
import { openSqliteDatabase } from '../../src/io/sqlite';
import { openSpoolFolder } from '../../src/io/spool-folder';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { makeTemplates } from '../../src/io/template';
import type { Ledger } from '../../src/ledger/ledger';
import { newMemoryStore, openMemoryLedger } from '../support/memory-ledger';
import { openSpool } from '../../src/ledger/spool';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { DAY, MINUTE, NOW } from '../support/ledger-content';
import type { AnyCommand } from '../support/ledger-context';
import { startNow } from '../support/rerun';
import { sampleDatabase, temporaryFolder } from '../support/sample';
import { faultyClock, faultyCrm, faultyLedger, faultySpool, faultyStore, NO_FAULT, type Failing } from './seams';
import { memoryStream, socialcastStream } from './streams';

/**
 * What an attempt may take, in ms: one that was cut off is watched for as long. A rerun in which nothing fails has more time than any
 * machine needs.
 */
const [ATTEMPT_MS, PLENTY_MS] = [400, 20_000];
const CASE = 268435457;
const never = new AbortController().signal;

/** Where the runs take place. */
export interface Stage {
  readonly ledger: 'sqlite' | 'memory';
  /** A stream in memory of this kind, or the real type over a stand-in. */
  readonly destination: Repeat | 'socialcast';
}

/** A company in which something fails. */
export interface Scene {
  readonly stage: Stage;
  /** A handle on the ledger that never fails. */
  readonly ledger: Ledger;
  /** The true time, in ms since 1970 UTC. */
  readonly clock: { now: number };
  /** The objids of the activities that the stream has, in their order. */
  posts(): readonly number[];
  /** The call of a rule about an activity; 0 for an escalation, which has none. */
  publish(activity: number, failing?: Failing): Promise<Report>;
  rerun(failing?: Failing): Promise<Report>;
  /** What `status` shows. */
  status(): Promise<string>;
  close(): Promise<void>;
}

const crm = openSqliteDatabase(sampleDatabase());
const { render } = makeTemplates();

/** Sets a scene. */
export async function setScene(stage: Stage): Promise<Scene> {
  const folder = temporaryFolder();
  const clock = { now: NOW };
  const stream = stage.destination === 'socialcast' ? await socialcastStream(clock) : memoryStream(stage.destination);
  const [file, memory] = [join(folder, 'ledger'), newMemoryStore()];
  const open = (failing: Failing): Ledger =>
    stage.ledger === 'sqlite'
      ? openSqlLedger(faultyStore(openSqliteStore(file), failing), 'sqlite')
      : faultyLedger(openMemoryLedger(memory), failing);
  const ledger = open(NO_FAULT);
  const spool = openSpool(openSpoolFolder(join(folder, 'spool')));

  /** A process of its own: its own handle on the ledger, its own name for leases. */
  const obey = async (command: AnyCommand, words: readonly string[], failing: Failing, texts: string[] = []) => {
    const own = open(failing);
    const attemptMs = command === rerun && failing === NO_FAULT ? PLENTY_MS : ATTEMPT_MS;
    const deadline = startNow(command === publishCommand ? attemptMs : MINUTE);
    const reader = openActivityReader(faultyCrm(crm, failing));
    const readRequest: Context['readRequest'] = (given, rule) => readArguments(given, rule, objectTypes);
    const common = { owner: `run ${Math.random()}`, now: faultyClock(() => clock.now, failing) };
    const ownSpool = faultySpool(spool, failing);
    const keeping = { ...common, ledger: () => Promise.resolve(own), spool: () => Promise.resolve(ownSpool) };
    const call = {
      command: 'publish',
      words,
      rule: '',
      request: command === publishCommand ? readRequest(words, '') : undefined,
    } as const;
    const context: Context<AllOptions, AllParts> = {
      words,
      options: {},
      config: { destinations: { stream: {} }, whenInDoubt: 'hold', keepMessages: 90 * DAY } as unknown as Config,
      parts: {
        // What other commands use.
        ...({} as AllParts),
        ...(command === publishCommand ? { kept: await keep(call, keeping, deadline) } : {}),
        ledger: () => Promise.resolve(own),
        known: () => Promise.resolve([]),
        spools: () => [ownSpool],
        destinations: () => Promise.resolve([stream.ready(failing)]),
        ...common,
        random: Math.random,
        read: (request, _, end) => reader.read(objectTypeNamed(request.objectType), request, { since: '', until: '' }, end),
        readMany: (requests, end) => reader.readMany(objectTypeNamed('case'), requests, end.signal),
        expected: [],
        leftOut: () => undefined,
        compose: (activity, request) => {
          const posts = compose(activity, request, composition(activity.objectType), render);
          const title = String(request.activityObjid ?? 0);
          return Promise.resolve(posts.map((post) => ({ ...post, message: { ...post.message, title } })));
        },
      },
      deadline,
      attemptDeadline: () => startNow(attemptMs),
      readRequest,
      readCall: (given) => readCall(given, { types: objectTypes, kinds: {} }),
      emit: ({ text }) => void texts.push(text),
      progress: () => undefined,
      confirm: () => Promise.resolve(false),
    };
    try {
      return await command(context);
    } finally {
      deadline.end();
      own.close();
    }
  };
  return {
    stage,
    ledger,
    clock,
    posts: () => stream.posts(),
    publish: (activity, failing = NO_FAULT) =>
      obey(publishCommand, ['case', String(CASE), ...(activity === 0 ? [] : [String(activity)])], failing),
    rerun: (failing = NO_FAULT) => obey(rerun, [], failing),
    status: async () => {
      const texts: string[] = [];
      await obey(status, [], NO_FAULT, texts);
      return texts.join('\n');
    },
    close: async () => {
      ledger.close();
      await stream.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function composition(objectType: string): Composition {
  const clarify = { agentUrl: 'http://server', timeZone: 'UTC', locale: 'en-GB', nowMs: NOW, placeholders: [] };
  const routing = { routes: [], take: 'first', rules: {}, destinations: ['stream'] } as const;
  return {
    routing,
    ...objectTypeNamed(objectType),
    ...clarify,
    changes: {},
    tags: [],
    activityNames: {},
  };
}

/** How long the ledger may take to come to peace, in reruns of ten minutes. */
const MOST_RERUNS = 12;

/** Reruns as a scheduler does, until there is nothing left to do. The first of them may meet a fault, too. */
export async function recover(scene: Scene, failing?: Failing): Promise<readonly Report[]> {
  const reports: Report[] = [];
  while (reports.length < MOST_RERUNS) {
    scene.clock.now += 10 * MINUTE;
    reports.push(await scene.rerun(reports.length === 0 ? failing : undefined));
    const requests = await scene.ledger.requests({ states: ['accepted', 'awaited'] }, 1, never);
    const deliveries = await scene.ledger.deliveries({ states: ['due', 'sending', 'in-doubt'] }, 1, never);
    if (reports.length > 1 && requests.length + deliveries.length === 0) break;
  }
  return reports;
}

function activityOf({ about }: Report): number {
  return about?.activityObjid ?? 0;
}

/** What was told of a run, of what happened before it and of the recovery that came after it. */
export interface Told {
  readonly earlier: readonly Report[];
  readonly reports: readonly Report[];
  /** What the stream had before the recovery. */
  readonly before: readonly number[];
  readonly recovery: readonly Report[];
}

/** What is wrong with all that. */
export async function findWrong(scene: Scene, { earlier, reports, before, recovery }: Told): Promise<readonly string[]> {
  const wrong: string[] = [];
  const after = scene.posts();
  const times = (posts: readonly number[], activity: number) => posts.filter((each) => each === activity).length;

  for (const { result, message } of [...reports, ...recovery]) if (result === 'bug') wrong.push(`a bug: ${message}`);
  for (const activity of new Set(after)) {
    // What a run posted without keeping it is not known to another run of the same rule.
    const calls = reports.filter((report) => activityOf(report) === activity);
    const unkept = calls.length < 2 ? 0 : calls.filter(({ result }) => result === 'not-kept').length;
    if (times(after, activity) > 1 + unkept) wrong.push(`${activity} is doubled`);
  }
  const isInOrder = after.every((activity, index) => index === 0 || (after[index - 1] ?? 0) <= activity);
  // What waits in the spool is taken in as soon as there is time for it, and may be overtaken until then.
  const mayBeOvertaken = ({ result, message }: Report) => result === 'not-kept' || message.includes('kept in the spool');
  if (!isInOrder && ![...earlier, ...reports].some(mayBeOvertaken)) wrong.push(`the order is ${after.join()}`);

  const kept = await scene.ledger.requests({}, 100, never);
  const deliveries = await scene.ledger.deliveries({}, 100, never);
  for (const { request, state, reason } of kept) {
    const { activityObjid = 0 } = request;
    if (state !== 'composed') wrong.push(`the request of ${activityObjid} is ${state}: ${reason}`);
    else if (!deliveries.some((delivery) => delivery.activityObjid === activityObjid))
      wrong.push(`${activityObjid} is forgotten`);
  }
  for (const { activityObjid, state, reason } of deliveries) {
    const mayBeHeld = scene.stage.destination === 'unsafe';
    if (state !== 'delivered' && !(mayBeHeld && state === 'held')) wrong.push(`${activityObjid} is ${state}: ${reason}`);
    if (state === 'delivered' && times(after, activityObjid) === 0) wrong.push(`${activityObjid} is lost`);
    if (state === 'held' && !(await scene.status()).includes('held: may have been posted'))
      wrong.push('status names nothing held');
  }
  for (const report of reports.filter(({ about }) => about !== undefined)) {
    const activity = activityOf(report);
    const isPosted = times(before, activity) > 0;
    const isKept = kept.some(({ request: { activityObjid = 0 } }) => activityObjid === activity);
    const claims = { posted: isPosted, 'not-kept': isPosted || !report.message.startsWith('posted'), later: isKept };
    if (Object.entries(claims).some(([result, isTrue]) => report.result === result && !isTrue))
      wrong.push(`${activity} was called ${report.result}: ${report.message}`);
  }
  const last = recovery.at(-1);
  const isHeld = scene.stage.destination === 'unsafe' && last?.result === 'later';
  if (last?.result !== 'posted' && !isHeld) wrong.push(`the last rerun said ${last?.result}: ${last?.message}`);
  return wrong;
}
