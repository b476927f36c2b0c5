// How far a listing came, with the place that it was of: so the next one is one call. Pure.

import { parsedJson } from '../../../core/parsed-json';

/** A listing of what is in a place, and from where it goes on. */
export interface Cursor {
  /** What Google calls the place: a calendar, a list of tasks, or whose address book it is. An empty text where it is not there. */
  readonly placeId: string;
  /** From where changes are listed: a sync token, or a moment by the clock of the server; an empty text where everything is. */
  readonly since: string;
  /** Where the next page is; an empty text on the first one. */
  readonly pageToken: string;
  /** The latest change on the pages before, by the same clock, where the next listing goes on from there; an empty text where it does not. */
  readonly latest: string;
}

/** How the configuration leads to a place, and how it is listed: a cursor of another way counts no more. */
export type Way = readonly string[];

/** Where a listing of everything begins. */
export function beginOf(placeId: string): Cursor {
  return { placeId, since: '', pageToken: '', latest: '' };
}

/** A cursor as a text. */
export function spellCursor(way: Way, { placeId, since, pageToken, latest }: Cursor): string {
  return JSON.stringify([way.join(' '), placeId, since, pageToken, ...(latest === '' ? [] : [latest])]);
}

/** A cursor that still counts. */
export function readCursor(way: Way, text: string): Cursor | undefined {
  const [spelled, placeId = '', since = '', pageToken = '', latest = ''] = textsOf(text);
  return spelled === way.join(' ') ? { placeId, since, pageToken, latest } : undefined;
}

/** The texts of a JSON array of texts; none of anything else. */
function textsOf(json: string): readonly string[] {
  const value = parsedJson(json);
  return Array.isArray(value) && value.every((part): part is string => typeof part === 'string') ? value : [];
}
