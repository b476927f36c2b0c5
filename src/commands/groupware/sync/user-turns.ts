// The turns of users at their groupwares: where each takes place, and what comes before it where a user moves.

import type { CrmUser } from '../../../clarify/entries';
import type { Deadline } from '../../../core/deadline';
import { spellWhereabouts } from '../../../core/sync/whereabouts';
import type { Grant } from '../../../ledger/links';
import type { Datum } from '../../command';
import type { FirstFill } from './first-fill';
import { mayListAll } from './first-listings';
import type { TurnLimits, TurnOf, TurnParts } from './look-ahead';
import { forgetItems, takeLastTurn, type LastTurn } from './move';
import type { OpenGroupware, Syncing } from './parts';
import { moveDatum, stayOf } from './stay';
import { nothingDone, takeTurn, type TurnReport } from './turn';

const UNLIMITED: TurnLimits = { mostNew: (wanted) => Promise.resolve(wanted), mayListAll: () => Promise.resolve(true) };

/** What a user’s turn at a groupware is about; `now` is ms since 1970 UTC. */
export function turnOf(
  syncing: Syncing,
  user: CrmUser,
  { kinds, fields, open }: Pick<OpenGroupware, 'kinds' | 'fields' | 'open'>,
  now: number,
  isAdopting: boolean,
  limits: TurnLimits = UNLIMITED,
): TurnOf {
  const { config } = syncing;
  return {
    rules: { ...syncing.rulesOf(user.login), fields },
    collections: Object.fromEntries(kinds.map((kind) => [kind, open(user, kind)])),
    since: now - config.window.past,
    until: now + config.window.ahead,
    ...limits,
    isAdopting,
  };
}

/** A turn that was taken, wherever. */
export interface Took {
  /** As it was when the turn at this groupware began. */
  readonly grant: Grant;
  readonly groupware: OpenGroupware;
  readonly report: TurnReport;
  /** Of a turn that ended well: what stands in the way of a move; empty where nothing does. */
  readonly why: string;
  /** What is told of a move, and what the last turn at the former groupware did. */
  readonly move?: Datum;
  readonly before?: TurnReport;
}

/** Takes turns that were leased. */
export class UserTurns {
  constructor(
    private readonly syncing: Syncing,
    private readonly context: { readonly parts: Pick<TurnParts, 'owner' | 'now' | 'random'> },
    private readonly fill: FirstFill,
    /** Why nobody has a turn at a groupware of some name, in this run. */
    private readonly obstacleAt: (name: string) => string | undefined,
  ) {}

  /** Takes a turn of a user whom the configuration wants at a groupware; nothing where the lease was lost. Rejects with a DatabaseError. */
  async take(grant: Grant, user: CrmUser, wanted: OpenGroupware, deadline: Deadline): Promise<Took | undefined> {
    const stay = await stayOf(grant, wanted, this.syncing.groupwares, deadline.signal);
    switch (stay.kind) {
      case 'refused':
        return { grant, groupware: wanted, report: nothingDone(stay.reason, 'login-refused'), why: '' };
      case 'moves':
        return this.#move(grant, user, stay.from, wanted, deadline);
      case 'at': {
        const { groupware, why } = stay;
        if (!(await this.#remember(grant, groupware, deadline))) return undefined;
        return { grant, groupware, report: await this.#turnAt(grant, user, groupware, deadline), why };
      }
    }
  }

  /** A last turn at the former groupware where there is one, and then the first one at the other. */
  async #move(
    grant: Grant,
    user: CrmUser,
    from: OpenGroupware | undefined,
    to: OpenGroupware,
    deadline: Deadline,
  ): Promise<Took | undefined> {
    const last = from === undefined ? undefined : await this.#lastTurn(grant, user, from, to, deadline);
    if (last !== undefined && 'grant' in last) return last;
    if (!(await forgetItems(this.syncing.rulesOf(user.login), to, this.#parts(), deadline.signal))) return undefined;
    // What is made there counts as a first fill.
    const there: Grant = { ...grant, syncedAt: 0 };
    const took = { grant: there, groupware: to, report: await this.#turnAt(there, user, to, deadline), why: '' };
    const before = last === undefined ? {} : { before: last.report };
    return { ...took, move: moveDatum(user.login, from, to), ...before };
  }

  /** The last turn at a groupware; a turn that was taken where the user has to stay for now. */
  async #lastTurn(
    grant: Grant,
    user: CrmUser,
    from: OpenGroupware,
    to: OpenGroupware,
    deadline: Deadline,
  ): Promise<LastTurn | Took> {
    const without = `leave ${from.called} out of the configuration to move without it`;
    const moves = `it moves to ${to.called} after a last turn at ${from.called}`;
    const obstacle = this.obstacleAt(from.name);
    if (obstacle !== undefined)
      return { grant, groupware: from, report: nothingDone(`${obstacle}; ${moves}, or ${without}`, 'later'), why: '' };
    const last = await this.#at(from, () => takeLastTurn(this.#turnOf(grant, user, from, deadline), this.#parts(), deadline));
    if (last.isOver) return last;
    const { trouble } = last.report;
    const report = { ...last.report, trouble: trouble === '' ? '' : `${trouble}; ${moves}, or ${without}` };
    return { grant, groupware: from, report, why: `${moves}, but ${last.why}; or ${without}` };
  }

  #turnAt(grant: Grant, user: CrmUser, groupware: OpenGroupware, deadline: Deadline): Promise<TurnReport> {
    return this.#at(groupware, () => takeTurn(this.#turnOf(grant, user, groupware, deadline), this.#parts(), deadline));
  }

  async #at<T>(groupware: OpenGroupware, take: () => Promise<T>): Promise<T> {
    const ended = groupware.turnBegins?.();
    try {
      return await take();
    } finally {
      ended?.();
    }
  }

  #turnOf(grant: Grant, user: CrmUser, groupware: OpenGroupware, { signal }: Deadline): TurnOf {
    const { syncing, fill } = this;
    const { now } = this.#parts();
    return turnOf(syncing, user, groupware, now(), grant.state === 'adopting', {
      mostNew: (wanted) => fill.mostNew(grant, wanted, signal),
      mayListAll: (unlisted, isNeeded) => mayListAll(syncing.links, unlisted, isNeeded, now(), signal),
    });
  }

  #parts(): TurnParts {
    const { links, reader, writer } = this.syncing;
    const { parts } = this.context;
    const ways = { links, reader, ...(writer === undefined ? {} : { writer }) };
    return { ...ways, owner: parts.owner, now: () => parts.now(), random: () => parts.random() };
  }

  /** At which groupware the links are is known before the first of them is. False where the lease was lost. */
  async #remember({ user, groupware: kept }: Grant, groupware: OpenGroupware, { signal }: Deadline): Promise<boolean> {
    const spelled = spellWhereabouts(groupware);
    const { owner, now } = this.#parts();
    return kept === spelled || this.syncing.links.commit(user, owner, { links: [], groupware: spelled }, now(), signal);
  }
}
