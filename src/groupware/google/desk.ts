// What all collections of a run share: the tokens of the users, and one client for each service.

import type { Secret } from '../../core/secret';
import type { Tools } from '../tools';
import { httpSettings } from '../../core/http-fields';
import { GOOGLE_APIS } from './apis';
import { GoogleClient } from './client';
import { TIMER, type Timer } from './lanes';
import { openGoogleOAuth } from './oauth';
import type { GoogleOptions } from './options';
import { scopesOf } from './scopes';
import { TokenSource, type TokenParts } from './tokens';

/** What collections ask. */
export interface GoogleDesk {
  /** Opens the client of Calendar. */
  calendar(): Promise<GoogleClient>;
}

/** Opens it; nothing is loaded before the first question. */
export function openDesk(options: GoogleOptions, tools: Tools, timer: Timer = TIMER): GoogleDesk {
  let opened: Promise<GoogleClient> | undefined;
  const open = async () =>
    new GoogleClient({
      api: { ...GOOGLE_APIS.calendar, root: rootOf(options) },
      batch: options.batch,
      tokens: new TokenSource(await tokenParts(options, tools)),
      isServiceAccount: options.serviceAccount !== undefined,
      http: await tools.http(),
      settings: httpSettings(options),
      version: tools.version,
      turnsUnderWay: () => tools.turnsUnderWay(),
      now: () => tools.now(),
      timer,
      random: Math.random,
    });
  return {
    calendar: () =>
      (opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      })),
  };
}

/** Where Calendar is, without a slash at the end. */
export function rootOf({ endpoints }: Pick<GoogleOptions, 'endpoints'>): string {
  return endpoints.calendar.replace(/\/+$/, '');
}

async function tokenParts(options: GoogleOptions, tools: Tools): Promise<TokenParts> {
  const { endpoints, serviceAccount, vault } = options;
  const oauth = await openGoogleOAuth(options, tools);
  const parts = {
    ...{ consents: await tools.consents(), now: () => tools.now() },
    ...(vault === undefined ? {} : { keys: vault }),
    refresh: (token: Secret, { signal }: { readonly signal: AbortSignal }) => oauth.refresh(token, signal),
  };
  if (serviceAccount === undefined) return parts;
  const sign = await tools.signAssertion();
  return {
    ...parts,
    ask: async (email, { signal }) => {
      const claims = { subject: email, scopes: scopesOf(options), audience: endpoints.token, now: tools.now() };
      return oauth.assert(await sign(claims, serviceAccount), signal);
    },
  };
}
