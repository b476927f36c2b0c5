// A script is a real file of its shell, with a line `@name` for each part that is made from the words.

/** Puts the lines of each part in its place, as far to the right as its line was. Throws where script and parts do not fit. */
export function fill(script: string, parts: Readonly<Record<string, readonly string[]>>): string {
  const left = new Set(Object.keys(parts));
  const text = script.replace(/^( *)@(\w+)$/gm, (_, indent: string, name: string) => {
    const lines = parts[name];
    if (lines === undefined) throw new Error(`a script asks for ${name}, which nobody makes`);
    left.delete(name);
    return lines.map((line) => `${indent}${line}`).join('\n');
  });
  if (left.size > 0) throw new Error(`a script has no place for ${[...left].join(', ')}`);
  return text;
}
