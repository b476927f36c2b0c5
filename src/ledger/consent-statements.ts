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

/** The names of the columns of a consent. */
export const CONSENT_COLUMNS =
  '[login], [state], [reason], [account], [scopes], [refresh_token], [access_token], [access_until], [given_at], [revision]';

/** No row is ever deleted: the login of the ledger needs no right to do that. */
const FORGOTTEN = 'forgotten';

/** What a user agreed to. */
export function selectConsent(login: string): Statement {
  return {
    text: `SELECT ${CONSENT_COLUMNS} FROM [${TABLE}] WHERE [login] = @login AND [state] <> '${FORGOTTEN}'`,
    parameters: { login },
  };
}

/** What all agreed to. */
export const SELECT_CONSENTS: Statement = {
  text: `SELECT ${CONSENT_COLUMNS} FROM [${TABLE}] WHERE [state] <> '${FORGOTTEN}' ORDER BY [login]`,
  parameters: {},
};

/** Enters a consent of a user who has none. */
export function insertConsent(consent: Consent): Statement {
  const missing = ` WHERE NOT EXISTS (SELECT 1 FROM [${TABLE}] WHERE [login] = @login)`;
  return insert(TABLE, { ...columnsOf(consent), revision: 1 }, missing, {});
}

/** Enters a consent of a user whose last one was forgotten. */
export function renewConsent(consent: Consent): Statement {
  return update(columnsOf(consent), '[state] = @seen_state', { seen_state: FORGOTTEN });
}

/** Changes a consent that is of the revision that was read. */
export function updateConsent(consent: Consent): Statement {
  return update(columnsOf(consent), '[revision] = @seen_revision', { seen_revision: consent.revision });
}

/** Forgets a consent that is of the revision that was read: nothing of it is left but whose it was. */
export function forgetConsent({ user, revision }: Pick<Consent, 'user' | 'revision'>): Statement {
  const nothing = { reason: '', account: '', scopes: '', refresh_token: '', access_token: '', access_until: 0, given_at: 0 };
  return update({ login: user, state: FORGOTTEN, ...nothing }, '[revision] = @seen_revision', { seen_revision: revision });
}

function update({ login = '', ...columns }: Columns, condition: string, seen: Columns): Statement {
  const changes = Object.keys(columns).map((name) => `[${name}] = @${name}`);
  return {
    text: `UPDATE [${TABLE}] SET ${changes.join(', ')}, [revision] = [revision] + 1 WHERE [login] = @login AND ${condition}`,
    parameters: { login, ...columns, ...seen },
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

/** As it is kept. */
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
  };
}
