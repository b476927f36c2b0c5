// The command `rekey`: what users agreed to is sealed under the newest key. It can be killed anywhere, and others may work meanwhile: each
// consent is changed by itself, if it is as it was read.

import type { Consent } from '../../core/consent';
import type { Report } from '../../core/report';
import { lossWords } from '../../core/vault';
import { visible } from '../../core/visible';
import type { CommandFunction } from '../command';
import { counted } from '../looking/ledger-words';
import { givenAt, MOST_TRIES, nameOf, type ConsentParts, type Consenting } from './consent-parts';

type Ending =
  | { readonly kind: 'rekeyed' | 'same' | 'gone' | 'busy' }
  /** Of one that cannot be opened: why, and the key that is lost. */
  | { readonly kind: 'closed'; readonly why: string; readonly keyId: string };

/** Wraps all consents under the newest key, and says whether an older one is needed yet. */
export const rekey: CommandFunction<never, ConsentParts & { now(): number }> = async ({ parts, deadline, emit }) => {
  const consenting = await parts.consenting(false);
  const { groupwares, consents } = consenting;
  if (groupwares.every(({ flow }) => flow === undefined)) {
    const called = groupwares.map((each) => each.called).join(' and ');
    return {
      result: 'done',
      message: `${called} ${groupwares.length === 1 ? 'has' : 'have'} no vault of tokens`,
      deliveries: [],
    };
  }
  const endings: Ending[] = [];
  for (const consent of await consents.consents(deadline.signal)) {
    const ending = await rekeyOne(consent, consenting, deadline.signal);
    endings.push(ending);
    if (ending.kind === 'closed')
      emit({
        text: `${visible(consent.user)}: ${ending.why}`,
        json: {
          format: 1,
          kind: 'closed',
          user: consent.user,
          why: ending.why,
          keyId: ending.keyId === '' ? null : ending.keyId,
        },
      });
    if (ending.kind === 'busy')
      emit({
        text: `${nameOf(consent.user)}: others keep changing it`,
        json: { format: 1, kind: 'busy', user: consent.user },
      });
  }
  // What a run that still had the older key sealed meanwhile.
  const after = await consents.consents(deadline.signal);
  const left = after.filter((consent) => givenAt(consent, groupwares).flow?.rekey(consent).kind === 'rekeyed').length;
  return reportOf(endings, left);
};

async function rekeyOne(read: Consent, { consents, groupwares }: Consenting, signal: AbortSignal): Promise<Ending> {
  let seen: Consent | undefined = read;
  for (let tries = 0; tries <= MOST_TRIES; tries += 1) {
    if (seen === undefined) return { kind: 'gone' };
    const made = givenAt(seen, groupwares).flow?.rekey(seen) ?? { kind: 'same' };
    if (made.kind === 'same') return { kind: 'same' };
    if (made.kind !== 'rekeyed')
      return { kind: 'closed', why: lossWords(made), keyId: made.kind === 'lost-key' ? made.keyId : '' };
    if (await consents.keep(made.consent, signal)) return { kind: 'rekeyed' };
    seen = await consents.consent(read.user, signal);
  }
  return { kind: 'busy' };
}

function reportOf(endings: readonly Ending[], left: number): Report {
  const many = (kind: Ending['kind']) => endings.filter((ending) => ending.kind === kind).length;
  const sums = { rekeyed: many('rekeyed'), same: many('same'), closed: many('closed'), left };
  const lost = new Set(endings.map((ending) => (ending.kind === 'closed' ? ending.keyId : '')).filter((id) => id !== ''));
  const words = [
    `${counted(sums.rekeyed, 'consent is', 'consents are')} sealed anew, ${sums.same} already`,
    ...(sums.closed === 0 ? [] : [`${sums.closed} cannot be opened`]),
    ...(left === 0 ? [] : [`${left} still under an older key`]),
  ];
  const report = { message: words.join('; '), deliveries: [], sums };
  if (left > 0)
    return {
      ...report,
      result: 'later',
      hint: 'groupware.vault.oldKeys has to stay: let every host have the new key, and run it again',
    };
  if (lost.size > 0) {
    const hint = `put the lost key back under groupware.vault.oldKeys and run it again (${[...lost].join(', ')}), or let these users agree anew`;
    return { ...report, result: 'rejected', hint };
  }
  if (sums.closed > 0)
    return { ...report, result: 'rejected', hint: 'let these users agree anew: publish-activity connect <login>' };
  return { ...report, result: 'done', hint: 'groupware.vault.oldKeys can go, once no host seals with them any more' };
}
