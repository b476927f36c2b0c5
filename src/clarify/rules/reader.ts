// Reads the live rules of the CRM (docs/crm.md, "Business rules"): one statement for each table.

import type { Database, Row, Statement } from '../../io/database';
import { lookUpGaps } from '../gaps';
import type { Column } from '../path';
import { sqlName } from '../sql-name';
import type { LiveRule, RuleProperty } from './audit';
import { ACTIVITY_PROPERTY } from './guide';

/** The Command Line actions of all rules, and the rule properties that matter to them. */
export interface LiveRules {
  readonly rules: readonly LiveRule[];
  readonly properties: readonly RuleProperty[];
}

const RULE = 1;
const COMMAND_LINE = 3;
const OBJECT_TYPE = 1;
const START_EVENT = 2;
/** The bit of `flags` that says that a rule is inactive. */
const INACTIVE = 65_536;

/** What not every version has. */
const OPTIONAL: readonly Column[] = ['flags', 'rule_set', 'title'].map((column) => ({ table: 'table_com_tmplte', column }));
const FLAGS: Column = { table: 'table_com_tmplte', column: 'flags' };

/** Reads the rules. Rejects with a DatabaseError. */
export async function readRules(database: Pick<Database, 'query' | 'columnsOf'>, signal: AbortSignal): Promise<LiveRules> {
  const gaps = await lookUpGaps(OPTIONAL, database, signal);
  // A rule whose flags may not be read would count as active.
  const doubt = gaps.doubtAbout([FLAGS]);
  if (doubt !== undefined) throw doubt;
  const wanted = OPTIONAL.filter((column) => !gaps.lacks(column)).map(({ column }) => `, ${sqlName(column)}`);
  const templates = `SELECT [objid], [type], [action], [escal_act2com_tmplte]${wanted.join('')} FROM [table_com_tmplte]
    WHERE [type] IN (${RULE}, ${COMMAND_LINE}) ORDER BY [objid]`;
  const [found, conditions, named] = await Promise.all([
    database.query(plain(templates), signal),
    database.query(plain(CONDITIONS), signal),
    database.query({ text: PROPERTIES, parameters: ACTIVITY_PROPERTY }, signal),
  ]);
  const rules = new Map(found.filter((row) => Number(row['type']) === RULE).map((row) => [Number(row['objid']), row]));
  const actions = found.filter((row) => Number(row['type']) === COMMAND_LINE);
  return { rules: actions.map((action) => ruleOf(action, rules, conditions)), properties: named.map(propertyOf) };
}

const CONDITIONS = `SELECT [type], [operand1], [parentrule2com_tmplte] FROM [table_rule_cond]
    WHERE [type] IN (${OBJECT_TYPE}, ${START_EVENT}) ORDER BY [objid]`;
const PROPERTIES = `SELECT [obj_type], [prop_name], [path_name] FROM [table_prop_name]
    WHERE [prop_name] = @name OR [path_name] = @path OR [path_name] = 'objid' ORDER BY [objid]`;

function plain(text: string): Statement {
  return { text, parameters: {} };
}

function ruleOf(action: Row, rules: ReadonlyMap<number, Row>, conditions: readonly Row[]): LiveRule {
  const parent = Number(action['escal_act2com_tmplte'] ?? 0);
  const rule = rules.get(parent);
  const operands = (type: number) =>
    conditions
      .filter((row) => Number(row['parentrule2com_tmplte']) === parent && Number(row['type']) === type)
      .map((row) => textOf(row, 'operand1'));
  return {
    objid: Number(action['objid']),
    title: textOf(rule ?? action, 'title'),
    ruleSet: textOf(rule ?? action, 'rule_set'),
    // An action that lost its rule never runs.
    active: rule !== undefined && (Number(rule['flags'] ?? 0) & INACTIVE) === 0,
    objectTypes: operands(OBJECT_TYPE),
    startEvents: operands(START_EVENT),
    action: textOf(action, 'action'),
  };
}

function propertyOf(row: Row): RuleProperty {
  return { objType: Number(row['obj_type']), name: textOf(row, 'prop_name'), path: textOf(row, 'path_name') };
}

function textOf(row: Row, column: string): string {
  return String(row[column] ?? '').trim();
}
