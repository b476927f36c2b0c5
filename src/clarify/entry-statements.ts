// The statements that change entries in the CRM. Pure. Each changes one row, and only while it is as it was read.

import type { DatabaseConfig } from '../config/database';
import type { Parameter, Statement } from '../io/database';
import type { BesideChange, ColumnValues } from './entry-columns';
import { columnsOfField, rowsWith, type EntryType } from './entry-type';
import { LONGEST_TEXT } from './short-texts';
import { sqlName } from './sql-name';

/** The two kinds of databases. */
export type Engine = DatabaseConfig['type'];

/** A condition or an assignment, and the values in it. */
interface Part {
  readonly text: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/** Changes columns of a row that holds what was read. */
export function updateStatement(
  type: EntryType,
  objid: number,
  was: ColumnValues,
  values: ColumnValues,
  engine: Engine,
): Statement {
  const set = Object.entries(values).map(([column, value], index) => ({
    text: `${sqlName(column)} = @set${index}`,
    parameters: { [`set${index}`]: value ?? '' },
  }));
  const { text, parameters } = asItWas(type, objid, was, engine);
  return {
    text: `UPDATE ${sqlName(type.table)} SET ${set.map((part) => part.text).join(', ')} WHERE ${text}`,
    parameters: Object.assign({}, ...set.map((part) => part.parameters), parameters) as Part['parameters'],
  };
}

/** Changes what a row behind a row holds, while it does. */
export function besideStatement(type: EntryType, objid: number, { role, was, value }: BesideChange, engine: Engine): Statement {
  const rows = rowsWith(type, role);
  if (rows === undefined) throw new Error(`${role} of ${type.name} stands in no row behind it`);
  const held = holds(rows.column, was, 'was', false, engine);
  return {
    text: `UPDATE ${sqlName(rows.table)} SET ${sqlName(rows.column)} = @value WHERE ${rows.where} AND ${held.text}`,
    parameters: { objid, value, ...held.parameters },
  };
}

/** Deletes a row that holds what was read. */
export function deleteStatement(type: EntryType, objid: number, was: ColumnValues, engine: Engine): Statement {
  const { text, parameters } = asItWas(type, objid, was, engine);
  return { text: `DELETE FROM ${sqlName(type.table)} WHERE ${text}`, parameters };
}

/** What a new row is filled with beside the columns of its entry. */
export interface NewRow {
  readonly objid: number;
  /** In lower case. */
  readonly login: string;
  /** The CRM's wall clock. */
  readonly now: string;
  /** The id that people know it by; empty where it has none. */
  readonly number: string;
  /** The objid of the row that comes with it; 0 where none does. */
  readonly companion: number;
}

/** Makes a row, and the one that comes with it, unless it is there. All that the row looks up has to be there, or nothing is made. */
export function insertStatements(type: EntryType, row: NewRow, values: ColumnValues): readonly Statement[] {
  const own = Object.entries(values).map(([column, value], index) => [column, `@value${index}`, value ?? ''] as const);
  const looked = Object.entries(type.insert?.columns ?? {});
  const needed = looked.filter(([, sql]) => sql.startsWith('(')).map(([, sql]) => `${sql} IS NOT NULL`);
  const before = needed.filter((condition) => !condition.includes('@companion'));
  const isNew = `NOT EXISTS (SELECT 1 FROM ${sqlName(type.table)} x WHERE x.${sqlName(type.idColumn)} = @objid)`;
  const columns = [type.idColumn, ...own.map(([column]) => column), ...looked.map(([column]) => column)];
  const sources = ['@objid', ...own.map(([, name]) => name), ...looked.map(([, sql]) => sql)];
  const text =
    `INSERT INTO ${sqlName(type.table)} (${columns.map(sqlName).join(', ')})\n` +
    `SELECT ${sources.join(', ')}\nWHERE ${[isNew, ...needed].join(' AND ')}`;
  const all = { ...row, ...Object.fromEntries(own.map(([, name, value]) => [name.slice(1), value])) };
  const companion = type.insert?.companion;
  return [
    ...(companion === undefined
      ? []
      : [withParameters(`${companion.sql}\nWHERE ${[isNew, ...before].join(' AND ')}${companion.where}`, all)]),
    withParameters(text, all),
  ];
}

/** The statement with those of the values that it names. */
function withParameters(text: string, values: Readonly<Record<string, Parameter>>): Statement {
  const named = new Set([...text.matchAll(/@(\w+)/g)].map(([, name]) => name));
  return { text, parameters: Object.fromEntries(Object.entries(values).filter(([name]) => named.has(name))) };
}

/** That a row still holds what was read. What is too long to have been read whole, and the stamp, are left out. */
function asItWas(type: EntryType, objid: number, was: ColumnValues, engine: Engine): Part {
  const moments = momentColumns(type);
  const compared = Object.entries(was).filter(([column, value]) => column !== type.stamp && String(value).length <= LONGEST_TEXT);
  const parts = compared.map(([column, value], index) => holds(column, value, `was${index}`, moments.has(column), engine));
  const own = { text: `${sqlName(type.idColumn)} = @objid`, parameters: { objid } };
  return {
    text: [own, ...parts].map(({ text }) => text).join(' AND '),
    parameters: Object.assign({}, ...[own, ...parts].map(({ parameters }) => parameters)) as Part['parameters'],
  };
}

/**
 * That a column holds a value. A DATETIME of SQL Server has steps of 1/300 s, so moments are compared to the second; its texts may be of
 * a type or a collation that takes different ones for equal (docs/crm.md, "Calendar, tasks").
 */
function holds(column: string, value: string | number | null, name: string, isMoment: boolean, engine: Engine): Part {
  const own = sqlName(column);
  if (value === null) return { text: `${own} IS NULL`, parameters: {} };
  if (typeof value === 'number' || engine === 'sqlite') return { text: `${own} = @${name}`, parameters: { [name]: value } };
  if (!isMoment)
    return {
      text: `CAST(${own} AS NVARCHAR(MAX)) COLLATE Latin1_General_BIN2 = @${name}`,
      parameters: { [name]: value },
    };
  const second = value.slice(0, 19);
  const next = new Date(Date.parse(`${second}Z`) + 1_000).toISOString().slice(0, 19);
  return {
    text: `${own} >= @${name} AND ${own} < @${name}_next`,
    parameters: { [name]: second, [`${name}_next`]: next },
  };
}

function momentColumns(type: EntryType): ReadonlySet<string> {
  const { begin, end } = columnsOfField(type, 'time');
  const { done } = columnsOfField(type, 'done');
  return new Set([begin, end, done, ...type.alongside].filter((column) => column !== undefined));
}
