// What an object type of the CRM is: a row of data, in the program's own table (object-types) or in a site's configuration.

import type { WordingTable } from '../core/compose';

/** A CRM object type: where its rows are, what of them may leave, and how a post about it reads. */
export interface ObjectType {
  /** The canonical name; it is part of the delivery's identity and can never change. */
  readonly name: string;
  /** How posts call it. */
  readonly typeName: string;
  /** What rules may write in place of the name (docs/crm.md, "Names of object types"); case, blanks, `_` and `-` do not matter. */
  readonly aliases: readonly string[];
  /** The number of the type in the data dictionary (docs/crm.md, "Tables and ids"); a view of a site has none. */
  readonly typeId?: number;
  /** With its prefix: `table_case`. Views will do. */
  readonly table: string;
  /** The column that holds the objid of the rules: `objid`, but for views. */
  readonly idColumn: string;
  /**
   * The column of `table_act_entry` that holds the objid; a type without one is found by `focus_type` and `focus_lowid`
   * (docs/crm.md, "The activity log").
   */
  readonly relation?: string;
  /**
   * The events in which a stream is interested (docs/crm.md, "Events"): those that the rule for this type is entered for. UNCONFIRMED for all but cases and
   * solutions is how an editor spells them; so the output says that the editor's own list counts. Where no rule can fire: why, and what
   * there is instead.
   */
  readonly startEvents: readonly string[] | { readonly instead: string };
  /** The allow-list: placeholder to path (see path.ts), from the row of the object. Nothing else of the object is ever read. */
  readonly fields: Readonly<Record<string, string>>;
  /** How people know the object where no single field says it: a template; the field `id` if left out. */
  readonly id?: string;
  /** The fields that every site must have; where it lacks another one, that one is empty. */
  readonly required: readonly string[];
  /** The fields that destinations may show beside the text: placeholder to label, in their order. */
  readonly shown: Readonly<Record<string, string>>;
  /** Made when it is asked for: a run is about one object type, and there are some seventy sentences. */
  readonly wording: WordingTable;
  /** The address of the object, below the address of the agent (docs/crm.md, "The web client"); empty for none. */
  readonly link: string;
  /** Where the CRM logs some activities a second time on a parent object: its type, and the column with its objid. */
  readonly parent?: { readonly objectType: string; readonly column: string };
}
