// What Google is told. On its own, because every run checks it, and few open a calendar.

import { httpFields } from '../../core/http-fields';
import { Secret } from '../../core/secret';
import {
  andThen,
  at,
  below,
  choice,
  duration,
  flag,
  httpUrl,
  object,
  optional,
  problem,
  refine,
  secret,
  text,
  withDefault,
  type Checked,
  type Place,
  type Shape,
} from '../../core/shape';
import { vaultKeysShape } from '../../core/vault-keys';
import type { ServiceKey } from '../../io/oauth-contract';
import { parsedJson } from '../../core/parsed-json';

/** Where a consent is asked for, and tokens are (https://accounts.google.com/.well-known/openid-configuration). */
const AUTHORIZE = 'https://accounts.google.com/o/oauth2/v2/auth';
const TOKEN = 'https://oauth2.googleapis.com/token';
const REVOKE = 'https://oauth2.googleapis.com/revoke';
/** Who says whose account it is, likewise. */
const ISSUER = 'https://accounts.google.com';

const endpoints = object({
  calendar: withDefault(httpUrl(), 'https://www.googleapis.com', 'what stands before /calendar/v3'),
  tasks: withDefault(httpUrl(), 'https://tasks.googleapis.com', 'what stands before /tasks/v1'),
  people: withDefault(httpUrl(), 'https://people.googleapis.com', 'what stands before /v1'),
  authorize: withDefault(httpUrl(), AUTHORIZE, 'the whole address of the page that asks for a consent'),
  token: withDefault(httpUrl(), TOKEN, 'the whole address that gives tokens'),
  revoke: withDefault(httpUrl(), REVOKE, 'the whole address that revokes them'),
  issuer: withDefault(text(), ISSUER, 'who says whose account it is, in the word of its tokens'),
});

const MINUTE = 60_000;
/** How often listings come, in ms, where nobody says. */
export const LIST_EVERY = { tasks: 15 * MINUTE, contacts: 60 * MINUTE };
const often = () => duration(0, 24 * 60 * MINUTE);

const listEvery = object({
  tasks: withDefault(often(), LIST_EVERY.tasks, 'of tasks; 15m unless it is said'),
  contacts: withDefault(often(), LIST_EVERY.contacts, 'of contacts; 60m unless it is said'),
});

const fields = object({
  clientId: optional(text(), 'the id of the OAuth client, which ends in .apps.googleusercontent.com; each user agrees once'),
  clientSecret: optional(secret(), 'its secret, which Google gives to desktop clients as well'),
  serviceAccount: optional(
    serviceKey(),
    'the key file of a service account with domain-wide delegation, in place of the client; nobody has to agree then',
  ),
  vault: optional(
    vaultKeysShape(),
    'the keys that tokens are sealed with; needed where users agree, and without it a service account asks for a token in each run',
  ),
  calendar: withDefault(
    choice(['own', 'primary']),
    'own',
    'whether entries stand in a calendar of their own, which is made and is all that is seen ("own"), or in each user’s first one ("primary")',
  ),
  busy: withDefault(
    flag(),
    false,
    'whether the times at which a user’s first calendar is busy come into the CRM, without a word of why; only with calendar "own"',
  ),
  batch: withDefault(
    choice(['own', 'shared']),
    'own',
    'whether calls of one user only travel in an HTTP request, or those of several, each with a token of its own; doctor groupware tells whether Google takes the latter',
  ),
  listEvery: withDefault(
    listEvery,
    LIST_EVERY,
    'how long after one listing the next one comes; a call of a rule looks at once. Google lets a project make 50,000 calls of Tasks a day',
  ),
  endpoints: withDefault(
    endpoints,
    {
      ...{
        calendar: 'https://www.googleapis.com',
        tasks: 'https://tasks.googleapis.com',
        people: 'https://people.googleapis.com',
      },
      ...{ authorize: AUTHORIZE, token: TOKEN, revoke: REVOKE, issuer: ISSUER },
    },
    'other addresses, for private endpoints and tests',
  ),
  ...httpFields,
});

/** The shape of the options of `google`. */
export const googleOptions = refine(fields, (options, place) => {
  checkLogin(options, place);
  checkBusy(options, place);
});

/** What they yield. */
export type GoogleOptions = Checked<typeof googleOptions>;

/** One of the two has to be there. */
function checkLogin({ clientId, clientSecret, serviceAccount, vault }: Checked<typeof fields>, place: Place): void {
  if (serviceAccount !== undefined) {
    if (clientId !== undefined || clientSecret !== undefined)
      problem(below(place, 'serviceAccount'), 'stands beside a client: one of them is enough');
    return;
  }
  if (clientId === undefined)
    problem(below(place, 'clientId'), 'is missing: name an OAuth client, or a service account, as docs/groupware.md shows');
  if (vault === undefined) problem(below(place, 'vault'), 'is missing: the tokens that users agree to are kept sealed only');
}

/** What stands in the first calendar makes it busy, so entries of the CRM would come back from there. */
function checkBusy({ calendar, busy }: Checked<typeof fields>, place: Place): void {
  if (busy && calendar === 'primary')
    problem(below(place, 'busy'), 'needs calendar "own": in the first calendar, entries of the CRM would make their users busy');
}

/** A key file of a service account, as Google's console makes it. */
function serviceKey(): Shape<ServiceKey> {
  return andThen(secret(), (found, place) => {
    const json = parsedJson(found.reveal());
    const [issuer, keyId, privateKey] = ['client_email', 'private_key_id', 'private_key'].map((key) => at(json, key));
    if (typeof issuer !== 'string' || typeof keyId !== 'string' || typeof privateKey !== 'string')
      return problem(place, 'is no key file of a service account: JSON with client_email, private_key_id and private_key');
    const key = new Secret(privateKey);
    place.source.secrets.push(key);
    return { issuer, keyId, privateKey: key };
  });
}
