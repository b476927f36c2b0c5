// An activity as it was read from the CRM: the object that it belongs to, and what was done, by whom and when.

import type { WallClock } from './wall-clock';

/** The longest name of a rule, in UTF-16 units. It is a part of the delivery's identity, and the ledger's column for it has a size. */
export const LONGEST_RULE = 200;

/** What a rule asks for: the arguments of the command line, as accepted. */
export interface Request {
  /** The canonical name of the object type, for example `case`; of a call of `sync` that of {@link syncType}. */
  readonly objectType: string;
  /** The objid of the CRM object (`<dbId>`). */
  readonly objid: number;
  /** The objid of its `table_act_entry` row; left out where the rule could not say. */
  readonly activityObjid?: number;
  /** The rule as given by `--rule`; an empty text without it. */
  readonly rule: string;
  /**
   * Which time it is, counted from 1, that something happens to an object without an activity, where somebody counts: then a post is
   * known by that, and not by what it says. Only `scan` counts.
   */
  readonly occurrence?: number;
}

/** What the log rows of some activities tell beside: the status before and after, how a case was closed, when a promise is due. */
export const DETAIL_NAMES = ['oldStatus', 'newStatus', 'resolution', 'commitmentDue'] as const;

/** The name of such a value, which is a placeholder of templates too. */
export type DetailName = (typeof DETAIL_NAMES)[number];

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
  /** By {@link DETAIL_NAMES}; empty where this activity has none. */
  readonly details: Readonly<Record<string, string>>;
  /** The same activity as the CRM logs it once more on the parent object (a subcase's creation on its case). */
  readonly onParent?: { readonly objectType: string; readonly objid: number; readonly activityObjid: number };
}

/** A CRM object and, where there is one, the activity. */
export interface Activity {
  readonly objectType: string;
  readonly objid: number;
  /** The object type's fields by name (`id`, `title`, `site`, …); a column without a value is an empty text. */
  readonly fields: Readonly<Record<string, string>>;
  readonly entry?: ActivityEntry;
}
