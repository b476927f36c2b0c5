// CalDAV (RFC 4791): events and tasks in calendars of a server, one item an entry. What a kind of entry is called there is a row of
// dav-kinds.ts.

import { httpSettings } from '../../core/http-fields';
import type { GroupwareType } from '../groupware';
import { openItemTexts } from '../item-texts';
import { CARD_ENTRY_FIELDS } from '../vcard-fields';
import { openClient } from './client';
import { openCalendar, withoutLogin, type Desk } from './collection';
import { DAV_KINDS } from './dav-kinds';
import { inspectPlace } from './inspect';
import { loginOf } from './login';
import { caldavOptions, type CaldavOptions } from './options';

/** The groupware type `caldav`. */
export const caldav: GroupwareType<CaldavOptions> = {
  called: 'CalDAV',
  summary: 'keeps entries in calendars and address books of a server, such as Radicale, Nextcloud or SOGo',
  options: caldavOptions,
  fields: {
    event: ['subject', 'time', 'place', 'notes'],
    task: ['subject', 'time', 'place', 'notes', 'done'],
    contact: CARD_ENTRY_FIELDS,
  },
  // Of what is different for some people, no login and no path makes it another server.
  identity: ({ url, principal = '', calendar = '', tasks = '', addressBook = '' }) =>
    JSON.stringify([url, principal, calendar, tasks, addressBook]),
  servers: (options) => [{ origin: new URL(options.url).origin, settings: httpSettings(options) }],
  open: (user, kind, options, tools) => {
    const found = loginOf(options, user);
    if (found === undefined) return withoutLogin(user);
    const { key } = DAV_KINDS[kind];
    const wanted = options.people[user.login]?.[key] ?? options[key];
    const openDesk = async (): Promise<Desk> => ({
      client: openClient(found.login, options, {
        http: await tools.http(),
        xml: await tools.xml(),
        version: tools.version,
        now: () => tools.now(),
      }),
      texts: await openItemTexts(user, kind, tools),
    });
    const parts = { kind: DAV_KINDS[kind], options, user, wanted };
    return openCalendar(parts, openDesk, (place, deadline) => inspectPlace(place, found.whose, () => tools.now(), deadline));
  },
};
