// The CRM's log beside the ledger, page by page, however long the log is.

import type { LoggedActivity } from '../../../clarify/activity-log';
import type { Span, ExpectedActivities } from '../../../clarify/expected';
import type { Request } from '../../../core/activity';
import { DatabaseError } from '../../../core/database-error';
import { signalAfter } from '../../../core/deadline';
import type { ActivityOf, Ledger } from '../../../ledger/ledger';
import type { Context } from '../../command';
import type { OptionsOf } from '../../options';
import { withinOf } from '../rerun/index';

/** An activity that no rule passed on, and the request that its rule should have made. */
export interface Missing {
  readonly request: Request;
  readonly activity: LoggedActivity;
}

/** How many activities are compared at a time. Few pages are better than many: each may be a walk through the whole log. */
const PAGE = 5_000;
/** The longest that the CRM may take for a page, in ms: its log has no index by time (docs/crm.md, "The activity log"). */
const READ_MS = 5 * 60_000;

/** Compares, and counts what it came across. */
export class Comparison {
  logged = 0;
  missing = 0;
  /** Why the CRM could not be read any further. */
  trouble: DatabaseError | undefined;

  constructor(
    private readonly context: Pick<Context<OptionsOf<'limit'>>, 'options' | 'deadline' | 'attemptDeadline' | 'progress'>,
    private readonly ledger: Ledger,
    private readonly span: Span,
    /** What rules passed on and the ledger could not take yet. */
    private readonly spooled: readonly Request[],
  ) {}

  /** Whether --timeout or Ctrl-C ended it. */
  isCutShort(): boolean {
    return this.context.deadline.signal.aborted;
  }

  /** What is missing, a page of the log at a time. Rejects with a DatabaseError of the ledger. */
  async *pages(expected: readonly ExpectedActivities[]): AsyncGenerator<readonly Missing[]> {
    const total = await this.#read(async (signal) => {
      let count = 0;
      for (const each of expected) {
        await each.checkNames(signal);
        count += await each.count(this.span, signal);
      }
      return count;
    });
    for (const each of expected) {
      for await (const page of this.#log(each)) {
        this.logged += page.length;
        const missing = (await this.#missingAmong(page, each)).slice(0, this.#left());
        this.missing += missing.length;
        yield missing;
        this.context.progress(this.logged, Math.max(total ?? 0, this.logged + 1));
      }
    }
    if (this.logged > 0) this.context.progress(this.logged, this.logged);
  }

  /** How many may still be found: --limit. */
  #left(): number {
    return (this.context.options.limit ?? Infinity) - this.missing;
  }

  async *#log(expected: ExpectedActivities): AsyncGenerator<readonly LoggedActivity[]> {
    let after: LoggedActivity | undefined;
    while (this.#left() > 0) {
      const page = await this.#read((signal) => expected.logged(this.span, after, PAGE, signal));
      if (page === undefined) return;
      yield page;
      after = page.at(-1);
      if (page.length < PAGE) return;
    }
  }

  /** Asks the CRM; `undefined` once it does not answer, or the run is to end. */
  async #read<T>(question: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    if (this.isCutShort() || this.trouble !== undefined) return undefined;
    try {
      return await question(AbortSignal.any([this.context.deadline.signal, signalAfter(READ_MS)]));
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      if (!this.isCutShort()) this.trouble = error;
      return undefined;
    }
  }

  async #missingAmong(page: readonly LoggedActivity[], { objectType, rule }: ExpectedActivities): Promise<readonly Missing[]> {
    const known = await this.#known(objectType, page);
    // What the CRM logs on a parent object, too, is one delivery, and stands in the ledger under the parent.
    const onParent = page.flatMap((activity) => activity.onParent ?? []);
    const [parent] = onParent;
    const knownThere = parent === undefined ? known : await this.#known(parent.objectType, onParent);
    return page
      .filter(
        ({ activityObjid, onParent: there }) => !known.has(activityObjid) && !(there && knownThere.has(there.activityObjid)),
      )
      .filter(
        ({ activityObjid, onParent: there }) =>
          !this.spooled.some(
            (each) => isAbout(each, objectType, activityObjid) || (there && isAbout(each, there.objectType, there.activityObjid)),
          ),
      )
      .map((activity) => {
        const { objid, activityObjid } = activity;
        return { request: { objectType, objid, activityObjid, rule }, activity };
      });
  }

  #known(objectType: string, activities: readonly ActivityOf[]): Promise<ReadonlySet<number>> {
    return withinOf(this.context)(({ signal }) => this.ledger.knownActivities(objectType, activities, signal));
  }
}

function isAbout(request: Request, objectType: string, activityObjid: number): boolean {
  return request.objectType === objectType && request.activityObjid === activityObjid;
}
