// Which hosts are this machine. Pure.

/** Whether a host is this machine by its very name, so that nobody is in between. `host` is as a URL spells it, with or without brackets. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}
