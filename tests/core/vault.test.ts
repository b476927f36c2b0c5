// What is sealed opens for its user, its purpose and its key, and for nothing else; and it is told which of them is wrong.

import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { Secret } from '../../src/core/secret';
import { keyIdOf, rekey, seal, unseal, type SealedFor, type Unsealed, type VaultKey, type VaultKeys } from '../../src/core/vault';
import { vaultKeyOf } from '../../src/core/vault-keys';

const TOKEN = '1//0g-Zürich 🚀';
const ABOUT: SealedFor = { purpose: 'refresh-token', user: 'agent1' };

function vault(current: VaultKey, ...old: readonly VaultKey[]): VaultKeys {
  return { current, byId: new Map([current, ...old].map((key) => [key.id, key])) };
}

const [first, second, third] = [vaultKeyOf(randomBytes(32)), vaultKeyOf(randomBytes(32)), vaultKeyOf(randomBytes(32))];
const keys = vault(first);

/** What came of it, with the text by name. */
function opened(result: Unsealed): unknown {
  return result.kind === 'unsealed' ? result.text.reveal() : result;
}

/** The sealed text with one of its four parts changed. */
function withPart(sealed: string, at: number, change: (part: string) => string): string {
  return sealed
    .split('.')
    .map((part, place) => (place === at ? change(part) : part))
    .join('.');
}

/** The bytes of a part, with the bits of one of them turned. */
function turned(at: number): (part: string) => string {
  return (part) => {
    const bytes = Buffer.from(part, 'base64url');
    const place = at < 0 ? bytes.length + at : at;
    bytes.writeUInt8(bytes.readUInt8(place) ^ 0x01, place);
    return bytes.toString('base64url');
  };
}

describe('A sealed text', () => {
  it.each([TOKEN, '', 'x', '\0', '\ufeffa', 'x'.repeat(100_000), '{"access_token":"ya29","expires":1}'])(
    'opens again: %#',
    (text) => {
      const sealed = seal(new Secret(text), ABOUT, keys);
      expect(opened(unseal(sealed, ABOUT, keys))).toBe(text);
      expect(sealed).toMatch(/^sealed1\.[\da-f]{16}\.[\w-]{80}\.[\w-]+$/);
    },
  );

  it('was never a text that UTF-8 cannot hold', () => {
    expect(() => seal(new Secret('a\ud800'), ABOUT, keys)).toThrow(
      new TypeError('a text with half a character cannot be sealed'),
    );
  });

  it('is another one each time, and shows nothing of what is in it', () => {
    const all = Array.from({ length: 50 }, () => seal(new Secret(TOKEN), ABOUT, keys));
    for (const part of [2, 3]) expect(new Set(all.map((sealed) => sealed.split('.')[part])).size).toBe(50);
    expect(all.filter((sealed) => Buffer.from(sealed.split('.')[3] ?? '', 'base64url').includes('0g-Z'))).toEqual([]);
  });

  it('of 512 bytes has 826 characters', () => {
    expect(seal(new Secret('x'.repeat(512)), ABOUT, keys)).toHaveLength(826);
  });

  const sealed = seal(new Secret(TOKEN), ABOUT, keys);
  const other = seal(new Secret('another token'), ABOUT, keys);
  const part = (text: string, at: number) => text.split('.')[at] ?? '';
  const damaged = (where: string) => ({ kind: 'damaged', where });

  it.each<[string, string, object]>([
    ['the first byte of its nonce', withPart(sealed, 3, turned(0)), damaged('text')],
    ['the first byte of its text', withPart(sealed, 3, turned(12)), damaged('text')],
    ['the last byte of its text', withPart(sealed, 3, turned(-17)), damaged('text')],
    ['the first byte of its tag', withPart(sealed, 3, turned(-16)), damaged('text')],
    ['the last byte of its tag', withPart(sealed, 3, turned(-1)), damaged('text')],
    [
      'a text that is shorter',
      withPart(sealed, 3, (text) => Buffer.from(text, 'base64url').subarray(0, -3).toString('base64url')),
      damaged('text'),
    ],
    [
      'a text that is longer',
      withPart(sealed, 3, (text) => Buffer.concat([Buffer.from(text, 'base64url'), Buffer.alloc(3)]).toString('base64url')),
      damaged('text'),
    ],
    ['a tag and nothing else', withPart(sealed, 3, () => Buffer.alloc(28).toString('base64url')), damaged('text')],
    ['less than a tag', withPart(sealed, 3, () => Buffer.alloc(27).toString('base64url')), damaged('form')],
    ['no text', withPart(sealed, 3, () => ''), damaged('form')],
    ['the text of another one', withPart(sealed, 3, () => part(other, 3)), damaged('text')],
    ['the first byte of its data key', withPart(sealed, 2, turned(12)), damaged('key')],
    ['the nonce of its data key', withPart(sealed, 2, turned(0)), damaged('key')],
    ['the tag of its data key', withPart(sealed, 2, turned(-1)), damaged('key')],
    ['the data key of another one', withPart(sealed, 2, () => part(other, 2)), damaged('text')],
    ['a data key that is shorter', withPart(sealed, 2, (text) => text.slice(0, -4)), damaged('form')],
    ['a data key that is longer', withPart(sealed, 2, (text) => `${text}AAAA`), damaged('form')],
    ['another key id', withPart(sealed, 1, () => 'f'.repeat(16)), { kind: 'lost-key', keyId: 'f'.repeat(16) }],
    ['the id of a key that is there, too', withPart(sealed, 1, () => second.id), damaged('key')],
    ['a key id in capitals', withPart(sealed, 1, () => 'F'.repeat(16)), damaged('form')],
    ['a key id that is shorter', withPart(sealed, 1, (id) => id.slice(1)), damaged('form')],
    ['the name of what every object has', withPart(sealed, 1, () => '__proto__'), damaged('form')],
    ['a later version', withPart(sealed, 0, () => 'sealed2'), { kind: 'newer' }],
    ['a much later version, of another form', 'sealed12.x', { kind: 'newer' }],
    ['version 0', withPart(sealed, 0, () => 'sealed0'), damaged('form')],
    ['version 01', withPart(sealed, 0, () => 'sealed01'), damaged('form')],
    ['no version', withPart(sealed, 0, () => 'sealed'), damaged('form')],
    ['a data key in small letters', withPart(sealed, 2, (text) => text.toLowerCase()), damaged('key')],
    ['a blank at its end', `${sealed} `, damaged('form')],
    ['a line end at its end', `${sealed}\n`, damaged('form')],
    ['a line before it', `x\n${sealed}`, damaged('form')],
    ['a fifth part', `${sealed}.AAAA`, damaged('form')],
    ['base64 with other letters', withPart(sealed, 3, () => '+/+/'.repeat(20)), damaged('form')],
    ['an equals sign at its end', `${sealed}=`, damaged('form')],
    ['nothing', '', damaged('form')],
    ['a token that nobody sealed', '1//0gAbCdEf', damaged('form')],
  ])('with something changed does not open, and says why: %s', (_, changed, expected) => {
    const both = vault(first, second);
    expect(changed).not.toBe(sealed);
    expect(unseal(changed, ABOUT, both)).toEqual(expected);
    expect(unseal(sealed, ABOUT, both).kind).toBe('unsealed');
  });

  it('opens with no bit of it changed', () => {
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    const open = [...sealed].flatMap((digit, at) =>
      Array.from(digits)
        .filter((each) => each !== digit)
        .map((each) => `${sealed.slice(0, at)}${each}${sealed.slice(at + 1)}`)
        .filter((changed) => unseal(changed, ABOUT, keys).kind === 'unsealed'),
    );
    expect(open).toEqual([]);
  });

  it.each<[string, SealedFor]>([
    ['another user', { ...ABOUT, user: 'agent2' }],
    ['a user in capitals', { ...ABOUT, user: 'AGENT1' }],
    ['another purpose', { ...ABOUT, purpose: 'access-token' }],
    ['both in one', { purpose: 'refresh-token","agent1', user: '' }],
    ['both the other way round', { purpose: 'agent1', user: 'refresh-token' }],
  ])('does not open for %s', (_, about) => {
    expect(unseal(sealed, about, keys)).toEqual(damaged('key'));
    expect(rekey(sealed, about, vault(second, first))).toEqual(damaged('key'));
  });

  it('opens as one that was sealed by another program', () => {
    // Made with AESGCM of Python's cryptography from the key 00 01 … 1f, and not with this program; docs/formats.md has its form.
    const foreign =
      'sealed1.0286862e669460cb.yMnKy8zNzs_Q0dLTdR0HvO6lkUsYUXHRbneZZ5Tymt98EtJfkdRFnloQKWodHiOgs5iWxx2OhI_I0cbb.' +
      '3N3e3-Dh4uPk5ebnkSe-mtuIYoFmWSqstoznRZYXBgCwBITWYHpVX_jDi98jRQ';
    const key = vaultKeyOf(Buffer.from('AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=', 'base64'));
    expect(opened(unseal(foreign, ABOUT, vault(first, key)))).toBe(TOKEN);
  });
});

describe('A new key', () => {
  const sealed = seal(new Secret(TOKEN), ABOUT, keys);
  const rekeyed = rekey(sealed, ABOUT, vault(second, first));
  const again = rekeyed.kind === 'rekeyed' ? rekeyed.sealed : '';

  it('wraps what was sealed, and leaves the text as it is', () => {
    expect(again.split('.')[3]).toBe(sealed.split('.')[3]);
    expect(again.split('.')[2]).not.toBe(sealed.split('.')[2]);
    expect([keyIdOf(sealed), keyIdOf(again)]).toEqual([first.id, second.id]);
  });

  it('opens it without the old one, which opens it no more', () => {
    expect(opened(unseal(again, ABOUT, vault(second)))).toBe(TOKEN);
    expect(unseal(again, ABOUT, keys)).toEqual({ kind: 'lost-key', keyId: second.id });
  });

  it('leaves alone what is under it already', () => {
    expect(rekey(again, ABOUT, vault(second, first))).toEqual({ kind: 'same' });
  });

  it('can follow another one', () => {
    const last = rekey(again, ABOUT, vault(third, second, first));
    expect(opened(unseal(last.kind === 'rekeyed' ? last.sealed : '', ABOUT, vault(third)))).toBe(TOKEN);
  });

  it.each<[string, string, VaultKeys, object]>([
    ['a key that is lost', sealed, vault(second, third), { kind: 'lost-key', keyId: first.id }],
    ['a data key that is damaged', withPart(sealed, 2, turned(20)), vault(second, first), { kind: 'damaged', where: 'key' }],
    ['nothing that was sealed', 'x', vault(second, first), { kind: 'damaged', where: 'form' }],
    ['a later version', 'sealed2.x', vault(second, first), { kind: 'newer' }],
  ])('wraps nothing of %s', (_, text, all, expected) => {
    expect(rekey(text, ABOUT, all)).toEqual(expected);
  });

  it('does not make a damaged text whole', () => {
    const result = rekey(withPart(sealed, 3, turned(14)), ABOUT, vault(second, first));
    const moved = result.kind === 'rekeyed' ? result.sealed : '';
    expect(unseal(moved, ABOUT, vault(second))).toEqual({ kind: 'damaged', where: 'text' });
  });

  it('still does what it wrapped for the user that it was sealed for only', () => {
    expect(unseal(again, { ...ABOUT, user: 'agent2' }, vault(second))).toEqual({ kind: 'damaged', where: 'key' });
  });

  it('has an id only where something is sealed under it', () => {
    expect(['x', '', 'sealed2.x', `${sealed} `].map(keyIdOf)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('The keys of a vault', () => {
  it('show nothing of themselves however they are printed', () => {
    const bytes = Buffer.from('0123456789abcdefghijklmnopqrstuv');
    const all = vault(vaultKeyOf(bytes));
    const printed = [
      inspect(all, { depth: 9, showHidden: true }),
      JSON.stringify(all),
      JSON.stringify([...all.byId]),
      inspect(all.current.key, { showHidden: true }),
    ];
    const spellings = [
      bytes.toString(),
      bytes.toString('hex'),
      bytes.toString('base64'),
      bytes.join(','),
      bytes.toString('hex').replace(/(..)/g, '$1 '),
    ];
    for (const text of printed) for (const spelling of spellings) expect(text).not.toContain(spelling.slice(0, 12));
  });
});
