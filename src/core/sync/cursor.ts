// How far listings came, as it is kept. Now and then everything is listed again, whatever the groupware says about its cursor: an item that
// was out of the window when it was listed may be in it by now, writing into the CRM may have been switched on, and a listing may have
// been wrong without anybody noticing. Pure.

/** After so long everything is listed again. */
export const RELISTED_AFTER_MS = 86_400_000;

/** A cursor. */
export interface Cursor {
  /** As the groupware gave it. */
  readonly text: string;
  /** When everything was listed, in ms since 1970 UTC. */
  readonly wholeAt: number;
}

/** The cursor as it is kept: when everything was listed, a blank, and the groupware's text. */
export function spellCursor({ text, wholeAt }: Cursor): string {
  return `${wholeAt} ${text}`;
}

/** A cursor as it was kept; nothing where everything is to be listed, because it is old or cannot be read. */
export function readCursor(kept: string | undefined, now: number): Cursor | undefined {
  const [, digits, text] = /^(\d{1,15}) (.+)$/s.exec(kept ?? '') ?? [];
  const wholeAt = Number(digits);
  if (text === undefined || wholeAt > now || wholeAt + RELISTED_AFTER_MS <= now) return undefined;
  return { text, wholeAt };
}
