// What a groupware may touch outside itself, each tool loaded when it is first asked for.

import { version } from '../../package.json';
import type { Consents } from '../core/consent';
import { ENTRY_KINDS, type EntryKind } from '../core/sync/entry';
import type { Tools } from '../groupware/tools';
import { loadHttp } from './destinations';

/** What the tools of a groupware depend on. */
export interface ToolParts {
  /** Ms since 1970 UTC. */
  readonly now: () => number;
  /** The kinds of entries that are kept in step; all where left out. */
  readonly kinds?: readonly EntryKind[];
  /** What users agreed to; left out where nobody asks. */
  readonly consents?: () => Promise<Consents>;
  /** How many turns are under way; left out where there are none. */
  readonly turnsUnderWay?: () => number;
}

/** The tools of a groupware. */
export function groupwareTools({ now, kinds = ENTRY_KINDS, consents = noConsents, turnsUnderWay = () => 0 }: ToolParts): Tools {
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
    // Each groupware has tools of its own, and so one thing that is common.
    shared: <T>(make: () => T) => (common ??= { made: make() }).made as T,
    turnsUnderWay,
    kinds,
    now,
    version,
  };
}

function noConsents(): Promise<never> {
  return Promise.reject(new Error('nobody opened what users agreed to'));
}
