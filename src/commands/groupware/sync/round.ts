// One run of `sync` over its users: every user whose turn it is, the one that waited longest first. Two runs at once share the users, and
// what one run does not come to, the next one does.

import type { CrmUser } from '../../../clarify/entries';
import { backoffMs } from '../../../core/backoff';
import { DatabaseError } from '../../../core/database-error';
import { messageOf, worstOf, type Result } from '../../../core/errors';
import type { Report } from '../../../core/report';
import type { Grant } from '../../../ledger/links';
import type { Context } from '../../command';
import { reportOfError } from '../../error-report';
import type { OptionsOf } from '../../options';
import { leaseOf } from '../../outbox/deliver';
import type { PublishParts } from '../../outbox/publish/parts';
import type { Syncing, SyncParts } from './parts';
import { Sums } from './sums';
import { takeTurn, type TurnOf, type TurnReport } from './turn';

/** How long a turn that only changes its own state may take, in ms. */
const LEAST_MS = 10_000;

/** How many users whose turn it is are looked up at a time. */
const PAGE = 50;

/** What a run is performed with. */
export type SyncContext = Context<OptionsOf<'user' | 'dryRun'>, PublishParts & SyncParts>;

/** What a user’s turn is about; `now` is ms since 1970 UTC. */
export function turnOf(syncing: Syncing, user: CrmUser, now: number, isAdopting: boolean): TurnOf {
  const { config } = syncing;
  return {
    rules: syncing.rulesOf(user.login),
    collections: { event: syncing.open(user, 'event'), task: syncing.open(user, 'task') },
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

  async take(): Promise<Report> {
    const { links } = this.syncing;
    const { deadline, options, progress } = this.context;
    const active = [...this.#users.values()].filter(({ isActive }) => isActive).map(({ login }) => login);
    await links.enter([...this.#users.keys()], this.#begin, deadline.signal);
    await this.#unpark(active);
    if (options.user !== undefined) await links.makeDue(options.user.trim().toLowerCase(), this.#begin, deadline.signal);
    const isOver = () => deadline.signal.aborted;
    const seen = new Set<string>();
    for (;;) {
      const due = (await links.dueGrants(this.#begin, PAGE + seen.size, deadline.signal)).filter(({ user }) => !seen.has(user));
      if (due.length === 0 || isOver()) break;
      for (const grant of due) {
        if (isOver()) break;
        seen.add(grant.user);
        if (options.user !== undefined && grant.user !== options.user.trim().toLowerCase()) continue;
        await this.#turn(grant);
        progress(seen.size, active.length);
      }
    }
    if (!deadline.signal.aborted) await this.#forget();
    return this.#report();
  }

  /** One user's turn. What goes wrong in it stops nobody else, unless it is about all. */
  async #turn(grant: Grant): Promise<void> {
    const { links } = this.syncing;
    const { parts } = this.context;
    const user = this.#users.get(grant.user);
    const deadline = this.context.attemptDeadline();
    try {
      if (!(await links.takeTurn(grant, leaseOf(parts, deadline), deadline.signal))) return;
      if (user?.isActive !== true) return await this.#park(grant, deadline.signal);
      const turn = turnOf(this.syncing, user, parts.now(), grant.state === 'adopting');
      const { reader, writer } = this.syncing;
      const own = { links, reader, owner: parts.owner, now: () => parts.now(), ...(writer === undefined ? {} : { writer }) };
      const report = await takeTurn(turn, own, deadline).catch((error: unknown) => this.#failed(grant, error, deadline.signal));
      if (report !== undefined) await this.#end(grant, report, deadline.signal);
    } finally {
      deadline.end();
    }
  }

  /** A user who is not active in the CRM, or not kept in step any more, is left alone; nothing is deleted. */
  async #park(grant: Grant, signal: AbortSignal): Promise<void> {
    const { links } = this.syncing;
    const reason = this.#users.has(grant.user) ? 'not active in the CRM' : 'not named in groupware.users';
    await links.endTurn(grant.user, this.context.parts.owner, { ...grant, state: 'parked', reason }, signal);
    this.#sums.parked += 1;
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

  async #end(grant: Grant, report: TurnReport, signal: AbortSignal): Promise<void> {
    const { links, config } = this.syncing;
    const { parts, emit } = this.context;
    if (report.isLost) return;
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
    await links.endTurn(grant.user, parts.owner, { state, reason, dueAt, syncedAt, failures }, signal);
    this.#results.push(
      isWell ? 'done' : toldOnce(report.isRefused ? 'rejected' : 'later', grant, report.trouble),
      ...(report.refused > 0 ? (['rejected'] as const) : []),
    );
    const datum = this.#sums.add(grant.user, report, isAdopting && grant.state !== 'adopting');
    if (datum !== undefined) emit(datum);
  }

  /** Trouble with a database, or a bug. Where it is about the whole CRM, the run ends; the turn is over in any case. */
  async #failed(grant: Grant, error: unknown, signal: AbortSignal): Promise<undefined> {
    const { parts } = this.context;
    if (error instanceof DatabaseError && error.whose === 'ledger') throw error;
    const failures = grant.failures + 1;
    const dueAt = parts.now() + backoffMs(failures, undefined, parts.random());
    const end = { state: grant.state, reason: messageOf(error), dueAt, syncedAt: grant.syncedAt, failures };
    await this.syncing.links.endTurn(grant.user, parts.owner, end, signal);
    if (error instanceof DatabaseError && ABOUT_ALL.includes(error.problem)) throw error;
    this.#sums.failed += 1;
    this.#results.push(toldOnce(reportOfError(error).result, grant, end.reason));
    if (!(error instanceof DatabaseError)) this.#sums.bug ??= error;
    return undefined;
  }

  #report(): Report {
    const { deadline } = this.context;
    const cut = deadline.signal.aborted ? ['stopped before the end; the next run goes on'] : [];
    const message = [...this.#sums.words(), ...cut].join('; ');
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
