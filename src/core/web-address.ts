// Addresses that come from outside.

/**
 * An address as URLs are spelled, from a base where it has one; `undefined` for a text that is none.
 *
 * Never `URL.canParse`: in Node 20 and 22 it says no to whatever has a letter such as `ü`, once it was called some thousand times
 * (https://github.com/AikidoSec/firewall-node/pull/1086).
 */
export function urlOf(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** The address as a URL spells it; `undefined` unless it is http or https (`javascript:` and the like never). */
export function webAddress(text: string): string | undefined {
  const address = urlOf(text);
  return address !== undefined && /^https?:$/.test(address.protocol) ? address.href : undefined;
}
