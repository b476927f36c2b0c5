// XML writing, through xmlbuilder2. Answers are read by core/xml-scan.ts, where servers send unbound prefixes, at which the library's
// parser stops, and by xml-reader.ts, where namespaces count. Why the feed is not written by it: docs/decisions/0014-cosmiconfig-and-xmlbuilder2-through-their-public-entries.md.

import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces';
import type { NewXml } from './xml-contract';

/** An element of a flat document: its name, and its text. */
export type XmlElement = readonly [name: string, text: string];

/**
 * A document in one line: a UTF-8 prolog, the root, and below it the elements in the given order, each text in CDATA.
 * Characters that XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets) are left out, and half a surrogate pair becomes U+FFFD.
 */
export function xmlDocument(root: string, elements: readonly XmlElement[]): string {
  const document = newDocument().ele(root);
  for (const [name, text] of elements) addSections(document.ele(name), text);
  // Rather nothing than what is no XML: the library looks at names and sections once more.
  return document.end({ wellFormed: true });
}

/** A document with elements in elements. Its texts are plain where they can be: not all servers expect CDATA. */
export function xmlTree(root: NewXml): string {
  const document = newDocument();
  addTree(document, root);
  return document.end({ wellFormed: true });
}

function addTree(parent: XMLBuilder, { name, attributes = {}, children = [] }: NewXml): void {
  const element = parent.ele(name, attributes);
  for (const child of children) {
    if (typeof child !== 'string') addTree(element, child);
    // The library takes `&lt;` in a text for the reference, and not for four characters.
    else if (child.includes('&')) addSections(element, child);
    else element.txt(child);
  }
}

function newDocument(): XMLBuilder {
  // A require instead of an import: it is synchronous, which keeps the callers pure, and still nobody pays before the first call.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { create } = require('xmlbuilder2') as typeof import('xmlbuilder2');
  return create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement });
}

/** Puts a text into an element of its own, in CDATA. */
function addSections(element: XMLBuilder, text: string): void {
  // The library refuses a section that holds its own end, and cleaning can bring one about: first cleaned as text, then cut.
  element.txt(text);
  const sections = sectionsOf(element.node.textContent ?? '');
  element.node.textContent = '';
  for (const section of sections) element.dat(section);
}

/** What stands for a character that XML forbids. */
function invalidCharReplacement(char: string): string {
  return /\p{Surrogate}/u.test(char) ? '\uFFFD' : '';
}

/** The text in pieces that do not hold `]]>`, the one thing that CDATA cannot hold. */
function sectionsOf(text: string): string[] {
  return text.split(/(?<=\]\])(?=>)/);
}
