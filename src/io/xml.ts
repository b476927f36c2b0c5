// XML writing, through xmlbuilder2. Reading an answer is core/xml-scan.ts: the library's parser stops at the unbound prefixes
// that real servers send.

/** An element of a flat document: its name, and its text. */
export type XmlElement = readonly [name: string, text: string];

/**
 * A document in one line: a UTF-8 prolog, the root, and below it the elements in the given order, each text in CDATA.
 * Characters that XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets) are left out, and half a surrogate pair becomes U+FFFD;
 * xmlbuilder2 lets both through.
 */
export function xmlDocument(root: string, elements: readonly XmlElement[]): string {
  // A require instead of an import: it is synchronous, which keeps the callers pure, and still nobody pays before the first call.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { create } = require('xmlbuilder2') as typeof import('xmlbuilder2');
  const document = create({ version: '1.0', encoding: 'UTF-8' }).ele(root);
  for (const [name, text] of elements) {
    const element = document.ele(name);
    for (const section of sectionsOf(allowed(text))) element.dat(section);
  }
  return document.end();
}

/** The text as XML 1.0 allows it. */
function allowed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD').replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
}

/** The text in pieces that do not hold `]]>`, the one thing that CDATA cannot hold. */
function sectionsOf(text: string): string[] {
  return text.split(/(?<=\]\])(?=>)/);
}
