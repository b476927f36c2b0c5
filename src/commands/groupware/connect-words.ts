// What `connect` says while it waits. Pure.

import type { Report } from '../../core/report';
import type { Datum } from '../command';
import { spanWords } from '../looking/ledger-words';
import type { ConsentAnswered } from './asked-consent';
import { nameOf } from './consent-parts';

/** An address to open, and where its answer is waited for. */
export interface Asked {
  readonly login: string;
  readonly address: string;
  readonly redirectUri: string;
  readonly port: number;
  readonly isBehindProxy: boolean;
  /** How long, in ms. */
  readonly waitMs: number;
}

/** The address that a person has to open, on a line of its own. */
export function addressDatum({ login, address, redirectUri, port, isBehindProxy, waitMs }: Asked): Datum {
  const within = `within ${spanWords(waitMs)}`;
  const name = nameOf(login);
  const words = isBehindProxy
    ? `${name} opens this address ${within}, and agrees. ${redirectUri} has to lead to port ${port} of 127.0.0.1 here:`
    : `${name} opens this address in a browser on this computer ${within}, and agrees:`;
  return {
    text: `${words}\n${address}`,
    json: { format: 1, kind: 'address', user: login, address, redirectUri, port, seconds: Math.round(waitMs / 1_000) },
  };
}

/** Somebody came with an answer that is none to what was asked. */
export const STRAY: Datum = {
  text: 'an answer arrived that does not belong to this address, from an older page or from a stranger; it was turned away',
  json: { format: 1, kind: 'stray' },
};

/** The address could not be opened here, and stands there to be opened by hand. */
export const NO_BROWSER: Datum = {
  text: 'no browser could be opened here',
  json: { format: 1, kind: 'note', note: 'no browser could be opened' },
};

/** Somebody who cannot be asked, and why. */
export function leftOutDatum(login: string, why: string): Datum {
  return { text: `${nameOf(login)} is left out: ${why}`, json: { format: 1, kind: 'left-out', user: login, why } };
}

/** What became of the answer of one of several users. */
export function answeredDatum(login: string, { end, report: { message } }: ConsentAnswered): Datum {
  return { text: message, json: { format: 1, kind: 'answered', user: login, end, message } };
}

/** How the wait ended. */
export interface Waited {
  /** How long answers were waited for, in ms. */
  readonly waitMs: number;
  /** Whether it was ended before, by Ctrl-C. */
  readonly isBrokenOff: boolean;
}

/** Of so many users who have not agreed the names are told; `connect --list` has all. */
const MOST_NAMES = 5;

/** The end of a run, by what each user who was asked answered last. */
export function reportOf(
  all: readonly { readonly login: string; readonly answered: ConsentAnswered | undefined }[],
  waited: Waited,
): Report {
  const [one] = all;
  if (one !== undefined && all.length === 1) return one.answered?.report ?? nobody(nameOf(one.login), waited);
  const notLetIn = all.find(({ answered }) => answered?.report.result === 'configuration')?.answered;
  const out = all.filter(({ answered }) => answered?.end !== 'kept').map(({ login }) => nameOf(login));
  const sums = { agreed: all.length - out.length, notAgreed: out.length };
  if (out.length === 0) return { result: 'done', message: `${all.length} users agreed`, deliveries: [], sums };
  if (notLetIn !== undefined) return { ...notLetIn.report, sums };
  const more = out.length > MOST_NAMES ? ` and ${out.length - MOST_NAMES} more` : '';
  const names = `${out.slice(0, MOST_NAMES).join(', ')}${more}`;
  const message = `${sums.agreed} of ${all.length} users agreed, and ${names} did not: ${whyNot(waited)}`;
  const hint = 'ask them anew with connect --all; the addresses of this run count no more';
  return { result: 'later', message, deliveries: [], hint, sums };
}

function nobody(name: string, waited: Waited): Report {
  const hint = 'run the same command again; the address of this one counts no more';
  return { result: 'later', message: `${name} has not agreed: ${whyNot(waited)}; nothing was kept`, deliveries: [], hint };
}

function whyNot({ waitMs, isBrokenOff }: Waited): string {
  return isBrokenOff ? 'it was broken off' : `nobody answered within ${spanWords(waitMs)}`;
}
