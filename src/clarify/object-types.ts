// The CRM's object types as data. A new type is one row.

import { ACTIVITY_TAIL } from './wording';
import type { WordingTable } from '../core/compose';

/** A CRM object type: where its rows are, and how a post about it reads. */
export interface ObjectType {
  /** The canonical name; it is part of the delivery's identity and can never change. */
  readonly name: string;
  /** How posts call it. */
  readonly typeName: string;
  /** What rules may write in place of the name (reference: Clarify notes, section 1.6); case, blanks, `_` and `-` do not matter. */
  readonly aliases: readonly string[];
  /** The number of the type in the data dictionary (section 2.1). */
  readonly typeId: number;
  readonly table: string;
  /** The column of `table_act_entry` that holds the object's objid (section 4). */
  readonly relation: string;
  /** Placeholder to column, reached from the object through relations: `case_reporter2site.name` (sections 2.2 and 4). */
  readonly fields: Readonly<Record<string, string>>;
  /** The fields that destinations may show beside the text: placeholder to label, in their order. */
  readonly shown: Readonly<Record<string, string>>;
  readonly wording: WordingTable;
  /** The address of the object below the agent's address (section 6). */
  readonly link: string;
}

/** Every object type that the program knows. */
export const objectTypes: readonly ObjectType[] = [
  {
    name: 'case',
    typeName: 'Case',
    aliases: ['case'],
    typeId: 0,
    table: 'table_case',
    relation: 'act_entry2case',
    fields: {
      id: 'id_number',
      title: 'title',
      site: 'case_reporter2site.name',
      firstName: 'case_reporter2contact.first_name',
      lastName: 'case_reporter2contact.last_name',
      status: 'casests2gbst_elm.title',
      priority: 'respprty2gbst_elm.title',
      severity: 'respsvrty2gbst_elm.title',
      owner: 'case_owner2user.login_name',
    },
    shown: { status: 'Status', priority: 'Priority', severity: 'Severity', owner: 'Owner' },
    wording: {
      Create: { title: `Created {{ typeName }}${ACTIVITY_TAIL}`, body: 'Case Title: {{ title }}' },
      '*': { title: `{{ activity }}${ACTIVITY_TAIL}`, body: 'Case Title: {{ title }}' },
      none: { title: `{% if rule != '' %}{{ rule }}: {% endif %}{{ typeName }} {{ id }}`, body: 'Case Title: {{ title }}' },
    },
    link: '{{ agentUrl }}/Cases/Summary/{{ id | path_part }}',
  },
  {
    name: 'solution',
    typeName: 'Solution',
    aliases: ['solution', 'probdesc', 'problem', 'problem description'],
    typeId: 1,
    table: 'table_probdesc',
    relation: 'act_entry2probdesc',
    fields: {
      id: 'id_number',
      title: 'title',
      public: 'public_ind',
      owner: 'probdesc_owner2user.login_name',
    },
    shown: { owner: 'Owner' },
    wording: {
      Create: { title: 'New Solution: {{ title }}', body: '' },
      '*': { title: 'Solution Activity: {{ activity }}', body: 'Title: {{ title }}' },
      none: { title: `{% if rule != '' %}{{ rule }}: {% endif %}{{ typeName }} {{ id }}`, body: 'Title: {{ title }}' },
    },
    link: '{{ agentUrl }}/Solutions/Show/{{ id | path_part }}',
  },
];

/** The object type of a canonical name. */
export function objectTypeNamed(name: string): ObjectType {
  const found = objectTypes.find((type) => type.name === name);
  if (found === undefined) throw new Error(`no object type is called ${name}`);
  return found;
}
