// Addresses that a server names. It may name whatever it likes; what is outside of the calendar is never asked for. Pure.

import { urlOf } from '../../core/web-address';

/** A path of the configuration for a user, on a server. */
export function pathOfUser(path: string, server: string, user: { readonly login: string; readonly email: string }): URL {
  const spelled = { '{login}': user.login, '{email}': user.email };
  const filled = path.replace(/\{(?:login|email)\}/g, (name) => encodeURIComponent(spelled[name as keyof typeof spelled]));
  return new URL(asFolder(filled), server);
}

/** Where an address leads from another one, if a login may go there: only to the same server, or from http to https on the same host. */
export function leadsTo(href: string, from: URL): URL | undefined {
  const to = urlOf(href, from);
  if (to === undefined) return undefined;
  const isSafer = from.protocol === 'http:' && to.protocol === 'https:' && to.hostname === from.hostname;
  if (to.origin !== from.origin && !isSafer) return undefined;
  to.username = '';
  to.password = '';
  to.hash = '';
  return to;
}

/** The same address with a slash at its end. */
export function asFolderUrl(url: URL): URL {
  return new URL(asFolder(url.pathname), url);
}

/** The name of what an address names within a calendar; `''` for the calendar itself, `undefined` for what is not in it. */
export function nameIn(calendar: URL, href: string): string | undefined {
  const url = leadsTo(href.trim(), calendar);
  if (url === undefined || url.origin !== calendar.origin || url.search !== '') return undefined;
  const [own, other] = [partsOf(calendar), partsOf(url)];
  if (own === undefined || other === undefined) return undefined;
  if (other.length > own.length + 1 || !own.every((part, index) => part === other[index])) return undefined;
  const name = other[own.length] ?? '';
  return /[/\\\p{Cc}]/u.test(name) || /^\.{1,2}$/.test(name) ? undefined : name;
}

/** The address of an item in a calendar. */
export function itemUrl(calendar: URL, name: string): URL {
  return new URL(calendar.pathname + encodeURIComponent(name), calendar);
}

/** What the groupware calls an item: its name without the usual ending, or behind a slash, which no name has. */
export function idOfName(name: string, ending: string): string {
  return name.endsWith(ending) && name.length > ending.length ? name.slice(0, -ending.length) : `/${name}`;
}

/** The name of an item that is called so. */
export function nameOfId(id: string, ending: string): string {
  return id.startsWith('/') ? id.slice(1) : id + ending;
}

function asFolder(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}

/** The parts of a path, whatever characters of them are spelled with `%`. */
function partsOf({ pathname }: URL): readonly string[] | undefined {
  try {
    return pathname
      .replace(/^\/|\/$/g, '')
      .split('/')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
