// XML reading, through saxes: it knows namespaces, takes nothing that is no XML, and expands no entity but the five of XML. Answers whose
// prefixes nobody bound, as Socialcast sends them, are read by core/xml-scan.ts.

import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { XmlNode } from './xml-contract';

/** How deep elements stand in each other at the most: what a server says of a calendar's rights is some ten deep. */
const DEEPEST = 50;
/** So many elements are read at the most: those of some 60,000 items. Each costs about 300 bytes. */
const MOST_ELEMENTS = 500_000;
/** So many attributes has an element at the most; each one is compared with all others. */
const MOST_ATTRIBUTES = 50;

/** Why reading ends before the end. */
class NotRead extends Error {}

/** An element that is being read. */
interface OpenNode extends XmlNode {
  text: string;
  readonly children: OpenNode[];
}

/** See {@link Xml.read}. */
export function readXml(text: string): XmlNode | undefined {
  // Whatever it was in, it was read as UTF-8.
  if (!/^(utf-8|us-ascii)$/i.test(/^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)/.exec(text.slice(0, 200))?.[1] ?? 'utf-8'))
    return undefined;
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: OpenNode[] = [];
  let [root, elements, attributes]: [OpenNode | undefined, number, number] = [undefined, 0, 0];
  const refuse = () => {
    throw new NotRead();
  };
  const add = (part: string) => {
    const parent = open.at(-1);
    if (parent !== undefined) parent.text += part;
  };
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  parser.on('opentagstart', () => (attributes = 0));
  parser.on('attribute', () => (attributes += 1) > MOST_ATTRIBUTES && refuse());
  parser.on('opentag', (tag) => {
    elements += 1;
    if (elements > MOST_ELEMENTS || open.length >= DEEPEST) refuse();
    const node = nodeOf(tag);
    open.at(-1)?.children.push(node);
    root ??= node;
    open.push(node);
  });
  parser.on('closetag', () => open.pop());
  parser.on('text', add);
  parser.on('cdata', add);
  try {
    parser.write(text).close();
    return root;
  } catch (error) {
    if (error instanceof NotRead) return undefined;
    throw error;
  }
}

function nodeOf({ uri: namespace, local: name, attributes }: SaxesTagNS): OpenNode {
  const own = Object.values(attributes).filter(({ uri }) => uri === '');
  return { namespace, name, attributes: new Map(own.map(({ local, value }) => [local, value])), text: '', children: [] };
}
