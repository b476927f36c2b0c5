// Taking out of the groupware what was made there for a user, turn by turn: what is to be deleted is kept before it is, so that it can be
// killed anywhere, and the next try goes on.

import type { CrmUser } from '../../clarify/entries';
import type { Decision } from '../../core/sync/decide';
import { planRemoval } from '../../core/sync/removal';
import type { Trouble } from '../../groupware/groupware';
import type { Context } from '../command';
import type { PublishParts } from '../outbox/publish/parts';
import { grantOf, inTurn } from './own-turn';
import type { OpenGroupware, Syncing, SyncParts } from './sync/parts';
import { turnOf } from './sync/user-turns';
import { lookAhead, type TurnOf, type TurnParts } from './sync/look-ahead';
import { takeTurn } from './sync/turn';

/** What is to be deleted, and what stays. */
export interface Remaining {
  readonly toDelete: number;
  readonly staying: readonly Decision[];
  /** How many entries look like ours that the ledger knows nothing of. */
  readonly strange: number;
}

/** Taking a user's entries out of the groupware. */
export class Removal {
  /** How many entries were deleted. */
  deleted = 0;

  constructor(
    private readonly user: CrmUser,
    private readonly groupware: OpenGroupware,
    private readonly syncing: Syncing,
    private readonly context: Context<unknown, PublishParts & SyncParts>,
  ) {}

  /** Looks at everything that is there; nothing is changed. Rejects with a DatabaseError. */
  async look(): Promise<Remaining | Trouble> {
    const deadline = this.context.attemptDeadline();
    try {
      const outlook = await lookAhead(this.#turn(), this.#parts(), deadline);
      if ('reason' in outlook) return outlook;
      const { decisions, strange } = outlook.plan;
      const staying = decisions.filter(({ remote, link }) => remote === undefined && link.state !== 'gone');
      return { toDelete: decisions.filter(({ remote }) => remote !== undefined).length, staying, strange: strange.length };
    } finally {
      deadline.end();
    }
  }

  /** Deletes, as long as it gets on; what stood in the way, in words. Throws a UserError where a run is at the user. */
  async take(): Promise<string> {
    const { links } = this.syncing;
    const { deadline, progress } = this.context;
    for (;;) {
      const grant = await grantOf(links, this.user.login, deadline.signal);
      if (grant === undefined) throw new Error('a user who was disconnected has no grant');
      const { report, isCut } = await inTurn(links, grant, this.context, async (attempt) => ({
        report: await takeTurn(this.#turn(), this.#parts(), attempt),
        isCut: attempt.signal.aborted,
      }));
      this.deleted += report.done.deleted;
      progress(this.deleted, 0);
      if (!isCut || report.done.deleted === 0 || deadline.signal.aborted) return report.trouble;
    }
  }

  #turn(): TurnOf {
    return { ...turnOf(this.syncing, this.user, this.groupware, this.context.parts.now(), false), planned: planRemoval };
  }

  /** Without a writer, and without cursors: all that is there is looked at. */
  #parts(): TurnParts {
    const { parts } = this.context;
    const { links, reader } = this.syncing;
    const whole = { ...links, cursors: () => Promise.resolve(new Map()) };
    return { links: whole, reader, owner: parts.owner, now: () => parts.now(), random: () => parts.random() };
  }
}
