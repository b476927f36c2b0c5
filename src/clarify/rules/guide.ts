// The business rules that an administrator enters, one for each object type, and the rule property that they need.

import { UserError } from '../../core/errors';
import { nearest } from '../../core/nearest';
import { isNumberOf } from '../arguments';
import type { ObjectType } from '../object-type';
import { typeCalled } from '../templates';

/** How the rules of one object type are entered. */
export interface RuleGuide {
  /** The canonical name of the object type. */
  readonly objectType: string;
  /** What the rule editor calls it. */
  readonly ruleObject: string;
  /** Its number in `table_prop_name`; a type of the site may have none. */
  readonly typeId?: number;
  /** The events that start such a rule; none where no rule can fire. */
  readonly startEvents: readonly string[];
  /** The rule property that it needs. */
  readonly property: typeof ACTIVITY_PROPERTY;
  /** Why no rule can fire, and what there is instead. */
  readonly instead?: string;
}

/** The property that names the activity (docs/crm.md, "Business rules"): one row for each object type. */
export const ACTIVITY_PROPERTY = { name: 'Activity Objid', path: 'focus_obj2act_entry:objid' } as const;

/** The rules of an object type. */
export function guideOf({ name, typeName, typeId, startEvents }: ObjectType): RuleGuide {
  return {
    objectType: name,
    ruleObject: typeName,
    property: ACTIVITY_PROPERTY,
    ...('instead' in startEvents ? { startEvents: [], instead: startEvents.instead } : { startEvents }),
    ...(typeId === undefined ? {} : { typeId }),
  };
}

/**
 * The object types that words name, each name as many words as it has; all of them where there are no words. Throws a UserError of the
 * kind `usage`.
 */
export function typesNamed(words: readonly string[], types: readonly ObjectType[]): readonly ObjectType[] {
  if (words.length === 0) return types;
  const named = new Set<ObjectType>();
  for (let start = 0; start < words.length;) {
    const [type, length] = longestName(words.slice(start), types);
    named.add(type);
    start += length;
  }
  return [...named];
}

function longestName(words: readonly string[], types: readonly ObjectType[]): readonly [ObjectType, number] {
  for (let length = words.length; length > 0; length--) {
    const name = words.slice(0, length).join(' ');
    const type = typeCalled(name, types) ?? types.find((each) => isNumberOf(each, name));
    if (type !== undefined) return [type, length];
  }
  const [word = ''] = words;
  const names = types.map(({ name }) => name);
  const near = nearest(word, names);
  const hint = near === undefined ? `known are ${names.join(', ')}` : `did you mean ${near}?`;
  throw new UserError('usage', `no object type is called ${JSON.stringify(word)}`, hint);
}
