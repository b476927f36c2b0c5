// The SQL of what `scan` watches: how things of the CRM stood when they were last looked at. One text for both engines. Pure.

import type { Statement } from '../io/database';
import type { KeptRequest, WatchChange } from './ledger';
import { columnsOfRequest } from './rows';
import { insert, list } from './statements';

/** How some things of a type stood. */
export function selectWatched(objectType: string, objids: readonly number[]): Statement {
  const listed = list('objid', objids);
  return {
    text: `SELECT [object_type], [objid], [state] FROM [publish_activity_watch]
      WHERE [object_type] = @object_type AND ${listed.text}`,
    parameters: { object_type: objectType, ...listed.parameters },
  };
}

/** Changes how a thing stands, if it stands as it was seen. The row names the request that the change comes with. */
export function changeWatched(change: WatchChange, requestId: string, now: number): Statement {
  const { objectType, objid, state, seen, firstLook = false } = change;
  const row = { object_type: objectType, objid, state, request_id: requestId, changed_at: now };
  if (seen === undefined) {
    const known = `[object_type] = @object_type AND [objid] ${firstLook ? 'IN (@objid, 0)' : '= @objid'}`;
    return insert('publish_activity_watch', row, ` WHERE NOT EXISTS (SELECT 1 FROM [publish_activity_watch] WHERE ${known})`, {});
  }
  return {
    text: `UPDATE [publish_activity_watch] SET [state] = @state, [request_id] = @request_id, [changed_at] = @changed_at
      WHERE [object_type] = @object_type AND [objid] = @objid AND [state] = @seen`,
    parameters: { ...row, seen },
  };
}

/**
 * Enters the request of a change, if that very change was made. The change stands before it in the transaction: whoever was slower waits
 * for the row, finds another state in it, and then another request, on both engines.
 */
export function insertWatchedRequest(request: KeptRequest): Statement {
  const changed = `EXISTS (SELECT 1 FROM [publish_activity_watch]
      WHERE [object_type] = @object_type AND [objid] = @objid AND [request_id] = @id)`;
  return insert('publish_activity_request', columnsOfRequest(request), ` WHERE ${changed}`, {});
}
