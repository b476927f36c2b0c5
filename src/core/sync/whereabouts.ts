// At which groupware a user's links are, as the ledger remembers it. So it is known when the configuration names another one for the user,
// whose items are other ones. Pure.

import { createHash } from 'node:crypto';

/** A groupware of the configuration, as far as it tells one from another. */
export interface Whereabouts {
  /** Its name under `groupware.others`; empty for that of `groupware` itself. */
  readonly name: string;
  /** The name of its type. */
  readonly type: string;
  /** What tells it from others of its type, as that type says: an address, a folder. */
  readonly identity: string;
}

/**
 * The spelling that is kept: type, the first 16 hex digits of the SHA-256 of the identity, and the name, with slashes between them. It can
 * never change. An empty text is kept where nothing is known.
 */
export function spellWhereabouts({ name, type, identity }: Whereabouts): string {
  const digits = createHash('sha256').update(identity, 'utf8').digest('hex').slice(0, 16);
  return `${type}/${digits}/${name}`;
}

/** What is kept while links forget the items of a groupware that their user leaves: they are at none. */
export const NOWHERE = '-';

/**
 * The groupware in which somebody's links are, of those that are configured; `undefined` where it is none of them any more. It is known by its
 * type and identity, so that it may get another name, or else by type and name, so that a server may get another address.
 */
export function whereaboutsIn<G extends Whereabouts>(kept: string, all: readonly G[], wanted: G): G | undefined {
  const [type = '', digits = '', name] = kept.split('/');
  const same = all.filter((each) => spellWhereabouts(each).startsWith(`${type}/${digits}/`));
  if (same.includes(wanted)) return wanted;
  const isCalledSo = (each: G) => each.type === type && each.name === name;
  return same.find(isCalledSo) ?? same[0] ?? all.find(isCalledSo);
}
