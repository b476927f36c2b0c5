// The description of an event, which Google shows as HTML in which the ends of lines count. Pure.
// https://developers.google.com/workspace/calendar/api/v3/reference/events, `description`: "Can contain HTML."

/** What opens or closes a line where it stands. */
const BREAKS = /^<(?:br|hr|\/p|\/div|\/li|\/ul|\/ol|\/h[1-6]|\/tr|\/blockquote)\b/i;

/** Only these are tags: a `<` before anything else is one that somebody wrote. */
const TAG = String.raw`<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>|<!--[^]{0,2000}?-->`;
const ENTITY = String.raw`&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z0-9]{1,30});`;
const PIECE = new RegExp(`(${TAG})|(${ENTITY})`, 'gi');

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' },
  ...{ ndash: '\u2013', mdash: '\u2014', hellip: '\u2026', bull: '\u2022', laquo: '\u00ab', raquo: '\u00bb' },
  ...{ lsquo: '\u2018', rsquo: '\u2019', ldquo: '\u201c', rdquo: '\u201d', euro: '\u20ac', copy: '\u00a9' },
  ...{ auml: '\u00e4', ouml: '\u00f6', uuml: '\u00fc', Auml: '\u00c4', Ouml: '\u00d6', Uuml: '\u00dc', szlig: '\u00df' },
  ...{ eacute: '\u00e9', egrave: '\u00e8', agrave: '\u00e0', ccedil: '\u00e7' },
};

/** The words of a description, without what only lays them out. */
export function textOfHtml(html: string): string {
  return html.replace(PIECE, (piece, tag: string | undefined) => {
    if (tag !== undefined) return BREAKS.test(tag) ? '\n' : '';
    return characterOf(piece.slice(1, -1)) ?? piece;
  });
}

/** A text as a description that says the same; as it is, unless something of it would be read as HTML. */
export function htmlOfText(text: string): string {
  return text.search(PIECE) < 0 ? text : text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** The character of an entity, as its name or its number says; `undefined` for one that nobody knows here. */
function characterOf(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
