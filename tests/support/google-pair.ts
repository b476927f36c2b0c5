// A visit in step between a CRM in memory and Google, for what goes wrong there: the fault, and how everything stands at the end.

import { spelledField, type Entry } from '../../src/core/sync/entry';
import type { TurnReport } from '../../src/commands/groupware/sync/turn';
import { google } from '../../src/groupware/google/index';
import type { GoogleOptions } from '../../src/groupware/google/options';
import type { Collection, GroupwareUser } from '../../src/groupware/groupware';
import type { Person } from '../groupware/suite';
import type { LoggedCall } from './google/calls';
import { googlePerson } from './google/person';
import { startGoogleSite, type GoogleSite } from './google-site';
import { MemoryCrm } from './memory-crm';
import { memoryGroupware } from './memory-groupware';
import { newLinkStore, openMemoryLinks } from './memory-links';
import { OWNER, ROW, VISIT } from './pair';
import type { Links } from '../../src/ledger/links';
import { SIGNAL, turn, type Place } from './turns';

export const USER: GroupwareUser = { login: OWNER, email: `${OWNER}@example.com`, system: 'test', timeZone: 'America/Chicago' };
const TEN_MINUTES = 600_000;
const MOST_TURNS = 12;

/** How everything stands once nothing happens any more. */
export interface GoogleRest {
  readonly crm: readonly string[];
  readonly google: readonly string[];
  readonly links: readonly string[];
  /** How often the engine wrote into the CRM, and calls wrote at Google, since the pair was in step. */
  readonly writes: readonly [crm: number, google: number];
}

/** A place with a fault to come. */
export interface GooglePair extends Place {
  links: Links;
  readonly site: GoogleSite;
  /** What stands between the engine and Google. */
  between: (inner: Collection) => Collection;
  /** The calendar of the CRM. */
  calendar(): string;
  person(): Person;
  /** The id of the visit, or of another row. */
  idOf(objid?: number): Promise<string>;
  /** Puts another visit into the CRM. */
  put(objid: number, subject: string, more?: Partial<Entry>): void;
  turn(login?: string): Promise<TurnReport | Error>;
  rest(): Promise<GoogleRest>;
  /** The calls since the pair was in step. */
  calls(): readonly LoggedCall[];
  /** From here on they are counted. */
  begin(): void;
  /** The ledger knows nothing any more. */
  forget(): void;
  close(): Promise<void>;
}

/** The methods that write. */
export function isWrite({ method }: LoggedCall): boolean {
  return !/\.(list|get)$/.test(method);
}

/** A CRM with a visit in it, and Google with nobody's entries. */
export async function emptyGooglePair(changes: Partial<GoogleOptions> = {}): Promise<GooglePair> {
  const site = await startGoogleSite(changes);
  site.join(USER);
  const crm = new MemoryCrm();
  let store = newLinkStore();
  const tasks = memoryGroupware();
  const begun = { crm: 0, calls: 0 };
  const calls = () => site.server.calls.slice(begun.calls);
  const calendar = () => (site.options.calendar === 'primary' ? USER.email : site.ownCalendar(USER));
  const pair: GooglePair = {
    ...{ site, crm, calendar, calls },
    links: openMemoryLinks(store),
    now: Date.UTC(2026, 10, 29, 12),
    between: (inner) => inner,
    open: ({ login, email }, kind) =>
      kind === 'event'
        ? pair.between(google.open({ ...USER, login, email }, 'event', site.options, site.tools))
        : tasks.open(login, kind),
    person: () => googlePerson(site.server, USER.email, calendar),
    idOf: async (objid = ROW.objid) => (await pair.links.find({ ...ROW, objid }, 1, SIGNAL))[0]?.remoteId ?? '',
    put: (objid, subject, more = {}) =>
      crm.put({ ...ROW, objid, kind: 'event', owner: OWNER, entry: { ...VISIT, subject, ...more } }),
    turn: (login = OWNER) => {
      pair.now += TEN_MINUTES;
      return turn(pair, login).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    },
    rest: async () => {
      for (let taken = 0, still = 0, known = ''; still < 2; taken += 1) {
        if (taken === MOST_TURNS) throw new Error(`it comes to no rest: ${known}`);
        const report = await pair.turn();
        if (report instanceof Error) throw report;
        const revisions = [...store.links.values()].map((row) => row['revision']);
        const now = JSON.stringify([crm.writes, calls().filter(isWrite).length, revisions]);
        still = now === known ? still + 1 : 0;
        known = now;
      }
      return restOf(pair, [crm.writes - begun.crm, calls().filter(isWrite).length]);
    },
    begin: () => Object.assign(begun, { crm: crm.writes, calls: site.server.calls.length }),
    forget: () => {
      store = newLinkStore();
      pair.links = openMemoryLinks(store);
    },
    close: () => site.close(),
  };
  pair.put(ROW.objid, VISIT.subject);
  return pair;
}

/** A visit in step. */
export async function googlePair(changes: Partial<GoogleOptions> = {}, before?: (pair: GooglePair) => void): Promise<GooglePair> {
  const pair = await emptyGooglePair(changes);
  before?.(pair);
  await pair.rest();
  pair.begin();
  return pair;
}

async function restOf(pair: GooglePair, writes: GoogleRest['writes']): Promise<GoogleRest> {
  const links = await pair.links.find({}, 1_000, SIGNAL);
  const { server } = pair.site;
  const ids = server.calendars(USER.email).filter(({ isPrimary }) => !isPrimary || pair.site.options.calendar === 'primary');
  return {
    crm: [...pair.crm.rows.values()].map(({ entry }) => shown(entry)).sort(),
    google: ids
      .flatMap(({ id }) => server.events(USER.email, id))
      .filter(({ status }) => status !== 'cancelled')
      .map(({ summary, start, end, location, description }) =>
        [summary, `${start?.dateTime ?? start?.date}/${end?.dateTime ?? end?.date}`, location, description]
          .filter(Boolean)
          .join(' | '),
      )
      .sort(),
    links: links.map(({ state, cause }) => (cause === '' ? state : `${state} (${cause})`)).sort(),
    writes,
  };
}

function shown(entry: Entry): string {
  return [entry.subject, spelledField(entry, 'time'), entry.place, entry.notes].filter((part) => part !== '').join(' | ');
}
