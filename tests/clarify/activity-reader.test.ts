import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { activityQuery } from '../../src/clarify/activity-query';
import { openActivityReader, type Reading } from '../../src/clarify/activity-reader';
import { objectTypeNamed, objectTypes } from '../../src/clarify/object-types/index';
import { sqlName } from '../../src/clarify/sql-name';
import { startDeadline } from '../../src/core/deadline';
import type { Database } from '../../src/io/database';
import { openSqliteDatabase, openSqliteFile } from '../../src/io/sqlite';
import { BUSY_MS } from '../support/busy';
import { sampleDatabase, temporaryFolder } from '../support/sample';

const NEVER = '9999-01-01T00:00:00';

async function read(
  file: string,
  objectType: string,
  objid: number,
  activityObjid?: number,
  since = NEVER,
  timeoutMs = 10_000,
): Promise<Reading> {
  const database = openSqliteDatabase(file);
  const deadline = startDeadline(timeoutMs, countMs());
  try {
    const request = { objectType, objid, rule: '', ...(activityObjid === undefined ? {} : { activityObjid }) };
    return await openActivityReader(database).read(objectTypeNamed(objectType), request, { since, until: NEVER }, deadline);
  } finally {
    deadline.end();
    database.close();
  }
}

function countMs(): () => number {
  const start = performance.now();
  return () => performance.now() - start;
}

/** A copy of the sample with some statements run over it. */
async function changedSample(...statements: string[]): Promise<string> {
  const file = join(temporaryFolder(), 'sample.sqlite');
  copyFileSync(sampleDatabase(), file);
  const connection = await openSqliteFile(file, { readOnly: false });
  for (const statement of statements) connection.exec(statement);
  connection.close();
  return file;
}

describe('reading an activity of the sample', () => {
  it('finds the object, its people and what a customer did', async () => {
    expect(await read(sampleDatabase(), 'case', 268435457, 268435457)).toEqual({
      kind: 'found',
      activity: {
        objectType: 'case',
        objid: 268435457,
        fields: {
          id: '4711',
          title: "Meter reads 0 after power loss & won't reset",
          site: 'Calder & Sons, Dock 3',
          firstName: 'Nora',
          lastName: "O'Dell",
          status: 'Wait Response',
          priority: 'High',
          severity: 'Major',
          owner: 'pmorales',
          ownerFirstName: 'Paula',
          ownerLastName: 'Morales',
          account: 'Calder & Sons Freight',
          condition: 'Open',
          type: 'Problem',
          queue: '',
          partNumber: 'FLM-200',
          revision: 'A',
          due: '2010-06-15T12:00:00',
        },
        entry: {
          objid: 268435457,
          code: 600,
          listName: 'Create',
          time: '2010-06-14T09:12:00',
          actor: "Nora O'Dell",
          actorLogin: 'selfservice',
          actorEmail: '',
          details: { oldStatus: '', newStatus: '', resolution: '', commitmentDue: '' },
        },
      },
    });
  });

  it.each([
    ['the person behind a switched user', 268435457, 268435462, 'Paula Morales', 'pmorales'],
    ['the employee', 268435458, 268435463, 'Dirk Keller', 'dkeller'],
  ])('names as actor %s', async (_who, objid, activity, actor, actorLogin) => {
    expect(await read(sampleDatabase(), 'case', objid, activity)).toMatchObject({ activity: { entry: { actor, actorLogin } } });
  });

  it('finds a case without contact and title', async () => {
    const reading = await read(sampleDatabase(), 'case', 268435459, 268435468);
    expect(reading).toMatchObject({
      kind: 'found',
      activity: { fields: { title: '', firstName: '', site: 'Seefeld Pharma Zürich' } },
    });
  });

  it('leaves an internal note where it is', async () => {
    expect(await read(sampleDatabase(), 'case', 268435457, 268435470)).toEqual({
      kind: 'internal',
      reason: 'activity 268435470 is an internal note',
    });
  });

  it.each([
    ['a note', 'DELETE FROM table_notes_log', 268435462],
    ['a call', 'DELETE FROM table_phone_log', 268435475],
  ])('does not take %s that is not there for one that is not internal', async (_, statement, activityObjid) => {
    const note = 'UPDATE table_act_entry SET act_entry2phone_log = 268435457 WHERE objid = 268435475';
    const file = await changedSample(note, statement);
    expect(await read(file, 'case', 268435457, activityObjid)).toEqual({
      kind: 'absent',
      reason: `the note or call of activity ${activityObjid} is not there, so it may be internal`,
    });
  });

  it('names a code by its rank where the row names none', async () => {
    const file = await changedSample('UPDATE table_act_entry SET entry_name2gbst_elm = NULL WHERE objid = 268435463');
    expect(await read(file, 'case', 268435458, 268435463)).toMatchObject({ activity: { entry: { listName: 'Close' } } });
    expect(await read(file, 'case', 268435459, 268435471)).toMatchObject({ activity: { entry: { listName: '', code: 94001 } } });
  });

  it('takes the newest activity since a moment, internal notes left out', async () => {
    expect(await read(sampleDatabase(), 'case', 268435457, undefined, '2010-06-14T11:55:00')).toMatchObject({
      activity: { entry: { objid: 268435472 } },
    });
    const file = await changedSample('DELETE FROM table_act_entry WHERE objid = 268435472');
    // The internal note of 12:00 is newer, but what is left is the change of status at 11:50.
    expect(await read(file, 'case', 268435457, undefined, '2010-06-14T11:46:00')).toMatchObject({
      activity: { entry: { objid: 268435461 } },
    });
  });

  it('is about the object alone where nothing happened since', async () => {
    const reading = await read(sampleDatabase(), 'case', 268435457);
    expect(reading).toMatchObject({ kind: 'found', activity: { fields: { id: '4711' } } });
    expect(reading).not.toHaveProperty('activity.entry');
  });

  it('is about the object alone where nothing but an internal note happened since', async () => {
    const file = await changedSample('DELETE FROM table_act_entry WHERE objid <> 268435470');
    expect(await read(file, 'case', 268435457, undefined, '2010-06-14T11:00:00')).not.toHaveProperty('activity.entry');
  });

  it('refuses an activity of another object at once', async () => {
    expect(await read(sampleDatabase(), 'case', 268435458, 268435457)).toEqual({
      kind: 'mismatched',
      reason: 'activity 268435457 does not belong to the case with the objid 268435458',
    });
    expect((await read(sampleDatabase(), 'solution', 268435457, 268435457)).kind).toBe('mismatched');
  });

  it('takes the focus of an activity for its relation where that is not set', async () => {
    const file = await changedSample(
      'UPDATE table_act_entry SET act_entry2case = NULL, focus_type = 0, focus_lowid = 268435458 WHERE objid = 268435463',
      'UPDATE table_act_entry SET act_entry2case = 268435457, focus_type = 0, focus_lowid = 268435458 WHERE objid = 268435473',
    );
    expect((await read(file, 'case', 268435458, 268435463)).kind).toBe('found');
    expect((await read(file, 'case', 268435458, 268435473)).kind).toBe('mismatched');
  });

  it('reads a site that lacks the optional columns, and keeps those that it has', async () => {
    const file = await changedSample(
      'ALTER TABLE table_phone_log DROP COLUMN x_is_internal',
      'ALTER TABLE table_act_entry DROP COLUMN focus_type',
      'ALTER TABLE table_act_entry DROP COLUMN focus_lowid',
    );
    expect((await read(file, 'case', 268435458, 268435463)).kind).toBe('found');
    expect((await read(file, 'case', 268435457, 268435470)).kind).toBe('internal');
    const bare = await changedSample(
      'ALTER TABLE table_phone_log DROP COLUMN x_is_internal',
      'ALTER TABLE table_notes_log DROP COLUMN x_is_internal',
    );
    expect((await read(bare, 'case', 268435457, 268435470)).kind).toBe('found');
  });

  it('reports a missing column that is not optional', async () => {
    const file = await changedSample('ALTER TABLE table_case DROP COLUMN title');
    await expect(read(file, 'case', 268435457, 268435457)).rejects.toMatchObject({ problem: 'unknown-column' });
  });
});

describe('a row that is not committed yet', () => {
  it('is waited for', async () => {
    let looks = 0;
    const database: Database = {
      query: () => Promise.resolve(++looks < 3 ? [] : [{ object_objid: null }]),
      columnsOf: () => Promise.resolve(new Map()),
      close: () => undefined,
    };
    const deadline = startDeadline(10_000, countMs());
    await openActivityReader(database).read(
      objectTypeNamed('case'),
      { objectType: 'case', objid: 1, activityObjid: 2, rule: '' },
      { since: NEVER, until: NEVER },
      deadline,
    );
    deadline.end();
    expect(looks).toBe(3);
  });

  it('is absent in the end, and the deadline of the run is respected', async () => {
    const start = performance.now();
    expect(await read(sampleDatabase(), 'case', 268435457, 5, NEVER, 500)).toEqual({
      kind: 'absent',
      reason: 'there is no activity with the objid 5',
    });
    expect(performance.now() - start).toBeLessThan(500 + BUSY_MS);
    expect(await read(sampleDatabase(), 'case', 5, undefined, NEVER, 300)).toEqual({
      kind: 'absent',
      reason: 'there is no case with the objid 5',
    });
  });
});

describe('the statement', () => {
  it.each(objectTypes.map((type) => [type.name, type] as const))('for a %s is this text', (_name, type) => {
    expect(activityQuery(type, { activityObjids: [1, 2] }).text).toMatchSnapshot();
    expect(activityQuery(type, { objid: 1, since: NEVER, until: NEVER }).text).toMatchSnapshot();
  });

  it('for a site that lacks everything that it may lack is this text', () => {
    const type = objectTypeNamed('subcase');
    expect(activityQuery(type, { activityObjids: [1] }, () => true)).toMatchSnapshot();
  });

  it.each(['x]; DROP TABLE y; --', '', 'a b', '1abc', 'ä', 'x'.repeat(129)])('never holds %p as a name', (name) => {
    expect(() => sqlName(name)).toThrow('is not the name of a table or column');
  });
});
