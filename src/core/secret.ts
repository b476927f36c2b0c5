// A secret is a kind of value: it can be carried and compared by nobody, printed by nobody, and revealed only by name.

import { urlOf } from './web-address';

/** What stands for a secret. */
export const MASK = '***';

/** A value that must never be shown. Every way of printing it (text, JSON, `util.inspect`) gives `***`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it only where a library needs the plain text, never to build a message. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK;
  }
}

/** What is shorter than this in an address names something (a path, a version), and is no key. Slack's keys have 24 characters. */
const SHORTEST_KEY = 16;

/**
 * The secrets within a secret address: the long parts of its path and its query, which a server may send back without the rest.
 * None of a text that is no web address.
 */
export function keysWithin(secret: Secret): Secret[] {
  const address = secret.reveal().trim();
  const url = urlOf(address);
  if (url === undefined || !/^https?:$/.test(url.protocol)) return [];
  const { pathname, searchParams } = url;
  return [...pathname.split('/'), ...searchParams.values()]
    .filter((part) => part.length >= SHORTEST_KEY)
    .map((part) => new Secret(part));
}

/** The password in an address, as it is sent; none in any other text. */
export function passwordIn(address: Secret): readonly Secret[] {
  const password = urlOf(address.reveal().trim())?.password ?? '';
  return password === '' ? [] : [new Secret(decoded(password))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
