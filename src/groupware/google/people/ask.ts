// Asking for people by their names, and what is sent in pieces.

import type { Deadline } from '../../../core/deadline';
import { at, isRecord } from '../../../core/shape';
import type { Found, Trouble } from '../../groupware';
import { isGoogles, isMissing, isWell, refusalOf, troubleOf } from '../calls/answers';
import type { Called } from '../calls/client';
import type { Asker } from '../places/items';
import { itemOf, PERSON_QUERY } from './person';

/** People as they were told, by the names that they were asked for; or that they are certainly not there. Others are unknown. */
export type People = ReadonlyMap<string, object | 'absent'>;

/** So many names fit into an address; the method itself takes 200. */
const MOST_NAMES = 50;

/** Asks for people by their names; or why it cannot be asked. */
export async function askPeople(
  { client, user }: Asker,
  names: readonly string[],
  deadline: Deadline,
): Promise<People | Trouble> {
  // What is called otherwise is no person of Google's.
  const possible = names.filter((name) => /^people\/[\w-]+$/.test(name));
  const people = new Map<string, object | 'absent'>(
    names.filter((name) => !possible.includes(name)).map((name) => [name, 'absent']),
  );
  const asked = await inPieces(possible, MOST_NAMES, (resourceNames) =>
    client.call(user, { method: 'GET', path: 'people:batchGet', query: { ...PERSON_QUERY, resourceNames } }, deadline),
  );
  for (const { piece, called } of asked) {
    if (called.kind !== 'answer') return troubleOf(called);
    const [only] = piece;
    if (isMissing(called) && only !== undefined) people.set(only, 'absent');
    else if (!isWell(called)) return refusalOf(called);
    for (const response of listAt(called.json, 'responses')) {
      const [name, person] = [at(response, 'requestedResourceName'), at(response, 'person')];
      if (typeof name !== 'string') continue;
      if (isRecord(person)) people.set(name, person);
      else if (at(response, 'httpStatusCode') === 404 || at(at(response, 'status'), 'code') === NOT_FOUND)
        people.set(name, 'absent');
    }
  }
  return people;
}

/** `NOT_FOUND` of https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
const NOT_FOUND = 5;

/** Whether nothing could be asked. */
export function isTrouble(people: People | Trouble): people is Trouble {
  return 'reason' in people;
}

/** A person, or that nobody is there, as the engine knows it. */
export function foundIn(people: People, name: string): Found | undefined {
  const person = people.get(name);
  if (person === undefined || person === 'absent') return person;
  const item = itemOf(person);
  return item === undefined || !('gone' in item) ? item : 'absent';
}

/** A piece, and what became of it. */
export interface Sent<T> {
  readonly piece: readonly T[];
  readonly called: Called;
}

/** Sends pieces of a list, and of one that Google refuses as a whole its halves. */
export async function inPieces<T>(
  list: readonly T[],
  most: number,
  send: (piece: readonly T[]) => Promise<Called>,
): Promise<readonly Sent<T>[]> {
  const sent: Sent<T>[] = [];
  for (let start = 0; start < list.length; start += most) {
    const piece = list.slice(start, start + most);
    const called = await send(piece);
    const isRefused = called.kind === 'answer' && !isWell(called) && isGoogles(called);
    if (isRefused && piece.length > 1) sent.push(...(await inPieces(piece, Math.ceil(piece.length / 2), send)));
    else sent.push({ piece, called });
  }
  return sent;
}

/** A list in an answer. */
export function listAt(value: unknown, name: string): readonly unknown[] {
  const list = at(value, name);
  return Array.isArray(list) ? list : [];
}
