// JSON that may be none.

/** What a text says in JSON; `undefined` of a text that is none, which JSON itself never says. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
