// CalDAV as tests open it.

import { Secret } from '../../src/core/secret';
import type { CaldavOptions } from '../../src/groupware/caldav/options';
import { groupwareTools } from '../../src/parts/groupware';

/** The tools, on the first of March 2026. */
export const tools = groupwareTools(() => Date.parse('2026-03-01T12:00:00Z'));

export const PASSWORD = 's3cret-of-ann';

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
  const person = (login: string) => ({
    ...{ token: undefined, calendar: undefined, tasks: undefined, addressBook: undefined },
    user: nameOf(login),
    password: new Secret(login === 'ann' ? PASSWORD : `s3cret-of-${login}`),
  });
  return {
    ...nothing,
    url,
    people: { ann: person('ann'), bob: person('bob') },
    ...{ insecure: false, caFile: undefined, minTlsVersion: undefined, proxy: false },
    ...changes,
  };
}
