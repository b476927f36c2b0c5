// Contacts of Google, over the stand-in: with calls of one user in a request, and with those of several.

import { google } from '../../src/groupware/google/index';
import { contactPerson } from '../support/google/contact-person';
import { startGoogleSite } from '../support/google-site';
import { ANN, BOB, describeGroupware } from './suite';

describe.each(['own', 'shared'] as const)('contacts, with calls packed as "%s"', (batch) => {
  describeGroupware(
    'google',
    async () => {
      const site = await startGoogleSite({ batch });
      for (const user of [ANN, BOB]) site.join(user);
      return {
        fields: google.fields,
        open: (user, kind) => google.open(user, kind, site.options, site.tools),
        person: (user) => contactPerson(site.server, user.email),
        close: () => site.close(),
      };
    },
    ['contact'],
    // Google chooses what a person is called, no contact is private, and whoever was not made for the CRM is not even listed.
    ['ids', 'private', 'foreign'],
  );
});
