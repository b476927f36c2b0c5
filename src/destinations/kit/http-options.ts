// What all destinations share that speak HTTP: three keys of their configuration, and one patient way to send a request.

import type { Deadline } from '../../core/deadline';
import { sleep } from '../../core/deadline';
import { httpSettings, type HttpOptions } from '../../core/http-fields';
import { Secret } from '../../core/secret';
import type { HttpRequest, HttpResult } from '../../io/http-contract';
import type { Server, Tools } from '../destination';

export { httpFields, type HttpOptions } from '../../core/http-fields';

/** The server of an address, of which only scheme, host and port are told. */
export function httpServer(address: string | Secret, options: HttpOptions): Server {
  const { origin } = new URL(plainAddress(address));
  return { origin, settings: httpSettings(options) };
}

/** An address as HTTP takes it; that of a webhook is a secret. */
export function plainAddress(address: string | Secret): string {
  return address instanceof Secret ? address.reveal().trim() : address;
}

/**
 * A secret address as people may see it: which server it is, and how its path begins where that is the same for everybody, for example
 * `https://hooks.slack.com/services/***`.
 */
export function maskedUrl(address: Secret, known = ''): string {
  const { origin, pathname } = new URL(plainAddress(address));
  return known !== '' && pathname.startsWith(`/${known}/`) ? `${origin}/${known}/***` : `${origin}/***`;
}

/** Waits between attempts whose request did not go out, in milliseconds. */
const WAITS = [200, 400, 800] as const;
/** What must remain of the deadline after a wait, in milliseconds, for another attempt to make sense. */
const ENOUGH = 500;
/** Failures that may pass in a second. Certificates, refused logins and wrong protocols do not mend themselves. */
const PASSING: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EPROXY',
]);

/**
 * Sends a request under the name of this program, and again a few times within the deadline while it certainly did not go out. One that
 * may have gone out is never sent again from here.
 */
export async function sendPatiently(
  request: HttpRequest,
  options: HttpOptions,
  tools: Tools,
  deadline: Deadline,
): Promise<HttpResult> {
  const send = await tools.http();
  const named = { ...request, headers: { ...request.headers, 'User-Agent': `publish-activity/${tools.version}` } };
  let result = await send(named, httpSettings(options), deadline.signal);
  for (const wait of WAITS) {
    const passing = result.kind === 'failure' && !result.sent && PASSING.has(result.code);
    if (!passing || deadline.remainingMs() < wait + ENOUGH) return result;
    await sleep(wait, deadline.signal);
    result = await send(named, httpSettings(options), deadline.signal);
  }
  return result;
}

/** How far the clocks of the two hosts may differ without it mattering, in ms. */
export const CLOCK_DIFFERENCE_MS = 2 * 60_000;

/**
 * How much further back than the attempt a post is looked for, in ms. The moment of the attempt was written by a clock that may have been
 * set since, or is another host's: one that was ahead would have the look begin after the post. A day more finds only posts that are
 * known to the ledger, and those are left out.
 */
export const LOOK_BACK_MS = 86_400_000 + CLOCK_DIFFERENCE_MS;

/**
 * By how much the server's clock is behind ours, as its Date header tells (RFC 9110, 6.6.1). Where it is ahead, or says nothing, it
 * counts as right: to look too far back finds nothing wrong, and ours may have been set since the attempt.
 */
export function behindMs(date: string | undefined, now: number): number {
  const ms = now - Date.parse(date ?? '');
  return ms > 0 ? ms : 0;
}
