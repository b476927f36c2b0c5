// Reads one file of configuration, through cosmiconfig.
//
// cosmiconfig looks into the working directory when it is called: it executes a `.config/config.js` there and obeys a `package.json`.
// Whoever could write a file where a rule fires would run our login, so the process must have left that folder before
// (bin/publish-activity.ts). See docs/decisions/0014-cosmiconfig-and-xmlbuilder2-through-their-public-entries.md.

import { extname } from 'node:path';
import type { Source } from '../core/shape';
import type { ParsedDocument, ParseDocument } from '../io/json-document';

/** What tells and reads files of text, and the readers of the two formats, loaded when they are needed. */
export interface Parsers {
  /** Throws where a path is no file of text that cosmiconfig may open by itself; the system's error where nothing is there. */
  readonly refuseUnlessText: (path: string) => void;
  /** Reads what cosmiconfig cannot: a file in UTF-16. Throws the system's error, also where it is no text. */
  readonly readText: Source['readFile'];
  /** Waits until the system has looked for a path; rejects where it does not come back, as from a network share that is dead. */
  readonly whenReachable: (path: string) => Promise<void>;
  json(): Promise<ParseDocument>;
  yaml(): Promise<ParseDocument>;
}

/** What is in a file: a document of a format; nothing at all; or something that its name tells no format of. */
export type Reading =
  { readonly kind: Format; readonly document: ParsedDocument } | { readonly kind: 'empty' } | { readonly kind: 'unknown' };

/** Reads the file at an absolute path. Throws the system's error, also where it is no text. */
export type ReadFile = (file: string) => Promise<Reading>;

type Format = 'json' | 'yaml';

const FORMATS: Readonly<Record<string, Format>> = { '.json': 'json', '.yaml': 'yaml', '.yml': 'yaml' };
/** How the name of a configuration may end. */
export const ENDINGS = Object.keys(FORMATS);

/** Loads cosmiconfig, and makes the one function of it that is needed. */
export async function makeReader(parsers: Parsers): Promise<ReadFile> {
  const { cosmiconfig, defaultLoaders } = await import('cosmiconfig');
  const loader = async (file: string, utf8: string): Promise<Wrapped | undefined> => {
    const text = textOf(file, utf8, parsers);
    const format = formatOf(file);
    const document = text.trim() === '' ? undefined : format && (await parsers[format]())(text);
    const isEmpty = document === undefined || (document.problems.length === 0 && (document.value ?? undefined) === undefined);
    // As cosmiconfig's own loaders say that there is nothing in a file.
    return isEmpty ? undefined : { document };
  };
  const { load } = cosmiconfig('publish-activity', {
    searchPlaces: [],
    // Ours for every kind of file: one of the library's own would execute a configuration that is a program.
    loaders: Object.fromEntries([...Object.keys(defaultLoaders), 'default'].map((ending) => [ending, loader])),
    // An empty path, so that a file whose name begins with "package." is taken whole, too.
    packageProp: [],
  });
  return async (file) => {
    // Before the library opens it, which would wait at a pipe for ever.
    parsers.refuseUnlessText(file);
    const result = await load(file);
    const kind = formatOf(file);
    if (kind === undefined) return { kind: 'unknown' };
    return result === null || result.isEmpty === true
      ? { kind: 'empty' }
      : { kind, document: (result.config as Wrapped).document };
  };
}

/** What the loader answers. cosmiconfig obeys a key `$import` at the top of what it is given; inside a document it is data. */
interface Wrapped {
  readonly document: ParsedDocument;
}

/**
 * The text of a file, from what cosmiconfig decoded as UTF-8. Bytes that are no UTF-8 became U+FFFD there, as the byte-order mark of
 * UTF-16 does: only then the bytes are read again.
 */
function textOf(file: string, utf8: string, { readText }: Parsers): string {
  return utf8.includes('\ufffd') ? readText(file) : utf8.replace(/^\ufeff/, '');
}

function formatOf(file: string): Format | undefined {
  return FORMATS[extname(file).toLowerCase()];
}
