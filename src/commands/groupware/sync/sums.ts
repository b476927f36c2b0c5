// What a run of `sync` did, counted over all users, and in words.

import type { Datum } from '../../command';
import { counted } from '../../looking/ledger-words';
import { Waiting } from './first-listings';
import type { TurnReport } from './turn';

/** The sums of a run. */
export class Sums {
  failed = 0;
  parked = 0;
  /** Users who wait for a first fill, and entries that wait for a later run. */
  waiting = 0;
  left = 0;
  /** Those who wait until entries of a kind are listed for the first time. */
  readonly unlisted = new Waiting();
  /** The first bug that a turn met. */
  bug: unknown;
  /** Those who had a turn; some had several. */
  readonly #users = new Set<string>();
  #created = 0;
  #updated = 0;
  #deleted = 0;
  #written = 0;
  #held = 0;
  #refused = 0;

  /** Counts a turn; what is worth a line about it. */
  add(user: string, { done, trouble, refused, outlook }: TurnReport, beganAdopting: boolean): Datum | undefined {
    this.#users.add(user);
    if (trouble !== '') this.failed += 1;
    this.#created += done.created;
    this.#updated += done.updated;
    this.#deleted += done.deleted;
    this.#written += done.written;
    const held =
      outlook === undefined ? 0 : outlook.plan.decisions.filter((each) => isNewlyHeld(each.link.id, each, outlook)).length;
    this.#held += held;
    this.#refused += refused;
    this.left += outlook?.plan.left ?? 0;
    this.unlisted.add(user, outlook?.unlisted ?? []);
    const words = [
      ...wordsOf({ ...done, held, refused, left: outlook?.plan.left ?? 0 }),
      ...(beganAdopting ? ['entries were found that the ledger knows nothing of'] : []),
      ...(outlook?.troubles ?? []),
      ...(trouble === '' ? [] : [trouble]),
    ];
    if (words.length === 0) return undefined;
    const json = { format: 1, kind: 'turn', user, ...done, held, refused, left: outlook?.plan.left ?? 0, trouble };
    return { text: `${user}: ${words.join('; ')}`, json };
  }

  get users(): number {
    return this.#users.size;
  }

  /** In words; nothing where nothing happened. */
  words(): readonly string[] {
    const done = { created: this.#created, updated: this.#updated, deleted: this.#deleted, written: this.#written };
    return [
      `${counted(this.users, 'user', 'users')} in step`,
      ...wordsOf({ ...done, held: this.#held, refused: this.#refused, left: 0 }),
      ...(this.failed === 0 ? [] : [`${counted(this.failed, 'turn', 'turns')} to be tried again`]),
      ...(this.parked === 0 ? [] : [`${counted(this.parked, 'user is', 'users are')} left alone`]),
    ];
  }

  /** For machines. */
  figures(): Readonly<Record<string, number>> {
    const done = { created: this.#created, updated: this.#updated, deleted: this.#deleted, written: this.#written };
    const { users, left, waiting, failed, parked } = this;
    const unlisted = this.unlisted.count;
    return { users, ...done, held: this.#held, refused: this.#refused, left, waiting, unlisted, failed, parked };
  }
}

function isNewlyHeld(
  id: string,
  { link }: { readonly link: { readonly state: string } },
  outlook: NonNullable<TurnReport['outlook']>,
): boolean {
  return link.state === 'held' && outlook.links.get(id)?.state !== 'held';
}

interface Counts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly written: number;
  readonly held: number;
  readonly refused: number;
  readonly left: number;
}

function wordsOf({ created, updated, deleted, written, held, refused, left }: Counts): readonly string[] {
  const there = [
    ...(created > 0 ? [`${created} made`] : []),
    ...(updated > 0 ? [`${updated} changed`] : []),
    ...(deleted > 0 ? [`${deleted} deleted`] : []),
  ];
  return [
    ...(there.length > 0 ? [`${there.join(', ')} in the groupware`] : []),
    ...(written > 0 ? [`${written} written into the CRM`] : []),
    ...(held > 0 ? [`${held} held`] : []),
    ...(refused > 0 ? [`${refused} refused, and held`] : []),
    ...(left > 0 ? [`${left} to be made by a later run`] : []),
  ];
}
