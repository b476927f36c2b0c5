// The ways in which users are let in at Google, as whoever writes a first configuration chooses between them.

import type { LoginWay } from '../groupware';

/** 32 bytes that seal nothing, and a service account that there is not. */
const NO_KEY = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq=';
const NO_ACCOUNT = JSON.stringify({ client_email: '', private_key_id: '', private_key: '' });

/** As the check of the options has them. */
export const GOOGLE_LOGINS: readonly LoginWay[] = [
  {
    called: 'each user, who agrees once (an OAuth client)',
    keys: ['clientId', 'clientSecret'],
    each: [],
    made: ['vault.key'],
    standIns: { 'vault.key': NO_KEY },
    isAgreedTo: true,
  },
  {
    called: 'a service account for all',
    keys: ['serviceAccount'],
    each: [],
    files: ['serviceAccount'],
    standIns: { serviceAccount: NO_ACCOUNT },
  },
];
