// The ways in which users log in at a server of CalDAV, as whoever writes a first configuration chooses between them.

import type { LoginWay } from '../groupware';

/** As the check of the options has them. */
export const CALDAV_LOGINS: readonly LoginWay[] = [
  { called: 'each user with a password of their own', keys: [], each: ['password'] },
  { called: 'each user with a token of their own', keys: [], each: ['token'] },
  { called: 'all with one login and its password', keys: ['user', 'password', 'principal'], each: [] },
  { called: 'all with one token', keys: ['token', 'principal'], each: [] },
  { called: 'nobody: the server is on this host and asks for no login', keys: ['principal'], each: [], isForThisHost: true },
];
