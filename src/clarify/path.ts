// Paths from an object (or an activity) to a value, as object types and configurations write them, and the joins that they become.
//
//   title                                             a column of the object's own
//   case_reporter2site.name                           through a relation; most relations end in the name of their target
//   bug_product2part_info:mod_level.mod_level         … and the others name it
//   contact_role[contact_role2contact>contact_role2site,primary_site=1]:site.name
//                                                     through a table that points back to here, with a condition on its rows
//   commit_log[case_commit2case,act_cmpltime=none].sched_cmpltime
//                                                     the smallest value of the rows that point back to here
//   e_addr[eaddr2contact,useage='Alternate Email'].e_num
//                                                     … of those with a word in a column
//
// Where several rows point back, the target with the smallest objid counts: a post names one site, not twelve.

import { sqlName } from './sql-name';

/** A column of a table. */
export interface Column {
  readonly table: string;
  readonly column: string;
}

/** A relation to follow, or the rows of another table that point back. */
type Step =
  | { readonly kind: 'relation'; readonly relation: string; readonly target: string }
  | { readonly kind: 'back'; readonly table: string; readonly back: string; readonly filter: Filter | undefined }
  | {
      readonly kind: 'through';
      readonly table: string;
      readonly back: string;
      readonly relation: string;
      readonly filter: Filter | undefined;
      readonly target: string;
    };

interface Filter {
  readonly column: string;
  /** A whole number, a word in single quotes, or `none` for a moment that was not set. */
  readonly value: string;
}

const NAME = '[A-Za-z_]\\w{0,127}';
const RELATION = new RegExp(`^(${NAME})(?::(${NAME}))?$`);
const BACK = new RegExp(
  `^(${NAME})\\[(${NAME})(?:>(${NAME}))?(?:,(${NAME})=(-?\\d{1,9}|none|'[\\w -]{1,40}'))?\\](?::(${NAME}))?$`,
);

/** What is wrong with a path, in words that follow it (`… is no path`); `undefined` for a good one. */
export function problemOfPath(path: string): string | undefined {
  const { steps, column } = split(path);
  if (!RELATION.test(column) || column.includes(':')) return 'does not end in the name of a column';
  const wrong = steps.findIndex((step, index) => stepOf(step, index === steps.length - 1) === undefined);
  return wrong === -1 ? undefined : `has a step that is none: ${steps[wrong] ?? ''}`;
}

/** The way of a path that starts in a table, in the CRM's own names: `table_case.case_reporter2site → table_site.name`. */
export function describePath(start: string, path: string): string {
  const { steps, column } = split(path);
  const [way, table] = steps.reduce<readonly [string, string]>(
    ([before, from], text, index) => {
      const step = stepOf(text, index === steps.length - 1);
      if (step === undefined) throw new Error(`${text} is no step of a path`);
      if (step.kind === 'relation') return [`${before}${from}.${step.relation} → `, tableOf(step.target)];
      const { table: rows, back, filter } = step;
      const found = `${rows}[${[back, ...(filter === undefined ? [] : [`${filter.column}=${filter.value}`])].join(', ')}]`;
      return step.kind === 'back'
        ? [`${before}${from} ← `, found]
        : [`${before}${from} ← ${found}.${step.relation} → `, tableOf(step.target)];
    },
    ['', start],
  );
  return `${way}${table}.${column}`;
}

/** Rows that point back to one, whose objid is `@objid` in the condition, and a column of theirs. */
export interface RowsBehind {
  readonly table: string;
  readonly column: string;
  readonly where: string;
}

/** The rows that point back to here and the column of theirs that a path ends in; `undefined` for any other path. */
export function rowsBehind(path: string): RowsBehind | undefined {
  const { steps, column } = split(path);
  const step = steps.length === 1 ? stepOf(steps[0] ?? '', true) : undefined;
  if (step?.kind !== 'back') return undefined;
  return { table: step.table, column, where: whereBack('@objid', step) };
}

/** A place that a path has reached. */
interface Place {
  readonly alias: string;
  /** With its prefix: `table_case`. */
  readonly table: string;
  /** The column that other rows point to. */
  readonly id: string;
}

/** The joins that lead from one row to all the values that are wanted of it. Paths with the same beginning share its joins. */
export class Joins {
  readonly texts: string[] = [];
  /** Every column that was used, so that a site can be asked which of them it lacks. */
  readonly used: Column[] = [];
  readonly #places = new Map<string, Place | undefined>();

  constructor(
    /** What a site lacks is left out, with everything behind it. */
    private readonly lacks: (column: Column) => boolean,
    /** What the aliases of joins start with. */
    private readonly prefix: string,
  ) {}

  /** The SQL of the value at the end of a path that starts at a row; `NULL` where the site lacks a part of it. */
  value(start: Place, path: string): string {
    const { steps, column } = split(path);
    const last = steps.at(-1);
    const list = last === undefined ? undefined : stepOf(last, true);
    if (list?.kind === 'back') {
      const from = this.#reach(start, steps.slice(0, -1));
      if (from === undefined || this.#lacksAny(list, [list.back, column])) return 'NULL';
      return `(SELECT MIN(x.${sqlName(column)}) FROM ${sqlName(list.table)} x WHERE ${backTo(from, list)})`;
    }
    const place = this.#reach(start, steps);
    if (place === undefined || this.#isLacking(place.table, column)) return 'NULL';
    return `${place.alias}.${sqlName(column)}`;
  }

  #reach(start: Place, steps: readonly string[]): Place | undefined {
    const last = steps.at(-1);
    if (last === undefined) return start;
    const path = [start.alias, ...steps].join('.');
    if (!this.#places.has(path)) this.#places.set(path, this.#join(this.#reach(start, steps.slice(0, -1)), last));
    return this.#places.get(path);
  }

  #join(from: Place | undefined, text: string): Place | undefined {
    const step = stepOf(text, false);
    if (step === undefined || step.kind === 'back') throw new Error(`${text} is no step of a path`);
    if (from === undefined) return undefined;
    const target = tableOf(step.target);
    const key = step.kind === 'relation' ? relationOf(from, step.relation) : throughOf(from, step);
    const lacking =
      step.kind === 'relation' ? this.#isLacking(from.table, step.relation) : this.#lacksAny(step, [step.back, step.relation]);
    if (lacking || this.#isLacking(target, 'objid')) return undefined;
    const alias = `${this.prefix}${this.texts.length + 1}`;
    this.texts.push(`LEFT JOIN ${sqlName(target)} ${alias} ON ${alias}.[objid] = ${key}`);
    return { alias, table: target, id: 'objid' };
  }

  #lacksAny(
    { table, filter }: { readonly table: string; readonly filter: Filter | undefined },
    columns: readonly string[],
  ): boolean {
    const all = [...columns, ...(filter === undefined ? [] : [filter.column])];
    return all.map((column) => this.#isLacking(table, column)).some(Boolean);
  }

  #isLacking(table: string, column: string): boolean {
    this.used.push({ table, column });
    return this.lacks({ table, column });
  }
}

function split(path: string): { readonly steps: readonly string[]; readonly column: string } {
  const parts = path.split('.');
  return { steps: parts.slice(0, -1), column: parts.at(-1) ?? '' };
}

/** A step; one that points back without going on can only be the last one before the column. */
function stepOf(text: string, isLast: boolean): Step | undefined {
  const [plain, relation = '', named] = RELATION.exec(text) ?? [];
  if (plain !== undefined) return { kind: 'relation', relation, target: named ?? relation.slice(relation.lastIndexOf('2') + 1) };
  const [back, name = '', own = '', forward, column, value, target] = BACK.exec(text) ?? [];
  if (back === undefined) return undefined;
  const rows = {
    table: tableOf(name),
    back: own,
    filter: column === undefined || value === undefined ? undefined : { column, value },
  };
  if (forward !== undefined) {
    return { kind: 'through', ...rows, relation: forward, target: target ?? forward.slice(forward.lastIndexOf('2') + 1) };
  }
  return isLast && target === undefined ? { kind: 'back', ...rows } : undefined;
}

/** Linking tables (`mtm_…`) are named as they are (docs/crm.md, "Relations"). */
function tableOf(name: string): string {
  return /^(mtm|table|adp)_/.test(name) ? name : `table_${name}`;
}

function relationOf({ alias }: Place, relation: string): string {
  return `${alias}.${sqlName(relation)}`;
}

function throughOf(from: Place, step: Extract<Step, { kind: 'through' }>): string {
  return `(SELECT MIN(x.${sqlName(step.relation)}) FROM ${sqlName(step.table)} x WHERE ${backTo(from, step)})`;
}

type Back = { readonly back: string; readonly filter: Filter | undefined };

function backTo({ alias, id }: Place, step: Back): string {
  return whereBack(`${alias}.${sqlName(id)}`, step, 'x.');
}

function whereBack(objid: string, { back, filter }: Back, prefix = ''): string {
  const own = `${prefix}${sqlName(back)} = ${objid}`;
  if (filter === undefined) return own;
  const column = `${prefix}${sqlName(filter.column)}`;
  // The CRM's "no date" is the first day that SQL Server's DATETIME knows (docs/crm.md, "Dates and time zones").
  return `${own} AND ${filter.value === 'none' ? `(${column} IS NULL OR ${column} < '1754-01-01T00:00:00')` : `${column} = ${filter.value}`}`;
}
