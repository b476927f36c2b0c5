// Google as a groupware, over the stand-in: with calls of one user in a request, and with those of several, where busy times are asked for.

import { google } from '../../src/groupware/google/index';
import { googlePerson } from '../support/google/person';
import { asking } from '../support/google/asking';
import { startGoogleSite } from '../support/google-site';
import { ANN, BOB, describeGroupware } from './suite';

describe.each(['own', 'shared'] as const)('calls packed as "%s"', (batch) => {
  describeGroupware(
    'google',
    async () => {
      const site = await startGoogleSite({ batch, busy: batch === 'shared' });
      for (const user of [ANN, BOB]) {
        site.join(user);
        // A calendar as it is made at the first entry, so that a person can use it before that.
        const { access } = site.server.grant(user.email);
        const description = `publish-activity: events of crm, ${user.login}`;
        await asking(site.server, access)('POST', 'calendars', { summary: 'CRM', description, timeZone: user.timeZone });
      }
      return {
        fields: google.fields,
        open: (user, kind) => google.open(user, kind, site.options, site.tools),
        person: (user) => googlePerson(site.server, user.email, () => site.ownCalendar(user)),
        close: () => site.close(),
      };
    },
    ['event'],
  );
});
