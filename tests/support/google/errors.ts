// Errors as Google's APIs answer them.
// Bodies: https://developers.google.com/workspace/calendar/api/guides/errors, and for scopes
// https://docs.cloud.google.com/docs/authentication/troubleshoot-adc (ACCESS_TOKEN_SCOPE_INSUFFICIENT).

import { StatusError } from './status-error';

/** What a caller is told, as JSON. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; left out where there is none, as for 204. A text is sent as it is, as HTML. */
  readonly body?: unknown;
}

type Place = readonly [locationType: 'parameter' | 'header', location: string];
type Row = readonly [status: number, domain: string, message: string, place?: Place];

const LIMITS = 'usageLimits';
const ROWS = {
  badRequest: [400, 'global', 'Bad Request'],
  badContent: [400, 'global', 'Unsupported content type'],
  invalid: [400, 'global', 'Invalid Value'],
  parseError: [400, 'global', 'Parse Error'],
  required: [400, 'global', 'Required'],
  timeRangeTooLong: [400, 'calendar', 'The requested time range is too long.', ['parameter', 'timeMax']],
  timeRangeEmpty: [400, 'calendar', 'The specified time range is empty.', ['parameter', 'timeMax']],
  eventTypeRestriction: [400, 'calendar', 'The event type does not allow this.'],
  malformedWorkingLocationEvent: [400, 'calendar', 'The working location event is malformed.'],
  cannotUseDefaultRemindersAndSpecifyOverride: [
    400,
    'calendar',
    'Cannot specify both default reminders and overrides at the same time.',
  ],
  eventRemindersCountExceedsLimit: [400, 'calendar', 'There are too many reminder overrides.'],
  cannotDeletePrimaryCalendar: [400, 'calendar', 'The primary calendar cannot be deleted.'],
  authError: [401, 'global', 'Invalid Credentials', ['header', 'Authorization']],
  loginRequired: [401, 'global', 'Login Required', ['header', 'Authorization']],
  insufficientPermissions: [403, 'global', 'Request had insufficient authentication scopes.'],
  forbidden: [403, 'global', 'Forbidden'],
  forbiddenForNonOrganizer: [403, 'calendar', 'Shared properties can only be changed by the organizer of the event.'],
  forbiddenForServiceAccounts: [
    403,
    'calendar',
    'Service accounts cannot invite attendees without Domain-Wide Delegation of Authority.',
  ],
  requiredAccessLevel: [403, 'calendar', 'You need to have writer access to this calendar.'],
  rateLimitExceeded: [403, LIMITS, 'Rate Limit Exceeded'],
  userRateLimitExceeded: [403, LIMITS, 'User Rate Limit Exceeded'],
  dailyLimitExceeded: [403, LIMITS, 'Daily Limit Exceeded'],
  quotaExceeded: [403, LIMITS, 'Calendar usage limits exceeded.'],
  notFound: [404, 'global', 'Not Found'],
  duplicate: [409, 'global', 'The requested identifier already exists.'],
  deleted: [410, 'global', 'Resource has been deleted'],
  fullSyncRequired: [410, 'calendar', 'Sync token is no longer valid, a full sync is required.', ['parameter', 'syncToken']],
  updatedMinTooLongAgo: [
    410,
    'calendar',
    'The requested minimum modification time lies too far in the past.',
    ['parameter', 'updatedMin'],
  ],
  conditionNotMet: [412, 'global', 'Precondition Failed', ['header', 'If-Match']],
  backendError: [500, 'global', 'Backend Error'],
  notImplemented: [501, 'stand-in', 'The stand-in does not know how to do this.'],
} satisfies Record<string, Row>;

/** Why a call was refused, in Google's words. */
export type Reason = keyof typeof ROWS;

const isInternal: Readonly<Partial<Record<Reason, string>>> = { loginRequired: 'required' };
const STATUS_NAMES: Readonly<Partial<Record<Reason, string>>> = {
  authError: 'UNAUTHENTICATED',
  loginRequired: 'UNAUTHENTICATED',
  insufficientPermissions: 'PERMISSION_DENIED',
};

/** A refusal of one call. */
export class GoogleError extends Error {
  constructor(
    readonly reason: Reason,
    message?: string,
    private readonly over: { readonly status?: number; readonly location?: string; readonly retryAfter?: number } = {},
  ) {
    super(message ?? ROWS[reason][2]);
  }

  /** The whole answer. */
  get answer(): Answer {
    const [status, domain, , place]: Row = ROWS[this.reason];
    const code = this.over.status ?? status;
    const [locationType, location] =
      this.over.location === undefined ? (place ?? []) : (['parameter', this.over.location] as const);
    const error = {
      domain,
      reason: isInternal[this.reason] ?? this.reason,
      message: this.message,
      ...(location === undefined ? {} : { locationType, location }),
    };
    const statusName = STATUS_NAMES[this.reason];
    const named = statusName === undefined ? {} : { status: statusName };
    const details = this.reason === 'insufficientPermissions' ? { details: [SCOPES_DETAIL] } : {};
    return {
      status: code,
      headers: {
        ...(code === 401 ? { 'WWW-Authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' } : {}),
        ...(this.over.retryAfter === undefined ? {} : { 'Retry-After': `${this.over.retryAfter}` }),
      },
      body: { error: { errors: [error], code, message: this.message, ...named, ...details } },
    };
  }
}

const SCOPES_DETAIL = {
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
  domain: 'googleapis.com',
};

/** The answer to what went wrong; anything but a refusal is a fault of the stand-in and says so. */
export function answerTo(problem: unknown): Answer {
  if (problem instanceof GoogleError || problem instanceof StatusError) return problem.answer;
  return new GoogleError(
    'notImplemented',
    `stand-in: ${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}`,
  ).answer;
}
