// Whatever somebody makes of a secret by escaping it, nothing of it can be read afterwards.

import * as fc from 'fast-check';
import { makeRedactor } from '../../src/core/redact';
import { Secret } from '../../src/core/secret';
import { unescaped } from '../../src/core/unescape';

const each = (pattern: RegExp, spell: (unit: string) => string) => (text: string) => text.replace(pattern, spell);
const hex = (unit: string, digits: number) => unit.charCodeAt(0).toString(16).padStart(digits, '0');
const lowerPercent = (text: string) => encodeURIComponent(text).replace(/%../g, (escape) => escape.toLowerCase());
const NAMES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** Each takes a text that is well formed. */
const ESCAPES: Readonly<Record<string, (text: string) => string>> = {
  html: each(/[&<>"']/g, (unit) => `&${NAMES[unit] ?? ''};`),
  'decimal html': each(/[&<>"'\u0080-\uffff]/g, (unit) => `&#${unit.charCodeAt(0)};`),
  'html of everything': each(/./gsu, (unit) => `&#x${(unit.codePointAt(0) ?? 0).toString(16)};`),
  'html with zeros': each(/[&<>"']/g, (unit) => `&#0${unit.charCodeAt(0)};`),
  json: (text) => JSON.stringify(text).slice(1, -1),
  'json with slashes': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'json in ascii': (text) => each(/[\u007f-\uffff&<>']/g, (unit) => `\\u${hex(unit, 4)}`)(JSON.stringify(text).slice(1, -1)),
  'json in big letters': each(/[^\w ]/g, (unit) => `\\u${hex(unit, 4).toUpperCase()}`),
  'hex of a script': each(/[^\w -\u00ff]|\\/g, (unit) => (unit < '\u0100' ? `\\x${hex(unit, 2)}` : `\\u${hex(unit, 4)}`)),
  address: encodeURIComponent,
  'address in small letters': lowerPercent,
  'address of everything': (text) =>
    [...Buffer.from(text, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  form: (text) => new URLSearchParams({ a: text }).toString().slice(2),
  shell: each(/[^\w\n\u0080-\uffff]/g, (unit) => `\\${unit}`),
};

/** What can be a secret: no header, address or login takes a control character. */
const plain = fc
  .string({ unit: 'binary', minLength: 4, maxLength: 40 })
  .filter((text) => /[^\p{Cc}]{4}/u.test(text) && !/[\u2026\ufffd]|\.{3}/.test(text));
/** Texts that look like escapes, or like parts of them. */
const nasty = fc
  .array(
    fc.constantFrom(
      ...[
        '%',
        '%2',
        '%25',
        '%41',
        '&',
        '&amp;',
        '&am',
        '&#3',
        '&#x41;',
        ';',
        '\\',
        '\\\\',
        '\\u00',
        '\\u0041',
        '\\x4',
        '\\n',
        '\n',
      ],
      ...[
        'u',
        'x',
        '+',
        ' ',
        '"',
        "'",
        '<',
        '/',
        '{',
        '}',
        '\u00e9',
        '\u00c3\u00a9',
        '\u{1f600}',
        'a',
        'Z',
        '0',
        '9',
        'pass',
        '#',
      ],
    ),
    { minLength: 3, maxLength: 20 },
  )
  .map((parts) => parts.join(''));
const isLong = (text: string) => text.trim().length >= 4 && text.isWellFormed() && unescaped(text).text.length >= 4;
const secrets = plain.filter(isLong);
const likeEscapes = nasty.filter(isLong);
const chains = fc.array(fc.constantFrom(...Object.keys(ESCAPES)), { maxLength: 4 });

/** What people take for a secret, and escapes that one cut leaves halves of. */
const wordy = fc
  .string({ unit: 'grapheme', minLength: 6, maxLength: 40 })
  .filter((text) => unescaped(text).text.length >= 6 && !/[\u2026\ufffd]|\.{3}/.test(text));
const fewer = fc.array(fc.constantFrom(...Object.keys(ESCAPES)), { maxLength: 2 });

function spell(text: string, chain: readonly string[]): string {
  return chain.reduce((so, name) => ESCAPES[name]?.(so) ?? so, text);
}

const [BEFORE, AFTER] = ['it said: ', ' to us'];

/** What is left of what stood between two words, without escapes and masks. */
function restOf(masked: string): string {
  return unescaped(masked).text.replace(BEFORE, '').replace(AFTER, '').replaceAll('***', '');
}

describe('A secret', () => {
  it('is gone, whatever escapes were put on it, in whatever order', () => {
    fc.assert(
      fc.property(secrets, chains, (secret, chain) => {
        const masked = makeRedactor([new Secret(secret)])(BEFORE + spell(secret, chain) + AFTER);
        expect(masked).toContain('***');
        expect(restOf(masked).length).toBeLessThan(4);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['an entity behind it', ' ! \u{10000}', ['html of everything', 'html of everything', 'shell', 'hex of a script']],
    ['a byte behind it', 'ax41b-geheim', ['address of everything', 'shell', 'hex of a script']],
    ['a letter that begins an escape', 'ax41b-geheim', ['html of everything', 'shell', 'hex of a script']],
    ['an escape in truth', 'geheim-\\x41b', ['html of everything']],
  ])('is gone where a backslash was escaped, too, and there is %s', (_, secret, chain) => {
    const masked = makeRedactor([new Secret(secret)])(BEFORE + spell(secret, chain) + AFTER);
    expect(masked).toContain('***');
    expect(restOf(masked).length).toBeLessThan(4);
  });

  it('that looks like escapes itself is gone as it is written, and escaped once', () => {
    fc.assert(
      fc.property(likeEscapes, fc.constantFrom('', ...Object.keys(ESCAPES)), (secret, name) => {
        const masked = makeRedactor([new Secret(secret)])(BEFORE + spell(secret, [name]) + AFTER);
        expect(masked).toContain('***');
        expect(masked).not.toContain(spell(secret, [name]));
      }),
      { numRuns: 3_000 },
    );
  });

  it('is gone in base64, too, whatever escapes were put on that', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 }), chains, fc.nat(2), (secret, chain, before) => {
        const encoded = Buffer.from(`${'x'.repeat(before)}${secret}tail`).toString('base64');
        const masked = makeRedactor([new Secret(secret)])(BEFORE + spell(encoded, chain) + AFTER);
        expect(masked).toContain('***');
      }),
      { numRuns: 500 },
    );
  });

  it('is gone where the end of it was cut off, at the end of a text and before what stands for that', () => {
    fc.assert(
      fc.property(wordy, fewer, fc.nat(), fc.constantFrom('', '\u2026', '...', '\ufffd', ' \n'), (secret, chain, at, mark) => {
        const spelled = spell(secret, chain);
        const cut = spelled.slice(0, at % (spelled.length + 1)).replace(/[\ud800-\udbff]$/, '');
        const masked = makeRedactor([new Secret(secret)])(BEFORE + cut + mark);
        // Of a secret's first four characters at least one is hidden, and with it all that follow; half an escape says nothing.
        const left = masked.slice(BEFORE.length).replace(/[\u2026\ufffd.\s]+$/, '');
        if (left.includes('***')) return;
        const bare = unescaped(left);
        const shown = bare.text.slice(0, bare.beginOfCut(bare.text.length));
        expect(commonStart(shown, unescaped(secret).text)).toBeLessThan(4);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['the end of a text', 'token geheimes-w', 'token ***'],
    ['the end of a line', 'token geheimes-w\n', 'token ***\n'],
    ['three dots', 'token geheimes-w... was refused', 'token ***... was refused'],
    ['one mark for them', '"geheimes-w\u2026" was refused', '"***\u2026" was refused'],
    ['half an escape', 'token geheimes-wort%2', 'token ***'],
    ['half a character', 'token geheimes-wort%2fgr\ufffd', 'token ***\ufffd'],
    ['its own beginning', '\u2026wort/gr\u00fcn was refused', '\u2026*** was refused'],
    [
      'a part of base64',
      `Basic ${Buffer.from('crm:geheimes-wort/gr').toString('base64').slice(0, 16)}`,
      /^Basic Y3Jt\w{0,2}\*\*\*$/,
    ],
    ['three characters, which say nothing', 'token geh', 'token geh'],
    ['the middle of a text, which is no end', 'geheimes', '***'],
    ['a word that begins alike', 'geheim is what it is', 'geheim is what it is'],
  ])('is masked before %s', (_, text, expected) => {
    const masked = makeRedactor([new Secret('geheimes-wort/gr\u00fcn')])(text);
    if (typeof expected === 'string') expect(masked).toBe(expected);
    else expect(masked).toMatch(expected);
  });

  it('is masked before half an escape after blanks of its own', () => {
    const secret = '\u{10000}  \u{10000}-geheim';
    expect(makeRedactor([new Secret(secret)])('token \\ud800\\udc00  \\')).toBe('token ***\\');
  });

  it('that is an address is no secret in its server alone', () => {
    const mask = makeRedactor([new Secret('https://hooks.example/T012/geheim')]);
    expect(mask('see https://hooks.example')).toBe('see https://hooks.example');
    expect(mask('see https://hooks.example/T012/geh')).toBe('see ***');
    expect(mask('https:\\/\\/hooks.example\\/T012\\/geheim')).toBe('***');
  });

  it.each([
    ['html', 'a&amp;b&lt;c-geheim', '***'],
    ['json of html', 'a\\u0026amp;b\\u0026lt;c-geheim', '***'],
    ['small per cent', 'a%26b%3cc-geheim', '***'],
    ['per cent twice', 'a%2526b%253Cc-geheim', '***'],
    ['the escape of a script', 'a%u0026b%u003cc-geheim', '***'],
    ['a number in braces', 'a\\u{26}b\\u{3c}c-geheim', '***'],
  ])('is masked in %s', (_, text, expected) => {
    expect(makeRedactor([new Secret('a&b<c-geheim')])(text)).toBe(expected);
  });

  it('leaves JSON what it is', () => {
    fc.assert(
      fc.property(secrets, plain, plain, (secret, before, after) => {
        const json = JSON.stringify({ before, said: `${before}${secret}${after}`, after });
        const masked = makeRedactor([new Secret(secret)])(json);
        expect(() => JSON.parse(masked) as unknown).not.toThrow();
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('The redactor', () => {
  it('leaves what holds no secret as it is, escapes included', () => {
    fc.assert(
      fc.property(fc.oneof(plain, nasty), (text) => {
        expect(makeRedactor([new Secret('Xq7-geheim-und-lang')])(text)).toBe(text);
      }),
    );
  });

  it.each([
    ['per cent', '%25'.repeat(300_000)],
    ['per cent of per cent', `%${'25'.repeat(500_000)}41`],
    ['entities', '&amp;'.repeat(200_000)],
    ['half entities', '&#x'.repeat(300_000)],
    ['backslashes', '\\'.repeat(1_000_000)],
    ['what was left out', 'gehe\u2026'.repeat(200_000)],
    ['the begin of a secret', 'geheim-'.repeat(150_000)],
    ['bytes', '%c3'.repeat(300_000)],
  ])('takes a megabyte of %s in time', (_, text) => {
    const mask = makeRedactor([new Secret('geheim-geheim-geheim-gehein'), new Secret('another%41&amp;secret\\')]);
    expect(typeof mask(text)).toBe('string');
  });
});

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
