// What Google's refusals mean, whatever was asked for.

import { meaningOf } from '../../src/groupware/google/calls/refusals';

describe('What Google refuses', () => {
  it.each([
    [401, [], 'login'],
    [403, ['insufficientPermissions'], 'scopes'],
    [403, ['PERMISSION_DENIED', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'], 'scopes'],
    [403, ['quotaExceeded'], 'full'],
    [403, ['dailyLimitExceeded'], 'day'],
    [403, ['accessNotConfigured'], 'everybody'],
    [403, ['SERVICE_DISABLED', 'PERMISSION_DENIED'], 'everybody'],
    [403, ['domainPolicy'], 'account'],
    [403, ['notACalendarUser'], 'account'],
    [403, ['forbidden'], undefined],
    [403, ['PERMISSION_DENIED'], undefined],
    [404, ['notFound'], undefined],
    [400, ['quotaExceeded'], undefined],
  ])('with %i %j is a matter of: %s', (status, reasons, kind) => {
    expect(meaningOf(status, reasons)?.kind).toBe(kind);
  });
});
