// Further groupwares beside the first one, each for some users of its own: the key `groupware.others`.

import { at, problem, below, record, refine, variant, andThen, type Shape } from '../core/shape';
import type { OptionShapes } from './destinations';
import type { Group } from './groupware-users';

/** A further groupware. */
export interface OtherGroupware {
  /** The name of the groupware type. */
  readonly type: string;
  /** What the options of that type yield. */
  readonly options: unknown;
  /** Who is kept in step there, and nowhere else: logins in lower case, or a group of the CRM. */
  readonly users: readonly string[] | Group;
}

/** Further groupwares by their names. */
export type OtherGroupwares = Readonly<Record<string, OtherGroupware>>;

/** The names are kept in the ledger, so that they have an end. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/** The shape of all of them, of the types that there are: `withUsers` adds to the options of a type who is kept there. */
export function otherGroupwaresShape(
  types: OptionShapes,
  withUsers: (options: Shape<unknown>) => Shape<Omit<OtherGroupware, 'type'>>,
): Shape<OtherGroupwares> {
  const kinds = Object.entries(types).map(([type, options]) => [type, withUsers(options)] as const);
  const one = andThen(variant('type', Object.fromEntries(kinds)), (checked): OtherGroupware => checked);
  const named = record(one, NAME, 'a name of at most 40 letters, digits, _ and -, the first a letter or a digit');
  return refine(named, (others, place) => {
    const seen = new Map<string, string>();
    for (const [name, { users }] of Object.entries(others)) {
      for (const login of new Set('group' in users ? [] : users)) {
        const other = seen.get(login);
        if (other !== undefined)
          problem(
            below(below(place, name), 'users'),
            `names ${login}, as ${other} does; a user is kept in step with one of them`,
          );
        seen.set(login, name);
      }
    }
  });
}

/** The types that a file names for further groupwares, whatever they are. */
export function typesOfOthers(groupware: unknown): readonly unknown[] {
  const others = at(groupware, 'others');
  return Object.values(Object(others) as object).map((other) => at(other, 'type'));
}
