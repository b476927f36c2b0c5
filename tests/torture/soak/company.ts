// The company of a soak: its CRM and its ledger in memory, its users at the stand-in of Google, and the clock by which all of them live.

import type { CrmUser } from '../../../src/clarify/entries';
import { ENTRY_KINDS } from '../../../src/core/sync/entry';
import type { SendHttp } from '../../../src/io/http-contract';
import { openGoogleSite, type GoogleSite } from '../../support/google-site';
import { MemoryCrm } from '../../support/memory-crm';
import { newLinkStore, openMemoryLinks } from '../../support/memory-links';
import { ZONE } from '../sync/entries';
import { chanceOf } from '../sync/random';
import type { World } from '../sync/world';
import { SoakClock } from './clock';
import { Faults } from './faults';
import { openBooks, type GoogleBooks } from './google';
import type { Soak } from './profiles';
import { Traffic } from './traffic';

/** Which CRM it is. */
export const SYSTEM = 'crm';
/** How long a request is on its way to Google, and its answer on the way back, in ms. */
const WAY_MS = 50;
/** What Google lets a project and its users do in a minute: https://developers.google.com/workspace/calendar/api/guides/quota */
const LIMITS = { perUser: 600, perProject: 10_000 } as const;

/** A company. */
export interface Company {
  readonly world: World;
  readonly clock: SoakClock;
  readonly site: GoogleSite;
  /** Requests to Google, each as long under way as such requests are. */
  readonly http: SendHttp;
  readonly books: GoogleBooks;
  readonly faults: Faults;
  readonly traffic: Traffic;
  readonly crmUsers: readonly CrmUser[];
}

/** Opens it, with so many people in it and nothing else. `beginsAt` is ms since 1970 UTC. */
export async function openCompany(
  { seed, users: most, rates, lagMs, listEvery, mutation }: Soak,
  beginsAt: number,
): Promise<Company> {
  const clock = new SoakClock(beginsAt);
  const site = openGoogleSite({ batch: 'shared', listEvery }, () => clock.now());
  const { server } = site;
  const crmUsers = Array.from({ length: most }, (_, n) => crmUser(`agent${n + 1}`));
  for (const { login, email } of crmUsers) site.join({ login, email, system: SYSTEM, timeZone: ZONE });
  server.limit(LIMITS);
  server.lag(lagMs.event);
  server.lagListings(lagMs.task);
  server.contacts.rule({ lagMs: lagMs.contact });
  const faults = new Faults({ ...rates, ...mutation?.rates }, chanceOf(seed + 1_000_000));
  server.misbehaveByChance((method, email) => faults.mishap(method, email, (...of) => server.expireCursors(...of)));
  const store = newLinkStore();
  const books = openBooks(site, SYSTEM, emailOf);
  const users = crmUsers.map(({ login }) => login);
  const world: World = {
    chance: chanceOf(seed),
    clock: {
      get now() {
        return clock.now();
      },
    },
    ...{ crm: new MemoryCrm(), groupware: books, store, links: openMemoryLinks(store), users },
    ...{ holders: users, kinds: ENTRY_KINDS },
    ...{ counter: { next: 1 }, decorations: new Map(), own: new Map(), secrets: new Map(), leaked: [] },
  };
  for (const user of crmUsers) world.crm.users.set(user.login, user);
  const door = await site.tools.http();
  const http = farAway(mutation?.google?.(door, server) ?? door, clock);
  return { world, clock, site, http, books, faults, traffic: new Traffic(server), crmUsers };
}

function crmUser(login: string): CrmUser {
  return { login, email: emailOf(login), isActive: true };
}

function emailOf(login: string): string {
  return `${login}@company.example`;
}

function farAway(send: SendHttp, clock: SoakClock): SendHttp {
  return async (...asked) => {
    await clock.sleep(WAY_MS);
    const result = await send(...asked);
    await clock.sleep(WAY_MS);
    return result;
  };
}
