// What a groupware may touch outside itself, each tool loaded when it is first asked for.

import { version } from '../../package.json';
import type { Tools } from '../groupware/tools';
import { loadHttp } from './destinations';

/** The tools of a groupware. `now` is ms since 1970 UTC. */
export function groupwareTools(now: () => number): Tools {
  return {
    itemFolder: async () => (await import('../io/item-folder')).openItemFolder,
    http: loadHttp,
    xml: async () => {
      const [{ readXml }, { xmlTree }] = await Promise.all([import('../io/xml-reader'), import('../io/xml')]);
      return { read: readXml, write: xmlTree };
    },
    icalendar: async () => (await import('../io/icalendar')).icalendar,
    vcards: async () => (await import('../io/vcard')).vcards,
    zoneOfWindows: async () => (await import('../io/windows-zones')).zoneOfWindows,
    now,
    version,
  };
}
