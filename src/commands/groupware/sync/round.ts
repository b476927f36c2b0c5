// One run of `sync` over its users: every user whose turn it is, the one that waited longest first, or those that were asked for. Two runs
// at once share the users, and what one run does not come to, the next one does.

import type { CrmUser } from '../../../clarify/entries';
import { backoffMs } from '../../../core/backoff';
import { DatabaseError } from '../../../core/database-error';
import { GRACE_MS, signalAfter } from '../../../core/deadline';
import { messageOf, worstOf, type Result } from '../../../core/errors';
import type { Report } from '../../../core/report';
import { visible } from '../../../core/visible';
import type { Grant, TurnEnd } from '../../../ledger/links';
import type { Context } from '../../command';
import { reportOfError } from '../../error-report';
import type { OptionsOf } from '../../options';
import { leaseOf } from '../../outbox/deliver';
import type { CallParts, PublishParts } from '../../outbox/publish/parts';
import type { Syncing, SyncParts } from './parts';
import { Sums } from './sums';
import { takeTurn, type TurnOf, type TurnReport } from './turn';
import { rightClocks } from './wrong-clocks';

/** How long a turn that only changes its own state may take, in ms. */
const LEAST_MS = 10_000;

/** How many users whose turn it is are looked up at a time. */
const PAGE = 50;

/** What a run is performed with. */
export type SyncContext = Context<OptionsOf<'rule' | 'user' | 'dryRun'>, PublishParts & CallParts & SyncParts>;

/** How a turn went: not at all, because somebody else has it or took it over. */
type Turned = 'well' | 'badly' | 'elsewhere';

/** What a user’s turn is about; `now` is ms since 1970 UTC. */
export function turnOf(syncing: Syncing, user: CrmUser, now: number, isAdopting: boolean): TurnOf {
  const { config } = syncing;
  return {
    rules: syncing.rulesOf(user.login),
    collections: Object.fromEntries(syncing.kinds.map((kind) => [kind, syncing.open(user, kind)])),
    since: now - config.window.past,
    until: now + config.window.ahead,
    mostNew: config.firstFill,
    isAdopting,
  };
}

/** All turns of a run. */
export class Round {
  readonly #sums = new Sums();
  readonly #results: Result[] = [];
  /** What else there is to say. */
  readonly #notes: string[] = [];
  readonly #users: ReadonlyMap<string, CrmUser>;
  readonly #begin: number;

  constructor(
    private readonly syncing: Syncing,
    users: readonly CrmUser[],
    private readonly context: SyncContext,
  ) {
    this.#users = new Map(users.map((user) => [user.login, user]));
    this.#begin = context.parts.now();
  }

  /** Takes the turn of everybody whose turn it is, once. */
  async take(): Promise<Report> {
    const { links } = this.syncing;
    const { deadline, progress } = this.context;
    const active = [...this.#users.values()].filter(({ isActive }) => isActive).map(({ login }) => login);
    await links.enter([...this.#users.keys()], this.#begin, deadline.signal);
    await this.#rightClocks();
    await this.#unpark(active);
    const isOver = () => deadline.signal.aborted;
    const seen = new Set<string>();
    for (;;) {
      const due = (await links.dueGrants(this.#begin, PAGE + seen.size, deadline.signal)).filter(({ user }) => !seen.has(user));
      if (due.length === 0 || isOver()) break;
      for (const grant of due) {
        if (isOver()) break;
        seen.add(grant.user);
        await this.#turn(grant);
        progress(seen.size, active.length);
      }
    }
    if (!deadline.signal.aborted) await this.#forget();
    return this.#report();
  }

  /** Takes the turns of its users, which were asked for, and nobody else's. */
  async takeAsked(): Promise<Report> {
    const { signal } = this.context.deadline;
    await this.#unpark([...this.#users.values()].filter(({ isActive }) => isActive).map(({ login }) => login));
    for (const login of this.#users.keys()) if (!signal.aborted) await this.#takeAskedOf(login);
    return this.#report();
  }

  /**
   * Where a turn is asked for while it is somebody else's, that one takes another turn: so of two hundred calls at once about one user a
   * few do the work, and none waits.
   */
  async #takeAskedOf(login: string): Promise<void> {
    const { signal } = this.context.deadline;
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const grant = (await this.syncing.links.grants(signal)).find(({ user }) => user === login);
      if (grant === undefined || grant.state === 'parked') return;
      if (grant.dueAt > this.#begin) {
        // Whoever took the turn since it was asked for has seen what it was asked for.
        if (isFirst)
          this.#notes.push(`another run took the turn of ${visible(login)}${grant.failures === 0 ? '' : ', and it failed'}`);
        if (isFirst) this.#results.push(grant.failures === 0 ? 'done' : 'later');
        return;
      }
      const turned = await this.#turn(grant);
      if (turned === 'elsewhere' && isFirst) {
        this.#notes.push(`another run is at ${visible(login)}; another turn follows`);
        this.#results.push('later');
      }
      if (turned !== 'well') return;
    }
  }

  /** One user's turn. What goes wrong in it stops nobody else, unless it is about all. */
  async #turn(grant: Grant): Promise<Turned> {
    const { links } = this.syncing;
    const { parts } = this.context;
    const user = this.#users.get(grant.user);
    const deadline = this.context.attemptDeadline();
    try {
      if (!(await links.takeTurn(grant, leaseOf(parts, deadline), deadline.signal))) return 'elsewhere';
      if (user?.isActive !== true) return await this.#park(grant);
      const turn = turnOf(this.syncing, user, parts.now(), grant.state === 'adopting');
      const { reader, writer } = this.syncing;
      const own = { links, reader, owner: parts.owner, now: () => parts.now(), ...(writer === undefined ? {} : { writer }) };
      const report = await takeTurn(turn, own, deadline).catch((error: unknown) => this.#failed(grant, error));
      return report === undefined ? 'badly' : await this.#end(grant, report);
    } finally {
      deadline.end();
    }
  }

  /** A user who is not active in the CRM, or not kept in step any more, is left alone; nothing is deleted. */
  async #park(grant: Grant): Promise<Turned> {
    const reason = this.#users.has(grant.user) ? 'not active in the CRM' : 'not named in groupware.users';
    await this.#endTurn(grant, { ...grant, state: 'parked', reason });
    this.#sums.parked += 1;
    return 'badly';
  }

  /** Also of a turn that all its time was not enough for. */
  async #endTurn({ user }: Grant, end: TurnEnd): Promise<void> {
    await this.syncing.links.endTurn(user, this.context.parts.owner, end, signalAfter(GRACE_MS));
  }

  async #rightClocks(): Promise<void> {
    const { parts, config, deadline } = this.context;
    const { links, config: groupware } = this.syncing;
    const run = { links, owner: parts.owner, now: this.#begin, every: groupware.every, turnMs: config.deadline };
    await rightClocks(await links.grants(deadline.signal), run, deadline.signal);
  }

  /** Whoever was left alone and is active again has turns again. */
  async #unpark(active: readonly string[]): Promise<void> {
    const { links } = this.syncing;
    const { signal } = this.context.deadline;
    const { parts } = this.context;
    const back = (await links.grants(signal)).filter(({ state, user }) => state === 'parked' && active.includes(user));
    for (const grant of back) {
      if (!(await links.takeTurn(grant, { owner: parts.owner, now: parts.now(), workMs: LEAST_MS }, signal))) continue;
      await links.endTurn(grant.user, parts.owner, { ...grant, state: 'active', reason: '', dueAt: this.#begin }, signal);
    }
  }

  /** Texts that nobody needs any more are kept no longer than those of posts. */
  async #forget(): Promise<void> {
    const { config, parts, deadline } = this.context;
    await this.syncing.links.forgetEntries(parts.now() - config.keepMessages, deadline.signal);
  }

  async #end(grant: Grant, report: TurnReport): Promise<Turned> {
    const { config } = this.syncing;
    const { parts, emit } = this.context;
    if (report.isLost) return 'elsewhere';
    const isWell = report.trouble === '';
    const failures = isWell ? 0 : grant.failures + 1;
    const now = parts.now();
    const wait = isWell ? config.every : backoffMs(failures, report.afterMs, parts.random());
    const isAdopting = report.outlook?.plan.isAdopting ?? grant.state === 'adopting';
    const reason = isWell ? (isAdopting ? ADOPTING : '') : report.trouble;
    const state = isAdopting ? 'adopting' : 'active';
    const syncedAt = isWell ? now : grant.syncedAt;
    // A moment after it began, so that no user has two turns in a run.
    const dueAt = Math.max(now, this.#begin + 1) + wait;
    await this.#endTurn(grant, { state, reason, dueAt, syncedAt, failures });
    this.#results.push(
      isWell ? 'done' : toldOnce(report.isRefused ? 'rejected' : 'later', grant, report.trouble),
      ...(report.refused > 0 ? (['rejected'] as const) : []),
    );
    const datum = this.#sums.add(grant.user, report, isAdopting && grant.state !== 'adopting');
    if (datum !== undefined) emit(datum);
    return isWell ? 'well' : 'badly';
  }

  /** Trouble with a database, or a bug. Where it is about the whole CRM, the run ends; the turn is over in any case. */
  async #failed(grant: Grant, error: unknown): Promise<undefined> {
    const { parts } = this.context;
    if (error instanceof DatabaseError && error.whose === 'ledger') throw error;
    const failures = grant.failures + 1;
    const dueAt = parts.now() + backoffMs(failures, undefined, parts.random());
    const end = { state: grant.state, reason: messageOf(error), dueAt, syncedAt: grant.syncedAt, failures };
    await this.#endTurn(grant, end);
    if (error instanceof DatabaseError && ABOUT_ALL.includes(error.problem)) throw error;
    this.#sums.failed += 1;
    this.#results.push(toldOnce(reportOfError(error).result, grant, end.reason));
    if (!(error instanceof DatabaseError)) this.#sums.bug ??= error;
    return undefined;
  }

  #report(): Report {
    const { deadline } = this.context;
    const cut = deadline.signal.aborted ? ['stopped before the end; the next run goes on'] : [];
    const notes = [...this.#notes, ...cut];
    const sums = notes.length > 0 && this.#sums.users === 0 ? [] : this.#sums.words();
    const message = [...sums, ...notes].join('; ');
    const bug = this.#sums.bug === undefined ? {} : reportOfError(this.#sums.bug);
    const result = worstOf([...this.#results, 'done', ...(cut.length > 0 ? (['later'] as const) : [])]);
    return { result, message, deliveries: [], sums: this.#sums.figures(), ...bug };
  }
}

/**
 * What trouble of a user means for the exit code. What nothing but a person ends counts in the run that discovers it: a scheduler need not
 * alarm every few minutes. Later on `status --check` tells it.
 */
function toldOnce(result: Result, { reason }: Grant, trouble: string): Result {
  const isKnown = reason !== '' && trouble.startsWith(reason.replace(/…$/, ''));
  return isKnown && (result === 'rejected' || result === 'login-refused') ? 'done' : result;
}

const ADOPTING = 'entries were found that the ledger knows nothing of; nothing is made or deleted until they are resolved';

/** What is wrong with the CRM for everybody. */
const ABOUT_ALL: readonly DatabaseError['problem'][] = ['unavailable', 'login-refused', 'configuration', 'not-writable'];
