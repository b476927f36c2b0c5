// What users agreed to, in memory.

import type { Consent, Consents } from '../../src/core/consent';

/** Opens what is kept in a map; several may open the same one. */
export function openMemoryConsents(kept: Map<string, Consent> = new Map()): Consents {
  return {
    consent: (user) => Promise.resolve(kept.get(user)),
    consents: () => Promise.resolve([...kept.values()].sort((a, b) => (a.user < b.user ? -1 : 1))),
    keep: (consent) => {
      const isNext = (kept.get(consent.user)?.revision ?? 0) === consent.revision;
      if (isNext) kept.set(consent.user, { ...consent, revision: consent.revision + 1 });
      return Promise.resolve(isNext);
    },
    forget: ({ user, revision }) => {
      const isSame = kept.get(user)?.revision === revision;
      return Promise.resolve(isSame && kept.delete(user));
    },
  };
}
