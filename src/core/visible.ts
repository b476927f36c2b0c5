// Text that comes from outside (a title of the CRM, the words of a server) as it may stand in a line for people.

/** Control characters, what turns the direction of writing, line separators, the mark of byte order, and surrogates without a partner. */
const UNSEEN = /[\p{Cc}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF\p{Surrogate}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * The text with every character spelled out (`\n`, `\u001b`) that could move the cursor, colour what follows, start a line that looks
 * like one of ours, or turn the order of the letters.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, spell);
}

function spell(character: string): string {
  return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * The same for a text of several lines, whose line ends and tabs stay. JSON means the same afterwards: there, such characters stand
 * only within texts, where the spelling `\u001b` stands for the character.
 */
export function visibleLines(text: string): string {
  return text.replace(UNSEEN, (character) => (character === '\n' || character === '\t' ? character : spell(character)));
}

/** The same as {@link visible}, cut to a number of characters; what was cut is marked. */
export function visibleStart(text: string, longest: number): string {
  // No character takes more than two units, and none of them becomes nothing: the rest of a long text is not looked at.
  const characters = [...visible(text.slice(0, 2 * longest + 2))];
  return characters.length <= longest ? characters.join('') : `${characters.slice(0, longest - 1).join('')}…`;
}
