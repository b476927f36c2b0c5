// An address that comes from outside and may become a link.

/** The address as a URL spells it; `undefined` unless it is http or https (`javascript:` and the like never). */
export function webAddress(text: string): string | undefined {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  return address !== undefined && /^https?:$/.test(address.protocol) ? address.href : undefined;
}
