// Whether a live business rule passes what this program needs. Pure.

import { isNumberOf } from '../arguments';
import type { ObjectType } from '../object-type';
import { typeCalled } from '../templates';
import { callIn, type Call, type Word } from './command-line';
import { ACTIVITY_PROPERTY } from './guide';

/** A Command Line action of a rule in the CRM. */
export interface LiveRule {
  /** The objid of the action in `table_com_tmplte`. */
  readonly objid: number;
  readonly title: string;
  readonly ruleSet: string;
  readonly active: boolean;
  /** The object types of its conditions, as the data dictionary calls them: `case`, `probdesc`. */
  readonly objectTypes: readonly string[];
  readonly startEvents: readonly string[];
  readonly action: string;
}

/** A rule property that leads to an activity or is called as if it did, or that leads to the objid. */
export interface RuleProperty {
  /** The number of the object type. */
  readonly objType: number;
  readonly name: string;
  readonly path: string;
}

/** What is wrong with a rule, for machines; `FAULTS` are to be mended, everything else is only worth knowing. */
export type Remark =
  | 'inactive'
  | 'unknown-type'
  | 'wrong-type'
  | 'missing-database-id'
  | 'wrong-database-id'
  | 'wrong-activity'
  | 'no-property'
  | 'free-text'
  | 'varying-rule'
  | 'unknown-option'
  | 'dry-run'
  | 'unquoted'
  | 'no-activity'
  | 'other-command';

/** A remark with its words. */
export interface Remarked {
  readonly remark: Remark;
  readonly harmless: boolean;
  readonly message: string;
}

/** A rule that calls this program, and what there is to say about it. */
export interface AuditedRule extends LiveRule {
  /** The canonical names of its object types, as far as they are known. */
  readonly types: readonly string[];
  readonly remarks: readonly Remarked[];
}

/** What a site has beside its rules. */
export interface Surroundings {
  readonly types: readonly ObjectType[];
  readonly properties: readonly RuleProperty[];
  /** The names of this program's commands. */
  readonly commands: readonly string[];
}

/** Audits a rule; `undefined` where it does not call this program. */
export function auditRule(rule: LiveRule, around: Surroundings): AuditedRule | undefined {
  const call = callIn(rule.action);
  if (call === undefined) return undefined;
  const known = rule.objectTypes.flatMap((name) => typeCalled(name, around.types) ?? []);
  const other = call.words.length > 0 && around.commands.find((name) => name === call.words[0]?.text);
  const remarks = [
    ...(rule.active ? [] : [fault('inactive', 'the rule is inactive; it never fires')]),
    ...(other
      ? [note('other-command', `it does not publish, but runs the command ${other}`)]
      : [...typeRemarks(rule, call, known, around), ...argumentRemarks(call, known, around), ...optionRemarks(call)]),
  ];
  return { ...rule, types: known.map(({ name }) => name), remarks };
}

function fault(remark: Remark, message: string): Remarked {
  return { remark, harmless: false, message };
}

function note(remark: Remark, message: string): Remarked {
  return { remark, harmless: true, message };
}

function typeRemarks(
  { objectTypes }: LiveRule,
  call: Call,
  known: readonly ObjectType[],
  { types }: Surroundings,
): readonly Remarked[] {
  const strange = objectTypes.filter((name) => typeCalled(name, types) === undefined);
  const unknown = strange.map((name) =>
    fault('unknown-type', `its object type "${name}" is unknown here; describe it under clarify.objectTypes`),
  );
  const { word, type } = typeWordOf(call, types);
  const property = propertyIn(word);
  if (word === undefined) return [...unknown, fault('wrong-type', 'it passes no object type; pass "[Object Type]"')];
  if (property !== undefined) {
    if (!isCalled(property, 'Object Type'))
      return [...unknown, fault('wrong-type', `[${property}] stands in the place of "[Object Type]"`)];
    return word.quoted
      ? unknown
      : [...unknown, note('unquoted', 'the quotes around [Object Type] are missing, which does no harm here')];
  }
  if (type === undefined)
    return [...unknown, fault('unknown-type', `it passes the object type "${word.text}", which is unknown here`)];
  if (known.length > 0 && !known.includes(type))
    return [...unknown, fault('wrong-type', `it passes the object type "${word.text}", and fires on ${objectTypes.join(', ')}`)];
  return unknown;
}

/** The word for the object type, the type where a name or number stands there, and how many words that name takes. */
function typeWordOf({ words }: Call, types: readonly ObjectType[]): { word?: Word; type?: ObjectType; length: number } {
  const [word] = words;
  if (word === undefined) return { length: 0 };
  if (word.text.includes('[')) return { word, length: 1 };
  for (let length = words.length; length > 0; length--) {
    const text = words
      .slice(0, length)
      .map((each) => each.text)
      .join(' ');
    const type = typeCalled(text, types) ?? types.find((each) => isNumberOf(each, text));
    if (type !== undefined) return { word: { ...word, text }, type, length };
  }
  return { word, length: 1 };
}

function argumentRemarks(call: Call, known: readonly ObjectType[], around: Surroundings): readonly Remarked[] {
  const { length, type } = typeWordOf(call, around.types);
  const [objid, activity, ...more] = call.words.slice(length);
  // Where the rule names no type that is known, what it passes may.
  const types = known.length > 0 || type === undefined ? known : [type];
  const tooMuch = more.map(({ text }) =>
    fault('free-text', `"${text}" is too much; texts such as titles and notes do not belong on a command line`),
  );
  return [...objidRemarks(objid, types, around), ...activityRemarks(activity, types, around), ...tooMuch];
}

function objidRemarks(word: Word | undefined, types: readonly ObjectType[], { properties }: Surroundings): readonly Remarked[] {
  const property = propertyIn(word);
  if (word === undefined || (property !== undefined && isCalled(property, ACTIVITY_PROPERTY.name)))
    return [fault('missing-database-id', 'the database id is missing; pass "[Database ID]" after the object type')];
  if (property === undefined) return [fault('wrong-database-id', `it passes "${word.text}" in place of "[Database ID]"`)];
  const leadsThere = (type: ObjectType) =>
    properties.some(({ objType, name, path }) => objType === type.typeId && isCalled(name, property) && path === 'objid');
  if (isCalled(property, 'Database ID') || (types.length > 0 && types.every(leadsThere))) return [];
  const meaning = / ?ID$/i.test(property) ? ', which is the number that people know' : '';
  return [fault('wrong-database-id', `it passes [${property}]${meaning}; pass "[Database ID]" in its place`)];
}

function activityRemarks(
  word: Word | undefined,
  types: readonly ObjectType[],
  { properties }: Surroundings,
): readonly Remarked[] {
  if (word === undefined || word.text === '0' || word.text === '')
    return [
      note(
        'no-activity',
        'it passes no activity: the post is about the newest one of the last 10 minutes, else about the object',
      ),
    ];
  const property = propertyIn(word);
  const named = properties.filter(({ name }) => property !== undefined && isCalled(name, property));
  const isOurs = property !== undefined && (isCalled(property, ACTIVITY_PROPERTY.name) || named.some(leadsToActivity));
  if (!isOurs) return [fault('wrong-activity', `it passes "${word.text}" in place of "[${ACTIVITY_PROPERTY.name}]"`)];
  const without = types.filter(({ typeId }) => !named.some((each) => each.objType === typeId && leadsToActivity(each)));
  return without.map(({ name, typeId }) =>
    fault(
      'no-property',
      `the rule property "${property}" with the path ${ACTIVITY_PROPERTY.path} is missing for ${name}` +
        (typeId === undefined ? '' : ` (obj_type ${typeId})`),
    ),
  );
}

function leadsToActivity({ path }: RuleProperty): boolean {
  return path.trim().toLowerCase() === ACTIVITY_PROPERTY.path;
}

const FLAGS = ['--json', '--quiet', '--verbose'];

function optionRemarks({ options }: Call): readonly Remarked[] {
  return [...options].flatMap(([name, value]): readonly Remarked[] => {
    if (name === '--rule')
      return value.includes('[')
        ? [fault('varying-rule', `--rule "${value}" differs from call to call, but a name makes two posts two; give a fixed one`)]
        : [];
    if (name === '--config' || name === '--timeout' || FLAGS.includes(name)) return [];
    if (name === '--dry-run') return [fault('dry-run', 'with --dry-run nothing is sent')];
    return [fault('unknown-option', `there is no option ${name}, so every call is refused`)];
  });
}

/** The name in a word that is one property and nothing else. */
function propertyIn(word: Word | undefined): string | undefined {
  return /^\[([^[\]]+)\]$/.exec(word?.text ?? '')?.[1]?.trim();
}

/** Upper and lower case make no difference to Dovetail's engine (docs/crm.md, "Business rules"). */
function isCalled(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase();
}
