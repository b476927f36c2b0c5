// What users agreed to, for commands in memory.

import type { Agreeing, Consenting } from '../../src/commands/groupware/consent-parts';
import type { Consent, Consents } from '../../src/core/consent';
import type { ConsentFlow } from '../../src/groupware/groupware';
import type { Links } from '../../src/ledger/links';
import { NOW } from './ledger-content';
import { openMemoryConsents } from './memory-consents';

/** What users agreed to at the one groupware of a configuration. */
export function consentingAt(groupware: Pick<Agreeing, 'called' | 'flow'>, consents: Consents, links: Links): Consenting {
  const named = { name: '', type: 'memory', identity: '' };
  return { groupwares: [{ ...named, ...groupware }], listing: () => [], consents, links };
}

/** A groupware that needs no consent. */
export function nobodyAgrees(links: Links): Consenting {
  return consentingAt({ called: 'Folder' }, openMemoryConsents(), links);
}

/** A consent that does, unless something else is said. */
export function consentOf(user: string, change: Partial<Consent> = {}): Consent {
  const tokens = { refreshToken: 'sealed', accessToken: '', accessUntil: 0 };
  const given = { user, state: 'given', reason: '', account: `${user}@example.com`, scopes: ['calendar'] } as const;
  return { ...given, ...tokens, givenAt: NOW, revision: 1, ...change };
}

/** A groupware at which these agreed. What is sealed as `lost` is under a key that nobody has; nothing else of the flow can be used. */
export function agreeing(links: Links, given: readonly Consent[]): Consenting {
  const kept = new Map(given.map((consent) => [consent.user, consent]));
  const flow = {
    scopes: ['calendar'],
    takeBackPage: 'https://example.com/',
    rekey: ({ refreshToken }: Consent) =>
      refreshToken === 'lost' ? { kind: 'lost-key', keyId: '0123456789abcdef' } : { kind: 'same' },
  } as unknown as ConsentFlow;
  return consentingAt({ called: 'Google', flow }, openMemoryConsents(kept), links);
}
