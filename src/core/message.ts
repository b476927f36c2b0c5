// The composed text of an activity: the same for all destinations, each of which fits it to its own manner.

import type { SiteTime } from './wall-clock';

/** A message for an activity stream. Texts are plain text, never markup of any kind. */
export interface Message {
  readonly title: string;
  readonly body: string;
  /** The link back to the object in the CRM's web client, or an empty text where the type has none. */
  readonly url: string;
  /** Tags without the leading `#`. */
  readonly tags: readonly string[];
  /** The canonical name of the object type, for example `case`. */
  readonly objectType: string;
  /** The object's id as people know it, for example the case number. */
  readonly id: string;
  /** The activity's name in words, for example `Close`; empty where the message is about the object itself. */
  readonly activity: string;
  /** Who did it: a person's name, else a login name, else an empty text. */
  readonly actor: string;
  /** When it happened. Kept as it was read: making an instant of it costs a process some 10 ms, and few destinations need one. */
  readonly happened: SiteTime;
}
