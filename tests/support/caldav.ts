// CalDAV as tests open it.

import { Secret } from '../../src/core/secret';
import type { CaldavOptions } from '../../src/groupware/caldav/options';
import { groupwareTools } from '../../src/parts/groupware';

/** The tools, on the first of March 2026. */
export const tools = groupwareTools({ now: () => Date.parse('2026-03-01T12:00:00Z') });

export const PASSWORD = 's3cret-of-ann';

/** A login of somebody's own, under a name. */
export function caldavPerson(login: string, nameOf: (login: string) => string): CaldavOptions['people'][string] {
  return {
    ...{ token: undefined, calendar: undefined, tasks: undefined, addressBook: undefined },
    user: nameOf(login),
    password: new Secret(login === 'ann' ? PASSWORD : `s3cret-of-${login}`),
  };
}

/** Options in which ann and bob have logins of their own, under these names. */
export function caldavOptions(
  url: string,
  changes: Partial<CaldavOptions> = {},
  nameOf = (login: string) => login,
): CaldavOptions {
  const nothing = {
    principal: undefined,
    user: undefined,
    password: undefined,
    token: undefined,
    calendar: undefined,
    tasks: undefined,
    addressBook: undefined,
  };
  return {
    ...nothing,
    url,
    people: { ann: caldavPerson('ann', nameOf), bob: caldavPerson('bob', nameOf) },
    ...{ insecure: false, caFile: undefined, minTlsVersion: undefined, proxy: false },
    ...changes,
  };
}
