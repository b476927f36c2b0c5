// Two hosts, each of which starts a run of the program every few minutes, and another one for each call of a rule.

import { DatabaseError } from '../../../src/core/database-error';
import type { Act } from '../sync/diary';
import { tokenOf } from '../sync/entries';
import type { People } from '../sync/people';
import { holdersOf } from '../sync/world';
import type { Company } from './company';
import { Life } from './life';
import type { Soak } from './profiles';
import { runProgram } from './program';

/** The hosts by their names. */
const HOSTS = ['first', 'second'] as const;
/** How much later than the other one a host may start, and how long a process takes to start, in ms. */
const [MOST_LATE_MS, START_MS] = [30_000, 500];

/** Both of them. */
export class Hosts {
  /** How many processes there are at the moment, and how many there were. */
  underWay = 0;
  runs = 0;
  turns = 0;
  /** How many steps runs did that came to their end. */
  steps = 0;
  #bug: Error | undefined;

  constructor(
    private readonly soak: Soak,
    private readonly company: Company,
    private readonly people: People,
    private readonly ended: (user: string) => void,
  ) {}

  /** Throws what no run may ever end with, where one did. */
  check(): void {
    if (this.#bug !== undefined) throw this.#bug;
  }

  /** Each starts runs from now on, until a moment. */
  startUntil(end: number): void {
    const { clock, world } = this.company;
    for (const host of HOSTS)
      for (let at = clock.now(); at < end; at += this.soak.startEvery)
        clock.after(at - clock.now() + world.chance.below(MOST_LATE_MS), () => this.#start(host));
  }

  /** Each starts one now. */
  startBoth(): void {
    for (const host of HOSTS) this.#start(host);
  }

  /** Rules fire for what changed in the CRM, and is still there, on any of the hosts. */
  obeyRules(acts: readonly Act[]): void {
    const { world, clock } = this.company;
    for (const { side, did, user, kind, token } of acts) {
      if (side !== 'crm' || did === 'deleted') continue;
      const rows = did === 'given' ? [...world.crm.rows.values()].filter(({ entry }) => tokenOf(entry) === token) : [];
      const own = kind === 'contact' ? holdersOf(world, token) : [user, ...rows.map(({ owner }) => owner)];
      // A new contact is nobody's yet: whoever gets it is found out in the next turn.
      if (own.length === 0 || (kind === 'contact' && did === 'made')) continue;
      const about = [...new Set(own)];
      clock.after(START_MS, () => this.#start(world.chance.oneOf(HOSTS) ?? HOSTS[0], about));
    }
  }

  #start(host: string, about?: readonly string[]): void {
    const { soak, company, people } = this;
    this.runs += 1;
    this.underWay += 1;
    let isOver = false;
    const over = () => {
      if (!isOver) this.underWay -= 1;
      isOver = true;
    };
    const life = new Life(company.clock, company.faults, over);
    const ended = (user: string, isWell: boolean) => {
      this.turns += 1;
      if (isWell) this.ended(user);
    };
    const start = {
      ...{ shore: { company, people, life, ended }, owner: `${host} ${this.runs}`, every: soak.every },
      ...{ mutant: soak.mutation?.outside, settledAfterMs: soak.mutation?.settledAfterMs },
      ...(about === undefined ? {} : { about }),
    };
    const ran = (steps: number) => {
      this.steps += steps;
      over();
    };
    runProgram(start).then(ran, (error: unknown) => {
      over();
      // A run ends where a database is down; the next one goes on.
      if (!(error instanceof DatabaseError)) this.#bug ??= error instanceof Error ? error : new Error(String(error));
    });
  }
}
