// Requests, deliveries and leases for the tests of the ledger.

import type { Request } from '../../src/core/activity';
import { deliveryId } from '../../src/core/delivery';
import type { Message } from '../../src/core/message';
import type { DeliveryDraft, Lease } from '../../src/ledger/ledger';

/** The moment at which these tests begin. */
export const NOW = Date.UTC(2026, 5, 14, 9, 12);

/** What every draft says. */
export const MESSAGE: Message = {
  title: 'Created Case for Nora O’Dell',
  body: 'Case Title: Dock door does not open',
  url: 'http://server/dovetail/Cases/Summary/1',
  tags: ['dovetailCRM'],
  objectType: 'case',
  typeName: 'Case',
  id: '1',
  activity: 'Create',
  activityCode: 600,
  actor: 'Pat Morales',
  actorLogin: 'bagent',
  actorEmail: 'bob.agent@example.com',
  fields: [{ name: 'priority', label: 'Priority', value: 'High' }],
  happened: { wallClock: '2010-06-14T09:12:00', timeZone: 'America/Chicago' },
};

/** A lease of ten seconds. */
export function leaseOf(owner: string, now = NOW): Lease {
  return { owner, now, workMs: 10_000 };
}

/** A request about an activity of a case. */
export function request(objid: number, activityObjid: number): Request {
  return { objectType: 'case', objid, activityObjid, rule: '' };
}

/** A delivery about an activity of a case to Socialcast; its id follows from what makes it one. */
export function draft(objid: number, activityObjid: number, changes: Partial<DeliveryDraft> = {}): DeliveryDraft {
  const common = { objectType: 'case', objid, activityObjid, rule: '', destination: 'socialcast', ...changes };
  const order = `2010-06-14T09:12:00#${String(activityObjid).padStart(10, '0')}`;
  return { contentKey: '', order, message: MESSAGE, ...common, id: changes.id ?? deliveryId(common) };
}
