// Links of some users, as turns left them.

import type { Link } from '../../src/core/sync/link';
import type { Grant, Links } from '../../src/ledger/links';
import { NOW } from './ledger-content';
import { conflict, NEVER } from './links';
import { newLinkStore, openMemoryLinks } from './memory-links';

/** Makes them: grants with what is said of them, the links of these users, and so many conflicts of each user that has a link. */
export async function leftLinks(
  grants: readonly (Pick<Grant, 'user'> & Partial<Grant>)[],
  links: readonly Link[] = [],
  conflicts = 0,
): Promise<Links> {
  const store = newLinkStore();
  const made = openMemoryLinks(store);
  for (const { user, ...change } of grants) {
    await made.enter([user], NOW, NEVER);
    const seen = (await made.grants(NEVER)).find((grant) => grant.user === user);
    if (seen === undefined) throw new Error('nobody was entered');
    await made.takeTurn(seen, { owner: 'run', now: NOW, workMs: 1_000 }, NEVER);
    const own = links.filter((each) => each.user === user);
    const [first] = own;
    const lost =
      first === undefined ? [] : Array.from({ length: conflicts }, (_, n) => conflict(first.id, { user, at: NOW + n }));
    await made.commit(user, 'run', { links: own, conflicts: lost }, NOW, NEVER);
    store.grants.set(user, { ...seen, ...change });
  }
  return made;
}
