// What the tests of links hold in their hands.

import { setMaxListeners } from 'node:events';
import type { Link } from '../../../src/core/sync/link';
import type { Commit, Grant, Links } from '../../../src/ledger/links';
import { NOW } from '../../support/ledger';
import { grantNow, haveTurn, NEVER } from '../../support/links';

// Every call that waits listens to it.
setMaxListeners(0, NEVER);

/** Links of their own for one test. */
export interface LinkSetup {
  readonly links: Links;
  /** A second handle on the same store, as another host has. */
  another(): Promise<Links>;
  /** Puts something into a column of a link that no program put there. */
  damage(id: string, column: string, value: string | number): Promise<void>;
  close(): Promise<void>;
}

/** What the links of the running test are asked for. */
export interface LinkHands extends Pick<LinkSetup, 'another' | 'damage'> {
  links(): Links;
  grant(user: string): Promise<Grant>;
  /** Enters a user and takes the turn, as `run`. */
  turn(user?: string): Promise<void>;
  /** Commits as `run`. */
  commit(commit: Commit, now?: number, by?: Links): Promise<boolean>;
  /** A link as it is kept now. */
  kept(id: string): Promise<Link | undefined>;
}

/** Gives each test of a `describe` links of its own. */
export function takeInHand(open: () => Promise<LinkSetup>): LinkHands {
  let setup: LinkSetup;
  beforeEach(async () => {
    setup = await open();
  });
  afterEach(() => setup.close());

  const links = () => setup.links;
  return {
    links,
    another: () => setup.another(),
    damage: (id, column, value) => setup.damage(id, column, value),
    grant: (user) => grantNow(links(), user),
    turn: (user = 'agent1') => haveTurn(links(), user, 'run'),
    commit: (commit, now = NOW, by = links()) => by.commit(commit.links[0]?.user ?? 'agent1', 'run', commit, now, NEVER),
    kept: async (id) => (await links().find({ ids: [id] }, 1, NEVER))[0],
  };
}
