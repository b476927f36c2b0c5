// The contract of other programs as destinations see them: one program, its input, and what became of it. io/process.ts keeps it.

import type { Secret } from '../core/secret';

/** One program to run. No shell reads any of it. */
export interface ProcessRequest {
  /** A path, or a name that is looked for on the PATH. */
  readonly command: string;
  readonly args: readonly string[];
  /** The folder that it runs in; left out: ours. */
  readonly cwd?: string;
  /** Variables beside the few of our own environment that every program needs. */
  readonly env: Readonly<Record<string, string | Secret>>;
  /** What it reads on its standard input. */
  readonly input: string;
}

/** What became of a program. */
export type ProcessResult =
  /** It never ran: `ENOENT`, `EACCES`, … or `ETIMEDOUT` for a signal that was aborted before. */
  | { readonly kind: 'not-started'; readonly code: string }
  | {
      readonly kind: 'ended';
      readonly exitCode: number;
      /** The beginning of what it printed, at most 64 KiB. */
      readonly stdout: string;
      /** The end of what it printed for people, at most 8 KiB. */
      readonly stderr: string;
    }
  /** It ended by a signal: of ours, because it took too long (`ours`), or of somebody else's. */
  | { readonly kind: 'killed'; readonly ours: boolean; readonly signal: string; readonly stderr: string };

/**
 * Runs a program and settles when it ends or the signal is aborted, which kills it: on Linux with all that it started and that did not
 * leave its process group, on Windows it alone. Never rejects but for a bug.
 */
export type RunProcess = (request: ProcessRequest, signal: AbortSignal) => Promise<ProcessResult>;
