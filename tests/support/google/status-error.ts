// Errors as Google's newer services answer them: a status by its name, and details with a reason for machines.
// https://google.aip.dev/193

import type { Answer } from './errors';

const CODES = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  NOT_FOUND: 404,
  ABORTED: 409,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
} as const;

/** A refusal of one call. */
export class StatusError extends Error {
  constructor(
    readonly status: keyof typeof CODES,
    message: string,
    /** Of ErrorInfo. */
    readonly reason?: string,
    /** Whatever else there is in the details. */
    private readonly details: readonly object[] = [],
  ) {
    super(message);
  }

  /** The whole answer. */
  get answer(): Answer {
    const { status, message, reason } = this;
    const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'people.googleapis.com' };
    const details = [...(reason === undefined ? [] : [info]), ...this.details];
    const error = { code: CODES[status], message, status, ...(details.length === 0 ? {} : { details }) };
    return { status: CODES[status], body: { error } };
  }
}
