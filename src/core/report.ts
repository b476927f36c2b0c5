// What a run has to say: one value, from which the words for people, the JSON object, the log line and the exit code are all made.

import type { Result } from './errors';
import type { Receipt } from './outcome';

/** What became of one delivery, or, in a dry run, what would go out. */
export interface DeliveryReport {
  /** The delivery's id. */
  readonly id: string;
  /** The destination's name in the configuration, and its type. */
  readonly destination: string;
  readonly type: string;
  readonly result: Result;
  /** Why it went as it went, as a sentence without a full stop; empty where it is delivered. */
  readonly reason: string;
  readonly receipt?: Receipt;
  /** Whether it stands as an earlier run left it: this run sent nothing. */
  readonly already?: boolean;
  /** The exact request as text, with secrets masked; only in a dry run. */
  readonly preview?: string;
  /** The stack of a bug that this delivery met. */
  readonly stack?: string;
}

/** What a check of `doctor` found; a check may find several things. */
export interface CheckReport {
  /** The name of the check, for example `database`. */
  readonly check: string;
  /** `skip`: it could not be found out, or there is nothing to find out; the message says which. */
  readonly status: 'OK' | 'warn' | 'fail' | 'skip';
  /** What was found, as a sentence without a full stop. */
  readonly message: string;
  /** What to do about it, where there is something to do. */
  readonly remedy?: string;
}

/** The end of a run. */
export interface Report {
  readonly result: Result;
  /** One line for people; empty where all is well. */
  readonly message: string;
  /** What to do now, where there is something to do. */
  readonly hint?: string;
  /** The object and activity, as far as the run came to know them. */
  readonly about?: {
    readonly objectType: string;
    readonly objid: number;
    readonly activityObjid?: number;
    readonly rule: string;
  };
  readonly deliveries: readonly DeliveryReport[];
  /** What the checks of `doctor` found, in their order. */
  readonly checks?: readonly CheckReport[];
  /** How many ended how, where there are too many to name each. */
  readonly sums?: Readonly<Record<string, number>>;
  /** Whether the command printed its data on its way. */
  readonly printed?: boolean;
  /** The stack of a bug. */
  readonly stack?: string;
}
