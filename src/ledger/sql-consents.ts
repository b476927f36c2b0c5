// What users agreed to in the ledger's database.

import type { Consents } from '../core/consent';
import type { Statement, WritableDatabase } from '../io/database';
import {
  consentOf,
  forgetConsent,
  insertConsent,
  renewConsent,
  SELECT_CONSENTS,
  selectConsent,
  updateConsent,
} from './consent-statements';
import type { Dialect } from './schema';
import { openTables, untilNoClash } from './sql-access';

/** Opens what users agreed to at the first call. Whoever opened the database closes it. */
export function openSqlConsents(database: WritableDatabase, dialect: Dialect): Consents {
  const { query, execute } = openTables(database, dialect);
  const changed = async (statement: Statement, signal: AbortSignal) => (await execute([statement], signal))[0] === 1;
  return {
    consent: async (user, signal) => (await query(selectConsent(user), signal)).map(consentOf)[0],
    consents: async (signal) => (await query(SELECT_CONSENTS, signal)).map(consentOf),
    keep: async (consent, signal) => {
      if (consent.revision > 0) return changed(updateConsent(consent), signal);
      const isNew = await untilNoClash(() => changed(insertConsent(consent), signal), 1);
      return isNew || changed(renewConsent(consent), signal);
    },
    forget: (seen, signal) => changed(forgetConsent(seen), signal),
  };
}
