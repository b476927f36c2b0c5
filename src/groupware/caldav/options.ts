// What CalDAV is told. On its own, because every run checks it, and few open a calendar.

import { httpFields } from '../../core/http-fields';
import { isLoopback } from '../../core/loopback';
import {
  below,
  flag,
  httpUrl,
  loginName,
  object,
  optional,
  passwordSecret,
  problem,
  record,
  refine,
  required,
  textAs,
  tokenSecret,
  withDefault,
  type Checked,
  type Place,
} from '../../core/shape';

/** What stands for a user in a path. */
const USER = /\{(login|email)\}/;

const credentials = {
  user: optional(loginName({ basic: true }), 'the user of the login, in HTTP Basic'),
  password: optional(passwordSecret(), 'the password of the login'),
  token: optional(tokenSecret(), 'a token, in place of user and password'),
};

const calendars = {
  calendar: optional(
    calendarName(),
    'the calendar for events: its name, or its path, such as "/dav/{login}/work/"; if left out, one of its own, which is made',
  ),
  tasks: optional(calendarName(), 'the calendar or list for tasks, likewise'),
  addressBook: optional(calendarName(), 'the address book for contacts, likewise'),
};

const fields = object({
  url: required(httpUrl(), 'the address of the server, or of what it has for a user'),
  principal: optional(
    userPath(),
    'where a user stands on the server, such as "/{login}/" or "/principals/{email}/"; asked of the server if left out',
  ),
  ...credentials,
  ...calendars,
  people: withDefault(
    record(object({ ...credentials, ...calendars }), /\S/, 'a login'),
    {},
    'the logins of users, and what else is different about some, by login of the CRM',
  ),
  insecure: withDefault(
    flag(),
    false,
    'whether passwords and entries may go over http to another host, where anybody can read them',
  ),
  ...httpFields,
});

/** The shape of the options of `caldav`. */
export const caldavOptions = refine(fields, (options, place) => {
  checkTransport(options, place);
  checkLogin(options, place);
  for (const [login, person] of Object.entries(options.people)) checkLogin(person, below(below(place, 'people'), login), login);
  checkWhose(options, place);
});

/** What they yield. */
export type CaldavOptions = Checked<typeof caldavOptions>;

type Credentials = Partial<Checked<typeof fields>['people'][string]>;

/** Without TLS everything can be read on the way, the password as well. */
function checkTransport({ url, insecure }: Checked<typeof fields>, place: Place): void {
  if (new URL(url).protocol === 'https:' || insecure || isLoopback(new URL(url).hostname)) return;
  problem(
    below(place, 'url'),
    'is not https, so passwords and entries could be read on the way; where that does not matter, say "insecure": true',
  );
}

function checkLogin({ user, password, token }: Credentials, place: Place, login = ''): void {
  if (token !== undefined && (user ?? password) !== undefined)
    problem(below(place, 'token'), 'stands beside a user or a password: one login is enough');
  else if (password !== undefined && user === undefined && login === '')
    problem(below(place, 'user'), 'is missing beside the password');
  else if (user !== undefined && password === undefined) problem(below(place, 'password'), 'is missing beside the user');
}

/** One login for all, or none: then only a path can tell whose entries they are. */
function checkWhose(options: Checked<typeof fields>, place: Place): void {
  const { url, principal = '', calendar = '', tasks = '', addressBook = '', people } = options;
  const isShared = (options.password ?? options.token) !== undefined;
  const hasOwn = Object.values(people).some(({ password, token }) => (password ?? token) !== undefined);
  if (!isShared && !hasOwn && !isLoopback(new URL(url).hostname))
    problem(below(place, 'password'), 'is missing: name a login for all, or one for each user in people');
  else if ((isShared || !hasOwn) && !USER.test(principal) && ![calendar, tasks, addressBook].every((path) => USER.test(path)))
    problem(
      below(place, 'principal'),
      'is missing: where all users have the same login, only a path such as "/{login}/" says whose calendar it is',
    );
}

/** A path with the place of a user in it. */
function userPath() {
  return textAs((path) => (isPath(path) ? path : undefined), 'a path that begins with a slash');
}

function calendarName() {
  return textAs(
    (name) => ((name.startsWith('/') ? isPath(name) : name.trim() !== '' && !/\p{Cc}/u.test(name)) ? name.trim() : undefined),
    'the name of a calendar, or a path that begins with a slash',
  );
}

function isPath(path: string): boolean {
  return (
    /^\/[^\p{Cc}?#\\]*$/u.test(path) && !path.startsWith('//') && !path.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part))
  );
}
