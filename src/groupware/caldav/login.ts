// Which login a user has at the server. Pure.

import type { HttpRequest } from '../../io/http-contract';
import type { GroupwareUser } from '../groupware';
import type { CaldavOptions } from './options';

/** A login, as HTTP takes it; none at all where the server asks for none. */
export type Login = Pick<HttpRequest, 'basic' | 'bearer'>;

/** A login, and whose it is. */
export interface WhoseLogin {
  readonly whose: 'own' | 'shared' | 'none';
  readonly login: Login;
}

/** The user's own login, or that of all; `undefined` where neither is there though there are logins. */
export function loginOf(options: CaldavOptions, { login }: GroupwareUser): WhoseLogin | undefined {
  const { password: ownPassword, token: ownToken, user = login } = options.people[login] ?? {};
  if (ownToken !== undefined) return { whose: 'own', login: { bearer: ownToken } };
  if (ownPassword !== undefined) return { whose: 'own', login: { basic: { username: user, password: ownPassword } } };
  if (options.token !== undefined) return { whose: 'shared', login: { bearer: options.token } };
  if (options.password !== undefined)
    return { whose: 'shared', login: { basic: { username: options.user ?? login, password: options.password } } };
  const hasLogins = Object.values(options.people).some(({ password, token }) => (password ?? token) !== undefined);
  return hasLogins ? undefined : { whose: 'none', login: {} };
}
