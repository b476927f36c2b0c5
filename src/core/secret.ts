// A secret is a kind of value: it can be carried and compared by nobody, printed by nobody, and revealed only by name.

const MASK = '***';

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
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return [];
  const { pathname, searchParams } = new URL(address);
  return [...pathname.split('/'), ...searchParams.values()]
    .filter((part) => part.length >= SHORTEST_KEY)
    .map((part) => new Secret(part));
}

/**
 * Makes a filter that replaces every known secret in a text by `***`: as it is, as JSON and URL-encoding spell it, and in
 * base64 at each of the three alignments it can have inside a longer encoded text.
 * Secrets shorter than four characters are left alone: masking every `a` would make a report unreadable and protect nothing.
 */
export function makeRedactor(secrets: Iterable<Secret>): (text: string) => string {
  const spellings = new Set<string>();
  for (const secret of secrets) {
    for (const line of [secret.reveal(), secret.reveal().trim()]) {
      if (line.length >= 4) for (const spelling of spellingsOf(line)) spellings.add(spelling);
    }
  }
  const longestFirst = [...spellings].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((masked, spelling) => masked.split(spelling).join(MASK), text);
}

function spellingsOf(value: string): string[] {
  const encoded = encodeURIComponent(value);
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encoded,
    encoded.replace(/%20/g, '+'),
    encoded.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`),
    ...base64Spellings(value),
  ];
}

/** The part of the base64 text that depends on the secret alone, for each number of bytes that may stand before it. */
function base64Spellings(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const spellings: string[] = [];
  for (const before of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const text = padded.toString('base64').replace(/=+$/, '');
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor((padded.length * 8) / 6);
    const certain = text.slice(start, end);
    if (certain.length >= 5) spellings.push(certain, certain.replace(/\+/g, '-').replace(/\//g, '_'));
  }
  return spellings;
}
