// What a check of `doctor` is, and what it can find.

import type { Deadline } from '../../../core/deadline';
import { DatabaseError } from '../../../core/database-error';
import { codeOf, messageOf, UserError, type Result } from '../../../core/errors';
import type { CheckReport } from '../../../core/report';
import { reportOfError } from '../../error-report';
import type { Site } from './site';

/** One thing that a check found; where it is a failure, `result` says what the exit code is. */
export type Finding = Omit<CheckReport, 'check'> & { readonly result?: Result };

/**
 * Looks at one matter. What it throws is a failure, too, where people can mend it (a UserError, a DatabaseError, an error of the
 * system). It need not watch the deadline where it calls nothing that does.
 */
export type Look = (site: Site, deadline: Deadline) => Promise<readonly Finding[]>;

/** All is well. */
export function ok(message: string): Finding {
  return { status: 'OK', message };
}

/** Something works today that somebody should look at. */
export function warn(message: string, remedy: string): Finding {
  return { status: 'warn', message, remedy };
}

/** Something does not work. */
export function fail(result: Result, message: string, remedy: string): Finding {
  return { status: 'fail', message, remedy, result };
}

/** It could not be found out. */
export function skip(message: string, remedy?: string): Finding {
  return { status: 'skip', message, ...(remedy === undefined ? {} : { remedy }) };
}

/** What was thrown, as a finding. What people cannot mend is a bug, and thrown again. */
export function failureOf(error: unknown, remedy: string): Finding {
  if (error instanceof UserError || error instanceof DatabaseError) {
    const { result, message } = reportOfError(error);
    return fail(result, message, (error instanceof UserError ? error.hint : undefined) ?? remedy);
  }
  if (codeOf(error) === '') throw error;
  return fail('configuration', messageOf(error), remedy);
}

/** What to do where this account may not write: on Windows the command that gives the right, for a folder and all that will be in it. */
export function toBeWritable(folder: string, platform: NodeJS.Platform, words: string): string {
  if (platform !== 'win32') return words;
  return `${words}: icacls "${folder}" /grant "ACCOUNT:(OI)(CI)M", where ACCOUNT is that account`;
}
