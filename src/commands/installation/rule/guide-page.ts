// How the rules to enter are said.

import type { RuleGuide } from '../../../clarify/rules/guide';
import type { Datum } from '../../command';
import { columns } from '../../looking/columns';

/** What stands in every row of `table_prop_name` that this program needs, and what a tool for rule properties calls it. */
const USUAL = [
  { label: 'Sub type', value: 'Property', column: 'subtype', raw: 0 },
  { label: 'Value type', value: 'Standard Property', column: 'val_type', raw: 0 },
  { label: 'Max length', value: '100', column: 'max_len', raw: 100 },
  { label: '', value: '', column: 'extra_info', raw: '' },
  { label: '', value: '', column: 'locale', raw: 0 },
] as const;

/** The way to the rule property, the same for all object types. */
export const PROPERTY_STEPS = `The rule property "Activity Objid" is none of the product's own. For each object type that lacks it:
  1. Add it with the tool for rule properties (Dovetail Agent 14 and newer has a page for them), with the values above. Is function: No.
     Do not insert the row by SQL: it needs an objid, and only the CRM may hand those out.
  2. Have the rule engine read its properties anew, or restart it.
  3. publish-activity rule --check tells whether all is well.
Object types and events are called as your rule editor lists them. Where a rule on Windows does not find publish-activity, write
publish-activity.cmd or its whole path in quotes. An escalation passes no activity, and needs no rule property.`;

/** The rule to enter for an object type; `rule` is the name in the example of an escalation. */
export function guideDatum(guide: RuleGuide, rule: string): Datum {
  const { objectType, ruleObject, startEvents, typeId, property, instead } = guide;
  const head = { format: 1, kind: 'guide', objectType };
  if (instead !== undefined)
    return { text: `${objectType}: no rule can fire on it: ${instead}\n`, json: { ...head, rule: null, instead } };
  const action = `publish-activity "[Object Type]" "[Database ID]" "[${property.name}]"`;
  const escalation = `publish-activity "[Object Type]" "[Database ID]" --rule "${rule}"`;
  const fields = [
    ['Object type', ruleObject],
    ['Start events', startEvents.join(', ')],
    ['Action type', 'Command Line'],
    ['Action', action],
    ['  of an escalation', escalation],
  ];
  const row = [
    { label: 'Object type', value: ruleObject, column: 'obj_type', raw: typeId ?? 'its number in adp_tbl_name_map' },
    { label: 'Name', value: property.name, column: 'prop_name', raw: property.name },
    { label: 'Path', value: property.path, column: 'path_name', raw: property.path },
    ...USUAL,
  ];
  const properties = row.map(({ label, value, column, raw }) => [label, value, `${column} = ${raw === '' ? "''" : raw}`]);
  return {
    text: `${columns(fields)}\n\n${indented(columns([['rule property', 'value', 'in table_prop_name'], ...properties]))}\n`,
    json: {
      ...head,
      rule: { objectType: ruleObject, startEvents, actionType: 'Command Line', action, escalation },
      property: { ...Object.fromEntries(row.map(({ column, raw }) => [column, raw])), obj_type: typeId ?? null },
    },
  };
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
