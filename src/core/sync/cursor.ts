// How far listings came, as it is kept. Now and then everything is listed again, whatever the groupware says about its cursor: an item that
// was out of the window when it was listed may be in it by now, writing into the CRM may have been switched on, and a listing may have
// been wrong without anybody noticing. Pure.

import { pollMs } from '../backoff';

/** After so long everything is listed again. */
export const RELISTED_AFTER_MS = 86_400_000;

/** A cursor. */
export interface Cursor {
  /** As the groupware gave it. */
  readonly text: string;
  /** When everything was listed, in ms since 1970 UTC. */
  readonly wholeAt: number;
  /** Until when the listing counts as new enough, in ms since 1970 UTC; left out where each turn lists. */
  readonly freshUntil?: number;
}

/** The cursor as it is kept: when everything was listed, with `/` and until when that is new enough, a blank, and the groupware's text. */
export function spellCursor({ text, wholeAt, freshUntil }: Cursor): string {
  return `${wholeAt}${freshUntil === undefined ? '' : `/${freshUntil}`} ${text}`;
}

/** A cursor as it was kept; nothing where everything is to be listed, because it cannot be read, or is of a clock that was wrong. */
export function readCursor(kept: string | undefined, now: number): Cursor | undefined {
  const [, digits, until, text] = /^(\d{1,15})(?:\/(\d{1,15}))? (.+)$/s.exec(kept ?? '') ?? [];
  const wholeAt = Number(digits);
  if (text === undefined || wholeAt > now) return undefined;
  return { text, wholeAt, ...(until === undefined ? {} : { freshUntil: Number(until) }) };
}

/** Whether everything is to be listed again. */
export function isOld({ wholeAt }: Cursor, now: number): boolean {
  return wholeAt + RELISTED_AFTER_MS <= now;
}

/**
 * Whether its listing counts as new enough, where listings come every so many ms. A moment further away than any that a right clock sets is
 * none: it would put listings off for as long as a clock was ahead.
 */
export function isFresh(cursor: Cursor, listEveryMs: number | undefined, now: number): boolean {
  const { freshUntil = 0 } = cursor;
  return listEveryMs !== undefined && now < freshUntil && freshUntil <= now + pollMs(listEveryMs, 1);
}
