// The names that Windows has for time zones, which Outlook and Exchange write.

import { findIana } from 'windows-iana/dist/windows-iana.cjs.production.min.js';

/** The IANA name of a zone that Windows calls so, such as `Europe/Berlin` for `W. Europe Standard Time`; `undefined` for any other name. */
export function zoneOfWindows(name: string): string | undefined {
  return findIana(name)[0];
}
