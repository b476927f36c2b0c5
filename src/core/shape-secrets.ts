// Secrets by where they go: each has characters that its place cannot hold, and that a library drops, spells anew or throws at.
// What is wrong with one is told without a character of it. Import them from core/shape.

import { keysWithin, type Secret } from './secret';
import { problem, unfit, type Place, type Shape } from './shape-base';
import { secret } from './shape-files';
import { text } from './shape-values';
import { refine } from './shape-refine';
import { urlOf } from './web-address';

/** Where a text goes: what it may consist of there, and what such a place is called. */
interface Goal {
  readonly fits: RegExp;
  readonly name: string;
}

/** The value of a header: what all libraries send as it is (https://www.rfc-editor.org/rfc/rfc9110#section-5.5). */
const HEADER: Goal = { fits: /^[\t -~]*$/, name: 'header' };
/** The token of `Authorization: Bearer` (https://www.rfc-editor.org/rfc/rfc6750#section-2.1). */
const TOKEN: Goal = { fits: /^[!-~]*$/, name: 'token' };
/** An address: its host may be spelled in any alphabet, and the rest is ASCII (https://www.rfc-editor.org/rfc/rfc3986#section-2). */
const ADDRESS: Goal = { fits: /^[a-z]+:\/\/[^\s\p{C}/?#]*[!-~]*$/iu, name: 'address' };
/** User and password of HTTP Basic, of SMTP and of a database: https://www.rfc-editor.org/rfc/rfc7617#section-2, rfc4616 and rfc4013. */
const LOGIN: Goal = { fits: /^[^\p{Cc}\p{Surrogate}\uFFFD]*$/u, name: 'login' };
/** The value of an environment variable, which may have lines. */
const VARIABLE: Goal = { fits: /^[^\0]*$/, name: 'environment variable' };

/** A secret that becomes the value of a header. */
export function headerSecret(): Shape<Secret> {
  return secretFor(HEADER);
}

/** A secret that is sent as `Authorization: Bearer`. */
export function tokenSecret(): Shape<Secret> {
  return secretFor(TOKEN);
}

/** The password of a login. */
export function passwordSecret(): Shape<Secret> {
  return secretFor(LOGIN);
}

/** The user of a login; where the login is HTTP Basic, a colon would end it. */
export function loginName({ basic = false } = {}): Shape<string> {
  return refine(text(), (user, place) => {
    if (basic && user.includes(':')) unfit(place, 'holds a colon, which the user of HTTP Basic cannot have');
    else checkFit(user, LOGIN, place);
  });
}

/**
 * An http or https address that is a secret as a whole, because whoever knows it can post there: that of a webhook. So are the keys
 * in it, which a server may send back alone.
 */
export function secretUrl(): Shape<Secret> {
  const address = secret();
  return {
    schema: address.schema,
    parse: (raw, place) => {
      const found = address.parse(raw, place);
      if (found !== undefined) place.source.secrets.push(...keysWithin(found));
      if (found === undefined) return undefined;
      if (!isWebAddress(found.reveal().trim())) return problem(place, 'is not an address that starts with https:// or http://');
      checkFit(found.reveal().trim(), ADDRESS, place);
      return found;
    },
  };
}

/** Notes why a text cannot be a part of a login. */
export function checkLogin(part: string, place: Place): void {
  checkFit(part, LOGIN, place);
}

/** Notes why a text cannot be the value of an environment variable. */
export function checkVariable(value: string, place: Place): void {
  checkFit(value, VARIABLE, place);
}

function isWebAddress(address: string): boolean {
  return /^https?:\/\/\S+$/i.test(address) && urlOf(address) !== undefined;
}

function secretFor(goal: Goal): Shape<Secret> {
  return refine(secret(), (found, place) => checkFit(found.reveal(), goal, place));
}

function checkFit(value: string, { fits, name }: Goal, place: Place): void {
  if (fits.test(value)) return;
  const what = /[\r\n]/.test(value)
    ? 'a line end'
    : /[ \t]/.test(value) && fits.test(value.replace(/[ \t]/g, ''))
      ? 'a blank'
      : 'a character';
  unfit(place, `holds ${what} that no ${name} can have`);
}
