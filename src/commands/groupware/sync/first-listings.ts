// First listings: where a groupware takes only so many listings of everything, over all runs and hosts together, whoever has to wait goes on
// without that kind.

import type { EntryKind } from '../../../core/sync/entry';
import type { Links } from '../../../ledger/links';
import { counted, spanWords } from '../../looking/ledger-words';
import type { ListingParts, Unlisted } from './listing';

/**
 * Whether one more may begin now (ms since 1970 UTC); it counts as used from then on. Who could go on without it leaves half of them to those
 * who cannot.
 */
export async function mayListAll(
  links: Pick<Links, 'spend'>,
  { kind, most, perMs }: Unlisted,
  isNeeded: boolean,
  now: number,
  signal: AbortSignal,
): Promise<boolean> {
  const allowance = { name: `first listings, ${kind}s`, most: isNeeded ? most : Math.floor(most / 2), perMs };
  return (await links.spend(allowance, 1, now, signal)) === 1;
}

/** The same of a run that keeps nothing: as many of a kind as there may be in one span. Who could go on without does. */
export function mayListInOneSpan(): ListingParts['mayListAll'] {
  const begun = new Map<EntryKind, number>();
  return ({ kind, most }, isNeeded) => {
    const count = begun.get(kind) ?? 0;
    if (!isNeeded || count >= most) return Promise.resolve(false);
    begun.set(kind, count + 1);
    return Promise.resolve(true);
  };
}

/** The users who wait for first listings. */
export class Waiting {
  readonly #kinds = new Map<EntryKind, { readonly limit: Unlisted; readonly users: Set<string> }>();

  add(user: string, unlisted: readonly Unlisted[]): void {
    for (const limit of unlisted) {
      const { users } = this.#kinds.get(limit.kind) ?? { users: new Set() };
      this.#kinds.set(limit.kind, { limit, users: users.add(user) });
    }
  }

  /** How many there are, one for each kind of a user. */
  get count(): number {
    return [...this.#kinds.values()].reduce((sum, { users }) => sum + users.size, 0);
  }

  /** How long it takes at the least until all were listed, in ms. */
  get leastMs(): number {
    return Math.max(0, ...[...this.#kinds.values()].map(({ limit, users }) => Math.ceil(users.size / limit.most) * limit.perMs));
  }

  words(): readonly string[] {
    return [...this.#kinds.values()].map(({ limit: { kind, most, perMs }, users }) => {
      const waiting = counted(users.size, 'user waits', 'users wait');
      return `${waiting} until their ${kind}s are listed for the first time, as the groupware takes ${most} in ${spanWords(perMs)}`;
    });
  }
}

/** Of one user, in words; an empty text where nothing waits. */
export function unlistedWords(unlisted: readonly Unlisted[]): string {
  return unlisted.length === 0
    ? ''
    : `${unlisted.map(({ kind }) => `${kind}s`).join(' and ')} wait to be listed for the first time`;
}
