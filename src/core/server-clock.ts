// What a server's answer tells of its clock. Pure.

/**
 * How far the clock of a server is ahead of ours, in ms, give or take a second; nothing where its answer does not tell
 * (https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1). `now` is in ms since 1970 UTC, halfway between the question and the answer.
 */
export function clockIn(headers: Readonly<Record<string, string>>, now: number): { readonly aheadMs?: number } {
  const at = Date.parse(headers['date'] ?? '');
  // The header counts whole seconds, and cuts what is beyond them.
  return Number.isNaN(at) ? {} : { aheadMs: at + 500 - now };
}
