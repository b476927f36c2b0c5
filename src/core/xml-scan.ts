// Reads what an XML answer says near its root, and forgives everything else: odd names, unbound prefixes, unclosed ends.
// Linear in time, and no entity but the five of XML and numbers is ever expanded, so a hostile answer costs nothing.

/** An element directly below the root: its name as it is spelled, and the text that stands directly in it. */
export interface XmlChild {
  readonly name: string;
  readonly text: string;
}

/** An element with those below it, as deep as was asked. */
export interface XmlBranch extends XmlChild {
  readonly children: readonly XmlBranch[];
}

/**
 * The complete elements directly below the root, in their order; `undefined` where the root has another name or there is none.
 * An element that is cut off does not count: half an id is worse than none.
 */
export function childrenOf(xml: string, root: string): readonly XmlChild[] | undefined {
  return branchesOf(xml, root, 1)?.map(({ name, text }) => ({ name, text }));
}

/** The same, with what is below them down to so many levels below the root. */
export function branchesOf(xml: string, root: string, levels: number): readonly XmlBranch[] | undefined {
  const open: { name: string; text: string; children: XmlBranch[] }[] = [];
  let depth = 0;
  for (const token of tokensOf(xml)) {
    // What is deeper than asked is counted, and not kept.
    const kept = depth <= levels + 1;
    if (token.kind === 'text') {
      const parent = kept ? open.at(-1) : undefined;
      if (parent !== undefined) parent.text += token.text;
    } else if (token.kind === 'open') {
      depth += 1;
      if (depth === 1 && token.name !== root) return undefined;
      if (depth <= levels + 1) open.push({ name: token.name, text: '', children: [] });
    } else if (token.kind === 'close') {
      const closed = kept ? open.pop() : undefined;
      if (depth === 0) return undefined;
      if (depth === 1) return closed?.children;
      if (closed !== undefined) open.at(-1)?.children.push(closed);
      depth -= 1;
    }
  }
  return open[0]?.children;
}

/**
 * Whether a text is one whole document: one root, in which everything is closed by its own name, and nothing but comments around it. Only
 * then does what is missing in it mean anything.
 */
export function isWholeDocument(xml: string): boolean {
  const open: string[] = [];
  let roots = 0;
  for (const token of tokensOf(xml)) {
    if (token.kind === 'cut') return false;
    if (token.kind === 'text') {
      if (open.length === 0 && token.text.trim() !== '') return false;
    } else if (token.kind === 'open') {
      if (open.push(token.name) === 1) roots += 1;
    } else if (open.pop() !== token.name) return false;
  }
  return roots === 1 && open.length === 0;
}

/** The attributes of every element of a name that is right within one of another name, in the order of the document: name to value. */
export function attributesWithin(xml: string, parent: string, element: string): readonly ReadonlyMap<string, string>[] {
  const open: string[] = [];
  const found: ReadonlyMap<string, string>[] = [];
  for (const token of tokensOf(xml)) {
    if (token.kind === 'open') {
      if (token.name === element && open.at(-1) === parent) found.push(attributesIn(token.attributes));
      open.push(token.name);
    } else if (token.kind === 'close') open.pop();
  }
  return found;
}

function attributesIn(written: string): ReadonlyMap<string, string> {
  return new Map([...written.matchAll(ATTRIBUTE)].map(([, name = '', , one, two]) => [name, decoded(one ?? two ?? '')]));
}

const ATTRIBUTE = /([^\s=/"'<>]+)\s*=\s*("([^"]*)"|'([^']*)')/g;

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open'; readonly name: string; readonly attributes: string }
  | { readonly kind: 'close'; readonly name: string }
  /** The text ends within something. */
  | { readonly kind: 'cut' };

const CDATA = '<![CDATA[';

/** What is no tag, by its first and last characters. The order matters: the last row would fit the ones above it. */
const SECTIONS = [
  [CDATA, ']]>'],
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<!', '>'],
] as const;

function* tokensOf(xml: string): Generator<Token> {
  let at = 0;
  for (;;) {
    const mark = xml.indexOf('<', at);
    yield { kind: 'text', text: decoded(xml.slice(at, mark === -1 ? undefined : mark)) };
    if (mark === -1) return;
    const section = SECTIONS.find(([start]) => xml.startsWith(start, mark));
    const inside = mark + (section?.[0].length ?? 1);
    const end = section === undefined ? endOfTag(xml, inside) : xml.indexOf(section[1], inside);
    if (end === -1) {
      yield { kind: 'cut' };
      return;
    }
    const content = xml.slice(inside, end);
    if (section === undefined) {
      const isEnd = content.startsWith('/');
      const name = content.slice(isEnd ? 1 : 0).split(/[\s/]/, 1)[0] ?? '';
      if (!isEnd) yield { kind: 'open', name, attributes: content.slice(name.length) };
      if (isEnd || content.endsWith('/')) yield { kind: 'close', name };
    } else if (section[0] === CDATA) {
      yield { kind: 'text', text: content };
    }
    at = end + (section?.[1].length ?? 1);
  }
}

/** Where a tag ends: the first `>` that is not inside quotes, or -1. */
function endOfTag(xml: string, from: number): number {
  const stop = /[>"']/g;
  stop.lastIndex = from;
  for (let found = stop.exec(xml); found !== null; found = stop.exec(xml)) {
    if (found[0] === '>') return found.index;
    const closing = xml.indexOf(found[0], stop.lastIndex);
    if (closing === -1) return -1;
    stop.lastIndex = closing + 1;
  }
  return -1;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return NAMED[name] ?? whole;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code);
  });
}
