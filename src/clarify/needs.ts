// What a post cannot be made without, and what decides about it, among the columns that a site may lack. Pure.

import type { DetailName } from '../core/activity';
import {
  DETAILS,
  ENTRY,
  FOCUS_LOWID,
  FOCUS_TYPE,
  optionalOf,
  ownerOf,
  relationColumn,
  type Owned,
  type QueriedType,
} from './activity-query';
import type { Lacks } from './gaps';
import type { ObjectType } from './object-type';
import { Joins, type Column } from './path';

/** The fields of a type that a site cannot fill. */
export function fieldsLost(type: QueriedType, lacks: Lacks): readonly string[] {
  const joins = new Joins(lacks, 'j');
  return Object.keys(type.fields).filter((name) => joins.value(objectOf(type), type.fields[name] ?? '') === 'NULL');
}

/** Those of the columns behind the fields that every site must have which this one lacks. */
export function requiredColumns(type: QueriedType & Pick<ObjectType, 'required'>, lacks: Lacks): readonly Column[] {
  const lost = fieldsLost(type, lacks).filter((name) => type.required.includes(name));
  return columnsBehind(type, lost).filter(lacks);
}

/** The columns without which nobody can tell what an activity belongs to; none where the site has enough of them. */
export function ownerColumns(type: Owned, lacks: Lacks): readonly Column[] {
  const isTold = ownerOf(type, (column) => !lacks(column)).text !== 'NULL';
  return isTold ? [] : [...relationColumn(type.relation), FOCUS_TYPE, FOCUS_LOWID].filter(lacks);
}

/** The columns that decide whether there is a post, how often, and by the conditions of a configuration where it goes. */
export function decisiveColumns(type: QueriedType & Pick<ObjectType, 'id'>, conditions: readonly string[]): readonly Column[] {
  return [...optionalOf(type), ...columnsBehind(type, placeholdersIn(conditions, type.id))];
}

/** The columns that lead to some placeholders: fields of a type, and what the log rows of an activity tell. */
function columnsBehind(type: QueriedType, names: readonly string[]): readonly Column[] {
  const joins = new Joins(() => false, 'j');
  for (const name of names) {
    if (type.fields[name] !== undefined) joins.value(objectOf(type), type.fields[name]);
    else if (Object.hasOwn(DETAILS, name)) joins.value(ENTRY, DETAILS[name as DetailName].path);
  }
  return joins.used;
}

/** What placeholders are put together of, if the type has these fields. */
export const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  contact: ['firstName', 'lastName'],
  ownerName: ['ownerFirstName', 'ownerLastName', 'owner'],
  product: ['partNumber', 'revision'],
};

/** The placeholders that conditions name; rather one too many. `id` is the template of an object's id, where it has one. */
function placeholdersIn(conditions: readonly string[], id = ''): readonly string[] {
  const named = conditions.flatMap((condition) => condition.match(/\w+/g) ?? []);
  const all = named.includes('id') ? [...named, ...(id.match(/\w+/g) ?? [])] : named;
  return [...new Set(all.flatMap((name) => [name, ...(Object.hasOwn(TOGETHER, name) ? (TOGETHER[name] ?? []) : [])]))];
}

function objectOf({ table, idColumn }: QueriedType): { readonly alias: string; readonly table: string; readonly id: string } {
  return { alias: 'o', table, id: idColumn };
}
