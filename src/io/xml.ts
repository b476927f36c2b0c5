// XML writing, through xmlbuilder2. Reading an answer is core/xml-scan.ts: the library's parser stops at the unbound prefixes
// that real servers send. Why the feed is not written by it: docs/decisions/0014-cosmiconfig-and-xmlbuilder2-through-their-public-entries.md.

/** An element of a flat document: its name, and its text. */
export type XmlElement = readonly [name: string, text: string];

/**
 * A document in one line: a UTF-8 prolog, the root, and below it the elements in the given order, each text in CDATA.
 * Characters that XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets) are left out, and half a surrogate pair becomes U+FFFD.
 */
export function xmlDocument(root: string, elements: readonly XmlElement[]): string {
  // A require instead of an import: it is synchronous, which keeps the callers pure, and still nobody pays before the first call.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { create } = require('xmlbuilder2') as typeof import('xmlbuilder2');
  const document = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement }).ele(root);
  for (const [name, text] of elements) {
    // The library refuses a section that holds its own end, and cleaning can bring one about: first cleaned as text, then cut.
    const element = document.ele(name).txt(text);
    const sections = sectionsOf(element.node.textContent ?? '');
    element.node.textContent = '';
    for (const section of sections) element.dat(section);
  }
  // Rather nothing than what is no XML: the library looks at names and sections once more.
  return document.end({ wellFormed: true });
}

/** What stands for a character that XML forbids. */
function invalidCharReplacement(char: string): string {
  return /\p{Surrogate}/u.test(char) ? '\uFFFD' : '';
}

/** The text in pieces that do not hold `]]>`, the one thing that CDATA cannot hold. */
function sectionsOf(text: string): string[] {
  return text.split(/(?<=\]\])(?=>)/);
}
