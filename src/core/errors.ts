// The two kinds of trouble: a UserError is something that people can mend and is shown as a message with a remedy; anything
// else that is thrown is a bug of this program and is shown with its stack.

/** How a run, or a part of it, can end. The names are the words of the log and of `--json`; the numbers are in cli/exit-code.ts. */
export type Result =
  | 'posted'
  | 'planned'
  | 'done'
  | 'filtered'
  | 'usage'
  | 'not-found'
  | 'rejected'
  | 'bug'
  | 'not-kept'
  | 'later'
  | 'login-refused'
  | 'configuration';

/** From harmless to bad: of several destinations, the worst result decides. */
const SEVERITY: readonly Result[] = [
  'filtered',
  'done',
  'planned',
  'posted',
  'later',
  'not-kept',
  'rejected',
  'login-refused',
  'configuration',
  'not-found',
  'usage',
  'bug',
];

/** The worst of several results; `filtered` of none. */
export function worstOf(results: readonly Result[]): Result {
  return results.reduce((worst, result) => (SEVERITY.indexOf(result) > SEVERITY.indexOf(worst) ? result : worst), 'filtered');
}

/** Trouble that people can mend: what happened, and what to do about it. */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    readonly result: Exclude<Result, 'posted' | 'planned' | 'done' | 'not-kept' | 'bug'>,
    message: string,
    /** What the reader can do now, as a sentence; left out where the message says it all. */
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** A bug that came before anything was sent. */
export class NothingSent extends Error {
  override readonly name = 'NothingSent';

  constructor(cause: unknown) {
    super(messageOf(cause), { cause });
    if (cause instanceof Error && cause.stack !== undefined) this.stack = cause.stack;
  }
}

/** The message of anything that can be thrown. */
export function messageOf(error: unknown): string {
  // By its shape, because an error from another realm (a native module's, in a test) is no instance of this one's Error.
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
  return hasMessage ? String(error.message) : String(error);
}

/** The system's code of an error (`ECONNREFUSED`, `ENOENT`, …), or an empty text. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
