// One user's calendar and tasks in step with a groupware, turn by turn, for the tests of the engine.

import type { CrmUser } from '../../src/clarify/entries';
import { lookAhead, type Outlook, type TurnOf } from '../../src/commands/groupware/sync/look-ahead';
import { takeTurn, type TurnReport } from '../../src/commands/groupware/sync/turn';
import { startDeadline } from '../../src/core/deadline';
import { AGENDA_KINDS, type EntryKind } from '../../src/core/sync/entry';
import type { SyncRules } from '../../src/core/sync/sides';
import type { Collection } from '../../src/groupware/groupware';
import { CARD_ENTRY_FIELDS } from '../../src/groupware/vcard-fields';
import type { Links } from '../../src/ledger/links';
import type { Syncing } from '../../src/commands/groupware/sync/parts';
import type { MemoryCrm } from './memory-crm';
import { oneGroupware } from './one-groupware';

/** A CRM, in memory or not. */
export type AnyCrm = Pick<MemoryCrm, 'reader' | 'writer' | 'creates'>;

/** Where turns take place. */
export interface Place<Crm extends AnyCrm = MemoryCrm> {
  readonly crm: Crm;
  readonly links: Links;
  readonly open: (user: CrmUser, kind: EntryKind) => Collection;
  /** Ms since 1970 UTC. */
  now: number;
  /** What is kept in step: events and tasks, unless it is said. */
  readonly kinds?: readonly EntryKind[];
  readonly rules?: Partial<SyncRules>;
  readonly mayListAll?: TurnOf['mayListAll'];
}

export const SIGNAL = new AbortController().signal;
const DAY = 86_400_000;
let turns = 0;

/** What a turn of a user is about. */
export function turnOf(place: Place<AnyCrm>, login: string, isAdopting = false): TurnOf {
  const user: CrmUser = { login, email: `${login}@example.com`, isActive: true };
  const rules: SyncRules = {
    system: 'test',
    user: login,
    mayWrite: true,
    creates: place.crm.creates,
    deletes: 'own',
    timeZone: 'America/Chicago',
    removesContacts: false,
    fields: {
      event: ['subject', 'time', 'place', 'notes'],
      task: ['subject', 'time', 'notes', 'done'],
      contact: CARD_ENTRY_FIELDS,
    },
    ...place.rules,
  };
  return {
    rules,
    collections: Object.fromEntries((place.kinds ?? AGENDA_KINDS).map((kind) => [kind, place.open(user, kind)])),
    since: place.now - 60 * DAY,
    until: place.now + 400 * DAY,
    mostNew: (wanted) => Promise.resolve(wanted),
    mayListAll: place.mayListAll ?? (() => Promise.resolve(true)),
    isAdopting,
  };
}

/** Takes a user's turn from its lease to its end. */
export async function turn(place: Place<AnyCrm>, login: string): Promise<TurnReport> {
  const { crm, links } = place;
  await links.enter([login], place.now, SIGNAL);
  const seen = (await links.grants(SIGNAL)).find(({ user }) => user === login);
  turns += 1;
  const owner = `run-${turns}`;
  if (seen === undefined || !(await links.takeTurn(seen, { owner, now: place.now, workMs: 60_000 }, SIGNAL)))
    throw new Error(`the turn of ${login} is somebody else's`);
  const deadline = startDeadline(60_000, () => 0);
  try {
    const of = turnOf(place, login, seen.state === 'adopting');
    const { reader, writer } = crm;
    const report = await takeTurn(of, { links, reader, writer, owner, now: () => place.now, random: () => 0.5 }, deadline);
    const state = report.outlook?.plan.isAdopting === true ? 'adopting' : 'active';
    await links.endTurn(
      login,
      owner,
      { state, reason: report.trouble, dueAt: place.now, syncedAt: place.now, failures: 0 },
      SIGNAL,
    );
    return report;
  } finally {
    deadline.end();
  }
}

/** What a turn would do. */
export async function outlook(place: Place<AnyCrm>, login: string): Promise<Outlook> {
  const deadline = startDeadline(60_000, () => 0);
  const { crm, links } = place;
  const parts = { links, reader: crm.reader, owner: '', now: () => place.now, random: () => 0.5 };
  const found = await lookAhead(turnOf(place, login), parts, deadline);
  deadline.end();
  if ('reason' in found) throw new Error(found.reason);
  return found;
}

/** A place as the commands of a groupware see it. */
export function syncingOf(place: Place): Syncing {
  const { crm, links, open } = place;
  const config = {
    window: { past: 60 * DAY, ahead: 400 * DAY },
    firstFill: { entriesPerMinute: 0, usersPerHour: 0 },
    every: 0,
  } as unknown as Syncing['config'];
  return {
    config,
    groupwares: oneGroupware({ open }),
    links,
    reader: crm.reader,
    writer: crm.writer,
    rulesOf: (login) => turnOf(place, login).rules,
  };
}
