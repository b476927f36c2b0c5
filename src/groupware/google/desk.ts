// What all collections of a run share: the tokens of the users, and one client for each service.

import { httpSettings } from '../../core/http-fields';
import type { Secret } from '../../core/secret';
import type { EntryKind } from '../../core/sync/entry';
import type { GroupwareServer } from '../groupware';
import type { Tools } from '../tools';
import { GOOGLE_APIS, SERVICES, type ServiceName } from './calls/apis';
import { GoogleClient } from './calls/client';
import { TIMER, type Timer } from './calls/lanes';
import { openGoogleOAuth } from './consent/oauth';
import { scopesOf } from './consent/scopes';
import { TokenSource, type TokenParts } from './consent/tokens';
import type { GoogleOptions } from './options';

/** What collections ask. */
export interface GoogleDesk {
  /** Opens the client of a service. */
  client(service: ServiceName): Promise<GoogleClient>;
}

/** Opens it; nothing is loaded before the first question. */
export function openDesk(options: GoogleOptions, tools: Tools, timer: Timer = TIMER): GoogleDesk {
  const clients = new Map<ServiceName, () => Promise<GoogleClient>>();
  // A token counts for all services.
  const source = once(async () => new TokenSource(await tokenParts(options, tools)));
  const open = async (service: ServiceName) =>
    new GoogleClient({
      api: { ...GOOGLE_APIS[service], root: rootOf(options, service) },
      batch: options.batch,
      tokens: await source(),
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
    client: (service) => {
      const opened = clients.get(service) ?? once(() => open(service));
      clients.set(service, opened);
      return opened();
    },
  };
}

/** Opens something when it is first asked for, and again as long as that fails. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () =>
    (opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    }));
}

/** Where a service is, without a slash at the end. */
export function rootOf({ endpoints }: Pick<GoogleOptions, 'endpoints'>, service: ServiceName): string {
  return endpoints[service].replace(/\/+$/, '');
}

/** The servers that are spoken to. The page of the consent is not among them: a browser opens it. */
export function googleServers(options: GoogleOptions, kinds: readonly EntryKind[]): readonly GroupwareServer[] {
  const { endpoints } = options;
  const addresses = [...kinds.map((kind) => endpoints[SERVICES[kind]]), endpoints.token, endpoints.revoke];
  const origins = addresses.map((address) => new URL(address).origin);
  return [...new Set(origins)].map((origin) => ({ origin, settings: httpSettings(options) }));
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
      const claims = { subject: email, scopes: scopesOf(options, tools.kinds), audience: endpoints.token, now: tools.now() };
      return oauth.assert(await sign(claims, serviceAccount), signal);
    },
  };
}
