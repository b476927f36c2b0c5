// What a groupware may touch outside itself, each tool loaded when it is first asked for.

import type { Tools } from '../groupware/tools';

/** The tools of a groupware. `now` is ms since 1970 UTC. */
export function groupwareTools(now: () => number): Tools {
  return {
    itemFolder: async () => (await import('../io/item-folder')).openItemFolder,
    icalendar: async () => (await import('../io/icalendar')).icalendar,
    vcards: async () => (await import('../io/vcard')).vcards,
    zoneOfWindows: async () => (await import('../io/windows-zones')).zoneOfWindows,
    now,
  };
}
