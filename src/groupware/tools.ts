// What a groupware may touch outside itself.

import type { SendHttp } from '../io/http-contract';
import type { ICalendar } from '../io/icalendar-contract';
import type { ItemFiles, ItemFolder } from '../io/item-folder-contract';
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
  /** Ms since 1970 UTC. */
  now(): number;
  /** The version of this program, for User-Agent. */
  readonly version: string;
}
