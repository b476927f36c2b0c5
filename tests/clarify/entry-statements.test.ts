// The statements about entries, as they are sent to either database.

import { entryQuery, GROUP_PATH, ownColumns, usersQuery, type WantedUsers } from '../../src/clarify/entry-query';
import { spellNumber } from '../../src/clarify/entry-ids';
import { deleteStatement, insertStatements, updateStatement, type Engine } from '../../src/clarify/entry-statements';
import { entryTypes } from '../../src/clarify/entry-types';
import type { Statement } from '../../src/io/database';

const spelled = ({ text, parameters }: Statement) => `${text}\n${JSON.stringify(parameters)}`;
const each = entryTypes.map((type) => [type.name, type] as const);
const agenda = each.filter(([, { kind }]) => kind !== 'contact');
const engines: readonly Engine[] = ['sqlite', 'sqlserver'];

describe('the statement for the entries of a user', () => {
  const window = { login: 'agent1', since: '2026-11-23T12:00:00', until: '2026-12-30T12:00:00', reach: '2026-10-23T13:00:00' };

  it.each(agenda)('of the kind %s', (_, type) => {
    const silent = entryQuery(type, false, window);
    expect(spelled(silent)).toMatchSnapshot();
    const telling = entryQuery(type, true, window);
    expect(telling.text === silent.text).toBe(type.notes === undefined);
    expect(new Set(telling.optional.map(({ table }) => table)).has(type.table)).toBe(true);
  });

  it.each(agenda)('leaves out what a site lacks of %s', (_, type) => {
    const lacks = ({ table, column }: { readonly table: string; readonly column: string }) =>
      table === type.table && !['objid', ownColumns(type, false).at(-1), type.begin, type.end].includes(column);
    expect(entryQuery(type, true, window, lacks).text).toMatchSnapshot();
  });
});

describe('the statement for rows by their objids', () => {
  it.each(each)('of the kind %s', (_, type) => {
    const { text, parameters } = entryQuery(type, false, { objids: [7, 9] });
    expect([text.split('\n').at(-1), parameters]).toEqual(['WHERE o.[objid] IN (@objid0, @objid1)', { objid0: 7, objid1: 9 }]);
  });
});

describe('the statement for users', () => {
  it.each<[string, WantedUsers]>([
    ['all', 'all'],
    ['a group', { group: 'Field Service', path: GROUP_PATH }],
    ['logins', { logins: ['agent1', "o'neill"] }],
  ])('of %s', (_, wanted) => {
    expect(spelled(usersQuery(wanted))).toMatchSnapshot();
  });
});

describe('the statements that change a row', () => {
  const was = {
    description: "O'Dell",
    start_time: '2026-12-03T14:30:00.997',
    end_time: null,
    duration: 5400,
    appt2schedule: 3,
    update_stamp: '2026-01-01T00:00:00',
    notes: 'n'.repeat(20_001),
  };
  const type = { ...entryTypes[0], stamp: 'update_stamp' } as (typeof entryTypes)[number];

  it.each(engines)('compare every column as it was, and set what is new, on %s', (engine) => {
    expect(
      spelled(updateStatement(type, 7, was, { description: 'x', end_time: '2026-12-03T16:00:00' }, engine)),
    ).toMatchSnapshot();
    expect(spelled(deleteStatement(type, 7, was, engine))).toMatchSnapshot();
  });

  it.each(['appointment', 'action_item'])('make a row of the kind %s', (name) => {
    const made = entryTypes.find((each) => each.name === name);
    if (made === undefined) throw new Error(name);
    const row = { objid: 7, login: 'agent1', now: '2026-11-30T12:00:00', number: 'AI-7', companion: 8 };
    expect(
      insertStatements(made, row, { [name === 'appointment' ? 'description' : 'title']: 'x' }).map(spelled),
    ).toMatchSnapshot();
  });

  it('name nothing but the table of their row', () => {
    for (const own of entryTypes) {
      const { text } = updateStatement(own, 7, {}, { x: 1 }, 'sqlserver');
      expect([...text.matchAll(/\[table_\w+\]/g)].map(([table]) => table)).toEqual([`[${own.table}]`]);
    }
  });

  it('take no name that could be SQL', () => {
    expect(() => updateStatement(type, 7, { 'a] = 1 --': 1 }, { description: 'x' }, 'sqlite')).toThrow(/is not the name/);
    expect(() => updateStatement(type, 7, {}, { 'a] = 1 --': 'x' }, 'sqlite')).toThrow(/is not the name/);
  });
});

describe('a number that the CRM counted', () => {
  it.each([
    [{ value: 17, format: 'AI-%i', padded: 0, width: 6 }, 'AI-17'],
    [{ value: 17, format: 'AI-%i', padded: 1, width: 6 }, 'AI-000017'],
    [{ value: 17, format: '', padded: 0, width: 0 }, '17'],
    [{ value: 17, format: null, padded: null, width: null }, '17'],
    [{ value: 17, format: 'AI', padded: 0, width: 0 }, 'AI17'],
    [{ value: null, format: 'AI-%i', padded: 0, width: 0 }, undefined],
    [{}, undefined],
  ])('%j is %s', (row, number) => {
    expect(spellNumber(row)).toBe(number);
  });
});
