// Keys of a vault come from a file or the environment, and what is wrong with one is told without a character of it.

import { randomBytes } from 'node:crypto';
import { makeRedactor } from '../../src/core/redact';
import { Secret } from '../../src/core/secret';
import type { Problem, Source } from '../../src/core/shape';
import { seal, unseal, type VaultKeys } from '../../src/core/vault';
import { vaultKeysShape } from '../../src/core/vault-keys';

const [one, two] = [randomBytes(32), randomBytes(32)];
const HINT = 'openssl rand -base64 32 makes one';
const NO_KEY = `is not 32 bytes in base64 or as 64 hexadecimal digits; ${HINT}`;
const OUTSIDE = 'must be { "file": "PATH" } or { "env": "NAME" }: a key never stands in the configuration itself';

interface Read {
  readonly keys: VaultKeys | undefined;
  readonly problems: readonly string[];
  readonly secrets: readonly Secret[];
}

/** Reads a configuration, with files and variables of these texts. */
function read(raw: unknown, files: Readonly<Record<string, string>> = {}): Read {
  const problems: Problem[] = [];
  const secrets: Secret[] = [];
  const readFile = (path: string) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('x'), { code: 'ENOENT' });
    return text;
  };
  const source: Source = { env: files, resolvePath: (path) => path, readFile, problems, secrets };
  const keys = vaultKeysShape().parse(raw, { path: ['vault'], source });
  return { keys, problems: problems.map(({ path, message }) => `${path.join('.')}: ${message}`), secrets };
}

describe('A key of a vault', () => {
  it.each<[string, string]>([
    ['in base64', one.toString('base64')],
    ['in base64 without its equals sign', one.toString('base64').slice(0, -1)],
    ['in base64 for addresses', one.toString('base64url')],
    ['in hexadecimal', one.toString('hex')],
    ['in hexadecimal capitals', one.toString('hex').toUpperCase()],
    ['with line ends of Windows', `${one.toString('base64')}\r\n`],
    ['with blanks around it', `  ${one.toString('base64')}\t\n`],
  ])('is read %s, and is the same one', (_, text) => {
    const { keys, problems } = read({ key: { file: 'k' } }, { k: text });
    expect(problems).toEqual([]);
    expect(keys?.current.id).toBe(read({ key: { env: 'K' } }, { K: one.toString('base64') }).keys?.current.id);
  });

  it.each<[string, string, string]>([
    ['a word', 'correct horse battery staple', NO_KEY],
    ['31 bytes', randomBytes(31).toString('base64'), NO_KEY],
    ['33 bytes', randomBytes(33).toString('base64'), NO_KEY],
    ['62 digits', one.toString('hex').slice(2), NO_KEY],
    ['a certificate', '-----BEGIN PRIVATE KEY-----\nMIIE', NO_KEY],
    ['two keys', `${one.toString('base64')}\n${two.toString('base64')}`, NO_KEY],
    ['nothing but zeros', '0'.repeat(64), `is no random key; ${HINT}`],
    ['a letter again and again', Buffer.from('a'.repeat(32)).toString('base64'), `is no random key; ${HINT}`],
    ['a word again and again', Buffer.from('password'.repeat(4)).toString('base64'), `is no random key; ${HINT}`],
    ['blanks', '  ', 'is an empty secret'],
  ])('is none of %s', (_, text, message) => {
    const { keys, problems, secrets } = read({ key: { file: 'k' } }, { k: text });
    expect(keys).toBeUndefined();
    expect(problems).toEqual([`vault.key: ${message}`]);
    expect(secrets.map((each) => each.reveal())).toEqual([text.replace(/[\r\n]+$/, '')]);
  });

  it('never stands in the configuration itself, and is masked where it does', () => {
    const { keys, problems, secrets } = read({ key: one.toString('base64') });
    expect(keys).toBeUndefined();
    expect(problems).toEqual([`vault.key: ${OUTSIDE}`]);
    expect(makeRedactor(secrets)(`see ${one.toString('base64')}`)).toBe('see ***');
  });

  it.each<[string, unknown, string]>([
    ['a file that is not there', { file: 'none' }, 'vault.key: the file none cannot be read: there is no such file'],
    ['a variable that is not set', { env: 'NONE' }, 'vault.key: the environment variable NONE is not set'],
    ['a number', 5, `vault.key: ${OUTSIDE}`],
    ['a list', ['k'], `vault.key: ${OUTSIDE}`],
    ['nothing', null, 'vault.key: is missing'],
  ])('is looked for in vain: %s', (_, key, message) => {
    expect(read({ key }).problems).toEqual([message]);
  });

  it('is what its schema says', () => {
    expect(JSON.stringify(vaultKeysShape().schema)).not.toContain('"anyOf":[{"type":"string"');
    expect(vaultKeysShape().schema).toMatchObject({
      required: ['key'],
      properties: { key: { anyOf: [{ required: ['env'] }, { required: ['file'] }] }, oldKeys: { type: 'array' } },
    });
  });
});

describe('The keys of a vault', () => {
  const files = { new: two.toString('base64'), old: one.toString('hex') };
  const about = { purpose: 'refresh-token', user: 'agent1' };

  it('seal with the one, and open with the old ones, too', () => {
    const before = read({ key: { file: 'old' } }, files).keys;
    const after = read({ key: { file: 'new' }, oldKeys: [{ env: 'old' }] }, files).keys;
    const without = read({ key: { file: 'new' } }, files).keys;
    if (before === undefined || after === undefined || without === undefined) throw new Error('keys were refused');
    const sealed = seal(new Secret('token'), about, before);
    expect(unseal(sealed, about, after).kind).toBe('unsealed');
    expect(unseal(sealed, about, without)).toEqual({ kind: 'lost-key', keyId: before.current.id });
    expect(unseal(seal(new Secret('token'), about, after), about, without).kind).toBe('unsealed');
  });

  it('are not the same one twice', () => {
    const same = 'vault: holds the same key twice; has the new one been made yet?';
    expect(read({ key: { file: 'old' }, oldKeys: [{ env: 'old' }] }, files).problems).toEqual([same]);
    expect(read({ key: { file: 'new' }, oldKeys: [{ env: 'old' }, { file: 'old' }] }, files).problems).toEqual([same]);
  });

  it('are named by what they are', () => {
    // By Python's hmac of the key 00 01 … 1f, and not by this program.
    const key = Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString('base64');
    expect(read({ key: { file: 'k' } }, { k: key }).keys?.current.id).toBe('0286862e669460cb');
  });
});
