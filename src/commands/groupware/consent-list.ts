// `connect --list`: who agreed, and who did not.

import type { Report } from '../../core/report';
import { visible } from '../../core/visible';
import type { Context, Datum } from '../command';
import { momentJson, momentWords } from '../looking/ledger-words';
import { whyNobodyAgreesAtAny } from './consent-parts';
import { askedOf, readConsents, type UserConsent } from './consent-standing';
import type { SyncParts } from './sync/parts';

/** Prints a line for each user that is kept in step, and for whoever else agreed. */
export async function listConsents({
  parts,
  deadline,
  emit,
}: Pick<Context<unknown, Context['parts'] & SyncParts>, 'parts' | 'deadline' | 'emit'>): Promise<Report> {
  const consenting = await parts.consenting(true);
  const why = whyNobodyAgreesAtAny(consenting.groupwares);
  if (why !== undefined) return { result: 'done', message: why, deliveries: [] };
  const users = await (await parts.syncing(true)).reader.users(deadline.signal);
  const active = users.filter(({ isActive }) => isActive);
  const all = await readConsents(consenting, askedOf(active, consenting), deadline.signal);
  for (const each of all) emit(consentDatum(each, parts.now()));
  const message = all.length === 0 ? 'nobody is kept in step, and nobody agreed' : '';
  return { result: 'done', message, deliveries: [], printed: true };
}

/** A user's consent, without any token. */
export function consentDatum({ user, state, why, missing, consent }: UserConsent, now: number): Datum {
  const since = consent === undefined ? '' : ` since ${momentWords(consent.givenAt, now)}`;
  const as = consent === undefined || consent.account === '' ? '' : ` as ${visible(consent.account)}`;
  const agreed = consent === undefined ? '' : `agreed${as}${since}`;
  const words = [agreed, visible(why)].filter((part) => part !== '').join('; ');
  return {
    text: `${visible(user)} ${words}`,
    json: {
      ...{ format: 1, kind: 'consent', user, state, why, account: consent?.account ?? null },
      ...{ since: momentJson(consent?.givenAt ?? 0), scopes: consent?.scopes ?? [], missingScopes: missing },
    },
  };
}
