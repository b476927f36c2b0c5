// What a scan has seen so far, and how that is said.

import { counted } from '../../looking/ledger-words';
import type { Change } from './look';
import type { Watch } from './watches';

/** Counts what was looked at and found. */
export class Seen {
  readonly #looked = new Map<Watch, { count: number; isFirst: boolean }>();
  #found = 0;

  /** `limit` is how much may be found: --limit. */
  constructor(private readonly limit = Infinity) {}

  get found(): number {
    return this.#found;
  }

  /** Whether no more may be found. */
  get isSpent(): boolean {
    return this.#found >= this.limit;
  }

  /** How many things were looked at. */
  get total(): number {
    return [...this.#looked.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** Notes that things of a kind were looked at. */
  look(watch: Watch, count: number, isFirst: boolean): void {
    this.#looked.set(watch, { count: (this.#looked.get(watch)?.count ?? 0) + count, isFirst });
  }

  /** Notes that something was found. */
  find(count: number): void {
    this.#found += count;
  }

  /** As many of the findings as the limit leaves room for. */
  within(findings: readonly Change[]): readonly Change[] {
    return findings.slice(0, Math.min(findings.length, this.limit - this.#found));
  }

  /** What was looked at for the first time, after a verb, and whether the limit ended it; empty where there is nothing to say. */
  words(verb: string): readonly string[] {
    const first = [...this.#looked].filter(([, { isFirst }]) => isFirst);
    const counts = first.map(([{ one, many }, { count }]) => counted(count, one, many));
    return [
      ...(counts.length === 0 ? [] : [`${verb} ${counts.join(' and ')}, of which nothing is published`]),
      ...(this.isSpent ? ['there may be more, but --limit ends it here'] : []),
    ];
  }

  /** How many things of each kind were looked at, by the key of the configuration, and how many were found. */
  get sums(): Readonly<Record<string, number>> {
    return { ...Object.fromEntries([...this.#looked].map(([{ key }, { count }]) => [key, count])), found: this.#found };
  }
}
