// OAuth with Google, as the configuration says.

import { httpSettings } from '../../../core/http-fields';
import type { EntryKind } from '../../../core/sync/entry';
import type { OAuth } from '../../../io/oauth-contract';
import type { Tools } from '../../tools';
import type { GroupwareServer } from '../../groupware';
import { SERVICES } from '../calls/apis';
import type { GoogleOptions } from '../options';

/** Opens OAuth with Google: in the name of the client, or of the service account. Nothing is asked yet. */
export async function openGoogleOAuth(options: GoogleOptions, tools: Tools): Promise<OAuth> {
  const { endpoints, clientId = '', clientSecret, serviceAccount } = options;
  const { authorize, token, revoke, issuer } = endpoints;
  const openOAuth = await tools.oauth();
  return openOAuth({
    ...{ authorize, token, revoke, issuer },
    clientId: serviceAccount?.issuer ?? clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...{ http: await tools.http(), settings: httpSettings(options), now: () => tools.now() },
  });
}

/** The servers that are spoken to. The page of the consent is not among them: a browser opens it. */
export function googleServers(options: GoogleOptions, kinds: readonly EntryKind[]): readonly GroupwareServer[] {
  const { endpoints } = options;
  const addresses = [...kinds.map((kind) => endpoints[SERVICES[kind]]), endpoints.token, endpoints.revoke];
  const origins = addresses.map((address) => new URL(address).origin);
  return [...new Set(origins)].map((origin) => ({ origin, settings: httpSettings(options) }));
}
