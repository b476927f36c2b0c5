// How far a listing came, with the calendar that it was of, or with the home that has none yet: so the next one needs no more than one
// question. Pure.

import { leadsTo } from './hrefs';
import type { Mark } from './listing';
import type { CaldavOptions } from './options';
import { parsedJson } from '../../core/parsed-json';

/** A calendar, and from where its listing goes on; or the home in which the own one was not there. */
export type DavCursor = CalendarCursor | HomeCursor;

export interface CalendarCursor {
  readonly of: 'calendar';
  readonly url: URL;
  readonly mark: Mark;
}

export interface HomeCursor {
  readonly of: 'home';
  readonly url: URL;
}

/** How the configuration leads to a calendar: a cursor of another one counts no more. */
export interface Way {
  readonly options: CaldavOptions;
  readonly wanted: string | undefined;
}

/** The cursor as a text. */
export function spellCursor(way: Way, cursor: DavCursor): string {
  const { by, text } = cursor.of === 'home' ? HOME : cursor.mark;
  return JSON.stringify([spellWay(way), cursor.url.href, by, text]);
}

/** A cursor that still counts. */
export function readCursor(way: Way, cursor: string): DavCursor | undefined {
  const [spelled, href = '', by, text] = partsOf(cursor);
  const url = leadsTo(href, new URL(way.options.url));
  if (spelled !== spellWay(way) || text === undefined || url === undefined) return undefined;
  if (by === HOME.by) return { of: 'home', url };
  return by === 'token' || by === 'whole' ? { of: 'calendar', url, mark: { by, text } } : undefined;
}

/** What stands in place of a mark where there is no calendar. */
const HOME = { by: 'home', text: '' } as const;

function spellWay({ options: { url, principal = '' }, wanted = '' }: Way): string {
  return [url, principal, wanted].join(' ');
}

function partsOf(text: string): readonly (string | undefined)[] {
  const value = parsedJson(text);
  return Array.isArray(value) ? value.map((part: unknown) => (typeof part === 'string' ? part : undefined)) : [];
}
