// How a server is reached: three keys that everything in the configuration has which speaks HTTP.

import { passwordIn, type Secret } from './secret';
import { certificateFile, checkLogin, choice, optional, problem, secret, unfit, type Shape } from './shape';

/** The keys of the configuration that say how a server is reached. */
export const httpFields = {
  caFile: optional(
    certificateFile(),
    "a file with the certificate (PEM) of the company that signs the server's own, trusted beside the usual ones",
  ),
  minTlsVersion: optional(
    choice(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']),
    'the oldest version of TLS to accept; TLSv1.2 if left out',
  ),
  proxy: optional(
    proxyAddress(),
    'the address of a proxy, with its login if it wants one, or false for none; HTTPS_PROXY, HTTP_PROXY and NO_PROXY count if left out',
  ),
} as const;

/** The checked values of {@link httpFields}. */
export interface HttpOptions {
  readonly caFile: string | undefined;
  readonly minTlsVersion: HttpSettings['minTlsVersion'];
  readonly proxy: Secret | false | undefined;
}

/** How a company's network wants its servers to be reached. */
export interface HttpSettings {
  /** The text (PEM) of certificates to trust beside the usual ones. */
  readonly ca?: string;
  readonly minTlsVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** The address of a proxy, which may hold credentials; `false` for none; left out: the environment decides. */
  readonly proxy?: Secret | false;
}

/** The settings that checked values make. */
export function httpSettings({ caFile, minTlsVersion, proxy }: HttpOptions): HttpSettings {
  return {
    ...(caFile === undefined ? {} : { ca: caFile }),
    ...(minTlsVersion === undefined ? {} : { minTlsVersion }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}

/** The address is a secret as a whole, and so is the password in it, which would otherwise be masked in the whole address only. */
function proxyAddress(): Shape<Secret | false> {
  const address = secret();
  return {
    schema: { anyOf: [{ const: false }, address.schema] },
    parse: (raw, place) => {
      if (raw === false) return false;
      const proxy = address.parse(raw, place);
      if (proxy === undefined) return undefined;
      if (!isProxyAddress(proxy.reveal()))
        return problem(place, 'is not an address such as "http://proxy.example.com:3128", nor false');
      place.source.secrets.push(...passwordIn(proxy));
      const { username, password } = new URL(proxy.reveal());
      for (const part of [username, password]) checkLogin(decodeURIComponent(part), place);
      if (decodeURIComponent(username).includes(':')) unfit(place, 'names a user with a colon, which HTTP Basic cannot have');
      return proxy;
    },
  };
}

function isProxyAddress(address: string): boolean {
  try {
    const { protocol, username, password } = new URL(address);
    decodeURIComponent(username + password);
    return /^https?:$/.test(protocol);
  } catch {
    return false;
  }
}
