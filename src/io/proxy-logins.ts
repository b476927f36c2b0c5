// The logins for proxies that stand in the environment, where the HTTP library finds them by itself and nobody else knows of them.

import { makeRedactor } from '../core/redact';
import { Secret } from '../core/secret';
import type { SendHttp } from './http-contract';
import { urlOf } from '../core/web-address';

/** The same sending, but what comes back has the passwords of the environment's proxies masked: a proxy may send back what it was sent. */
export function maskingProxyLogins(send: SendHttp, env: Readonly<Record<string, string | undefined>>): SendHttp {
  const mask = makeRedactor(passwordsIn(env));
  return async (request, settings, signal) => {
    const result = await send(request, settings, signal);
    if (result.kind === 'failure') return result;
    const headers = Object.entries(result.headers).map(([name, value]) => [name, mask(value)]);
    return { ...result, headers: Object.fromEntries(headers) as typeof result.headers, body: mask(result.body) };
  };
}

/** As they were written, and as an address spells them. The environment may leave out the `http://`. */
function passwordsIn(env: Readonly<Record<string, string | undefined>>): readonly Secret[] {
  const written = Object.entries(env).flatMap(([name, value = '']) => (/_proxy$/i.test(name) ? [value.trim()] : []));
  const addresses = written.map((value) => (value.includes('://') ? value : `http://${value}`));
  const passwords = addresses.flatMap((address) => [
    /:\/\/[^:@/]*:(.*)@/.exec(address)?.[1] ?? '',
    urlOf(address)?.password ?? '',
  ]);
  return passwords.map((password) => new Secret(password));
}
