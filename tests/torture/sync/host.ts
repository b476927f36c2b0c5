// Two hosts that share a ledger and take the turns that are due, each as the command does. What one leaves behind, the next finds.

import { setMaxListeners } from 'node:events';
import { takeTurn, type TurnReport } from '../../../src/commands/groupware/sync/turn';
import type { Deadline } from '../../../src/core/deadline';
import type { SyncRules } from '../../../src/core/sync/sides';
import type { Collection } from '../../../src/groupware/groupware';
import type { EntryKind } from '../../../src/core/sync/entry';
import type { Link } from '../../../src/core/sync/link';
import type { Grant } from '../../../src/ledger/links';
import type { Open } from './groupware';
import type { Mutant } from './mutants';
import { FIELDS, ZONE } from './entries';
import type { People } from './people';
import { collectionAt, Failed, Killed, linksAt, readerAt, writerAt, type Paces, type Rates, type Sea } from './seams';
import { itemNamed, KINDS, type HostedWorld, type World } from './world';

const SIGNAL = new AbortController().signal;
// Each call under way listens to it.
setMaxListeners(0, SIGNAL);
const DEADLINE: Deadline = { signal: SIGNAL, remainingMs: () => 60_000, expired: () => false, end: () => undefined };
const DAY = 86_400_000;

/** What both hosts share. */
export class Hosts {
  /** How often things went wrong. */
  readonly counts = { kills: 0, sleeps: 0, fails: 0, loses: 0, calls: 0, blinds: 0, turns: 0, lost: 0, guarded: 0, adopting: 0 };
  #turns = 0;

  constructor(
    private readonly world: HostedWorld,
    private readonly people: People,
    private readonly mutant: Mutant | undefined,
    /** How late listings may be, in ms; left out where the groupware's word counts. */
    private readonly settledAfterMs: number | undefined,
    /** How seldom listings of some kinds are enough. */
    private readonly paces: Paces,
  ) {}

  /** Both take whatever is due. */
  async round(rates: Rates): Promise<void> {
    const due = await this.world.links.dueGrants(this.world.clock.now, 100_000, SIGNAL);
    // The second one comes from behind, lest it always be late.
    await Promise.all([this.#takeAll(due, rates), this.#takeAll(due.toReversed(), rates)]);
  }

  /** A run of a host, with some turns at once. */
  async #takeAll(due: readonly Grant[], rates: Rates): Promise<void> {
    const { groupware } = this.world;
    let underWay = 0;
    const open = groupware.begin({ rates, underWay: () => underWay });
    const waiting = [...due];
    const takeNext = async () => {
      for (let grant = waiting.shift(); grant !== undefined; grant = waiting.shift()) {
        underWay += 1;
        await this.#take(grant, rates, open);
        underWay -= 1;
      }
    };
    await Promise.all(Array.from({ length: groupware.turnsAtOnce }, takeNext));
  }

  async #take(grant: Grant, rates: Rates, open: Open): Promise<void> {
    const { world, counts } = this;
    const { user } = grant;
    const owner = `run-${(this.#turns += 1)}`;
    if (!(await world.links.takeTurn(grant, { owner, now: world.clock.now, workMs: 60_000 }, SIGNAL))) return;
    counts.turns += 1;
    // One of the collections, on average.
    const isBlind = world.chance.happens(KINDS.length * rates.blinds);
    const sea: Sea = {
      ...peopleAbout(world, this.people, user),
      world,
      rates: { ...rates, blinds: 1 / KINDS.length },
      mayBeBlind: isBlind ? await mayBeBlind(world, user) : [],
      user,
      counts,
      elsewhere: () => this.#elsewhere(user, rates),
    };
    let end: Pick<Grant, 'reason' | 'failures'>;
    let state: Grant['state'] = grant.state;
    try {
      const report = await this.#turn(sea, owner, grant.state === 'adopting', open);
      state = this.#told(report);
      end = { reason: report.trouble, failures: report.trouble === '' ? 0 : grant.failures + 1 };
    } catch (error) {
      if (error instanceof Killed) return;
      if (!(error instanceof Failed)) throw error;
      end = { reason: error.message, failures: grant.failures + 1 };
    }
    const { now } = world.clock;
    await world.links.endTurn(
      user,
      owner,
      { ...end, state, dueAt: now, syncedAt: end.failures === 0 ? now : grant.syncedAt },
      SIGNAL,
    );
  }

  #told({ isLost, outlook }: TurnReport): Grant['state'] {
    if (isLost) {
      this.counts.lost += 1;
      return 'active';
    }
    if ((outlook?.plan.guarded.length ?? 0) > 0) this.counts.guarded += 1;
    if (outlook?.plan.isAdopting !== true) return 'active';
    this.counts.adopting += 1;
    return 'adopting';
  }

  /** While the program slept, its lease ran out, and another host took the turn from beginning to end. No other user had to wait for it. */
  async #elsewhere(user: string, rates: Rates): Promise<void> {
    const { store, clock } = this.world;
    const grant = store.grants.get(user);
    if (grant === undefined) return;
    store.grants.set(user, { ...grant, leaseUntil: Math.min(grant.leaseUntil, clock.now) });
    const calm = { ...rates, sleeps: 0 };
    const open = this.world.groupware.begin({ rates: calm, underWay: () => 1 });
    await this.#take({ ...grant, leaseUntil: Math.min(grant.leaseUntil, clock.now) }, calm, open);
  }

  #turn(sea: Sea, owner: string, isAdopting: boolean, openOf: Open): Promise<TurnReport> {
    const { world, mutant, settledAfterMs } = this;
    const { user } = sea;
    const outside = {
      links: world.links,
      reader: world.crm.reader,
      writer: world.crm.writer,
      open: (kind: EntryKind) => openOf(user, kind),
    };
    const { links, reader, writer, open } = mutant?.(outside, { world, user, owner }) ?? outside;
    const collection = (kind: EntryKind): Collection => ({
      ...collectionAt(sea, kind, open(kind)),
      ...(settledAfterMs === undefined ? {} : { settledAfterMs }),
      ...(this.paces[kind] === undefined ? {} : { listEveryMs: this.paces[kind] }),
    });
    const rules: SyncRules = {
      system: 'torture',
      user,
      mayWrite: true,
      creates: world.crm.creates,
      deletes: 'own',
      timeZone: ZONE,
      removesContacts: false,
      fields: FIELDS,
    };
    return takeTurn(
      {
        rules,
        collections: {
          ...{ event: collection('event'), task: collection('task') },
          ...(world.holders.includes(user) && { contact: collection('contact') }),
        },
        since: world.clock.now - 60 * DAY,
        until: world.clock.now + 4000 * DAY,
        mostNew: (wanted) => Promise.resolve(wanted),
        mayListAll: () => Promise.resolve(true),
        isAdopting,
      },
      {
        links: linksAt(sea, links),
        reader: readerAt(sea, reader),
        writer: writerAt(sea, writer),
        owner,
        now: () => world.clock.now,
        random: () => world.chance.below(1_000) / 1_000,
      },
      DEADLINE,
    );
  }
}

/**
 * The kinds that may look empty. Whoever says how something ends looks first whether the calendar can be seen again. And of one entry
 * alone nobody could tell whether it is gone or not to be seen.
 */
export async function mayBeBlind({ links, kinds }: World, user: string): Promise<readonly EntryKind[]> {
  const own = await links.links(user, SIGNAL);
  const isWaiting = ({ state, cause, order }: Link) =>
    state === 'held' && (order !== '' || (cause !== 'private' && cause !== 'series'));
  if (own.some(isWaiting)) return [];
  return kinds.filter((wanted) => own.filter(({ kind, state }) => kind === wanted && state === 'linked').length > 1);
}

/** What people do about a user's entries meanwhile. */
export function peopleAbout(world: World, people: People, user: string): Pick<Sea, 'act' | 'raceInCrm' | 'raceThere'> {
  return {
    act: () => people.act(user),
    raceInCrm: ({ type, objid }, field) => people.changeRow(world.crm.rows.get(`${type}:${objid}`), field),
    raceThere: (kind, step) => {
      const id = step.do === 'create' ? step.linkId : step.id;
      people.changeItem(itemNamed(world, user, kind, id), step.do === 'update' ? world.chance.oneOf(step.fields) : undefined);
    },
  };
}
