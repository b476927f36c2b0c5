// The SQL of grants: whose turn it is, who has it, and that what is changed about a user's links comes one after the other. One text for
// both engines. Pure.

import type { Statement } from '../io/database';
import { GRANT_COLUMNS } from './link-rows';
import type { Grant, TurnEnd } from './links';
import type { Lease } from './ledger';
import { endOf, fit } from './records';
import { LONGEST } from './schema';
import { insert } from './statements';

/** Enters a user, unless it is there. */
export function insertGrant(login: string, now: number): Statement {
  const nobody = { lease_owner: '', lease_until: 0, asked: 0, committing: '', committed: '' };
  const columns = { login, state: 'new', reason: '', due_at: now, synced_at: 0, failures: 0, groupware: '', ...nobody };
  return insert(
    'publish_activity_grant',
    columns,
    ' WHERE NOT EXISTS (SELECT 1 FROM [publish_activity_grant] WHERE [login] = @login)',
    {},
  );
}

/** All grants. */
export const SELECT_GRANTS: Statement = {
  text: `SELECT ${GRANT_COLUMNS} FROM [publish_activity_grant] ORDER BY [login]`,
  parameters: {},
};

/** The grants whose turn it is. One that is parked has none. */
export function selectDueGrants(now: number, most: number, behind?: Pick<Grant, 'dueAt' | 'user'>): Statement {
  const rest = behind === undefined ? '' : ' AND [due_at] >= @behind_at AND ([due_at] > @behind_at OR [login] > @behind)';
  return {
    text: `SELECT ${GRANT_COLUMNS} FROM [publish_activity_grant]
      WHERE [due_at] <= @now AND [lease_until] <= @now AND [state] NOT IN ('parked', 'disconnected')${rest} ORDER BY [due_at], [login]`,
    parameters: { now, ...(behind === undefined ? {} : { behind: behind.user, behind_at: behind.dueAt }) },
    most,
  };
}

/**
 * Takes the turn of a grant that is as it was seen; then it is new no more. Until the turn ends, whoever asks for another one is
 * remembered.
 */
export function takeTurn(seen: Grant, lease: Lease): Statement {
  return {
    text: `UPDATE [publish_activity_grant] SET [lease_owner] = @lease_owner, [lease_until] = @lease_until, [asked] = 0,
      [state] = CASE WHEN [state] = 'new' THEN 'active' ELSE [state] END
      WHERE [login] = @login AND [state] = @state AND [due_at] = @due_at AND [synced_at] = @synced_at AND [failures] = @failures
        AND [lease_owner] = @seen_owner AND [lease_until] = @seen_until AND [lease_until] <= @now`,
    parameters: {
      login: seen.user,
      state: seen.state,
      due_at: seen.dueAt,
      synced_at: seen.syncedAt,
      failures: seen.failures,
      seen_owner: seen.leaseOwner,
      seen_until: seen.leaseUntil,
      now: lease.now,
      lease_owner: lease.owner,
      lease_until: endOf(lease),
    },
  };
}

/** Ends a turn. One that was asked for meanwhile is due as it was. */
export function endTurn(login: string, owner: string, end: TurnEnd): Statement {
  return {
    text: `UPDATE [publish_activity_grant] SET [state] = @state, [reason] = @reason, [synced_at] = @synced_at, [failures] = @failures,
      [due_at] = CASE WHEN [asked] = 1 THEN [due_at] ELSE @due_at END, [lease_owner] = '', [lease_until] = 0
      WHERE [login] = @login AND [lease_owner] = @owner AND [lease_owner] <> ''`,
    parameters: {
      login,
      owner,
      state: end.state,
      reason: fit(end.reason, LONGEST.reason),
      synced_at: end.syncedAt,
      failures: end.failures,
      due_at: Math.ceil(end.dueAt),
    },
  };
}

/** Makes a turn due, and asks for one after that which may be under way. */
export function makeDue(login: string, now: number): Statement {
  return {
    text: `UPDATE [publish_activity_grant] SET [asked] = 1, [due_at] = CASE WHEN [due_at] < @now THEN [due_at] ELSE @now END
      WHERE [login] = @login`,
    parameters: { login, now },
  };
}

/**
 * Begins a commit, if its owner has the turn and it did not come true last. Nobody else changes links of this user until the transaction
 * ends: whoever does writes this row first.
 */
export function beginCommit(login: string, owner: string, commit: string): Statement {
  return {
    text: `UPDATE [publish_activity_grant] SET [committing] = @commit
      WHERE [login] = @login AND [lease_owner] = @owner AND [lease_owner] <> '' AND [committed] <> @commit`,
    parameters: { login, owner, commit },
  };
}

/** Whether a commit was begun, and nothing stands against it so far. */
export const IS_COMMITTING =
  'EXISTS (SELECT 1 FROM [publish_activity_grant] AS [g] WHERE [g].[login] = @login AND [g].[committing] = @commit)';

/** Stops a commit, if a link is not of the revision that it was read with; one that is new, if its id is there. */
export function checkLink(login: string, commit: string, id: string, revision: number): Statement {
  const isNew = revision === 0;
  const wrong = isNew
    ? 'EXISTS (SELECT 1 FROM [publish_activity_link] WHERE [id] = @id)'
    : 'NOT EXISTS (SELECT 1 FROM [publish_activity_link] WHERE [id] = @id AND [login] = @login AND [revision] = @revision)';
  return {
    text: `UPDATE [publish_activity_grant] SET [committing] = '' WHERE [login] = @login AND [committing] = @commit AND ${wrong}`,
    parameters: { login, commit, id, ...(isNew ? {} : { revision }) },
  };
}

/**
 * Ends a commit, and remembers with it at which groupware the links are, where that is said; then changes the grant's row if it came true, now
 * or when it was tried before.
 */
export function endCommit(login: string, commit: string, groupware?: string): readonly [Statement, Statement] {
  const parameters = { login, commit };
  const moved = groupware === undefined ? '' : ', [groupware] = @groupware';
  return [
    {
      text: `UPDATE [publish_activity_grant] SET [committed] = @commit, [committing] = ''${moved}
      WHERE [login] = @login AND [committing] = @commit`,
      parameters: { ...parameters, ...(groupware === undefined ? {} : { groupware }) },
    },
    {
      text: 'UPDATE [publish_activity_grant] SET [committed] = @commit WHERE [login] = @login AND [committed] = @commit',
      parameters,
    },
  ];
}

/** Makes whoever changes links of a user wait for the commit that is under way. */
export function awaitCommit(login: string): Statement {
  return {
    text: 'UPDATE [publish_activity_grant] SET [committing] = [committing] WHERE [login] = @login',
    parameters: { login },
  };
}
