// The SQL of what users agreed to, and its rows. One text for both engines. Pure.

import { CONSENT_STATES, type Consent } from '../core/consent';
import type { Row, Statement } from '../io/database';
import { fit } from './records';
import { Reading, type Columns } from './rows';
import { LONGEST } from './schema';
import { insert } from './statements';

const TABLE = 'publish_activity_consent';

/** The longest address of an account, in UTF-16 units. */
const LONGEST_ACCOUNT = 400;

/** What a user agreed to. */
export function selectConsent(login: string): Statement {
  return { text: `SELECT * FROM [${TABLE}] WHERE [login] = @login`, parameters: { login } };
}

/** What all agreed to. */
export const SELECT_CONSENTS: Statement = { text: `SELECT * FROM [${TABLE}] ORDER BY [login]`, parameters: {} };

/** Enters a consent of a user who has none. */
export function insertConsent(consent: Consent): Statement {
  const missing = ` WHERE NOT EXISTS (SELECT 1 FROM [${TABLE}] WHERE [login] = @login)`;
  return insert(TABLE, columnsOf(consent), missing, {});
}

/** Changes a consent that is of the revision that was read. */
export function updateConsent(consent: Consent): Statement {
  const columns = columnsOf(consent);
  const changed = Object.keys(columns).filter((name) => name !== 'login');
  return {
    text: `UPDATE [${TABLE}] SET ${changed.map((name) => `[${name}] = @${name}`).join(', ')}
      WHERE [login] = @login AND [revision] = @seen_revision`,
    parameters: { ...columns, seen_revision: consent.revision },
  };
}

/** Forgets a consent that is of the revision that was read. */
export function deleteConsent({ user, revision }: Pick<Consent, 'user' | 'revision'>): Statement {
  return {
    text: `DELETE FROM [${TABLE}] WHERE [login] = @login AND [revision] = @revision`,
    parameters: { login: user, revision },
  };
}

/** The consent of a row. One that is damaged counts no more. */
export function consentOf(row: Row): Consent {
  const read = new Reading(row);
  const consent: Consent = {
    user: read.text('login'),
    state: read.oneOf('state', CONSENT_STATES),
    reason: read.text('reason'),
    account: read.text('account'),
    scopes: read
      .text('scopes')
      .split(' ')
      .filter((scope) => scope !== ''),
    refreshToken: read.text('refresh_token'),
    accessToken: read.text('access_token'),
    accessUntil: read.whole('access_until'),
    givenAt: read.whole('given_at'),
    revision: read.whole('revision'),
  };
  const { damage } = read.damage();
  return damage === undefined ? consent : { ...consent, state: 'parked', reason: `its row in the ledger is damaged: ${damage}` };
}

/** As it is kept next. */
function columnsOf(consent: Consent): Columns {
  return {
    login: consent.user,
    state: consent.state,
    reason: fit(consent.reason, LONGEST.reason),
    account: fit(consent.account, LONGEST_ACCOUNT),
    // No scope has a blank: https://www.rfc-editor.org/rfc/rfc6749#section-3.3
    scopes: consent.scopes.join(' '),
    refresh_token: consent.refreshToken,
    access_token: consent.accessToken,
    access_until: Math.floor(consent.accessUntil),
    given_at: Math.floor(consent.givenAt),
    revision: consent.revision + 1,
  };
}
