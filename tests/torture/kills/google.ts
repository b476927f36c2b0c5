// The stand-in of Google as the office's groupware: it lives on while runs are killed. People have their own calendar before them, and name
// the version that they change; access tokens live for a moment only, and end whenever they like.

import { delegatedSettings, googleSettings, keepConsents } from '../../support/google-consents';
import { startGoogleSite, type GoogleSite } from '../../support/google-site';
import { changeOfText, textOfEvent } from '../../support/google/event-text';
import type { GoogleEvent } from '../../support/google/world';
import type { OfficeGroupware } from './groupware';
import { unfolded } from './items';
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
/** What changes something. */
const WRITES = /\.(insert|import|patch|update|delete)$/;
/** So long an access token lives, in seconds. A minute before its end it is not used any more: each run makes new ones, in its middle, too. */
const TOKEN_LIFE_S = 61;

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
  const ownCalendars = (login: string) => server.calendars(emailOf(login)).filter(({ isPrimary }) => !isPrimary);
  return {
    google: site,
    kinds: ['event'],
    configuration: way === 'service account without a vault' ? settings : { ...settings, vault },
    onHosts: { first: { batch: first }, second: { batch: second } },
    begin: (ledger) => keepConsents(ledger, site.kept.values()),
    setAhead: (ms) => void (aheadMs = ms),
    trouble: () => server.expireAccessTokens(),
    sends: 'socket (write|answer) (POST|PATCH|DELETE)',
    unrecorded: unrecordedIn(server),
    counts: () => ({
      refreshed: server.oauth.tokens.access.size,
      inBatch: server.calls.filter(({ isInBatch }) => isInBatch).length,
    }),
    textsOf: (login) =>
      ownCalendars(login).flatMap(({ id: calendar }) =>
        server
          .events(emailOf(login), calendar)
          .filter(({ status }) => status !== 'cancelled')
          .map((event) => ({ path: [login, calendar, event.id].join(' '), text: textOfEvent(event) })),
      ),
    open: (path) => Promise.resolve(opened(site, path)),
    add: (login, _, __, text) => {
      const [calendar] = ownCalendars(login);
      if (calendar === undefined) return Promise.resolve(false);
      const iCalUID = /^UID:(.*)\r$/m.exec(text)?.[1] ?? '';
      server.act(emailOf(login), 'POST', eventsOf(calendar.id), { ...changeOfText(text), iCalUID });
      return Promise.resolve(true);
    },
    hasLine: (text, line) => unfolded(text).includes(unfolded(line)),
    everything: () => [
      ['writes', String(server.calls.filter(({ method }) => WRITES.test(method)).length)],
      ...USERS.flatMap((login) =>
        server
          .calendars(emailOf(login))
          .flatMap(({ id, properties }) => [
            [`calendar ${id}`, JSON.stringify(properties)] as const,
            ...server.events(emailOf(login), id).map((event) => [`event ${id} ${event.id}`, JSON.stringify(event)] as const),
          ]),
      ),
    ],
    // One calendar for each is all that the program ever makes.
    litter: () => USERS.filter((login) => ownCalendars(login).length > 1),
    close: () => site.close(),
  };
}

function eventsOf(calendar: string): string {
  return `/calendar/v3/calendars/${encodeURIComponent(calendar)}/events`;
}

/** An event as it is now; between the look and the change nothing of this process happens. */
function opened({ server }: GoogleSite, path: string): Awaited<ReturnType<OfficeGroupware['open']>> {
  const [login = '', calendar = '', id = ''] = path.split(' ');
  const address = `${eventsOf(calendar)}/${id}`;
  const look = () => server.act(emailOf(login), 'GET', address) as GoogleEvent;
  const event = look();
  if (event.status === 'cancelled') return undefined;
  const change = (work: () => unknown) => {
    const isStill = look()['etag'] === event['etag'];
    if (isStill) work();
    return Promise.resolve(isStill);
  };
  return {
    text: textOfEvent(event),
    save: (text) => change(() => server.act(emailOf(login), 'PATCH', address, changeOfText(text, event))),
    remove: () => change(() => server.act(emailOf(login), 'DELETE', address)),
  };
}
