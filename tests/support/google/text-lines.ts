// Lines of texts in which people of tests write what Google keeps. Nothing of the program reads or writes here.

/** The lines of a text, without the breaks of long ones. */
export function unfoldedLines(text: string): readonly string[] {
  return text
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
}

/** The last line of a name. */
export function lineOf(lines: readonly string[], name: string): string | undefined {
  return lines.findLast((line) => new RegExp(`^${name}[;:]`).test(line));
}

/** What stands behind the colon of a line. */
export function valueOf(line: string | undefined): string | undefined {
  return line?.replace(/^(?:"[^"]*"|[^":])*:/, '');
}

/** A text as it is spelled on a line. */
export function escaped(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
}

/** A text that is spelled so. */
export function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (/n/i.test(character) ? '\n' : character));
}
