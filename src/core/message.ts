// The composed text of an activity: the same for all destinations, each of which fits it to its own manner.

import { readKept, type Kind } from './kept-json';
import { utcTime, type SiteTime } from './wall-clock';

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
  /** How people call the object type, for example `Change Request`. */
  readonly typeName: string;
  /** The object's id as people know it, for example the case number. */
  readonly id: string;
  /** The activity's name in words, for example `Close`; empty where the message is about the object itself. */
  readonly activity: string;
  /** Its `act_code`; 0 where the message is about the object itself. */
  readonly activityCode: number;
  /** Who did it: a person's name, else a login name, else an empty text. */
  readonly actor: string;
  /** The login name of that person in the CRM, and the e-mail address: for finding the person at a destination, never to be shown. */
  readonly actorLogin: string;
  readonly actorEmail: string;
  /** What is worth showing beside the text (priority, owner, …), in an order of its own. Fields without a value are left out. */
  readonly fields: readonly MessageField[];
  /** When it happened. Kept as it was read: making an instant of it costs a process some 10 ms, and few destinations need one. */
  readonly happened: SiteTime;
}

/** A value of the object that destinations may show beside the text. */
export interface MessageField {
  /** The name of the placeholder, for example `priority`. */
  readonly name: string;
  /** What people call it, for example `Priority`. */
  readonly label: string;
  /** Never empty. */
  readonly value: string;
}

/**
 * The longest title, body or id that a template makes, in UTF-16 units: a loop can repeat a text many times. A longer address is none,
 * because a part of one leads elsewhere.
 */
export const LONGEST_PART = 100_000;

/** A message of the program itself, at `now` (ms since 1970 UTC): about nothing in the CRM. `kind` is what people call it. */
export function ownMessage(kind: string, about: Pick<Message, 'title' | 'body' | 'tags' | 'id'>, now: number): Message {
  return {
    ...about,
    url: '',
    objectType: kind.toLowerCase(),
    typeName: kind,
    activity: kind,
    activityCode: 0,
    actor: 'publish-activity',
    actorLogin: '',
    actorEmail: '',
    fields: [],
    happened: utcTime(now),
  };
}

/** What messages that an earlier version of this program composed lack. */
const ADDED = { typeName: '', activityCode: 0, actorLogin: '', actorEmail: '', fields: [] } as const;

/** What every message has. */
const KINDS: Readonly<Record<Exclude<keyof Message, keyof typeof ADDED>, Kind>> = {
  title: 'text',
  body: 'text',
  url: 'text',
  tags: 'texts',
  objectType: 'text',
  id: 'text',
  activity: 'text',
  actor: 'text',
  happened: { texts: ['wallClock', 'timeZone'] },
};
/** What is of the same kind wherever it is there. */
const ADDED_KINDS: Readonly<Record<keyof typeof ADDED, Kind>> = {
  typeName: 'text',
  activityCode: 'number',
  actorLogin: 'text',
  actorEmail: 'text',
  fields: { listOf: ['name', 'label', 'value'] },
};

/** A message as it was kept: JSON, possibly of an earlier version of this program. `undefined` where it was damaged since. */
export function readMessage(json: string): Message | undefined {
  return readKept(json, ADDED, { ...KINDS, ...ADDED_KINDS }) as Message | undefined;
}
