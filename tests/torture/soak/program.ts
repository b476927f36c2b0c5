// One run of `sync`, as a host starts it: a process of its own with tools of its own, over what all of them share.

import { Round, type SyncContext } from '../../../src/commands/groupware/sync/round';
import { ask } from '../../../src/commands/groupware/sync/hand-on';
import type { Syncing } from '../../../src/commands/groupware/sync/parts';
import type { CrmUser } from '../../../src/clarify/entries';
import type { EntryKind } from '../../../src/core/sync/entry';
import type { Collection } from '../../../src/groupware/groupware';
import { google } from '../../../src/groupware/google/index';
import { openDesk } from '../../../src/groupware/google/desk';
import type { SendHttp } from '../../../src/io/http-contract';
import type { Links } from '../../../src/ledger/links';
import type { Tools } from '../../../src/groupware/tools';
import { groupwareTools } from '../../../src/parts/groupware';
import { ownMethods } from '../../support/own-methods';
import type { Mutant, Outside } from '../sync/mutants';
import { ZONE } from '../sync/entries';
import { SYSTEM } from './company';
import { collectionAt, outsideAt, type Shore } from './seams';
import { oneGroupware } from '../../support/one-groupware';

const DAY = 86_400_000;
/** The configuration of the soak: `"batch": "shared"`, and what else differs from what is usual. */
export const CONFIG = {
  concurrency: google.turnsAtOnce?.({ batch: 'shared' } as Parameters<typeof google.open>[2]) ?? 0,
  // Whatever people make is in the window.
  window: { past: 60 * DAY, ahead: 4_000 * DAY },
  // As a configuration has it that does not say.
  firstFill: { entriesPerMinute: 600, usersPerHour: 60 },
} as const;
const [DEADLINE_MS, WHOLE_RUN_MS, KEEP_MESSAGES_MS] = [10_000, 3_600_000, 90 * DAY];

/** What a run is started with. */
export interface Start {
  readonly shore: Shore;
  /** Under whose name it leases turns. */
  readonly owner: string;
  /** How long it leaves a user alone after a turn that ended well, in ms. */
  readonly every: number;
  readonly mutant?: Mutant | undefined;
  readonly settledAfterMs?: number | undefined;
  /** The users that a rule's call is about; everybody whose turn it is where it is left out. */
  readonly about?: readonly string[];
}

/** Takes the turns of a run to its end; how many steps it did on either side. A process that is killed comes to none. */
export async function runProgram(start: Start): Promise<number> {
  const { about, shore, owner } = start;
  const { clock, world, crmUsers } = shore.company;
  const deadline = clock.deadline(about === undefined ? WHOLE_RUN_MS : DEADLINE_MS);
  const context = {
    ...{ deadline, attemptDeadline: () => clock.deadline(DEADLINE_MS), emit: () => undefined, progress: () => undefined },
    ...{ words: [], options: {}, config: { keepMessages: KEEP_MESSAGES_MS, deadline: DEADLINE_MS } },
    parts: { now: () => clock.now(), random: () => world.chance.below(1_000_000) / 1_000_000, owner },
  } as unknown as SyncContext;
  const syncing = openSyncing(start);
  const users = crmUsers.filter(({ login }) => about?.includes(login) ?? true);
  if (about !== undefined) await shore.life.ask(() => ask(syncing.links, about, clock.now(), deadline.signal));
  const round = new Round(syncing, users, context);
  const { sums = {} } = await (about === undefined ? round.take() : round.takeAsked());
  deadline.end();
  return ['created', 'updated', 'deleted', 'written'].reduce((sum, step) => sum + (sums[step] ?? 0), 0);
}

function openSyncing({ shore, owner, every, mutant, settledAfterMs }: Start): Syncing {
  const { life, company } = shore;
  const { world, site } = company;
  const tools = toolsOf(shore);
  /** What a turn of a user has to do with. */
  const outsideOf = ({ login, email }: Pick<CrmUser, 'login' | 'email'>): Outside => {
    const given = { login, email, system: SYSTEM, timeZone: ZONE };
    const open = (kind: EntryKind) => settled(ownMethods(google.open(given, kind, site.options, tools)), settledAfterMs);
    const outside = { links: world.links, reader: world.crm.reader, writer: world.crm.writer, open };
    return mutant?.(outside, { world, user: login, owner }) ?? outside;
  };
  const anybodys = outsideOf({ login: '', email: '' });
  const ofLogin = (login: string) => (mutant === undefined ? anybodys : outsideOf({ login, email: '' }));
  const links: Links = {
    ...world.links,
    links: (user, ...of) => ofLogin(user).links.links(user, ...of),
    commit: (user, ...of) => ofLogin(user).links.commit(user, ...of),
  };
  return {
    config: { ...CONFIG, every } as unknown as Syncing['config'],
    ...outsideAt(shore, { ...anybodys, links }),
    groupwares: oneGroupware({
      ...{ kinds: world.kinds, fields: google.fields, concurrency: CONFIG.concurrency },
      open: (user, kind) => collectionAt(shore, user.login, kind, outsideOf(user).open(kind)),
      turnBegins: () => {
        life.turns += 1;
        return () => void (life.turns -= 1);
      },
    }),
    rulesOf: (user) => ({
      ...{
        system: SYSTEM,
        user,
        mayWrite: true,
        creates: world.crm.creates,
        deletes: 'own',
        removesContacts: false,
        timeZone: ZONE,
      },
    }),
  };
}

/** A collection that gives listings as much time as it is said; as much as it says itself where nothing is. */
function settled(inner: Collection, settledAfterMs: number | undefined): Collection {
  return settledAfterMs === undefined ? inner : { ...inner, settledAfterMs };
}

/** The tools of a run; the lanes of its calls go by the clock of the soak. */
function toolsOf({ company: { clock, site, world, http }, life }: Shore): Tools {
  const parts = { now: () => clock.now(), kinds: world.kinds, turnsUnderWay: () => life.turns };
  const tools: Tools = {
    ...groupwareTools({ ...parts, consents: () => site.tools.consents() }),
    http: () => Promise.resolve<SendHttp>((...of) => life.ask(() => http(...of))),
  };
  tools.shared(() => openDesk(site.options, tools, clock));
  return tools;
}
