// The one table from what HTTP said to the outcome of a delivery, for all destinations that speak HTTP.

import type { Outcome, Receipt } from '../../core/outcome';
import { waitIn } from '../../core/retry-after';
import type { HttpResult } from '../../io/http-contract';
import type { Probe } from '../destination';
import { webAddress } from '../../core/web-address';

/** What a destination can read in the body of an answer. A body may be cut off, HTML or anything else: then there is nothing in it. */
export interface AnswerReader {
  /** The receipt of the message that the body shows; `undefined` where it shows none. */
  receipt(body: string): Receipt | undefined;
  /** The server's own words about what is wrong. */
  errors(body: string): readonly string[];
  /** What the answer means, where the body knows it better than the status: of services that say `ok: false` with 200. */
  verdict?(body: string, status: number): Verdict | undefined;
}

/**
 * What an answer means, and the words for it. `place` is trouble of the place, or of what we know of it: would somebody's repair make it
 * take the very same message? Then the message waits for that. `rejected` is only what speaks of the message itself; what cannot be
 * decided is `place`.
 */
export interface Verdict {
  readonly kind: 'retry' | 'place' | 'rejected' | 'login-refused' | 'unknown';
  readonly words: string;
}

type Answer = Extract<HttpResult, { readonly kind: 'answer' }>;

interface Row {
  readonly from: number;
  readonly to: number;
  readonly kind: Verdict['kind'] | 'delivered' | 'by-body';
  readonly words: string;
}

function row(statuses: number | readonly [from: number, to: number], kind: Row['kind'], words = ''): Row {
  const [from, to] = typeof statuses === 'number' ? [statuses, statuses] : statuses;
  return { from, to, kind, words };
}

/** The first row that fits counts. */
const ROWS: readonly Row[] = [
  row(201, 'delivered'),
  row([200, 299], 'by-body', 'its answer is neither empty nor the posted message'),
  // The answer to a form that was taken: https://www.rfc-editor.org/rfc/rfc9110#section-15.4.4.
  row(303, 'unknown', 'it leads to another page, as after something that it took'),
  row([300, 399], 'place', 'it redirects, which is never followed with a login'),
  row(400, 'rejected', 'it does not understand the request'),
  row(401, 'login-refused', 'it refuses the login'),
  row(402, 'place', 'it wants to be paid'),
  row(403, 'place', 'the login has no right to post there'),
  row(404, 'place', 'there is nothing at this address'),
  row(405, 'place', 'nothing can be posted to this address'),
  row(408, 'retry', 'it waited too long for the request'),
  // A conflict is with something that is there already, and that may be this very message from an earlier attempt: to call it
  // refused could lose it, to send it again could double it. As "unknown" it is looked for before anything else happens.
  row(409, 'unknown', 'it sees a conflict with something that is already there'),
  row(410, 'place', 'this address is gone for good'),
  row(413, 'rejected', 'the message is too long for it'),
  row(415, 'place', 'it does not take messages of this kind'),
  row(422, 'rejected', 'it does not accept the message'),
  row(425, 'retry', 'it asks to come back later'),
  row(429, 'retry', 'it asks to slow down'),
  row([400, 499], 'place', 'it refuses the request'),
  row(503, 'retry', 'it is not available'),
  // A gateway that gave up waiting says nothing about the server behind it, which may have kept the message.
  row(504, 'unknown', 'a gateway gave up waiting for it'),
  row([500, 599], 'retry', 'it has trouble of its own'),
];

const NO_ROW = row([0, Infinity], 'unknown', 'this is no status of HTTP');

/**
 * What became of a delivery. `now` is in milliseconds since 1970 UTC. `redact` masks secrets, since a server may send back
 * whatever it was sent.
 */
export function outcomeOf(result: HttpResult, reader: AnswerReader, now: number, redact: (text: string) => string): Outcome {
  if (result.kind === 'failure') {
    const reason = `${result.message} (${result.code})`;
    return result.sent ? { kind: 'unknown', reason: `${reason}, after the request went out` } : { kind: 'retry', reason };
  }
  const rowOfStatus = ROWS.find(({ from, to }) => result.status >= from && result.status <= to) ?? NO_ROW;
  const { kind, words } = reader.verdict?.(result.body, result.status) ?? gatewaysVerdict(result) ?? rowOfStatus;
  const reason = [`the server answered ${result.status}: ${words}`, ...serversWords(result, reader, redact)].join('; ');
  switch (kind) {
    case 'delivered':
      return { kind, receipt: reader.receipt(result.body) ?? {} };
    case 'by-body': {
      const receipt = isEmpty(result) ? {} : reader.receipt(result.body);
      return receipt === undefined ? { kind: 'unknown', reason } : { kind: 'delivered', receipt };
    }
    case 'retry':
    case 'place': {
      const afterMs = waitIn(result.headers, now);
      const repair = kind === 'place' ? ({ needsRepair: true } as const) : {};
      return { kind: 'retry', reason, ...(afterMs === undefined ? {} : { afterMs }), ...repair };
    }
    case 'login-refused':
      return { kind: 'rejected', reason, loginRefused: true };
    default:
      return { kind, reason };
  }
}

/**
 * What a question that changes nothing came to. `words` reads a whole answer with 200, and answers `undefined` for one that is something
 * else. For `now` and `redact` see {@link outcomeOf}.
 */
export function probeOf(
  result: HttpResult,
  reader: AnswerReader,
  words: (body: string) => string | undefined,
  now: number,
  redact: (text: string) => string,
): Probe {
  if (result.kind === 'answer' && result.status === 200 && result.complete && reader.verdict?.(result.body, 200) === undefined) {
    const said = words(result.body);
    if (said !== undefined) return { kind: 'works', words: redact(said) };
  }
  const outcome = outcomeOf(result, { ...reader, receipt: () => undefined }, now, redact);
  return outcome.kind === 'delivered' ? { kind: 'unknown', reason: 'its answer is not the one that was asked for' } : outcome;
}

/**
 * A 400 that is a page comes from what stands before the place, and not from the place about the message: plain HTTP at a port for TLS, a
 * host that a gateway does not know, a certificate that it wants.
 */
function gatewaysVerdict({ status, body }: Answer): Verdict | undefined {
  return status === 400 && /^\s*<(?:!doctype\s+html|html)\b/i.test(body)
    ? { kind: 'place', words: 'something before it does not understand the request' }
    : undefined;
}

function isEmpty({ body, complete }: Answer): boolean {
  return complete && body.trim() === '';
}

/** What the server itself says: where a redirect leads, its list of errors, or at least the title of its error page. */
function serversWords(answer: Answer, reader: AnswerReader, redact: (text: string) => string): string[] {
  const location = answer.headers['location'] ?? '';
  const address = webAddress(location);
  const target = answer.status >= 300 && answer.status < 400 && address !== undefined ? [`to ${new URL(address).origin}`] : [];
  // Each on its own, because each may have been cut off.
  const errors = reader
    .errors(answer.body)
    .filter((error) => error.trim() !== '')
    .map(redact);
  // Only the beginning is searched: the pattern would be slow on a long body that was made to be.
  const title = /<title[^<>]{0,100}>([^<]+)/i.exec(answer.body.slice(0, 4096))?.[1] ?? '';
  const said = excerpt(errors.length > 0 ? errors.join(' / ') : redact(title));
  return [...target, ...(said === '' ? [] : [`it says "${said}"`])];
}

/** Text of the server on one line, without control characters, cut to 200 characters. */
export function excerpt(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const characters = [...line.slice(0, 1000)];
  return characters.length > 200 ? `${characters.slice(0, 199).join('')}…` : line;
}
