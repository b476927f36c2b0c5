// How the consents of users stand: who agreed, and whose consent does not do. What `connect --list`, `status`, `doctor` and alerts tell of.

import type { CrmUser } from '../../clarify/entries';
import type { Consent } from '../../core/consent';
import { lossWords } from '../../core/vault';
import type { ConsentFlow } from '../../groupware/groupware';
import type { Grant } from '../../ledger/links';
import { isAsking, missingScopes, type Agreeing, type Consenting } from './consent-parts';
import { groupwareAt, groupwareOf } from './named-groupwares';

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

/** A user, and the groupware where that user has to agree. */
export interface Asked {
  readonly user: string;
  readonly groupware: Agreeing;
}

/**
 * The consents of these users, and of whoever else agreed, in the order of their logins; nothing of those who need not agree. Rejects with a
 * DatabaseError of the ledger.
 */
export async function readConsents(
  { groupwares, consents }: Consenting,
  asked: readonly Asked[],
  signal: AbortSignal,
): Promise<readonly UserConsent[]> {
  const [first] = groupwares.filter(isAsking);
  if (first === undefined) return [];
  const kept = new Map((await consents.consents(signal)).map((consent) => [consent.user, consent]));
  const at = new Map([...kept.keys()].map((user) => [user, first]));
  for (const { user, groupware } of asked) if (isAsking(groupware)) at.set(user, groupware);
  return [...at]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([user, { flow }]) => standingOf(user, kept.get(user), flow));
}

/** Where users of the CRM have to agree. */
export function askedOf(users: readonly CrmUser[], { groupwares }: Consenting): readonly Asked[] {
  return users.map((user) => ({ user: user.login, groupware: groupwareOf(user, groupwares) }));
}

/** Where users have to agree, as far as that is known without the CRM: as the configuration lists them, or else where they are. */
export function askedOfGrants(grants: readonly Grant[], consenting: Consenting): readonly Asked[] {
  const { groupwares } = consenting;
  return grants.map(({ user, groupware: kept }) => {
    const listed = consenting.listing(user);
    const wanted = groupwareOf({ groupwares: listed }, groupwares);
    return { user, groupware: listed.length > 0 ? wanted : (groupwareAt(kept, wanted, groupwares) ?? wanted) };
  });
}

/** How a consent that is kept stands. */
export function standingOf(user: string, consent: Consent | undefined, flow: ConsentFlow): UserConsent {
  if (consent === undefined) return { user, state: 'missing', why: 'has not agreed', missing: flow.scopes };
  const missing = missingScopes(consent, flow);
  if (consent.state === 'parked') return { user, state: 'parked', why: consent.reason, missing, consent };
  const opened = flow.rekey(consent);
  if (opened.kind !== 'rekeyed' && opened.kind !== 'same')
    return { user, state: 'sealed', why: lossWords(opened), missing, consent };
  if (missing.length === 0) return { user, state: 'given', why: '', missing, consent };
  return { user, state: 'scopes', why: `${missing.join(', ')} is missing`, missing, consent };
}
