// What a configuration says about object types: own ones, and more (or other) fields for those that the program brings along.

import { integer, list, object, optional, record, text, textAs, type Checked, type Shape } from '../core/shape';

/** An object type as a site describes it. What it leaves out is that of the program's own type of the same name, if there is one. */
export type SiteType = Checked<ReturnType<typeof siteTypeShape>>;

/** The object types of a site by canonical name. */
export type SiteTypes = Readonly<Record<string, SiteType>>;

const SQL_NAME = /^[A-Za-z_]\w{0,127}$/;
/** The name of a placeholder, and of a type or a kind. */
export const PLACEHOLDER = /^[A-Za-z]\w{0,63}$/;
export const TYPE_NAME = /^[a-z][a-z0-9_]{0,39}$/;
export const TYPE_NAME_WORDS = 'a name of at most 40 small letters, digits and _';

/** The name of a table, a view or a column. */
export function sqlName(): Shape<string> {
  return textAs((name) => (SQL_NAME.test(name) ? name : undefined), 'the name of a table, a view or a column', {
    pattern: SQL_NAME.source,
  });
}

/** A template, which may be empty. */
export function template(): Shape<string> {
  return textAs((liquid) => liquid, 'a Liquid template');
}

/** The shape of `clarify.objectTypes`. The paths in it, and how all fits together, only the CRM's floor can check. */
export function siteTypesShape(): Shape<SiteTypes> {
  return record(siteTypeShape(), TYPE_NAME, TYPE_NAME_WORDS);
}

function siteTypeShape() {
  return object({
    typeName: optional(text(), 'How posts call it.'),
    aliases: optional(list(text()), 'What rules may write in place of the name.'),
    typeId: optional(integer(0, 2_147_483_647), 'Its number in the data dictionary (adp_tbl_name_map).'),
    table: optional(sqlName(), 'Its table or view, for example table_x_tower.'),
    idColumn: optional(sqlName(), 'The column with the objid that rules pass; objid if left out.'),
    relation: optional(
      sqlName(),
      'The column of table_act_entry with that objid; without one, activities are found by focus_type and focus_lowid.',
    ),
    id: optional(template(), 'How people know the object: a template; the field id if left out.'),
    fields: optional(
      record(text(), PLACEHOLDER, 'the name of a placeholder'),
      'What may leave: placeholder to path, for example site: "x_tower2site.name".',
    ),
    shown: optional(
      record(text(), PLACEHOLDER, 'the name of a placeholder'),
      'The fields that destinations may show beside the text: placeholder to label.',
    ),
    link: optional(template(), 'The address that posts link to, as a template; empty for none.'),
  });
}
