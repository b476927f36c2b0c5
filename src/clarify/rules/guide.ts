// The business rules that an administrator enters, one for each object type, and the rule property that they need.

import { UserError } from '../../core/errors';
import { nearest } from '../../core/nearest';
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

/**
 * The events in which a stream is interested, by object type (docs/crm.md, "Events"). UNCONFIRMED for all but cases and
 * solutions is how an editor spells them; so the output says that the editor's own list counts.
 */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  case: ['Create', 'Close Task', 'Re-Open Task'],
  subcase: ['Create', 'Close Task', 'Re-Open Task'],
  solution: ['Create', 'Close Task', 'Re-Open Task'],
  change_request: ['Create', 'Change Status', 'CR Closed', 'CR Reopen'],
  part_request: ['Create', 'Change Status', 'Close Task'],
  contract: ['Create', 'Change Status', 'Re-Open Task'],
  action_item: ['Create', 'Assign', 'Close Task'],
};
const ANY_EVENT: readonly string[] = ['Create', 'Change Status'];

/** Object types without an event (docs/crm.md, "Events"). */
const INSTEAD: Readonly<Record<string, string>> = {
  product_revision: 'the CRM has no event for it; publish-activity scan, run by a scheduler, finds new ones',
  stocking_level: 'the CRM has no event for it; publish-activity scan, run by a scheduler, sees stock fall to its reorder level',
  part_request_header:
    'rules fire on the lines of a part request, and publish-activity scan does not watch its header; enter a rule for part_request',
};

/** The rules of an object type. */
export function guideOf({ name, typeName, typeId }: ObjectType): RuleGuide {
  const instead = INSTEAD[name];
  return {
    objectType: name,
    ruleObject: typeName,
    property: ACTIVITY_PROPERTY,
    startEvents: instead === undefined ? (EVENTS[name] ?? ANY_EVENT) : [],
    ...(typeId === undefined ? {} : { typeId }),
    ...(instead === undefined ? {} : { instead }),
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
    const type = typeCalled(name, types) ?? types.find(({ typeId }) => String(typeId) === name);
    if (type !== undefined) return [type, length];
  }
  const [word = ''] = words;
  const names = types.map(({ name }) => name);
  const near = nearest(word, names);
  const hint = near === undefined ? `known are ${names.join(', ')}` : `did you mean ${near}?`;
  throw new UserError('usage', `no object type is called ${JSON.stringify(word)}`, hint);
}
