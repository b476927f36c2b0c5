// A YAML document through js-yaml: plain data of the core schema of YAML 1.2, in which a date is a text and a tag builds nothing.

import { CORE_SCHEMA, load } from 'js-yaml';
import type { ParseDocument } from './json-document';

/** Reads a YAML document. A key that is there twice is a problem. Lines of keys are not known. */
export const parseYaml: ParseDocument = (text) => {
  const lineOf = () => undefined;
  try {
    return { value: load(text, { schema: CORE_SCHEMA }), problems: [], lineOf };
  } catch (error) {
    return { value: wholeKeys(text), problems: [wordsFor(error)], lineOf };
  }
};

/** The keys at the top that are there once and can be read without the others: each with the lines below it that are further in. */
function wholeKeys(text: string): Readonly<Record<string, unknown>> {
  const entries: [string, unknown][] = [];
  for (const section of text.split(/^(?=[^\s#-])/m)) {
    try {
      const value = load(section, { schema: CORE_SCHEMA });
      if (typeof value === 'object' && value !== null) entries.push(...Object.entries(value));
    } catch {
      // The damage is here, or touches this.
    }
  }
  return Object.fromEntries(entries.filter(([key]) => entries.filter(([other]) => other === key).length === 1));
}

/**
 * Of the library's error only the place and the beginning of the reason: its message quotes the lines around the place, and its
 * reason ends in the word that it stumbled over (a password that starts with * is an alias that nobody defined).
 */
function wordsFor(error: unknown): string {
  const { reason, mark } = error as {
    readonly reason?: string;
    readonly mark?: { readonly line: number; readonly column: number };
  };
  const words = reason?.replace(/\s*(?:["':]|!<).*$/s, '') || 'cannot be read';
  const advice = /alias|tag/.test(words) ? '; a text that starts with * & ! or % stands in quotes' : '';
  return `${mark === undefined ? '' : `line ${mark.line + 1}, column ${mark.column + 1}: `}${words}${advice}`;
}
