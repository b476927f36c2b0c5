// The words of a command line, as rules pass them, become a request. Nothing is opened and nothing is sent before this succeeds.

import type { Request } from '../core/activity';
import { UserError } from '../core/errors';
import { nearestFew } from '../core/nearest';

/** What the words of a command line are held against. */
export interface NamedType {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly typeId?: number;
}

/** Objids are SQL Server integers. */
const LARGEST_OBJID = 2_147_483_647;
/** A word that a rule could not fill: `[Activity Objid=???]`, `???` or an empty text. */
const MISSING = Symbol('missing');
type Token = string | typeof MISSING;

/** How the words of a command are spoken of. */
export interface Speech {
  /** What the first of them is. */
  readonly noun: string;
  /** All of them. */
  readonly form: string;
  readonly example: string;
}

const PUBLISH: Speech = {
  noun: 'object type',
  form: '<objectType> <dbId> <activityObjid>',
  example: 'as in: publish-activity Case 268435457 268435457',
};

/**
 * Reads `<objectType> <dbId> [<activityObjid>]` as rules pass it (docs/crm.md, "Command lines"): the longest leading run of words that
 * names an object type, then one or two ids. Stray quotes (also the round ones of a word processor), trailing commas and a final lone
 * `&` are dropped.
 * Throws a UserError of the kind `usage`, which names what is wrong and the nearest thing that would be right.
 */
export function readArguments(
  words: readonly string[],
  rule: string,
  types: readonly NamedType[],
  speech: Speech = PUBLISH,
): Request {
  const { form, example } = speech;
  const tokens = tokensOf(words.at(-1) === '&' ? words.slice(0, -1) : words);
  const { type, rest } = leadingType(tokens, types, speech);
  const [objid, activityObjid, ...more] = rest;
  if (objid === undefined || objid === MISSING || objid === '0') {
    throw usage(`the database id of the ${type.name} is missing`, `give the objid of the object after its type, ${example}`);
  }
  const request = { objectType: type.name, objid: readObjid(objid, 'a database id', example), rule };
  const given = activityObjid === undefined || activityObjid === MISSING || activityObjid === '0' ? undefined : activityObjid;
  const whole = given === undefined ? request : { ...request, activityObjid: readObjid(given, 'an activity objid', example) };
  const extra = more.find((token) => token !== MISSING);
  if (extra === undefined) return whole;
  throw usage(`"${shorten(extra)}" is one argument too many`, `the arguments are ${form}, ${example}`);
}

/**
 * Looks at words whose object type nobody can know, because the configuration cannot be read: a name, whatever it is, and one or two ids.
 * Throws a UserError of the kind `usage` where they are wrong under every configuration.
 */
export function readUnknownType(words: readonly string[], rule: string): void {
  const tokens = tokensOf(words);
  const end = tokens.findIndex((token) => token === MISSING || /^[-+]?\d/.test(token));
  const name = tokens.slice(0, end === -1 ? tokens.length : end).join(' ');
  const types = /^\d+$/.test(String(tokens[0])) ? [{ name: 'object', aliases: [], typeId: Number(tokens[0]) }] : [];
  readArguments(words, rule, name === '' ? types : [{ name, aliases: [name] }]);
}

/** The name by which an object type is looked up: `Change Request`, `change_request` and `changerequest` are the same. */
export function normalizeTypeName(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '');
}

function tokensOf(words: readonly string[]): Token[] {
  const tokens: Token[] = [];
  let insideBracket = false;
  for (const word of words) {
    const pieces = word.trim() === '' ? [''] : word.trim().split(/\s+/);
    for (const piece of pieces) {
      const bare = piece.replace(/^["'`\u2018-\u201F]+/, '').replace(/["'`,\u2018-\u201F]+$/, '');
      if (insideBracket) {
        insideBracket = !bare.endsWith(']');
      } else if (bare.startsWith('[')) {
        insideBracket = !bare.endsWith(']');
        tokens.push(MISSING);
      } else {
        tokens.push(bare === '' || bare.includes('???') ? MISSING : bare);
      }
    }
  }
  return tokens;
}

function leadingType(
  tokens: readonly Token[],
  types: readonly NamedType[],
  speech: Speech,
): { type: NamedType; rest: readonly Token[] } {
  const missing = tokens.indexOf(MISSING);
  const run = tokens.slice(0, missing === -1 ? tokens.length : missing).filter((token) => token !== MISSING);
  for (let length = run.length; length > 0; length--) {
    const name = normalizeTypeName(run.slice(0, length).join(''));
    const type = types.find(
      (known) => isNumberOf(known, name) || known.aliases.some((alias) => normalizeTypeName(alias) === name),
    );
    if (type !== undefined) return { type, rest: tokens.slice(length) };
  }
  throw unknownType(run, types, speech);
}

/** Whether a word is the number of a type; some have none. */
export function isNumberOf({ typeId }: Pick<NamedType, 'typeId'>, word: string): boolean {
  return typeId !== undefined && word === String(typeId);
}

function unknownType(run: readonly string[], types: readonly NamedType[], { noun, example }: Speech): UserError {
  const firstId = run.findIndex((word) => /^[-+]?\d/.test(word));
  const named = (firstId === -1 ? run : run.slice(0, firstId)).join(' ');
  const names = types.map((type) => type.name);
  if (named === '') return usage(`the ${noun} is missing`, `it is one of ${names.join(', ')}, ${example}`);
  const near = nearestFew(
    named,
    types.flatMap((type) => type.aliases),
    3,
  );
  return usage(
    `no ${noun} is called "${shorten(named)}"`,
    near.length === 0 ? `known are ${names.join(', ')}, ${example}` : `did you mean ${near.join(' or ')}?`,
  );
}

function readObjid(word: string, what: string, example: string): number {
  const value = /^[1-9]\d{0,9}$/.test(word) ? Number(word) : Number.NaN;
  if (value <= LARGEST_OBJID) return value;
  throw usage(`"${shorten(word)}" is not ${what}`, `it is a whole number from 1 to ${LARGEST_OBJID}, ${example}`);
}

function usage(message: string, hint: string): UserError {
  return new UserError('usage', message, hint);
}

function shorten(word: string): string {
  return word.length > 60 ? `${word.slice(0, 59)}…` : word;
}
