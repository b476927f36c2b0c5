import fc from 'fast-check';
import { create } from 'xmlbuilder2';
import { xmlDocument } from '../../src/io/xml';

const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>';

describe('xmlDocument', () => {
  it('keeps the order and puts every text into CDATA', () => {
    expect(
      xmlDocument('message', [
        ['title', 'Created Case for <Ann> & "Bob"'],
        ['body', ' #crm\r\nÜmlaut 🎈'],
        ['url', ''],
      ]),
    ).toBe(
      `${PROLOG}<message><title><![CDATA[Created Case for <Ann> & "Bob"]]></title><body><![CDATA[ #crm\r\nÜmlaut 🎈]]></body><url></url></message>`,
    );
  });

  it.each([
    ['the end of CDATA', 'a]]>b', '<![CDATA[a]]]]><![CDATA[>b]]>'],
    ['nothing but ends', ']]>]]>', '<![CDATA[]]]]><![CDATA[>]]]]><![CDATA[>]]>'],
    ['an end that appears once a forbidden character is gone', ']]\u0000>', '<![CDATA[]]]]><![CDATA[>]]>'],
    ['an end of the document', '</message>', '<![CDATA[</message>]]>'],
    ['control characters', 'a\u0000\u0008\u001f\u007f\u0085b\tc', '<![CDATA[a\u007f\u0085b\tc]]>'],
    ['characters that are none', 'a\ufffe\uffffb', '<![CDATA[ab]]>'],
    ['half surrogate pairs', '\ud83c a \udf88', '<![CDATA[\ufffd a \ufffd]]>'],
    ['right to left marks', '\u202eevil', '<![CDATA[\u202eevil]]>'],
  ])('copes with %s', (_, text, written) => {
    expect(xmlDocument('m', [['t', text]])).toBe(`${PROLOG}<m><t>${written}</t></m>`);
  });

  it('is read back by a real parser as what it was, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(']', '>', '<', '&', 'a', 'é', '🎈', '\n', '"', '-', '!', '[CDATA['), maxLength: 30 }),
        (text) => {
          const root = create(xmlDocument('m', [['t', text]])).root().node as unknown as { readonly textContent: string };
          expect(root.textContent).toBe(text);
        },
      ),
    );
  });

  it('writes a megabyte without delay', () => {
    const begin = Date.now();
    expect(xmlDocument('m', [['t', ']]>'.repeat(350_000)]]).length).toBeGreaterThan(1_000_000);
    expect(Date.now() - begin).toBeLessThan(10_000);
  });
});
