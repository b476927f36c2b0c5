// The checks of the network: the names of all hosts, the proxies, TLS.

import { isIP } from 'node:net';
import type { SqlServerConfig } from '../../../config/database';
import type { Config } from '../../../config/schema';
import { untilAborted, type Deadline } from '../../../core/deadline';
import { codeOf } from '../../../core/errors';
import { isLoopback } from '../../../core/loopback';
import { Secret } from '../../../core/secret';
import type { Server } from '../../../destinations/destination';
import { spanWords } from '../../looking/ledger-words';
import { fail, ok, skip, warn, type Finding, type Look } from './check';
import type { CheckName } from './check-names';
import type { Site } from './site';
import { urlOf } from '../../../core/web-address';

/** A server, and the key of the configuration that names it. */
interface Named extends Server {
  readonly key: string;
}

/** The key of the groupware, and the check that looks at it. */
const GROUPWARE = 'groupware';

async function serversOf(site: Site): Promise<readonly Named[]> {
  const [ready, servers] = await Promise.all([site.destinations(), site.groupwareServers()]);
  return [
    ...ready.flatMap(({ name, server }) => (server === undefined ? [] : [{ ...server, key: `destinations.${name}` }])),
    ...servers.map((server) => ({ ...server, key: GROUPWARE })),
  ];
}

/** The environment names a proxy for what the configuration says nothing about. */
function environmentProxies({ world }: Site): readonly (readonly [variable: string, address: string])[] {
  const names = ['https_proxy', 'http_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  return names.flatMap((name) => (world.env[name] ? [[name, world.env[name]] as const] : []));
}

/** A host to be looked up. */
interface Host {
  readonly host: string;
  readonly key: string;
  /** Whether somebody else may look it up. */
  readonly byProxy: boolean;
}

function databasesOf({
  clarify,
  ledger,
  groupware,
}: Pick<Config, 'clarify' | 'ledger' | 'groupware'>): readonly (SqlServerConfig & {
  readonly key: string;
  readonly check: CheckName;
})[] {
  const all = [
    { ...clarify.database, key: 'clarify.database', check: 'database' as const },
    { ...ledger, key: 'ledger', check: 'ledger' as const },
    ...(groupware?.database === undefined
      ? []
      : [{ ...groupware.database, key: 'groupware.database', check: 'groupware' as const }]),
  ];
  return all.flatMap((settings) => (settings.type === 'sqlserver' ? [settings] : []));
}

async function hostsOf(site: Site): Promise<readonly Host[]> {
  const databases = databasesOf(await site.config()).map(({ key, server }) => ({ host: server, key, byProxy: false }));
  const fromEnvironment = environmentProxies(site).length > 0;
  const servers = (await serversOf(site)).flatMap(({ key, origin, settings }): Host[] => {
    const proxy = settings?.proxy;
    if (proxy instanceof Secret) return [{ host: hostOf(proxy.reveal()), key: `${key}.proxy`, byProxy: false }];
    return [{ host: hostOf(origin), key, byProxy: settings !== undefined && proxy === undefined && fromEnvironment }];
  });
  const all = [...databases, ...servers];
  return all.filter(({ host }, index) => isIP(host) === 0 && all.findIndex((other) => other.host === host) === index);
}

function hostOf(address: string): string {
  return new URL(address).hostname.replace(/^\[|\]$/g, '');
}

/** Whether the names of all hosts are known. */
export const dns: Look = async (site, { signal }) => {
  const hosts = await hostsOf(site);
  if (hosts.length === 0) return [ok('no host is named')];
  const answers = await Promise.all(hosts.map(async (each) => ({ ...each, why: await whyUnknown(each.host, site, signal) })));
  const known = answers.filter(({ why }) => why === '').map(({ host }) => host);
  return [
    ...(known.length === 0 ? [] : [ok(`known: ${known.join(', ')}`)]),
    ...answers.filter(({ why }) => why !== '').map(unknownHost),
  ];
};

function unknownHost({ host, key, byProxy, why }: Host & { readonly why: string }): Finding {
  const message = `${host} (${key}): the name cannot be found (${why})`;
  if (byProxy) return skip(`${message}; the proxy that the environment names may know it`);
  return fail('later', message, `check its spelling in ${key}, and the name servers (DNS) of this machine`);
}

async function whyUnknown(host: string, site: Site, signal: AbortSignal): Promise<string> {
  try {
    const addresses = await untilAborted(site.network.addressesOf(host), signal);
    return addresses === undefined ? 'no answer in time' : '';
  } catch (error) {
    return codeOf(error) || 'unknown';
  }
}

/** Which proxies count, and whether they answer. Whether they let us through, `tls` and `destinations` tell. */
export const proxy: Look = async (site, { signal }) => {
  const servers = await serversOf(site);
  const configured = servers.flatMap(({ key, settings }) =>
    settings?.proxy instanceof Secret ? [{ address: settings.proxy.reveal(), key: `${key}.proxy`, hint: '' }] : [],
  );
  const isAsked = servers.some(({ settings }) => settings !== undefined && settings.proxy === undefined);
  const named = (isAsked ? environmentProxies(site) : []).map(([variable, address]) => ({
    address: urlOf(address) === undefined ? `http://${address}` : address,
    key: variable,
    hint: ' (the account of the rules may have another environment)',
  }));
  const all = [...configured, ...named];
  if (all.length === 0) return [ok('none is configured, and the environment names none')];
  return Promise.all(
    all.map(async ({ address, key, hint }) => {
      const url = urlOf(address);
      if (url === undefined) return warn(`${key} is no address`, `write it like http://proxy.example.com:3128`);
      const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
      const why = await site.network.whyNotConnected(hostOf(address), port, signal);
      const words = `${key}: ${url.protocol}//${url.host}${hint}`;
      return why === undefined
        ? ok(`${words} answers`)
        : fail('later', `${words} cannot be reached (${why})`, `check ${key}, and whether this machine may speak to it`);
    }),
  );
};

const DAY_MS = 86_400_000;
/** Administrators plan by weeks. */
const SOON_MS = 21 * DAY_MS;

/** Whether servers prove who they are, and for how long still. A question without a login is asked, and what the answer says does not matter. */
export const tls: Look = async (site, deadline) => {
  const databases = databasesOf(await site.config()).flatMap(({ key, encrypt, server, check }) => {
    if (encrypt) return [skip(`${key}: ${server} is looked at with ${check}`)];
    if (isLoopback(server)) return [];
    return [warn(`${key}: the connection is not encrypted`, `set ${key}.encrypt to true, unless the network may be trusted`)];
  });
  const servers = await serversOf(site);
  const findings = await Promise.all(servers.map((server) => lookAtCertificate(server, site, deadline)));
  const all = [...databases, ...findings.flat()];
  return all.length > 0 ? all : [ok('nothing here needs it')];
};

async function lookAtCertificate(
  { key, origin, settings = {} }: Named,
  site: Site,
  deadline: Deadline,
): Promise<readonly Finding[]> {
  if (origin.startsWith('http:')) {
    const words = `${key}: ${origin} is spoken to without encryption`;
    if (isLoopback(hostOf(origin))) return [];
    // Of the logins that can be read on the way its own check warns.
    if (key === GROUPWARE) return [skip(`${key}: ${origin} is looked at with groupware`)];
    return [warn(words, 'use https://, unless the network may be trusted')];
  }
  // A mail server is spoken to by the check of the destinations, through TLS where it has some.
  if (!origin.startsWith('https:')) return [skip(`${key}: ${origin} is looked at with destinations`)];
  const send = await site.http();
  const result = await send({ method: 'GET', url: `${origin}/`, headers: {} }, settings, deadline.signal);
  if (result.kind === 'failure') {
    const remedy = `see dns and proxy; ${key} has caFile and minTlsVersion for servers of one's own`;
    return [fail('later', `${key}: ${result.message} (${result.code})`, remedy)];
  }
  const { certificateUntil } = result;
  if (certificateUntil === undefined) return [ok(`${key}: ${origin} can be trusted`)];
  const leftMs = certificateUntil - site.world.now();
  const until = new Date(certificateUntil).toISOString().slice(0, 10);
  if (leftMs > SOON_MS) return [ok(`${key}: ${origin} can be trusted, until ${until}`)];
  const words = `${key}: the certificate of ${origin} ends on ${until}, in ${spanWords(Math.max(0, leftMs))}`;
  return [warn(words, 'whoever runs that server has to renew it')];
}
