// The part of the dialogue about how users log in at a groupware.

import { dirname, join } from 'node:path';
import { isLoopback } from '../../../core/loopback';
import { urlOf } from '../../../core/web-address';
import { isRecord } from '../../../core/shape';
import type { LoginWay } from '../../../groupware/groupware';
import { choose } from './choice';
import type { AskableGroupware } from './desk';
import { withKeys } from './draft';
import { interview, type Interview, type Setting } from './interview';
import { loginQuestions, personQuestions, type Question } from './questions';

/** What is said, by key. */
type Said = ReadonlyMap<string, string>;

/** Whether a key of a flag is about a login. */
export function isOfLogin(key: string, ways: readonly LoginWay[]): boolean {
  return ways.length > 0 && (personIn(key) !== undefined || ways.some((way) => knownKeysOf(way).includes(key)));
}

/** The login and the key of `people.LOGIN.key`. */
function personIn(key: string): readonly [login: string, key: string] | undefined {
  const [, login, own] = /^people\.(.+)\.(\w+)$/s.exec(key) ?? [];
  return login === undefined || own === undefined ? undefined : [login.trim().toLowerCase(), own];
}

/** Asks how users log in, and for what that needs: of all together, or of each by itself. */
export async function askForLogins(
  start: Interview,
  { schema, logins }: AskableGroupware,
  said: Said,
  setting: Setting,
): Promise<Interview> {
  const groupware = start.draft.config['groupware'];
  const users = namedUsers(groupware);
  const ways = logins.filter((way) => isPossible(way, users, groupware));
  const keys = [...said.keys()].map(spelled).filter((key) => logins.some((each) => knownKeysOf(each).includes(key)));
  const way = await wayOf(ways, keys, setting);
  if (way === undefined) return { ...start, missing: [...start.missing, ways.map(flagsOf).join(', or ')] };
  const ofAll = new Map([...said].filter(([key]) => personIn(key) === undefined));
  let asked = await interview(start, loginQuestions(way.keys, schema, ofAll, way.files), setting);
  const people = new Set([
    ...(way.each.length === 0 ? [] : users),
    ...[...said.keys()].flatMap((key) => personIn(key)?.[0] ?? []),
  ]);
  for (const login of people)
    asked = await interview(asked, personQuestions(login, way.each, schema, saidOf(login, said)), setting);
  for (const question of loginQuestions(
    (way.made ?? []).filter((key) => !said.has(key)),
    schema,
    new Map(),
  ))
    asked = withNewKey(asked, question, setting);
  if (way.isAgreedTo !== true) return asked;
  const connect = { command: `connect ${users[0] ?? '<login>'}`, does: 'lets a user agree, as each has to' };
  return { ...asked, next: [...(asked.next ?? []), connect] };
}

/** A new key in a file beside the configuration; the one that is there already, since what it sealed needs it. */
function withNewKey(start: Interview, { path, key, secretFile = '' }: Question, { desk, file }: Setting): Interview {
  const { config, secretFiles } = start.draft;
  const copy = `keep a copy of ${secretFile} where the backups of the ledger are not: without it every user has to agree anew`;
  const next = [...(start.next ?? []), copy];
  const named = withKeys(config, path, { [key]: { file: secretFile } });
  if (desk.exists(join(dirname(file), secretFile))) return { ...start, next, draft: { config: named, secretFiles } };
  const made = desk.newKey();
  desk.hide(made);
  return { ...start, next, draft: { config: named, secretFiles: { ...secretFiles, [secretFile]: made } } };
}

/** Users that are named one by one, each once. */
function namedUsers(groupware: unknown): readonly string[] {
  const users = isRecord(groupware) ? groupware['users'] : undefined;
  return Array.isArray(users) ? [...new Set(users.map((login) => String(login).trim().toLowerCase()))] : [];
}

/** For whom nobody is named, nobody can be asked; and a server elsewhere wants a login. */
function isPossible({ each, isForThisHost }: LoginWay, users: readonly string[], groupware: unknown): boolean {
  if (each.length > 0 && users.length === 0) return false;
  const url = isRecord(groupware) ? String(groupware['url']) : '';
  const address = urlOf(url);
  return isForThisHost !== true || (address !== undefined && isLoopback(address.hostname));
}

/** A way to which the keys that were said lead. What fits none is taken as it is, for the check to judge. */
async function wayOf(ways: readonly LoginWay[], keys: readonly string[], setting: Setting): Promise<LoginWay | undefined> {
  const fitting = ways.filter((way) => keys.every((key) => knownKeysOf(way).includes(key)));
  if (fitting.length === 0) return { called: '', keys: [], each: [] };
  const whole = fitting.find((way) => keys.length > 0 && keysOf(way).every((key) => keys.includes(key)));
  if (whole !== undefined || fitting.length === 1) return whole ?? fitting[0];
  const names = fitting.map(({ called }) => called);
  const chosen = await choose('Who logs in there', names, setting);
  return fitting[names.indexOf(chosen ?? '')];
}

/** The keys that a way needs; those of people with anybody's login. */
function keysOf({ keys, each }: LoginWay): readonly string[] {
  return [...keys, ...each.map((key) => `people.LOGIN.${key}`)];
}

/** The keys that can be said of a way. */
function knownKeysOf(way: LoginWay): readonly string[] {
  return [...keysOf(way), ...(way.made ?? [])];
}

function spelled(key: string): string {
  const own = personIn(key)?.[1];
  return own === undefined ? key : `people.LOGIN.${own}`;
}

function flagsOf(way: LoginWay): string {
  return keysOf(way)
    .map((key) => `--groupware-set ${key}=`)
    .join(' ');
}

function saidOf(login: string, said: Said): Said {
  return new Map(
    [...said].flatMap(([key, value]) => {
      const [whose, own] = personIn(key) ?? [];
      return whose === login && own !== undefined ? [[own, value] as const] : [];
    }),
  );
}
