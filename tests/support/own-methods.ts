// A collection whose methods can be replaced one by one: those of a class are no fields of its own, and a spread would lose them.

import type { Collection } from '../../src/groupware/groupware';

/** The same with methods of its own. */
export function ownMethods(inner: Collection): Collection {
  return {
    remoteUser: inner.remoteUser,
    ...(inner.settledAfterMs === undefined ? {} : { settledAfterMs: inner.settledAfterMs }),
    ...(inner.listEveryMs === undefined ? {} : { listEveryMs: inner.listEveryMs }),
    ...(inner.firstListings === undefined ? {} : { firstListings: inner.firstListings }),
    list: (...args) => inner.list(...args),
    get: (...args) => inner.get(...args),
    apply: (...args) => inner.apply(...args),
  };
}
