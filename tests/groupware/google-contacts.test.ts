// Contacts of Google, over the stand-in: with calls of one user in a request, and with those of several.

import { startDeadline } from '../../src/core/deadline';
import { google } from '../../src/groupware/google/index';
import { closedLater } from '../support/closing';
import { contactPerson } from '../support/google/contact-person';
import { startGoogleSite } from '../support/google-site';
import { ANN, BOB, describeGroupware, NORA } from './suite';

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

it('Contacts of several users are listed in one request, and never written in one', async () => {
  const site = await closedLater(startGoogleSite({ batch: 'shared' }));
  const deadline = startDeadline(60_000, () => 0);
  const books = [ANN, BOB].map((user) => {
    site.join(user);
    return google.open(user, 'contact', site.options, site.tools);
  });
  const step = { do: 'create', linkId: 'pa1', entry: NORA, url: '' } as const;
  await Promise.all(books.map((book) => book.apply([step], deadline)));
  const listed = await Promise.all(books.map((book) => book.list(undefined, undefined, deadline)));
  const cursors = listed.map((page) => (page.kind === 'page' ? page.cursor : undefined));
  await Promise.all(books.map((book, n) => book.list(cursors[n], undefined, deadline)));
  const packed = (method: string) => site.server.calls.filter((call) => call.method === method).map(({ isInBatch }) => isInBatch);
  expect(packed('people.batchCreateContacts')).toEqual([false, false]);
  // The first page of everything goes by itself.
  expect(packed('connections.list')).toEqual([false, false, true, true]);
  deadline.end();
});
