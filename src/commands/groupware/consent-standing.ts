// How the consents of users stand: who agreed, and whose consent does not do. What `connect --list`, `status`, `doctor` and alerts tell of.

import type { Consent } from '../../core/consent';
import { lossWords } from '../../core/vault';
import { missingScopes, type Consenting } from './consent-parts';

/**
 * How the consent of a user stands.
 * - `given`: it does.
 * - `missing`: the user has not agreed.
 * - `parked`: it counts no more.
 * - `scopes`: the configuration needs more than was granted.
 * - `sealed`: it cannot be opened.
 */
export type ConsentState = 'given' | 'missing' | 'parked' | 'scopes' | 'sealed';

/** A user's consent. */
export interface UserConsent {
  readonly user: string;
  readonly state: ConsentState;
  /** Why it does not do, in words; empty where it does. */
  readonly why: string;
  /** What is missing of what the configuration needs. */
  readonly missing: readonly string[];
  /** Left out where the user has not agreed. */
  readonly consent?: Consent;
}

/**
 * The consents of these users, and of whoever else agreed, in the order of their logins; nothing where nobody has to agree. Rejects with a
 * DatabaseError of the ledger.
 */
export async function readConsents(
  { flow, consents }: Consenting,
  logins: readonly string[],
  signal: AbortSignal,
): Promise<readonly UserConsent[]> {
  if (flow === undefined || flow.isNotNeeded !== undefined) return [];
  const kept = new Map((await consents.consents(signal)).map((consent) => [consent.user, consent]));
  return [...new Set([...logins, ...kept.keys()])].sort().map((user) => standingOf(user, kept.get(user), flow));
}

function standingOf(user: string, consent: Consent | undefined, flow: NonNullable<Consenting['flow']>): UserConsent {
  if (consent === undefined) return { user, state: 'missing', why: 'has not agreed', missing: flow.scopes };
  const missing = missingScopes(consent, flow);
  if (consent.state === 'parked') return { user, state: 'parked', why: consent.reason, missing, consent };
  const opened = flow.rekey(consent);
  if (opened.kind !== 'rekeyed' && opened.kind !== 'same')
    return { user, state: 'sealed', why: lossWords(opened), missing, consent };
  if (missing.length === 0) return { user, state: 'given', why: '', missing, consent };
  return { user, state: 'scopes', why: `${missing.join(', ')} is missing`, missing, consent };
}
