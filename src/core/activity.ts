// An activity as it was read from the CRM: the object that it belongs to, and what was done, by whom and when.

import type { WallClock } from './wall-clock';

/** What a rule asks for: the arguments of the command line, as accepted. */
export interface Request {
  /** The canonical name of the object type, for example `case`. */
  readonly objectType: string;
  /** The objid of the CRM object (`<dbId>`). */
  readonly objid: number;
  /** The objid of its `table_act_entry` row; left out where the rule could not say. */
  readonly activityObjid?: number;
  /** The rule as given by `--rule`; an empty text without it. */
  readonly rule: string;
}

/** A row of `table_act_entry`, with the people in it resolved to names. */
export interface ActivityEntry {
  readonly objid: number;
  /** `act_code`. */
  readonly code: number;
  /** The title in the CRM's list "Activity Name"; empty where it has none for this row. */
  readonly listName: string;
  readonly time: WallClock;
  /** The person's name, else the login, else an empty text. */
  readonly actor: string;
  readonly actorLogin: string;
  /** The e-mail address of that person as an employee; empty for customers. */
  readonly actorEmail: string;
}

/** A CRM object and, where there is one, the activity. */
export interface Activity {
  readonly objectType: string;
  readonly objid: number;
  /** The object type's fields by name (`id`, `title`, `site`, …); a column without a value is an empty text. */
  readonly fields: Readonly<Record<string, string>>;
  readonly entry?: ActivityEntry;
}
