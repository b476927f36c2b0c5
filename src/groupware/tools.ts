// What a groupware may touch outside itself.

import type { Consents } from '../core/consent';
import type { EntryKind } from '../core/sync/entry';
import type { SendHttp } from '../io/http-contract';
import type { ICalendar } from '../io/icalendar-contract';
import type { ItemFiles, ItemFolder } from '../io/item-folder-contract';
import type { OAuth, OAuthParts, SignAssertion } from '../io/oauth-contract';
import type { VCards } from '../io/vcard-contract';
import type { Xml } from '../io/xml-contract';

/** Tools of a groupware, each loaded when it is first asked for. */
export interface Tools {
  /** Files of items, one each, in a folder. */
  itemFolder(): Promise<(folder: string, files: ItemFiles) => ItemFolder>;
  /** Requests over HTTP. */
  http(): Promise<SendHttp>;
  /** XML as servers speak it. */
  xml(): Promise<Xml>;
  /** Texts in iCalendar. */
  icalendar(): Promise<ICalendar>;
  /** Texts with vCards. */
  vcards(): Promise<VCards>;
  /** The IANA name of a time zone that Windows calls so; `undefined` for any other name. */
  zoneOfWindows(): Promise<(name: string) => string | undefined>;
  /** OAuth with a server. */
  oauth(): Promise<(parts: OAuthParts) => OAuth>;
  /** What a service account says, signed. */
  signAssertion(): Promise<SignAssertion>;
  /** What users agreed to; in a dry run nothing of it is changed. */
  consents(): Promise<Consents>;
  /** What all collections of a groupware have in common in a run: whoever asks first makes it, and everybody else gets the same. */
  shared<T>(make: () => T): T;
  /** How many users’ turns are under way at this groupware in this run; 0 where nobody counts them. Whoever packs calls of several knows by it how many come. */
  turnsUnderWay(): number;
  /** The kinds of entries that are kept in step. */
  readonly kinds: readonly EntryKind[];
  /** Ms since 1970 UTC. */
  now(): number;
  /** The version of this program, for User-Agent. */
  readonly version: string;
}
