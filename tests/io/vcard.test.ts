// vCards read line by line, and changed line by line with all else to the letter.

import fc from 'fast-check';
import { vcards } from '../../src/io/vcard';
import type { CardLine } from '../../src/io/vcard-contract';

const text = (...lines: readonly string[]) => ['BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD', ''].join('\r\n');
const lineOf = (line: string): CardLine => {
  const found = vcards.read(text(line))?.[0]?.lines[1];
  if (found === undefined) throw new Error(`${line} is no line`);
  return found;
};

describe('a line of a card', () => {
  it.each([
    ['TEL:1', '', 'TEL', [], '1'],
    ['item1.tel;type=work:1', 'item1', 'TEL', ['work'], '1'],
    ['TEL;TYPE=WORK,VOICE;type="pref":1', '', 'TEL', ['WORK', 'VOICE', 'pref'], '1'],
    ['TEL;VALUE=uri;TYPE="voice,home":tel:+1;ext=2', '', 'TEL', ['voice', 'home'], 'tel:+1;ext=2'],
    ['TEL;HOME;TYPE=VOICE:1', '', 'TEL', ['HOME', 'VOICE'], '1'],
    ['TEL;HOME;VOICE:1', '', 'TEL', ['HOME', 'VOICE'], '1'],
    ['TEL;X-A="a:b;c";TYPE=CELL:1', '', 'TEL', ['CELL'], '1'],
    ['TEL;TYPE=;TYPE=CELL:', '', 'TEL', ['', 'CELL'], ''],
    ['FN;QUOTED-PRINTABLE:=41', '', 'FN', [], '=41'],
  ])('is taken apart: %s', (line, group, name, types, raw) => {
    const { group: its, name: called, isBroken, raw: value, parameter } = lineOf(line);
    expect([its, called, isBroken, parameter('TYPE'), value]).toEqual([group, name, false, types, raw]);
  });

  it.each([
    ['a\\,b\\;c\\\\d\\ne\\Nf\\:g', 'a,b;c\\d\ne\nf:g'],
    ['\\\\n', '\\n'],
    ['\\x\\', '\\x\\'],
  ])('has a text without escapes: %s', (raw, said) => {
    expect(lineOf(`FN:${raw}`).text).toBe(said);
  });

  it.each([
    ['Doe;John;;;', ['Doe', 'John', '', '', '']],
    ['a\\;b;c\\\\;d', ['a;b', 'c\\', 'd']],
    ['', ['']],
  ])('has parts: %s', (raw, parts) => {
    expect(lineOf(`N:${raw}`).parts.map((part) => part.text)).toEqual(parts);
  });

  it('has no more parts than any value has', () => {
    expect(lineOf(`ADR:${';'.repeat(100)}`).parts).toHaveLength(33);
  });

  it('keeps what is in front of its colon, but for the parameters that somebody takes away', () => {
    const { headWithout } = lineOf('Item1.Adr;type=WORK;label="a:b; c";X-Y=z:1');
    expect([headWithout(), headWithout('LABEL')]).toEqual([
      'Item1.Adr;type=WORK;label="a:b; c";X-Y=z',
      'Item1.Adr;type=WORK;X-Y=z',
    ]);
  });

  it('is broken where nobody can tell where its value begins', () => {
    expect(lineOf('TEL;X="a:1')).toMatchObject({ name: 'TEL', isBroken: true, raw: '', text: '' });
    expect(lineOf('TEL;X="a:1').parameter('TYPE')).toEqual([]);
  });
});

describe('reading', () => {
  it('gives all cards of a text', () => {
    const cards = vcards.read(`\ufeff\r\n${text('UID:1')}\r\n${text('UID:2')}`.replaceAll('\r\n', '\n'));
    expect(cards?.map(({ lines }) => lines.map((line) => line.text))).toEqual([
      ['3.0', '1'],
      ['3.0', '2'],
    ]);
  });

  it.each([
    ['nothing', ''],
    ['half a card', text('UID:1').slice(0, 30)],
    ['something behind it', `${text('UID:1')}x`],
    ['a card inside another one', text('AGENT:', 'BEGIN:VCARD', 'END:VCARD')],
    ['a calendar', text('UID:1').replaceAll('VCARD', 'VCALENDAR')],
    ['a line that is none', text('UID:1', '=41=42')],
    ['more lines than anybody writes', text(...Array.from({ length: 20_000 }, () => 'A:'))],
  ])('refuses %s', (_name, given) => {
    expect(vcards.read(given)).toBeUndefined();
  });
});

describe('changing', () => {
  const GIVEN = `\ufeff${text('item1.TEL;TYPE=work:', ' 1', 'item1.X-ABLabel:x', '', 'PHOTO:abc', '\tdef').replaceAll('\r\n', '\n')}`;

  it('leaves every other line to the letter', () => {
    const lines = new Map([
      [2, { name: 'item1.TEL;TYPE=work', value: { text: 'a;b' } }],
      [3, undefined],
    ]);
    const before = new Map([[6, [{ name: 'TEL', value: { parts: [{ plain: 'c,d' }, { text: 'e,f' }] } }]]]);
    expect(vcards.read(GIVEN)?.[0]?.lines.map(({ at, name }) => [at, name])).toEqual([
      [1, 'VERSION'],
      [2, 'TEL'],
      [3, 'X-ABLABEL'],
      [5, 'PHOTO'],
    ]);
    expect(vcards.change(GIVEN, { lines, before })).toBe(
      GIVEN.replace('work:\n 1\nitem1.X-ABLabel:x', 'work:a\\;b').replace('END', 'TEL:c,d;e\\,f\nEND'),
    );
    expect(vcards.change(GIVEN, { lines: new Map(), before: new Map() })).toBe(GIVEN);
  });

  it('writes texts that nothing gets out of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, two) => {
        const written = vcards.write([
          { name: 'FN', value: { text: one } },
          { name: 'N', value: { parts: [{ text: two }, { plain: one }] } },
        ]);
        const cards = vcards.read(written);
        expect(cards?.map(({ lines }) => lines.map(({ name }) => name))).toEqual([['FN', 'N']]);
        expect(cards?.[0]?.lines[1]?.parts[0]?.text).toBe(cards?.[0]?.lines[1] && plain(two));
        expect(cards?.[0]?.lines[0]?.text).toBe(plain(one));
      }),
    );
  });

  function plain(given: string): string {
    return given
      .split(/\r\n?|[\n\v\f\u0085\u2028\u2029]/)
      .map((line) => line.toWellFormed().replace(/(?!\t)\p{Cc}/gu, ''))
      .join('\n');
  }
});

describe('what is made to be slow', () => {
  const MB = 1024 ** 2;
  it.each([
    ['a photograph in folded lines', `PHOTO;ENCODING=b:${'A'.repeat(60)}${`\r\n ${'B'.repeat(74)}`.repeat((7 * MB) / 77)}`],
    ['a line of megabytes', `X-A:${'a'.repeat(7 * MB)}`],
    ['nothing but folds', `X-A:1${'\r\n '.repeat((7 * MB) / 3)}`],
    ['nothing but parameters', `TEL${';'.repeat(7 * MB)}:1`],
    ['nothing but blanks in a parameter', `TEL;${' '.repeat(7 * MB)}:1`],
    ['nothing but quotation marks', `TEL;X=${'"'.repeat(7 * MB)}:1`],
    ['nothing but backslashes', `TEL:${'\\'.repeat(7 * MB)}`],
    ['no colon', `TEL;${'a'.repeat(7 * MB)}`],
    ['a name without end', `${'a'.repeat(7 * MB)}:1`],
    ['groups without end', `${'a.'.repeat(3 * MB)}TEL:1`],
  ])('is read once, and changed in one go: %s', (_name, line) => {
    const given = text(line, 'UID:1');
    const cards = vcards.read(given);
    if (cards === undefined) return;
    const last = cards[0]?.lines[1];
    expect([last?.text.length, last?.parts.length, last?.parameter('TYPE').length]).toBeDefined();
    expect(vcards.change(given, { lines: new Map(), before: new Map() })).toBe(given);
  });
});
