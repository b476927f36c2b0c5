import { branchesOf, childrenOf, isWholeDocument } from '../../src/core/xml-scan';

const child = (name: string, text: string) => ({ name, text });

describe('childrenOf', () => {
  it.each([
    ['plain elements', '<m><a>1</a><b>2</b></m>', [child('a', '1'), child('b', '2')]],
    ['a prolog, a DOCTYPE and a byte-order mark', '\ufeff<?xml version="1.0"?><!DOCTYPE m><m><a>1</a></m>', [child('a', '1')]],
    [
      'attributes with everything in them',
      `<m x="a>b" y='c>"d'><a type="integer">1</a><b nil="true"/></m>`,
      [child('a', '1'), child('b', '')],
    ],
    ['grandchildren, whose text is not the text of a child', '<m><a>1<id>2</id>3</a></m>', [child('a', '13')]],
    [
      'dots, dashes and prefixes that nobody bound',
      '<m><a><html.title>x</html.title><v:t>y</v:t></a><v:b-c>z</v:b-c></m>',
      [child('a', ''), child('v:b-c', 'z')],
    ],
    ['comments and instructions', '<m><!-- <a>0</a> --><?a <a>0</a>?><a>1<!-- > --></a></m>', [child('a', '1')]],
    ['CDATA', '<m><a>x <![CDATA[<b> &amp; ]]]]><![CDATA[>]]></a></m>', [child('a', 'x <b> &amp; ]]>')]],
    ['the five entities and numbers', '<m><a>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F388;</a></m>', [child('a', '<>&"\'A🎈')]],
    ['other entities, which stay', '<m><a>&nbsp;&x;&AMP;&#x110000;&amp;lt;</a></m>', [child('a', '&nbsp;&x;&AMP;\ufffd&lt;')]],
    ['an empty root', '<m/>', []],
    ['what comes after the root, which does not count', '<m><a>1</a></m><m><a>2</a></m>', [child('a', '1')]],
    ['a cut, which takes the last element with it', '<m><a>1</a><b>12', [child('a', '1')]],
    ['a cut within a tag', '<m><a>1</a><b>12</', [child('a', '1')]],
    ['entities of its own, which are not expanded', '<!DOCTYPE m [<!ENTITY e "x">]><m><a>&e;</a></m>', [child('a', '&e;')]],
  ])('reads %s', (_, xml, children) => {
    expect(childrenOf(xml, 'm')).toEqual(children);
  });

  it.each([
    ['nothing', ''],
    ['text', 'OK'],
    ['JSON', '{"m":{"a":1}}'],
    ['an HTML page', '<!DOCTYPE html><html><body><m><a>1</a></m><br></body></html>'],
    ['another root', '<ms type="array"><m><a>1</a></m></ms>'],
    ['an end without a beginning', '</m><m><a>1</a></m>'],
    ['an unclosed comment', '<!-- <m><a>1</a></m>'],
    ['an unclosed quote', '<m x="><a>1</a></m>'],
  ])('finds nothing in %s', (_, xml) => {
    expect(childrenOf(xml, 'm')).toBeUndefined();
  });

  it.each([
    ['open tags', '<m>', '<a '],
    ['nested elements', '<m>', '<a>'],
    ['quotes', '<m>', `<a x="'" y='"'`],
    ['unclosed comments', '<m>', '<!--'],
    ['CDATA sections', '<m><a>', '<![CDATA[]]>'],
    ['ampersands', '<m><a>', '&#x'],
    ['empty elements', '<m>', '<a/>'],
  ])('needs no more than linear time for many %s', (_, start, piece) => {
    const begin = Date.now();
    childrenOf(start + piece.repeat(200_000), 'm');
    // Quadratic time would be minutes here.
    expect(Date.now() - begin).toBeLessThan(60_000);
  });
});

describe('branchesOf', () => {
  const branch = (name: string, text: string, ...children: readonly object[]) => ({ name, text, children });

  it.each([
    ['as deep as asked', 2, [branch('a', '1', branch('b', '2'))]],
    ['deeper than there is anything', 9, [branch('a', '1', branch('b', '2', branch('c', '3')))]],
    ['no deeper than asked', 1, [branch('a', '1')]],
  ])('reads %s', (_, levels, branches) => {
    expect(branchesOf('<m><a>1<b>2<c>3</c></b></a></m>', 'm', levels)).toEqual(branches);
  });

  it('keeps what is complete of a text that is cut off', () => {
    expect(branchesOf('<m><a><b>1</b></a><a><b>2</b>', 'm', 2)).toEqual([branch('a', '', branch('b', '1'))]);
  });
});

describe('a whole document', () => {
  it.each([
    ['one root', '<ms><m><id>1</id></m></ms>'],
    ['an empty root', '<ms type="array"/>'],
    ['an empty element', '<ms><m nil="true"/></ms>'],
    ['a prolog, a DOCTYPE, a byte-order mark and blanks', '\ufeff<?xml version="1.0"?>\r\n<!DOCTYPE ms>\n<ms></ms >\n'],
    ['a comment after the root', '<ms></ms><!-- 3 ms -->'],
    ['prefixes that nobody bound', '<ms><v:t>x</v:t><html.title>y</html.title></ms>'],
    ['tags in CDATA', '<ms><![CDATA[</ms><ms>]]></ms>'],
  ])('has %s', (_, xml) => {
    expect(isWholeDocument(xml)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['text alone', 'OK'],
    ['a root that is open', '<ms><m><id>1</id></m>'],
    ['an element that is open', '<ms><m><id>1</id>'],
    ['an element that is open in a root that is closed', '<ms><m><id>1</id></ms>'],
    ['the end of another element in place of its own', '<ms><m><id>1</id></ms></ms>'],
    ['a cut within a tag', '<ms><m/></m'],
    ['a cut within an attribute', '<ms type="arr'],
    ['a cut within CDATA', '<ms><m><![CDATA[x</m></ms>'],
    ['a cut within a comment', '<ms></ms><!-- 3'],
    ['a second root', '<ms></ms><ms><m/></ms>'],
    ['a second root that is cut', '<ms></ms><ms'],
    ['text after the root', '<ms></ms>Gateway timeout'],
    ['an end before the beginning', '</ms><ms></ms>'],
  ])('has no %s', (_, xml) => {
    expect(isWholeDocument(xml)).toBe(false);
  });
});
