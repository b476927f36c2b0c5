// What a groupware may touch outside itself, each tool loaded when it is first asked for.

import { version } from '../../package.json';
import type { Consents } from '../core/consent';
import type { Tools } from '../groupware/tools';
import { loadHttp } from './destinations';

/**
 * The tools of a groupware. `now` is ms since 1970 UTC; what users agreed to is needed only where they have to agree, and how many turns are
 * under way only where there are turns.
 */
export function groupwareTools(
  now: () => number,
  consents: () => Promise<Consents> = noConsents,
  turnsUnderWay: () => number = () => 0,
): Tools {
  let common: { readonly made: unknown } | undefined;
  let opened: Promise<Consents> | undefined;
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
    oauth: async () => (await import('../io/oauth')).openOAuth,
    signAssertion: async () => (await import('../io/assertion')).signAssertion,
    consents: () => (opened ??= consents()),
    // A run has one groupware, and so one thing that is common.
    shared: <T>(make: () => T) => (common ??= { made: make() }).made as T,
    turnsUnderWay,
    now,
    version,
  };
}

function noConsents(): Promise<never> {
  return Promise.reject(new Error('nobody opened what users agreed to'));
}
