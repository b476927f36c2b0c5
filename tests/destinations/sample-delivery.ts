// A delivery for the tests of destinations.

import { deliveryId, deliveryOf, type Delivery } from '../../src/core/delivery';
import type { Message } from '../../src/core/message';
import type { Receipt } from '../../src/core/outcome';

/** A delivery about a case, with some of its message changed; `first` is what the first post about the case gave back. */
export function sampleDelivery(changes: Partial<Message> = {}, first?: Receipt): Delivery {
  const identity = { objectType: 'case', objid: 268435457, activityObjid: 268435999, rule: '', destination: 'stream' };
  return deliveryOf(
    { ...identity, id: deliveryId(identity) },
    {
      title: 'Created Case for Ann Example at Example Ltd',
      body: 'Case Title: The printer is on fire',
      url: 'http://server/dovetail/Cases/Summary/10042',
      tags: ['dovetailCRM'],
      objectType: 'case',
      typeName: 'Case',
      id: '10042',
      activity: 'Create',
      activityCode: 600,
      actor: 'Bob Agent',
      actorLogin: 'bagent',
      actorEmail: 'bob.agent@example.com',
      fields: [{ name: 'priority', label: 'Priority', value: 'High' }],
      happened: { wallClock: '2026-03-02T09:30:00', timeZone: 'UTC' },
      ...changes,
    },
    first,
  );
}
