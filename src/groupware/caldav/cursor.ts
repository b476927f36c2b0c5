// How far a listing came, with the calendar that it was of: so the next one needs no more than one question. Pure.

import { leadsTo } from './hrefs';
import type { Mark } from './listing';
import type { CaldavOptions } from './options';

/** A calendar, and from where its listing goes on. */
export interface DavCursor {
  readonly url: URL;
  readonly mark: Mark;
}

/** How the configuration leads to a calendar: a cursor of another one counts no more. */
export interface Way {
  readonly options: CaldavOptions;
  readonly wanted: string | undefined;
}

/** The cursor as a text. */
export function spellCursor(way: Way, { url, mark }: DavCursor): string {
  return JSON.stringify([spellWay(way), url.href, mark.by, mark.text]);
}

/** A cursor that still counts. */
export function readCursor(way: Way, cursor: string): DavCursor | undefined {
  const parts = partsOf(cursor);
  const [spelled, href = '', by, text] = parts;
  if (spelled !== spellWay(way) || text === undefined || (by !== 'token' && by !== 'whole')) return undefined;
  const url = leadsTo(href, new URL(way.options.url));
  return url === undefined ? undefined : { url, mark: { by, text } };
}

function spellWay({ options: { url, principal = '' }, wanted = '' }: Way): string {
  return [url, principal, wanted].join(' ');
}

function partsOf(text: string): readonly (string | undefined)[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map((part: unknown) => (typeof part === 'string' ? part : undefined)) : [];
  } catch {
    return [];
  }
}
