// The stand-in of Google as the office's groupware: it lives on while runs are killed. People have their calendars, lists and contacts before
// them, and write over nothing that they have not seen; access tokens live for a moment only, and end whenever they like.

import { delegatedSettings, googleSettings, keepConsents } from '../../support/google-consents';
import { startGoogleSite } from '../../support/google-site';
import { placeLine } from '../../support/google/task-text';
import { SHELVES, type Shelf } from './google-shelves';
import type { OfficeGroupware } from './groupware';
import { KINDS, unfolded, type Kind } from './items';
import { unrecordedIn } from './unrecorded';
import { USERS, ZONE } from './users';

/** How calls travel on each of the hosts, and how they log in. */
export interface GoogleWay {
  readonly first: 'own' | 'shared';
  readonly second: 'own' | 'shared';
  readonly login: 'consents' | 'service account' | 'service account without a vault';
}

/** The ways in which Google is asked, by what tables call them. */
export const GOOGLE_WAYS = {
  'google, each host its way': { first: 'own', second: 'shared', login: 'consents' },
  'google, batch "own"': { first: 'own', second: 'own', login: 'consents' },
  'google, batch "shared"': { first: 'shared', second: 'shared', login: 'consents' },
  'google, a service account': { first: 'shared', second: 'shared', login: 'service account' },
  'google, a service account without a vault': { first: 'own', second: 'shared', login: 'service account without a vault' },
} as const satisfies Readonly<Record<string, GoogleWay>>;

/** As in the sample CRM, which a service account asks by. */
const emailOf = (login: string) => `${login}@brightwater.example`;
/** Where changes of each kind go, by themselves or packed together; contacts are never packed with anything. */
const SENDS: Readonly<Record<Kind, string>> = { event: '/(batch/)?calendar/', task: '/(batch$|tasks/)', contact: '/v1/' };
/** What changes nothing. */
const READS = /\.(list|get|getBatchGet|query)$/;
/** So long an access token lives, in seconds. A minute before its end it is not used any more: each run makes new ones, in its middle, too. */
const TOKEN_LIFE_S = 61;
/** The first host looks at tasks and contacts in every other round or so, and the other one as seldom as usual. */
const OFTEN = { tasks: '1m', contacts: '2m' };
/** Listings may show contacts as they were for ten minutes (src/groupware/google/people.ts), and tasks for five. */
const SETTLED_MS = 11 * 60_000;

/** Starts one in which everybody may be asked for. */
export async function openGoogle(
  root: string,
  { first, second, login: way }: GoogleWay = GOOGLE_WAYS['google, each host its way'],
): Promise<OfficeGroupware> {
  let aheadMs = 0;
  const site = await startGoogleSite({}, () => Date.now() + aheadMs);
  const { server } = site;
  server.oauth.tokens.lifetimeS = TOKEN_LIFE_S;
  for (const login of USERS) {
    if (way === 'consents') site.join({ login, email: emailOf(login), system: 'crm', timeZone: ZONE });
    else server.addUser(emailOf(login), ZONE);
  }
  const { vault, ...settings } = way === 'consents' ? googleSettings(site, root) : delegatedSettings(site, root).settings;
  const shelvesOf = (login: string, kind: Kind) => SHELVES[kind](server, emailOf(login));
  /** All places, each with what to call it. */
  const allShelves = (): readonly (readonly [name: string, shelf: Shelf])[] =>
    USERS.flatMap((login) =>
      KINDS.flatMap((kind) => shelvesOf(login, kind).map((shelf) => [`${login} ${kind} ${shelf.id}`, shelf] as const)),
    );
  return {
    google: site,
    hasDays: true,
    configuration: way === 'service account without a vault' ? settings : { ...settings, vault },
    onHosts: { first: { batch: first, listEvery: OFTEN }, second: { batch: second } },
    begin: (ledger) => keepConsents(ledger, site.kept.values()),
    setAhead: (ms) => void (aheadMs = ms),
    settledMs: SETTLED_MS,
    trouble: () => server.expireAccessTokens(),
    sends: Object.values(SENDS).map((path) => `socket (write|answer) (POST|PATCH|DELETE)${path}`),
    unrecorded: unrecordedIn(server),
    counts: () => ({
      refreshed: server.oauth.tokens.access.size,
      inBatch: server.calls.filter(({ isInBatch }) => isInBatch).length,
    }),
    textsOf: (login, kind) =>
      shelvesOf(login, kind).flatMap((shelf) =>
        shelf
          .entries()
          .flatMap(({ id, text }) => (text === undefined ? [] : [{ path: [login, kind, shelf.id, id].join(' '), text }])),
      ),
    open: (path) => {
      const [login = '', kind = '', place = '', id = ''] = path.split(' ');
      const look = () =>
        shelvesOf(login, kind as Kind)
          .find((shelf) => shelf.id === place)
          ?.entries()
          .find((entry) => entry.id === id);
      const before = look();
      if (before?.text === undefined) return Promise.resolve(undefined);
      // Between the look and the change nothing of this process happens.
      const change = (work: () => void) => {
        const isStill = look()?.kept === before.kept;
        if (isStill) work();
        return Promise.resolve(isStill);
      };
      return Promise.resolve({
        text: before.text,
        save: (text) => change(() => before.save(text)),
        remove: () => change(() => before.remove()),
      });
    },
    add: (login, kind, _, text) => {
      const [shelf] = shelvesOf(login, kind);
      shelf?.add(text);
      return Promise.resolve(shelf !== undefined);
    },
    // A task has no room for lines of somebody's own: people put it elsewhere in its list.
    decoration: (kind, number) => {
      const line = placeLine(String(number).padStart(20, '0'));
      return kind === 'task' ? { lines: [line], known: [line], isInstead: true } : undefined;
    },
    hasLine: (text, line) => unfolded(text).includes(unfolded(line)),
    everything: () => [
      ['writes', String(server.calls.filter(({ method }) => !READS.test(method)).length)],
      ...allShelves().flatMap(([name, shelf]): (readonly [string, string])[] => [
        [name, shelf.kept],
        ...shelf.entries().map(({ id, kept }) => [`${name} ${id}`, kept] as const),
      ]),
    ],
    // One place for each is all that the program ever makes.
    litter: () =>
      USERS.flatMap((login) => KINDS.filter((kind) => shelvesOf(login, kind).length > 1).map((kind) => `${kind} of ${login}`)),
    close: () => site.close(),
  };
}
