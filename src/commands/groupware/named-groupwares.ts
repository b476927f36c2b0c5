// The groupwares of a configuration by their names, and which of them a user is kept in step with. Pure.

import type { CrmUser } from '../../clarify/entries';
import { whereaboutsIn, type Whereabouts } from '../../core/sync/whereabouts';
import { visible } from '../../core/visible';
import type { Grant } from '../../ledger/links';

/** A groupware of the configuration. */
export interface Named extends Whereabouts {
  /** What texts call it: with its name, where there are several. */
  readonly called: string;
}

/** Those of a configuration, that of `groupware` itself first. */
export type All<G> = readonly [G, ...G[]];

/** The one that the configuration wants for a user. */
export function groupwareOf<G extends Named>({ groupwares: [name] = [] }: Pick<CrmUser, 'groupwares'>, all: All<G>): G {
  return all.find((each) => each.name === name) ?? all[0];
}

/** The one at which a user's links are, as it is remembered; the one that is wanted where nothing is. */
export function groupwareAt<G extends Named>(kept: string, wanted: G, all: All<G>): G | undefined {
  return kept === '' ? wanted : whereaboutsIn(kept, all, wanted);
}

/** The one that has a user's entries, as far as that is known; else the one that is wanted. */
export function groupwareWith<G extends Named>(grant: Pick<Grant, 'groupware'> | undefined, user: CrmUser, all: All<G>): G {
  const wanted = groupwareOf(user, all);
  return groupwareAt(grant?.groupware ?? '', wanted, all) ?? wanted;
}

/** Those that name the same user, of whom nobody knows then where it is kept in step; an empty text where that is no matter. */
export function namedTwice({ login, groupwares = [] }: Pick<CrmUser, 'login' | 'groupwares'>): string {
  if (groupwares.length < 2) return '';
  const names = groupwares.map((name) => `groupware.others.${name}`).join(' and ');
  return `${visible(login)} is named by ${names}; a user is kept in step with one of them`;
}
