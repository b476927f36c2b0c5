// What `connect` says while it waits. Pure.

import type { Datum } from '../command';
import { spanWords } from '../looking/ledger-words';
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
