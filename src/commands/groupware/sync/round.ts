// One run of `sync` over its users: every user whose turn it is, some at once, the one that waited longest first, or those that were asked
// for. Two runs at once share the users, and what one run does not come to, the next one does.

import type { CrmUser } from '../../../clarify/entries';
import { all, each } from '../../../core/at-once';
import { backoffMs, pollMs } from '../../../core/backoff';
import { DatabaseError } from '../../../core/database-error';
import type { Deadline } from '../../../core/deadline';
import { messageOf, worstOf, type Result } from '../../../core/errors';
import type { Report } from '../../../core/report';
import { visible } from '../../../core/visible';
import type { Grant, TurnEnd } from '../../../ledger/links';
import type { Context } from '../../command';
import { reportOfError } from '../../error-report';
import type { OptionsOf } from '../../options';
import { leaseOf } from '../../outbox/deliver';
import type { CallParts, PublishParts } from '../../outbox/publish/parts';
import { FirstFill, waitingWords } from './first-fill';
import { unlistedWords } from './first-listings';
import { groupwareOf, namedTwice } from '../named-groupwares';
import type { OpenGroupware, Syncing, SyncParts } from './parts';
import { Sums } from './sums';
import { UserTurns, type Took } from './user-turns';
import { rightClocks } from './wrong-clocks';

/** How long a turn that only changes its own state may take, in ms. */
const LEAST_MS = 10_000;

/** How many users whose turn it is are looked up at a time. */
const PAGE = 50;

/** What a run is performed with. */
export type SyncContext = Context<OptionsOf<'rule' | 'user' | 'dryRun'>, PublishParts & CallParts & SyncParts>;

/**
 * How a turn went: `elsewhere` where somebody else has it or took it over; `waits` where the limits of a first fill let nothing, or no more,
 * be made by now.
 */
type Turned = 'well' | 'badly' | 'elsewhere' | 'waits';

/** All turns of a run. */
export class Round {
  readonly #sums = new Sums();
  readonly #results: Result[] = [];
  /** What else there is to say. */
  readonly #notes: string[] = [];
  readonly #users: ReadonlyMap<string, CrmUser>;
  readonly #begin: number;
  readonly #fill: FirstFill;
  readonly #turns: UserTurns;
  /** What nobody's turn at a groupware can go on with, by its name. */
  readonly #obstacles = new Map<string, string>();
  /** Whether the run is over for everybody, because of a database. */
  #isOver = false;
  /** How many turns in a row met a database that did not answer. */
  #unanswered = 0;

  constructor(
    private readonly syncing: Syncing,
    users: readonly CrmUser[],
    private readonly context: SyncContext,
  ) {
    const { parts } = context;
    this.#users = new Map(users.map((user) => [user.login, user]));
    this.#begin = parts.now();
    this.#fill = new FirstFill(syncing.config.firstFill, syncing.links, () => parts.now());
    this.#turns = new UserTurns(syncing, context, this.#fill, (name) => this.#obstacles.get(name));
  }

  /** Takes the turn of everybody whose turn it is, once. */
  async take(): Promise<Report> {
    const { links, groupwares } = this.syncing;
    const { deadline, progress } = this.context;
    const active = [...this.#users.values()].filter(({ isActive }) => isActive).map(({ login }) => login);
    await links.enter([...this.#users.keys()], this.#begin, deadline.signal);
    await this.#rightClocks();
    await this.#unpark(active);
    let done = 0;
    // Side by side, so that one that is slow or down holds up nobody at another.
    const rounds = groupwares.map((groupware) =>
      each(this.#due(groupware), groupware.concurrency, async (grant) => {
        await this.#turn(grant, groupware);
        progress((done += 1), active.length);
      }),
    );
    await all(rounds);
    if (!deadline.signal.aborted) await this.#forget();
    return this.#report();
  }

  /** Takes the turns of its users, which were asked for, and nobody else's. */
  async takeAsked(): Promise<Report> {
    const { signal } = this.context.deadline;
    await this.#unpark([...this.#users.values()].filter(({ isActive }) => isActive).map(({ login }) => login));
    const rounds = this.syncing.groupwares.map(async (groupware) => {
      for (const [login, user] of this.#users)
        if (!signal.aborted && groupwareOf(user, this.syncing.groupwares) === groupware)
          await this.#takeAskedOf(login, groupware);
    });
    await all(rounds);
    return this.#report();
  }

  /**
   * Where a turn is asked for while it is somebody else's, that one takes another turn: so of two hundred calls at once about one user a
   * few do the work, and none waits.
   */
  async #takeAskedOf(login: string, groupware: OpenGroupware): Promise<void> {
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
      const turned = await this.#turn(grant, groupware);
      if (turned === 'elsewhere' && isFirst) {
        this.#notes.push(`another run is at ${visible(login)}; another turn follows`);
        this.#results.push('later');
      }
      if (turned !== 'well') return;
    }
  }

  /** Whose turn it is at a groupware, as long as the run goes on there. Whoever is kept in step no more counts as one of the first. */
  async *#due({ name }: OpenGroupware): AsyncGenerator<Grant> {
    const { deadline } = this.context;
    const isOver = () => deadline.signal.aborted || this.#isOver || this.#obstacles.has(name);
    for (let last: Grant | undefined, isMore = true; isMore && !isOver();) {
      const behind = last;
      const page = await this.#within(({ signal }) => this.syncing.links.dueGrants(this.#begin, PAGE, signal, behind));
      for (const grant of page) {
        if (isOver()) return;
        if (groupwareOf(this.#users.get(grant.user) ?? {}, this.syncing.groupwares).name === name) yield grant;
      }
      last = page.at(-1);
      isMore = page.length === PAGE;
    }
  }

  /** One user's turn. What goes wrong in it stops nobody else, unless it is about all. */
  async #turn(grant: Grant, groupware: OpenGroupware): Promise<Turned> {
    try {
      const turned = await this.#within((deadline) => this.#taken(grant, groupware, deadline));
      if (turned !== 'elsewhere') this.#unanswered = 0;
      return turned;
    } catch (error) {
      const isAboutAll = this.#isAboutAll(error);
      if (isAboutAll) this.#isOver = true;
      await this.#failed(grant, error);
      if (isAboutAll) throw error;
      return 'badly';
    }
  }

  /** Takes a turn from its lease to its end. */
  async #taken(grant: Grant, groupware: OpenGroupware, deadline: Deadline): Promise<Turned> {
    const { links } = this.syncing;
    const { parts } = this.context;
    const user = this.#users.get(grant.user);
    const isActive = user?.isActive === true;
    if (isActive && this.#fill.mustWait(grant)) {
      this.#sums.waiting += 1;
      return 'waits';
    }
    if (!(await links.takeTurn(grant, leaseOf(parts, deadline), deadline.signal))) return 'elsewhere';
    if (!isActive) {
      await this.#park(grant);
      return 'badly';
    }
    const twice = namedTwice(user);
    if (twice !== '') return this.#misnamed(grant, twice);
    if (!(await this.#fill.mayBegin(grant, deadline.signal))) {
      await this.#endTurn(grant, { state: 'new' });
      this.#sums.waiting += 1;
      return 'waits';
    }
    const took = await this.#turns.take(grant, user, groupware, deadline);
    return took === undefined ? 'elsewhere' : this.#end(took);
  }

  /** A user whom two groupwares name has no turn with either, until the configuration says which. */
  async #misnamed(grant: Grant, reason: string): Promise<Turned> {
    const failures = grant.failures + 1;
    const dueAt = this.context.parts.now() + backoffMs(failures, undefined, this.context.parts.random());
    await this.#endTurn(grant, { reason, dueAt, failures });
    this.#sums.failed += 1;
    this.#results.push('configuration');
    this.#notes.push(reason);
    return 'badly';
  }

  /** A user who is not active in the CRM, or not kept in step any more, is left alone; nothing is deleted. */
  async #park(grant: Grant): Promise<void> {
    const reason = this.#users.has(grant.user) ? 'not active in the CRM' : 'not named in groupware.users';
    await this.#endTurn(grant, { state: 'parked', reason });
    this.#sums.parked += 1;
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
    const known = new Set(active);
    const back = (await links.grants(signal)).filter(({ state, user }) => state === 'parked' && known.has(user));
    for (const grant of back) {
      if (!(await links.takeTurn(grant, { owner: parts.owner, now: parts.now(), workMs: LEAST_MS }, signal))) continue;
      // Who never was in step counts as one who is new.
      const state = grant.syncedAt === 0 ? 'new' : 'active';
      await links.endTurn(grant.user, parts.owner, { ...grant, state, reason: '', dueAt: this.#begin }, signal);
    }
  }

  /** Texts that nobody needs any more are kept no longer than those of posts. */
  async #forget(): Promise<void> {
    const { config, parts, deadline } = this.context;
    await this.syncing.links.forgetEntries(parts.now() - config.keepMessages, deadline.signal);
  }

  async #end({ grant, groupware, report, why, move, before }: Took): Promise<Turned> {
    const { config } = this.syncing;
    const { parts, emit } = this.context;
    const done = before === undefined ? undefined : this.#sums.add(grant.user, before, false);
    for (const datum of [done, move]) if (datum !== undefined) emit(datum);
    if (report.isLost) return 'elsewhere';
    const isWell = report.trouble === '';
    const isWhole = isWell && (report.outlook?.plan.left ?? 0) === 0;
    const failures = isWell ? 0 : grant.failures + 1;
    const now = parts.now();
    const wait = isWell ? pollMs(config.every, parts.random()) : backoffMs(failures, report.afterMs, parts.random());
    const isAdopting = report.outlook?.plan.isAdopting ?? grant.state === 'adopting';
    const waits = [isAdopting ? ADOPTING : unlistedWords(report.outlook?.unlisted ?? []), why].filter((part) => part !== '');
    const reason = isWell ? waits.join('; ') : report.trouble;
    const state = isAdopting ? 'adopting' : 'active';
    const syncedAt = isWhole ? now : grant.syncedAt;
    // Whose entries did not all fit is the next one of those who wait.
    const dueAt = isWell && !isWhole ? grant.dueAt : Math.max(now, this.#begin + 1) + wait;
    await this.#endTurn(grant, { state, reason, dueAt, syncedAt, failures });
    this.#results.push(toldOnce(report.result, grant, report.trouble), ...(report.refused > 0 ? (['rejected'] as const) : []));
    if (report.result === 'configuration') this.#obstacles.set(groupware.name, report.trouble);
    const datum = this.#sums.add(grant.user, report, isAdopting && grant.state !== 'adopting');
    if (datum !== undefined) emit(datum);
    if (!isWell) return 'badly';
    return isWhole ? 'well' : 'waits';
  }

  /** Trouble with a database in one turn, or a bug. Its lease ends by itself where even that cannot be kept. */
  async #failed(grant: Grant, error: unknown): Promise<void> {
    const { parts } = this.context;
    const failures = grant.failures + 1;
    const dueAt = parts.now() + backoffMs(failures, undefined, parts.random());
    this.#sums.failed += 1;
    this.#results.push(toldOnce(reportOfError(error).result, grant, messageOf(error)));
    if (!(error instanceof DatabaseError)) this.#sums.bug ??= error;
    await this.#endTurn(grant, { reason: messageOf(error), dueAt, failures }).catch((ending: unknown) => {
      if (this.#isAboutAll(ending)) throw ending;
    });
  }

  /**
   * Whether trouble with a database is everybody's. Turns share its connection, and one whose time is over takes it from those beside it:
   * only when more turns than there are at once get no answer is it the database.
   */
  #isAboutAll(error: unknown): boolean {
    if (!(error instanceof DatabaseError)) return false;
    if (LASTING.includes(error.problem)) return true;
    if (error.whose === 'ledger' || error.problem === 'unavailable') this.#unanswered += 1;
    return this.#unanswered > this.syncing.groupwares.reduce((sum, { concurrency }) => sum + concurrency, 0);
  }

  /** Ends a turn, and its lease, as it was begun but for some changes. It has time of its own: that of the turn may be over. */
  async #endTurn(grant: Grant, changes: Partial<TurnEnd>): Promise<void> {
    const { links } = this.syncing;
    const end = { ...grant, state: grant.state === 'new' ? 'active' : grant.state, ...changes } as const;
    await this.#within(({ signal }) => links.endTurn(grant.user, this.context.parts.owner, end, signal));
  }

  async #within<T>(work: (deadline: Deadline) => Promise<T>): Promise<T> {
    const deadline = this.context.attemptDeadline();
    try {
      return await work(deadline);
    } finally {
      deadline.end();
    }
  }

  #obstacleWords(): readonly string[] {
    const { groupwares } = this.syncing;
    return groupwares.flatMap(({ name, called }) => {
      const obstacle = this.#obstacles.get(name);
      if (obstacle === undefined) return [];
      const where = groupwares.length === 1 ? 'the run ended, because' : `no more turns at ${called}, because there`;
      return [`${where} it is the same for everybody: ${obstacle}`];
    });
  }

  #report(): Report {
    const { deadline } = this.context;
    const cut = deadline.signal.aborted ? ['stopped before the end; the next run goes on'] : [];
    const { waiting: users, left: entries } = this.#sums;
    const waiting = waitingWords({ users, entries }, this.syncing.config.firstFill);
    const notes = [...waiting, ...this.#sums.unlisted.words(), ...this.#notes, ...this.#obstacleWords(), ...cut];
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

/** What is wrong with a database for everybody, until somebody mends it. */
const LASTING: readonly DatabaseError['problem'][] = ['login-refused', 'configuration', 'not-writable'];
