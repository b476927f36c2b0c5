// XML of servers as it is read, and what is none; and the trees that are written, read back.

import fc from 'fast-check';
import type { NewXml, XmlNode } from '../../src/io/xml-contract';
import { xmlTree } from '../../src/io/xml';
import { readXml } from '../../src/io/xml-reader';

const spelled = ({ namespace, name, text, attributes, children }: XmlNode): unknown => [
  `{${namespace}}${name}`,
  Object.fromEntries(attributes),
  text,
  ...children.map(spelled),
];

describe('readXml', () => {
  it('knows names by what their prefixes stand for', () => {
    const same = [
      '<a xmlns="DAV:"><b x="1">t</b></a>',
      '<?xml version="1.0" encoding="UTF-8"?>\n<!-- c --><D:a xmlns:D="DAV:"><D:b x="1">t</D:b></D:a>\n',
      "\ufeff<x:a xmlns:x='DAV:'><y:b x='1' z:x='2' xmlns:y='DAV:' xmlns:z='u'><![CDATA[t]]></y:b></x:a>",
    ].map((text) => readXml(text));
    for (const node of same) expect(node && spelled(node)).toEqual(['{DAV:}a', {}, '', ['{DAV:}b', { x: '1' }, 't']]);
  });

  it('keeps texts as they are, with the ends of lines that XML makes of them', () => {
    const node = readXml('<a>x\r\n y&#13;\n&lt;&amp;&#x1f600;<b/>z<![CDATA[<&amp;]]></a>');
    expect(node?.text).toBe('x\n y\r\n<&\u{1f600}z<&amp;');
  });

  it('takes names of JavaScript for names', () => {
    expect(spelled(readXml('<a xmlns:__proto__="u" constructor="1"><__proto__:toString/></a>') as XmlNode)).toEqual([
      ...['{}a', { constructor: '1' }, ''],
      ['{u}toString', {}, ''],
    ]);
  });

  it.each([
    ['nothing', ''],
    ['what is cut off', '<a><b></b>'],
    ['two roots', '<a/><b/>'],
    ['a text behind the root', '<a/>x'],
    ['a page', '<html><br></html>'],
    ['a prefix that nobody bound', '<d:a/>'],
    ['a DOCTYPE', '<!DOCTYPE a><a/>'],
    ['an entity that nobody knows', '<a>&b;</a>'],
    ['a character that XML does not know', '<a>\u0001</a>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'],
    ['what is too deep', '<a>'.repeat(51) + '</a>'.repeat(51)],
  ])('is undefined for %s', (_, text) => {
    expect(readXml(text)).toBeUndefined();
  });
});

describe('xmlTree', () => {
  it('is read back as what it was, whatever the texts', () => {
    const text = fc.string({ unit: fc.constantFrom(']', '>', '<', '&', 'amp;', 'a', 'é', '\u{1f600}', '"', "'"), maxLength: 20 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const tree: NewXml = {
          name: 'D:a',
          attributes: { 'xmlns:D': 'DAV:' },
          children: [
            { name: 'D:b', children: [one] },
            { name: 'D:c', attributes: { name: 'VEVENT' } },
            { name: 'D:d', children: [other] },
          ],
        };
        expect(spelled(readXml(xmlTree(tree)) as XmlNode)).toEqual([
          ...['{DAV:}a', {}, ''],
          ...[
            ['{DAV:}b', {}, one],
            ['{DAV:}c', { name: 'VEVENT' }, ''],
            ['{DAV:}d', {}, other],
          ],
        ]);
      }),
    );
  });

  it('writes plain texts plainly', () => {
    expect(xmlTree({ name: 'a', children: ['1 < 2'] })).toBe('<?xml version="1.0" encoding="UTF-8"?><a>1 &lt; 2</a>');
  });
});
