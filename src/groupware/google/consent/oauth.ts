// OAuth with Google, as the configuration says.

import { httpSettings } from '../../../core/http-fields';
import type { OAuth } from '../../../io/oauth-contract';
import type { Tools } from '../../tools';
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
