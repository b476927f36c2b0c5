// Tokens of users: kept sealed, renewed by whoever needs one, and lost by nobody.

import { randomBytes } from 'node:crypto';
import type { Consent, Consents } from '../../src/core/consent';
import type { Deadline } from '../../src/core/deadline';
import { Secret } from '../../src/core/secret';
import type { VaultKeys } from '../../src/core/vault';
import { vaultKeyOf } from '../../src/core/vault-keys';
import { sealedTokens, TokenSource, type TokenParts } from '../../src/groupware/google/consent/tokens';
import type { NoTokens, TokenAnswer } from '../../src/io/oauth-contract';
import { openMemoryConsents } from '../support/memory-consents';

const NOW = 1_700_000_000_000;
const USER = { login: 'pmorales', email: 'pmorales@example.com' };
const deadline = { signal: new AbortController().signal } as Deadline;

const key = vaultKeyOf(randomBytes(32));
const keys: VaultKeys = { current: key, byId: new Map([[key.id, key]]) };

function tokensOf(access: string, refresh?: string): TokenAnswer {
  const more = refresh === undefined ? {} : { refreshToken: new Secret(refresh) };
  return { kind: 'tokens', tokens: { accessToken: new Secret(access), forMs: 3_600_000, ...more } };
}

function consentOf(access: string, refresh: string, forMs: number): Consent {
  const tokens = { accessToken: new Secret(access), refreshToken: new Secret(refresh), forMs };
  const given = {
    user: USER.login,
    state: 'given',
    reason: '',
    account: USER.email,
    scopes: [],
    givenAt: NOW,
    revision: 1,
  } as const;
  return { refreshToken: '', ...given, ...sealedTokens(USER.login, tokens, NOW, keys) };
}

/** A server that makes one token after the other, and who asks it. */
function desk(given?: Consent, changed: Partial<TokenParts> = {}) {
  const kept = new Map(given === undefined ? [] : [[USER.login, given]]);
  const asked: string[] = [];
  const refresh: TokenParts['refresh'] = (token) => {
    asked.push(token.reveal());
    return Promise.resolve(tokensOf(`access ${asked.length}`));
  };
  const parts: TokenParts = { consents: openMemoryConsents(kept), keys, refresh, now: () => NOW, ...changed };
  return { kept, asked, parts, source: new TokenSource(parts) };
}

async function tokenOf(source: TokenSource, refused?: string): Promise<string> {
  const bearer = await source.bearer(USER, deadline, refused === undefined ? undefined : new Secret(refused));
  return bearer.kind === 'token' ? bearer.token.reveal() : bearer.reason;
}

describe('The token of a user', () => {
  it('is the one that is kept, until a minute before its end', async () => {
    const fresh = desk(consentOf('kept', 'refresh', 61_000));
    expect(await tokenOf(fresh.source)).toBe('kept');
    expect(fresh.asked).toEqual([]);
    const old = desk(consentOf('kept', 'refresh', 60_000));
    expect(await tokenOf(old.source)).toBe('access 1');
    expect(old.asked).toEqual(['refresh']);
  });

  it('is kept for the next run, and sealed', async () => {
    const { parts, source, kept, asked } = desk(consentOf('', 'refresh', 0));
    expect(await tokenOf(source)).toBe('access 1');
    expect(await tokenOf(new TokenSource(parts))).toBe('access 1');
    expect(asked).toHaveLength(1);
    expect(JSON.stringify([...kept])).not.toMatch(/access 1|"refresh"/);
  });

  it('is another one than the groupware refused', async () => {
    const { source, asked } = desk(consentOf('kept', 'refresh', 3_600_000));
    expect(await tokenOf(source)).toBe('kept');
    expect(await tokenOf(source, 'kept')).toBe('access 1');
    expect(await tokenOf(source)).toBe('access 1');
    expect(asked).toHaveLength(1);
  });

  it('opens for nobody else', async () => {
    const { kept, source } = desk();
    kept.set(USER.login, {
      ...consentOf('kept', 'refresh', 3_600_000),
      ...sealedTokens(
        'somebody',
        { accessToken: new Secret('theirs'), refreshToken: new Secret('theirs'), forMs: 3_600_000 },
        NOW,
        keys,
      ),
    });
    expect(await tokenOf(source)).toContain('the sealed token is damaged');
  });

  it('asks for a consent where there is none', async () => {
    const { source } = desk();
    expect(await source.bearer(USER, deadline)).toEqual({
      kind: 'refused',
      by: 'user',
      reason: 'pmorales has not agreed yet; publish-activity connect pmorales asks for it',
    });
  });

  it('waits for the key that it is sealed under, and parks nobody for it', async () => {
    const other = vaultKeyOf(randomBytes(32));
    const { kept, source } = desk(consentOf('', 'refresh', 0), { keys: { current: other, byId: new Map([[other.id, other]]) } });
    expect(await tokenOf(source)).toContain(`sealed under the key ${key.id}, which groupware.vault does not have`);
    expect(kept.get(USER.login)?.state).toBe('given');
  });

  it.each<[NoTokens, object, string]>([
    [{ kind: 'consent', reason: 'invalid_grant' }, { kind: 'refused', by: 'user' }, 'parked'],
    [{ kind: 'denied', reason: 'access_denied' }, { kind: 'refused', by: 'user' }, 'parked'],
    [
      { kind: 'client', reason: 'invalid_client' },
      { kind: 'refused', by: 'everybody', reason: 'no token: invalid_client' },
      'given',
    ],
    [{ kind: 'refused', reason: 'no answer of OAuth' }, { kind: 'refused', reason: 'no token: no answer of OAuth' }, 'given'],
    [
      { kind: 'later', reason: 'the server answers 503', afterMs: 7_000 },
      { kind: 'retry', reason: 'the server answers 503', afterMs: 7_000 },
      'given',
    ],
  ])('is not there: $kind', async (answer, expected, state) => {
    const { kept, source } = desk(consentOf('', 'refresh', 0), { refresh: () => Promise.resolve(answer) });
    expect(await source.bearer(USER, deadline)).toMatchObject(expected);
    expect(kept.get(USER.login)?.state).toBe(state);
  });

  it('is not asked for any more once it is parked, and is there again once the user agreed anew', async () => {
    const { kept, source, asked } = desk({ ...consentOf('', 'refresh', 0), state: 'parked', reason: 'invalid_grant' });
    expect(await tokenOf(source)).toBe('invalid_grant; publish-activity connect pmorales asks for it');
    expect(asked).toEqual([]);
    kept.set(USER.login, { ...consentOf('', 'new', 0), revision: 2 });
    expect(await tokenOf(source)).toBe('access 1');
  });

  it('is that of another run which renewed it while ours counted no more', async () => {
    const kept = new Map([[USER.login, consentOf('', 'old', 0)]]);
    const consents = openMemoryConsents(kept);
    const refresh: TokenParts['refresh'] = (token) => {
      if (token.reveal() === 'new') return Promise.resolve(tokensOf('by the new one'));
      kept.set(USER.login, { ...consentOf('', 'new', 0), revision: 2 });
      return Promise.resolve({ kind: 'consent', reason: 'invalid_grant' });
    };
    const { source } = desk(undefined, { consents, refresh });
    expect(await tokenOf(source)).toBe('by the new one');
    expect(kept.get(USER.login)?.state).toBe('given');
  });

  it('is kept with the new refresh token, though another run kept something at that moment', async () => {
    const kept = new Map([[USER.login, consentOf('', 'old', 0)]]);
    const consents = openMemoryConsents(kept);
    let first = true;
    const keep: Consents['keep'] = (consent, signal) => {
      if (first) kept.set(USER.login, { ...consentOf('', 'old', 0), refreshToken: consentOfOld.refreshToken, revision: 2 });
      first = false;
      return consents.keep(consent, signal);
    };
    const consentOfOld = kept.get(USER.login) ?? consentOf('', '', 0);
    const rotating = () => Promise.resolve(tokensOf('access', 'rotated'));
    const { source } = desk(undefined, { consents: { ...consents, keep }, refresh: rotating });
    expect(await tokenOf(source)).toBe('access');
    const asked: string[] = [];
    const next = desk(kept.get(USER.login), {
      refresh: (token) => {
        asked.push(token.reveal());
        return Promise.resolve(tokensOf('access 2'));
      },
    });
    await tokenOf(next.source, 'access');
    expect(asked).toEqual(['rotated']);
  });

  it('is renewed by two runs at once, and both have one that counts', async () => {
    const { parts, kept } = desk(consentOf('', 'refresh', 0));
    const both = await Promise.all([1, 2].map(() => tokenOf(new TokenSource(parts))));
    expect(both.sort()).toEqual(['access 1', 'access 2']);
    expect(kept.get(USER.login)).toMatchObject({ state: 'given', revision: 2 });
  });

  it('is parked where the groupware says that more has to be agreed to', async () => {
    const { source, kept } = desk(consentOf('kept', 'refresh', 3_600_000));
    expect(await source.park(USER, 'not every right was granted', deadline)).toMatchObject({ by: 'user' });
    expect(kept.get(USER.login)).toMatchObject({ state: 'parked', accessToken: '' });
    expect(await tokenOf(source)).toContain('not every right was granted');
  });

  it.each([
    ['and keeps it', keys],
    ['and keeps nothing without a vault', undefined],
  ])('is made by a service account %s', async (_, own) => {
    const emails: string[] = [];
    const { keys: ours, ...rest } = desk().parts;
    const kept = new Map<string, Consent>();
    const parts: TokenParts = {
      ...rest,
      ...(own === undefined ? {} : { keys: ours ?? keys }),
      consents: openMemoryConsents(kept),
      ask: (email) => {
        emails.push(email);
        return Promise.resolve(tokensOf(`for ${email}`));
      },
    };
    const source = new TokenSource(parts);
    expect(await tokenOf(source)).toBe('for pmorales@example.com');
    expect(await tokenOf(source)).toBe('for pmorales@example.com');
    expect(await tokenOf(new TokenSource(parts))).toBe('for pmorales@example.com');
    expect(emails).toHaveLength(own === undefined ? 2 : 1);
    expect(kept.size).toBe(own === undefined ? 0 : 1);
  });
});
