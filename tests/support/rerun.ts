// A rerun in this process: a ledger in a file, a clock that the test sets, and destinations that do as they are told.

import { join } from 'node:path';
import { readArguments } from '../../src/clarify/arguments';
import { readCall } from '../../src/clarify/calls';
import { objectTypes } from '../../src/clarify/object-types/index';
import type { Reading } from '../../src/clarify/activity-reader';
import type { Context } from '../../src/commands/command';
import type { ReadyDestination } from '../../src/commands/outbox/deliver';
import type { AllOptions, AllParts } from '../../src/commands/index';
import type { PublishParts } from '../../src/commands/outbox/publish/parts';
import { rerun } from '../../src/commands/outbox/rerun/index';
import type { AlertsConfig, Config } from '../../src/config/schema';
import type { Request } from '../../src/core/activity';
import { startDeadline, type Deadline } from '../../src/core/deadline';
import type { Delivery } from '../../src/core/delivery';
import type { Outcome } from '../../src/core/outcome';
import type { Report } from '../../src/core/report';
import type { Finding } from '../../src/destinations/destination';
import { openSqliteStore } from '../../src/io/sqlite-store';
import type { Ledger } from '../../src/ledger/ledger';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { message, NOW } from './ledger-content';
import type { AnyCommand } from './ledger-context';
import { temporaryFolder } from './sample';

/** What the next attempt at a stream comes to; `kept` where the stream has the post all the same. */
export type Script = Outcome | { readonly kept: Outcome } | (() => Outcome | Promise<Outcome>);

export const RETRY: Outcome = { kind: 'retry', reason: 'the server answered 503' };
export const UNKNOWN: Outcome = { kind: 'unknown', reason: 'no answer in time' };

/** A destination in memory. */
export interface Stream {
  readonly ready: ReadyDestination;
  /** The titles of the posts that it has. */
  readonly posts: string[];
  /** The ids of all attempts. */
  readonly attempts: string[];
  /** When it was asked for posts, and since when. */
  readonly asked: number[];
  /** The most attempts that were in flight at once. */
  most(): number;
  /** What the next attempts come to; after that everything is delivered. */
  next(...scripts: readonly Script[]): void;
  /** What the next questions are answered with; after that the truth. */
  answer(...findings: readonly Finding[]): void;
}

/** Makes a destination in memory that can be asked, unless something else is said. */
export function makeStream(name = 'socialcast', change: Partial<ReadyDestination> = {}): Stream {
  const posts: { id: string; title: string }[] = [];
  const scripts: Script[] = [];
  const findings: Finding[] = [];
  const attempts: string[] = [];
  const asked: number[] = [];
  const inFlight = { now: 0, most: 0 };
  const post = ({ message: { title } }: Delivery): Outcome => {
    const id = `${name}-${posts.length + 1}`;
    posts.push({ id, title });
    return { kind: 'delivered', receipt: { id } };
  };
  const send = async (delivery: Delivery): Promise<Outcome> => {
    attempts.push(delivery.id);
    inFlight.now += 1;
    inFlight.most = Math.max(inFlight.most, inFlight.now);
    await new Promise((resolve) => setImmediate(resolve));
    try {
      const script = scripts.shift();
      if (script === undefined) return post(delivery);
      if (typeof script === 'function') return await script();
      if (!('kept' in script)) return script;
      post(delivery);
      return script.kept;
    } finally {
      inFlight.now -= 1;
    }
  };
  const find = ({ message: { title } }: Delivery, sinceMs: number): Promise<Finding> => {
    asked.push(sinceMs);
    const receipts = posts.filter((each) => each.title === title).map(({ id }) => ({ id }));
    return Promise.resolve(findings.shift() ?? { kind: 'candidates', receipts: receipts.reverse() });
  };
  const ready: ReadyDestination = {
    ...{
      name,
      type: 'stream',
      repeat: 'findable',
      concurrency: 4,
      maxPerSecond: 0,
      needsFirstPost: false,
      preview: () => '',
      send,
      find,
    },
    ...change,
  };
  return {
    ready: ready.repeat === 'findable' ? ready : without(ready),
    get posts() {
      return posts.map(({ title }) => title);
    },
    attempts,
    asked,
    most: () => inFlight.most,
    next: (...more) => void scripts.push(...more),
    answer: (...more) => void findings.push(...more),
  };
}

function without({ find: _, ...ready }: ReadyDestination): ReadyDestination {
  return ready;
}

/** A CRM in memory: what reading a request comes to; everything is found where nothing is said. */
export type Crm = (request: Request) => Reading | Promise<Reading>;

/** What a test holds in its hand. */
export interface Scene {
  readonly ledger: Ledger;
  readonly clock: { now: number };
  /** Requests that were read from the CRM. */
  readonly read: Request[];
  run(options?: AllOptions, more?: RunOptions): Promise<Ran>;
  close(): void;
}

export interface RunOptions {
  readonly whenInDoubt?: 'hold' | 'resend';
  readonly keepMessages?: number;
  readonly alerts?: AlertsConfig;
  readonly loggedActivities?: NonNullable<PublishParts['loggedActivities']>;
  /** The deadline of the run, which a test may end early. */
  readonly deadline?: Deadline;
  /** Another command than rerun, and what it needs beside. */
  readonly command?: AnyCommand;
  readonly parts?: Partial<AllParts>;
  readonly config?: Partial<Config>;
  /** How long a piece of work may take, in ms. */
  readonly attemptMs?: number;
}

/** How a rerun ended, and what it printed. */
export interface Ran {
  readonly report: Report;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly texts: readonly string[];
}

function newLedger(): Ledger {
  return openSqlLedger(openSqliteStore(join(temporaryFolder(), 'ledger')), 'sqlite');
}

/** Sets a scene with some streams. */
export function setScene(streams: readonly Stream[], crm: Crm = foundAll, ledger: Ledger = newLedger()): Scene {
  const clock = { now: NOW };
  const read: Request[] = [];
  const run: Scene['run'] = async (options = {}, more = {}) => {
    const { whenInDoubt = 'hold', keepMessages = 90 * 86_400_000, deadline, alerts, loggedActivities } = more;
    const { command = rerun, attemptMs = 5_000 } = more;
    const [lines, texts]: [Record<string, unknown>[], string[]] = [[], []];
    const whole = deadline ?? startNow(60_000);
    const context: Context<AllOptions, AllParts> = {
      words: [],
      options,
      config: {
        destinations: Object.fromEntries(streams.map(({ ready }) => [ready.name, {}])),
        whenInDoubt,
        keepMessages,
        alerts,
        tags: ['dovetailCRM'],
        ...more.config,
      } as unknown as Config,
      parts: {
        // What other commands use.
        ...({} as AllParts),
        ledger: () => Promise.resolve(ledger),
        known: () => Promise.resolve([]),
        spools: () => [],
        destinations: () => Promise.resolve(streams.map(({ ready }) => ready)),
        now: () => clock.now,
        random: () => 0.5,
        owner: `run ${Math.random()}`,
        read: async (request) => {
          read.push(request);
          return crm(request);
        },
        readMany: async (requests) => {
          read.push(...requests);
          return Promise.all(requests.map(async (request) => crm(request)));
        },
        leftOut: () => undefined,
        ...(loggedActivities === undefined ? {} : { loggedActivities }),
        compose: (_, { activityObjid }) => {
          const composed = message({ title: `activity ${activityObjid ?? 0}` });
          return Promise.resolve(streams.map(({ ready }) => ({ destination: ready.name, message: composed, by: undefined })));
        },
        ...more.parts,
      },
      deadline: whole,
      attemptDeadline: () => startNow(attemptMs),
      readRequest: (given, rule) => readArguments(given, rule, objectTypes),
      readCall: (given) => readCall(given, { types: objectTypes, kinds: {} }),
      emit: ({ text, json }) => {
        texts.push(text);
        lines.push(JSON.parse(JSON.stringify(json)) as Record<string, unknown>);
      },
      progress: () => undefined,
      confirm: () => Promise.resolve(false),
    };
    try {
      return { report: await command(context), lines, texts };
    } finally {
      whole.end();
    }
  };
  return { ledger, clock, read, run, close: () => ledger.close() };
}

/** A deadline from now on. */
export function startNow(ms: number): Deadline {
  const begin = performance.now();
  return startDeadline(ms, () => performance.now() - begin);
}

/** A reading that found the activity of a request. */
export function found({ objectType, objid, activityObjid }: Request): Reading {
  const entry = {
    objid: activityObjid ?? 0,
    code: 600,
    listName: 'Create',
    time: '',
    actor: 'Pat',
    actorLogin: 'pat',
    actorEmail: '',
    details: {},
  };
  return { kind: 'found', activity: { objectType, objid, fields: {}, ...(activityObjid === undefined ? {} : { entry }) } };
}

const foundAll: Crm = found;
