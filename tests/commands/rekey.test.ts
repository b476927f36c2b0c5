// A new key of the vault: what is kept is sealed under it, whoever else is at work, and nothing is lost.

import { randomBytes } from 'node:crypto';
import { rekey } from '../../src/commands/groupware/rekey';
import type { Consent, Consents } from '../../src/core/consent';
import { Secret } from '../../src/core/secret';
import { keyIdOf, unseal, type VaultKey, type VaultKeys } from '../../src/core/vault';
import { vaultKeyOf } from '../../src/core/vault-keys';
import { googleConsent } from '../../src/groupware/google/consent/flow';
import type { GoogleOptions } from '../../src/groupware/google/options';
import { accessOf, refreshOf, sealedTokens } from '../../src/groupware/google/consent/tokens';
import type { Tools } from '../../src/groupware/tools';
import type { Links } from '../../src/ledger/links';
import { consentingAt, consentOf } from '../support/consenting';
import { obey, type Obeyed } from '../support/ledger-context';
import { openMemoryConsents } from '../support/memory-consents';
import { openLedger } from '../support/open-ledger';

const [newest, older, strange] = [1, 2, 3].map(() => vaultKeyOf(randomBytes(32))) as [VaultKey, VaultKey, VaultKey];
const keysOf = (current: VaultKey, ...old: readonly VaultKey[]): VaultKeys => ({
  current,
  byId: new Map([current, ...old].map((key) => [key.id, key])),
});
const BOTH = keysOf(newest, older);

/** A consent whose tokens are sealed under a key. */
function sealed(user: string, key: VaultKey, change: Partial<Consent> = {}): Consent {
  const tokens = { accessToken: new Secret(`access of ${user}`), refreshToken: new Secret(`refresh of ${user}`), forMs: 1_000 };
  return consentOf(user, { refreshToken: '', ...sealedTokens(user, tokens, 0, keysOf(key)), ...change });
}

async function run(kept: Map<string, Consent>, consents: Consents = openMemoryConsents(kept)): Promise<Obeyed> {
  const options = { vault: BOTH, calendar: 'own' } as unknown as GoogleOptions;
  const flow = googleConsent(options, { kinds: ['event'] } as unknown as Tools);
  const consenting = consentingAt({ called: 'Google', flow }, consents, {} as Links);
  return obey(rekey, openLedger(), [], { parts: { consenting: () => Promise.resolve(consenting) } });
}

const mapOf = (...all: readonly Consent[]) => new Map(all.map((consent) => [consent.user, consent]));
const idsOf = ({ refreshToken, accessToken }: Consent) => [keyIdOf(refreshToken), keyIdOf(accessToken)];

describe('rekey', () => {
  it('seals all under the newest key, and changes nothing else', async () => {
    const parked = sealed('bob', older, { state: 'parked', reason: 'invalid_grant' });
    const kept = mapOf(sealed('ann', older), parked, sealed('cat', newest));
    const { report } = await run(kept);
    expect(report).toMatchObject({
      result: 'done',
      message: '2 consents are sealed anew, 1 already',
      sums: { rekeyed: 2, same: 1, closed: 0, left: 0 },
    });
    for (const consent of kept.values()) {
      expect(idsOf(consent)).toEqual([newest.id, newest.id]);
      const [refresh, access] = [
        unseal(consent.refreshToken, refreshOf(consent.user), keysOf(newest)),
        unseal(consent.accessToken, accessOf(consent.user), keysOf(newest)),
      ];
      expect([refresh, access].map((each) => each.kind === 'unsealed' && each.text.reveal())).toEqual([
        `refresh of ${consent.user}`,
        `access of ${consent.user}`,
      ]);
    }
    expect(kept.get('bob')).toMatchObject({ state: 'parked', reason: 'invalid_grant', revision: 2 });
    expect((await run(kept)).report.sums).toEqual({ rekeyed: 0, same: 3, closed: 0, left: 0 });
  });

  it('names what cannot be opened, and leaves it as it is', async () => {
    const before = [sealed('ann', strange), sealed('bob', older, { refreshToken: 'sealed1.broken' }), sealed('cat', older)];
    const kept = mapOf(...before);
    const { report, json } = await run(kept);
    expect(report).toMatchObject({ result: 'rejected', sums: { rekeyed: 1, same: 0, closed: 2, left: 0 } });
    expect(report.hint).toContain(`(${strange.id})`);
    expect(json.map(({ user, keyId }) => [user, keyId])).toEqual([
      ['ann', strange.id],
      ['bob', null],
    ]);
    expect([kept.get('ann'), kept.get('bob')]).toEqual(before.slice(0, 2));
  });

  it('forgets an access token alone that cannot be opened: there is a new one soon', async () => {
    const { accessToken } = sealed('ann', strange);
    const kept = mapOf(sealed('ann', older, { accessToken }));
    expect((await run(kept)).report.result).toBe('done');
    expect(kept.get('ann')).toMatchObject({ accessToken: '', accessUntil: 0 });
  });

  it('takes what somebody else changed meanwhile as it is by then', async () => {
    const kept = mapOf(sealed('ann', older));
    const consents = openMemoryConsents(kept);
    let changes = 1;
    const busy: Consents = {
      ...consents,
      keep: async (consent, signal) => {
        if (changes > 0) {
          changes -= 1;
          kept.set('ann', { ...sealed('ann', older, { account: 'new@example.com' }), revision: 7 });
        }
        return consents.keep(consent, signal);
      },
    };
    expect((await run(kept, busy)).report.sums).toMatchObject({ rekeyed: 1, left: 0 });
    expect(kept.get('ann')).toMatchObject({ account: 'new@example.com', revision: 8 });
    expect(idsOf(kept.get('ann') ?? consentOf('nobody'))).toEqual([newest.id, newest.id]);
  });

  it('says that the older key has to stay where somebody still seals under it', async () => {
    const kept = mapOf(sealed('ann', older));
    const consents = openMemoryConsents(kept);
    const stubborn: Consents = {
      ...consents,
      keep: async (consent, signal) => {
        const isKept = await consents.keep(consent, signal);
        kept.set('ann', { ...sealed('ann', older), revision: 9 });
        return isKept;
      },
    };
    expect((await run(kept, stubborn)).report).toMatchObject({
      result: 'later',
      sums: { rekeyed: 1, left: 1 },
      hint: expect.stringContaining('groupware.vault.oldKeys has to stay') as string,
    });
    const never: Consents = { ...openMemoryConsents(mapOf(sealed('ann', older))), keep: () => Promise.resolve(false) };
    const { report, text } = await run(new Map(), never);
    expect([report.result, text]).toEqual(['later', 'ann: others keep changing it']);
  });
});
