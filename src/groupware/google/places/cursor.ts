// How far a listing came, with the calendar that it was of: so the next one is one call. Pure.

import { parsedJson } from '../../../core/parsed-json';

/** A listing of a calendar's events, and from where it goes on. */
export interface Place {
  readonly calendarId: string;
  /** From where changes are listed; an empty text where everything is. */
  readonly syncToken: string;
  /** Where the next page is; an empty text on the first one. */
  readonly pageToken: string;
}

/** How the configuration leads to a calendar, and how events are listed: a cursor of another way counts no more. */
export type Way = readonly string[];

/** The place as a text. */
export function spellPlace(way: Way, { calendarId, syncToken, pageToken }: Place): string {
  return JSON.stringify([way.join(' '), calendarId, syncToken, pageToken]);
}

/** A place that still counts. */
export function readPlace(way: Way, text: string): Place | undefined {
  const [spelled, calendarId = '', syncToken = '', pageToken = ''] = textsOf(text);
  if (spelled !== way.join(' ') || calendarId === '') return undefined;
  return { calendarId, syncToken, pageToken };
}

/** The texts of a JSON array of texts; none of anything else. */
export function textsOf(json: string): readonly string[] {
  const value = parsedJson(json);
  return Array.isArray(value) && value.every((part): part is string => typeof part === 'string') ? value : [];
}
