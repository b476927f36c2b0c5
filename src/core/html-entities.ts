// The names that HTML has for the marks of ASCII and for the letters of Latin-1: https://html.spec.whatwg.org/multipage/named-characters.html

/** The marks of ASCII, each before its names. */
const MARKS =
  '\t Tab \n NewLine ! excl " quot QUOT # num $ dollar % percnt & amp AMP \' apos ( lpar ) rpar * ast midast + plus , comma . period ' +
  '/ sol : colon ; semi < lt LT = equals > gt GT ? quest @ commat [ lsqb lbrack \\ bsol ] rsqb rbrack ^ Hat _ lowbar UnderBar ' +
  '` grave DiacriticalGrave { lcub lbrace | verbar vert VerticalLine } rcub rbrace \u2026 hellip mldr \u2013 ndash \u2014 mdash';

/** The letters from U+00A0 to U+00FF, in their order. */
const LATIN =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil ' +
  'sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute ' +
  'Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc ' +
  'atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide ' +
  'oslash ugrave uacute ucirc uuml yacute thorn yuml';

let named: ReadonlyMap<string, number> | undefined;

/** The code point of a name; `undefined` for one that is not known here. */
export function entityNamed(name: string): number | undefined {
  return (named ??= entities()).get(name);
}

function entities(): ReadonlyMap<string, number> {
  const found = new Map(LATIN.split(' ').map((name, index) => [name, 0xa0 + index]));
  let mark = 0;
  for (const word of MARKS.split(' ')) {
    if (word.length === 1) mark = word.charCodeAt(0);
    else found.set(word, mark);
  }
  return found;
}
