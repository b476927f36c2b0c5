// Which receipts name one post only: then one that comes twice was somebody else's.

import { destinationTypes, loadDestinationType } from '../../src/destinations/index';

/** Of these a server gives each post an id of its own; elsewhere the id is ours, or whatever a program prints. */
const UNIQUE = ['google-chat', 'mattermost', 'slack', 'socialcast'];

it.each(Object.keys(destinationTypes))('the receipts of %s are told apart where a server makes them', async (name) => {
  const type = await loadDestinationType(name);
  const isUnique = type?.uniqueReceipts ?? false;
  const sentence = `UNIQUE of tests/destinations/receipts.test.ts and uniqueReceipts of ${name} say different things`;
  expect(isUnique === UNIQUE.includes(name) ? '' : sentence).toBe('');
});
