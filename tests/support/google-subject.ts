// Google over the stand-in, set up for the questions that every groupware has to answer.

import { google } from '../../src/groupware/google/index';
import type { Collection } from '../../src/groupware/groupware';
import type { GoogleOptions } from '../../src/groupware/google/options';
import { ANN, BOB, type Subject } from '../groupware/suite';
import { googlePerson } from './google/person';
import { asking } from './google/asking';
import { startGoogleSite } from './google-site';
import { ownMethods } from './own-methods';

/** Starts one in which two people agreed. Its listings are so late, in ms; if they are at all, nobody lists before they should have settled. */
export async function googleSubject(changes: Partial<GoogleOptions>, lagMs = 0): Promise<Subject> {
  let now = Date.now();
  const site = await startGoogleSite(changes, () => now);
  site.server.lag(lagMs);
  for (const user of [ANN, BOB]) {
    site.join(user);
    // A calendar as it is made at the first entry, so that a person can use it before that.
    const { access } = site.server.grant(user.email);
    const description = `publish-activity: events of crm, ${user.login}`;
    await asking(site.server, access)('POST', 'calendars', { summary: 'CRM', description, timeZone: user.timeZone });
  }
  const settled = (collection: Collection): Collection => ({
    ...ownMethods(collection),
    list: (...of) => {
      now += collection.settledAfterMs ?? 0;
      return collection.list(...of);
    },
  });
  return {
    fields: google.fields,
    open: (user, kind) => {
      const collection = google.open(user, kind, site.options, site.tools);
      return lagMs > 0 ? settled(collection) : collection;
    },
    person: (user) => googlePerson(site.server, user.email, () => site.ownCalendar(user)),
    close: () => site.close(),
  };
}
