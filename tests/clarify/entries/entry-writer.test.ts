import type { CrmItem, CrmOutcome } from '../../../src/clarify/entries';
import type { Engine } from '../../../src/clarify/entry-statements';
import { entryTypes } from '../../../src/clarify/entry-types';
import { openEntryWriter } from '../../../src/clarify/entry-writer';
import { DatabaseError } from '../../../src/core/database-error';
import type { Entry, EntryField } from '../../../src/core/sync/entry';
import type { Statement, WritableDatabase } from '../../../src/io/database';
import { DAY, FIRST, itemAt, NEVER, NOON, openDesk, type Desk, type DeskChanges } from '../../support/entries';
import { changeDatabase, sampleOfDay } from '../../support/sample';

const ZONE = 'America/Chicago';
const at = (wallClock: string, timeZone = ZONE) => ({ wallClock, timeZone });
const from = (begin: string, end: string, timeZone = ZONE) => ({ begin: at(begin, timeZone), end: at(end, timeZone) });
const NO_DATE = '1753-01-01T00:00:00';

let file: string;
let desk: Desk;
beforeEach(() => {
  file = sampleOfDay(DAY);
});
afterEach(() => desk.close());

const open = async (engine: Engine, changes: DeskChanges = {}) => {
  desk = await openDesk(file, engine, { reader: { notes: ['action_item'] }, ...changes });
  return desk;
};
const change = (statement: string) => changeDatabase(file, (crm) => crm.exec(statement));
const row = async (table: string, number: number) => {
  const text = `SELECT * FROM [${table}] WHERE [objid] = @objid`;
  return (await desk.database.query({ text, parameters: { objid: FIRST + number } }, NEVER))[0];
};
const item = (type: string, number: number) => itemAt(desk.reader, type, number);
const update = (seen: CrmItem, changed: Partial<Entry>, now = NOON): Promise<CrmOutcome> =>
  desk.writer.update(seen, { ...seen.entry, ...changed }, Object.keys(changed) as EntryField[], now, NEVER);
const columns = (outcome: CrmOutcome) =>
  'writes' in outcome ? outcome.writes.map(({ column, oldValue, newValue }) => [column, oldValue, newValue]) : outcome;

/** A database that passes on what it is told, with something before or after each change. */
const around =
  (work: (statements: readonly Statement[], run: () => Promise<readonly number[]>) => Promise<readonly number[]>) =>
  (inner: WritableDatabase): WritableDatabase => ({
    ...inner,
    execute: (statements, signal) => work(statements, () => inner.execute(statements, signal)),
  });

describe.each<Engine>(['sqlite', 'sqlserver'])('a change in the CRM, over %s', (engine) => {
  it('writes the columns that differ, in one statement about one row of one table', async () => {
    const ran: Statement[] = [];
    await open(engine, { database: around((statements, run) => (ran.push(...statements), run())) });
    const outcome = await update(await item('appointment', 3), { time: from('2026-12-04T09:00:00', '2026-12-04T11:00:00') });
    expect(columns(outcome)).toEqual([
      ['start_time', '2026-12-03T14:30:00', '2026-12-04T09:00:00'],
      ['end_time', '2026-12-03T16:00:00', '2026-12-04T11:00:00'],
      ['duration', '5400', '7200'],
    ]);
    expect(outcome).toMatchObject({
      kind: 'done',
      item: { entry: { time: from('2026-12-04T09:00:00', '2026-12-04T11:00:00') } },
    });
    expect(ran.map(({ text }) => text.split(' ').slice(0, 2))).toEqual([['UPDATE', '[table_appointment]']]);
    const { appt2case, condition, cell_text, description } = (await row('table_appointment', 3)) ?? {};
    expect([appt2case, condition, cell_text, description]).toEqual([FIRST + 2, 0, '4712', 'Inspection at Seefeld Pharma']);
    expect(await row('table_appointment', 2)).toMatchObject({ start_time: '2026-11-24T09:00:00' });
  });

  it.each([
    [
      'a moment of another zone',
      from('2026-12-04T16:00:00', '2026-12-04T17:00:00', 'Europe/Zurich'),
      '2026-12-04T09:00:00',
      3600,
    ],
    ['days', { begin: { day: '2026-12-07' }, end: { day: '2026-12-09' } }, '2026-12-07T00:00:00', 172_800],
    ['an hour that the clocks skip', from('2027-03-14T02:30:00', '2027-03-14T04:30:00'), '2027-03-14T03:30:00', 3600],
    ['a day of 25 hours', { begin: { day: '2026-11-01' }, end: { day: '2026-11-02' } }, '2026-11-01T00:00:00', 90_000],
    ['the hour that the clocks repeat', from('2026-11-01T06:30:00', '2026-11-01T07:10:00', 'UTC'), '2026-11-01T01:30:00', 2400],
  ])("holds %s in the CRM's zone", async (_, time, start_time, duration) => {
    await open(engine);
    const seen = await item('appointment', 3);
    const outcome = await update(seen, { time });
    expect(outcome).toMatchObject({ kind: 'done' });
    expect(await row('table_appointment', 3)).toMatchObject({ start_time, duration });
    const rendered = desk.writer.rendered('appointment', { ...seen.entry, time }, false);
    expect((await item('appointment', 3)).entry).toEqual(rendered);
  });

  it('stamps an action item, dates what is done, and takes the date back', async () => {
    await open(engine);
    const outcome = await update(await item('action_item', 2), { done: true, subject: 'Order three', notes: 'a\r\nb' });
    expect(columns(outcome)).toEqual([
      ['comp_date', NO_DATE, '2026-11-30T12:00:00'],
      ['title', 'Order two spare meters', 'Order three'],
      ['notes', 'Part FLM-200, revision B.', 'a\nb'],
      ['update_stamp', '2026-11-23T08:00:00', '2026-11-30T12:00:00'],
    ]);
    expect(columns(await update(await item('action_item', 2), { done: true }, NOON + 30_000))).toEqual([]);
    expect(columns(await update(await item('action_item', 2), { done: false }, NOON + 60_000))).toEqual([
      ['comp_date', '2026-11-30T12:00:00', NO_DATE],
      ['update_stamp', '2026-11-30T12:00:00', '2026-11-30T12:01:00'],
    ]);
    expect(await row('table_task', 2)).toMatchObject({
      start_date: '2026-11-23T00:00:00',
      task_state2condition: FIRST + 13,
      active: 1,
    });
  });

  it('stamps nothing where a site has no stamp', async () => {
    await change('ALTER TABLE table_task DROP COLUMN update_stamp');
    await open(engine);
    expect(columns(await update(await item('action_item', 2), { subject: 'x' }))).toEqual([
      ['title', 'Order two spare meters', 'x'],
    ]);
  });

  it('moves the warning of a commitment along with it', async () => {
    await open(engine);
    expect(columns(await update(await item('commitment', 2), { time: { end: at('2026-12-02T16:30:00') } }))).toEqual([
      ['sched_cmpltime', '2026-12-01T15:00:00', '2026-12-02T16:30:00'],
      ['warning_time', '2026-12-01T14:00:00', '2026-12-02T15:30:00'],
    ]);
    expect(columns(await update(await item('commitment', 3), { time: { end: at('2026-12-02T16:30:00') } }))).toEqual([
      ['sched_cmpltime', '2026-11-28T12:00:00', '2026-12-02T16:30:00'],
    ]);
  });

  it.each([
    ['another time', "end_time = '2026-12-03T17:00:00'"],
    ['another second', "start_time = '2026-12-03T14:30:01'"],
    ['another case of letters', "description = 'inspection at Seefeld Pharma'"],
    ['no text', "description = ''"],
    ['no value', 'description = NULL'],
    ['another schedule', `appt2schedule = ${FIRST + 3}`],
  ])('is not made where somebody gave the row %s meanwhile', async (_, set) => {
    await open(engine);
    const seen = await item('appointment', 3);
    await change(`UPDATE table_appointment SET ${set} WHERE objid = ${FIRST + 3}`);
    const before = await row('table_appointment', 3);
    expect(await update(seen, { subject: 'New' })).toEqual({ kind: 'stale' });
    expect(await row('table_appointment', 3)).toEqual(before);
  });

  it('is not made on a row that is gone', async () => {
    await open(engine);
    const seen = await item('appointment', 3);
    await change(`DELETE FROM table_appointment WHERE objid = ${FIRST + 3}`);
    expect(await update(seen, { subject: 'New' })).toEqual({ kind: 'stale' });
  });

  it('is done where somebody wrote the same meanwhile', async () => {
    await open(engine);
    const seen = await item('appointment', 3);
    await change(`UPDATE table_appointment SET description = 'New' WHERE objid = ${FIRST + 3}`);
    expect(await update(seen, { subject: ' New ' })).toMatchObject({
      kind: 'done',
      writes: [],
      item: { entry: { subject: 'New' } },
    });
  });

  it('tells NULL from a value, and replaces both', async () => {
    await change(`UPDATE table_appointment SET end_time = NULL, description = NULL, duration = NULL WHERE objid = ${FIRST + 3}`);
    await open(engine);
    const seen = await item('appointment', 3);
    expect(seen.entry).toMatchObject({ subject: '', time: from('2026-12-03T14:30:00', '2026-12-03T14:30:00') });
    expect(columns(await update(seen, { time: from('2026-12-03T14:30:00', '2026-12-03T15:00:00') }))).toEqual([
      ['end_time', '', '2026-12-03T15:00:00'],
      ['duration', '', '1800'],
    ]);
    expect(await row('table_appointment', 3)).toMatchObject({ description: null });
  });

  it('does without columns that do not differ, and without any statement where none does', async () => {
    await change(
      `UPDATE table_appointment SET description = '  Inspection at' || char(13, 10) || 'Seefeld Pharma', end_time = NULL`,
    );
    await open(engine, { database: around(() => Promise.reject(new Error('nothing is to be written'))) });
    const seen = await item('appointment', 3);
    expect(columns(await update({ ...seen, writable: ['subject'] }, { subject: 'Inspection at Seefeld Pharma' }))).toEqual([]);
  });

  it('cuts texts to their columns, with no half of a character', async () => {
    await open(engine);
    const long = `${'a'.repeat(253)}👩‍🔧${'b'.repeat(300)}`;
    const seen = await item('appointment', 3);
    expect(await update(seen, { subject: long })).toMatchObject({
      kind: 'done',
      item: { entry: { subject: `${'a'.repeat(253)}…` } },
    });
    expect(desk.writer.rendered('appointment', { ...seen.entry, subject: long }, false).subject).toBe(`${'a'.repeat(253)}…`);
    await update(await item('action_item', 2), { subject: 'x'.repeat(81) });
    expect(String((await row('table_task', 2))?.['title'])).toHaveLength(80);
  });

  it('leaves notes alone that were too long to be read whole', async () => {
    await change(`UPDATE table_task SET notes = '${'n'.repeat(20_001)}' WHERE objid = ${FIRST + 2}`);
    await open(engine);
    const seen = await item('action_item', 2);
    expect(seen.writable).toEqual(['subject', 'time', 'done']);
    expect(seen.entry.notes.endsWith('…')).toBe(true);
    expect(await update(seen, { notes: 'short' })).toMatchObject({ kind: 'rejected' });
    expect(await update(seen, { subject: 'New' })).toMatchObject({ kind: 'done' });
  });

  it.each<[string, string, number, Partial<Entry>, RegExp]>([
    ['a task that is due at no time', 'action_item', 2, { time: {} }, /due/],
    [
      'an event that ends before it begins',
      'appointment',
      3,
      { time: from('2026-12-03T10:00:00', '2026-12-03T09:00:00') },
      /ends before/,
    ],
    ['an event without an end', 'appointment', 3, { time: { begin: at('2026-12-03T10:00:00') } }, /no end/],
    ['a moment before the first of a DATETIME', 'action_item', 2, { time: { end: at('1700-01-01T10:00:00') } }, /years/],
    ['a moment of the parking year', 'action_item', 2, { time: { end: at('2999-01-01T00:00:00') } }, /years/],
    ['the time of a call', 'phone_log', 2, { time: from('2026-12-03T10:00:00', '2026-12-03T11:00:00') }, /time of phone log/],
    ['the place of an appointment', 'appointment', 3, { place: 'Here' }, /place of appointment/],
    ['the end of a commitment', 'commitment', 2, { done: true }, /done of commitment/],
  ])('refuses %s', async (_, type, number, changed, reason) => {
    await open(engine);
    const outcome = await update(await item(type, number), changed);
    expect(outcome).toMatchObject({ kind: 'rejected' });
    expect('reason' in outcome && outcome.reason).toMatch(reason);
  });

  it('is a rejection where the table itself refuses the value, and trouble where the database is', async () => {
    await open(engine, { database: around(() => Promise.reject(new DatabaseError('refused', 'it would be truncated'))) });
    expect(await update(await item('appointment', 3), { subject: 'x' })).toEqual({
      kind: 'rejected',
      reason: 'it would be truncated',
    });
    await desk.close();
    await open(engine, { database: around(() => Promise.reject(new DatabaseError('busy', 'locked'))) });
    await expect(update(await item('appointment', 3), { subject: 'x' })).rejects.toMatchObject({ problem: 'busy' });
  });

  it.each([
    ['was made', true],
    ['was not made', false],
  ])('is made once where its answer is lost: it %s', async (_, wasMade) => {
    let lost = 1;
    const lose = around(async (_statements, run) => {
      if (lost-- <= 0) return run();
      if (wasMade) await run();
      throw new DatabaseError('uncertain', 'the answer was lost');
    });
    await open(engine, { database: lose });
    expect(columns(await update(await item('appointment', 3), { subject: 'New' }))).toEqual([
      ['description', 'Inspection at Seefeld Pharma', 'New'],
    ]);
    expect(await row('table_appointment', 3)).toMatchObject({ description: 'New' });
  });

  it('is told even where the row cannot be read any more', async () => {
    await open(engine);
    const seen = await item('appointment', 3);
    const byKey = () => Promise.reject(new DatabaseError('unavailable', 'gone'));
    const writer = openEntryWriter(desk.database, { byKey }, { types: entryTypes, timeZone: ZONE, engine });
    const outcome = await writer.update(seen, { ...seen.entry, subject: 'x'.repeat(300), place: 'y' }, ['subject'], NOON, NEVER);
    const subject = `${'x'.repeat(254)}…`;
    expect(outcome).toEqual({
      kind: 'done',
      item: { ...seen, entry: { ...seen.entry, subject }, columns: { ...seen.columns, description: subject } },
      writes: [expect.objectContaining({ column: 'description', newValue: subject })],
    });
    await expect(writer.update(seen, seen.entry, ['subject'], NOON, NEVER)).rejects.toMatchObject({ problem: 'unavailable' });
  });

  it('makes an appointment under a reserved id, once', async () => {
    await open(engine);
    expect(desk.writer.creates).toEqual({ event: 'appointment', task: 'action_item' });
    const objid = await desk.writer.reserve('appointment', NEVER);
    expect(await desk.writer.reserve('appointment', NEVER)).toBe(objid + 1);
    const key = { type: 'appointment', objid };
    const entry = { ...(await item('appointment', 3)).entry, subject: 'Made on a phone', notes: 'not for the CRM', place: '' };
    const first = await desk.writer.insert(key, 'AGENT2', entry, NOON, NEVER);
    expect(first).toMatchObject({ kind: 'done', item: { objid, owner: 'agent2', isInWindow: true } });
    expect(columns(first)).toEqual([
      ['description', '', 'Made on a phone'],
      ['start_time', '', '2026-12-03T14:30:00'],
      ['end_time', '', '2026-12-03T16:00:00'],
      ['duration', '', '5400'],
    ]);
    expect(await row('table_appointment', objid - FIRST)).toEqual({
      objid,
      description: 'Made on a phone',
      start_time: '2026-12-03T14:30:00',
      end_time: '2026-12-03T16:00:00',
      duration: 5400,
      cell_text: '',
      condition: 0,
      appt2schedule: FIRST + 3,
      appt2case: null,
    });
    // Moved by somebody since: a second try makes nothing and changes nothing.
    await change(`UPDATE table_appointment SET start_time = '2026-12-03T13:00:00' WHERE objid = ${objid}`);
    expect(await desk.writer.insert(key, 'agent2', entry, NOON, NEVER)).toMatchObject({
      kind: 'done',
      item: { entry: { time: from('2026-12-03T13:00:00', '2026-12-03T16:00:00') } },
    });
    expect(await desk.database.query({ text: 'SELECT COUNT(*) AS n FROM table_appointment', parameters: {} }, NEVER)).toEqual([
      { n: 13 },
    ]);
  });

  it('makes an action item with a condition of its own', async () => {
    await open(engine);
    const objid = await desk.writer.reserve('action_item', NEVER);
    const entry: Entry = {
      kind: 'task',
      subject: 'Call back',
      time: { end: at('2026-12-02T10:00:00') },
      place: '',
      notes: 'n',
      done: false,
    };
    const outcome = await desk.writer.insert({ type: 'action_item', objid }, 'agent1', entry, NOON, NEVER);
    expect(outcome).toMatchObject({ kind: 'done', item: { entry, owner: 'agent1' } });
    const made = await row('table_task', objid - FIRST);
    expect(made).toMatchObject({
      task_id: engine === 'sqlite' ? 'AI-1001' : 'AI-0017',
      title: 'Call back',
      notes: 'n',
      start_date: '2026-11-30T12:00:00',
      due_date: '2026-12-02T10:00:00',
      comp_date: NO_DATE,
      update_stamp: '2026-11-30T12:00:00',
      active: 1,
      task_owner2user: FIRST + 5,
      task_originator2user: FIRST + 5,
      task_sts2gbst_elm: FIRST + 136,
    });
    const own = Number(made?.['task_state2condition']) - FIRST;
    expect(await row('table_condition', own)).toMatchObject({ title: 'Open Action Item', condition: 2, sequence_num: 0 });
    const counters = 'SELECT [type_id], [obj_num] FROM [adp_tbl_oid] ORDER BY [type_id]';
    const counted = await desk.database.query({ text: counters, parameters: {} }, NEVER);
    await desk.writer.insert({ type: 'action_item', objid }, 'agent1', entry, NOON, NEVER);
    expect(await desk.database.query({ text: counters, parameters: {} }, NEVER)).toEqual(counted);
    const count = async (table: string) =>
      (await desk.database.query({ text: `SELECT COUNT(*) AS n FROM ${table}`, parameters: {} }, NEVER))[0];
    expect([await count('table_task'), await count('table_condition')]).toEqual([{ n: 7 }, { n: 18 }]);
  });

  it.each([
    ['an appointment of somebody without a schedule', 'appointment', 'leaver', ''],
    ['an action item of somebody who is not there', 'action_item', 'nobody', ''],
    [
      'an action item where no open condition is known',
      'action_item',
      'agent1',
      "DELETE FROM table_condition WHERE title LIKE 'Open Action%'",
    ],
  ])('does not make %s, nor anything beside it', async (_, type, login, statement) => {
    await change(statement);
    await open(engine);
    const objid = await desk.writer.reserve(type, NEVER);
    const { entry } = await item(type, 3);
    const before = await desk.database.query({ text: 'SELECT COUNT(*) AS n FROM table_condition', parameters: {} }, NEVER);
    expect(await desk.writer.insert({ type, objid }, login, entry, NOON, NEVER)).toMatchObject({ kind: 'rejected' });
    expect(await row(type === 'appointment' ? 'table_appointment' : 'table_task', objid - FIRST)).toBeUndefined();
    expect(await desk.database.query({ text: 'SELECT COUNT(*) AS n FROM table_condition', parameters: {} }, NEVER)).toEqual(
      before,
    );
  });

  it('makes one row where the answer to an insert is lost, and nothing where the entry cannot be held', async () => {
    let lost = 1;
    const lose = around(async (statements, run) => {
      const isInsert = statements.some(({ text }) => text.startsWith('INSERT'));
      const changes = await run();
      if (isInsert && lost-- > 0) throw new DatabaseError('uncertain', 'the answer was lost');
      return changes;
    });
    await open(engine, { database: lose });
    const objid = await desk.writer.reserve('appointment', NEVER);
    const { entry } = await item('appointment', 3);
    const key = { type: 'appointment', objid };
    expect(await desk.writer.insert(key, 'agent1', { ...entry, time: {} }, NOON, NEVER)).toMatchObject({ kind: 'rejected' });
    expect(await desk.writer.insert(key, 'agent1', entry, NOON, NEVER)).toMatchObject({ kind: 'done', item: { objid } });
  });

  it('finds a row that another process made at the same moment', async () => {
    const clash = around(async (statements, run) => {
      const changes = await run();
      if (statements.some(({ text }) => text.startsWith('INSERT'))) throw new DatabaseError('duplicate', 'it is there');
      return changes;
    });
    await open(engine, { database: clash });
    const objid = await desk.writer.reserve('appointment', NEVER);
    const { entry } = await item('appointment', 3);
    expect(await desk.writer.insert({ type: 'appointment', objid }, 'agent1', entry, NOON, NEVER)).toMatchObject({
      kind: 'done',
    });
  });

  it('reserves another id each time, whoever else does', async () => {
    await open(engine);
    const reserved = await Promise.all(Array.from({ length: 10 }, () => desk.writer.reserve('appointment', NEVER)));
    expect(new Set(reserved).size).toBe(10);
  });

  it('reserves no id that is taken, that is not counted, or of a kind that is never made', async () => {
    await change('UPDATE adp_tbl_oid SET obj_num = 2 WHERE type_id = 260');
    await change('DELETE FROM adp_tbl_oid WHERE type_id = 5080');
    await open(engine);
    await expect(desk.writer.reserve('appointment', NEVER)).rejects.toThrow(/has a row with the objid 268435459/);
    await expect(desk.writer.reserve('action_item', NEVER)).rejects.toThrow(/counts no objids for the type 5080/);
    await expect(desk.writer.reserve('phone_log', NEVER)).rejects.toThrow(/no object id can be made for phone log/);
    await desk.close();
    await open(engine, { newIds: undefined });
    expect(desk.writer.creates).toEqual({});
    await expect(desk.writer.reserve('appointment', NEVER)).rejects.toThrow(/no object id/);
    const { entry } = await item('appointment', 3);
    expect(await desk.writer.insert({ type: 'appointment', objid: 1 }, 'agent1', entry, NOON, NEVER)).toMatchObject({
      kind: 'rejected',
    });
  });

  it('deletes a row that is as it was read, and only then', async () => {
    await open(engine);
    const seen = await item('appointment', 3);
    const outcome = await desk.writer.delete(seen, NEVER);
    expect(outcome).toMatchObject({ kind: 'deleted' });
    expect(columns(outcome)).toContainEqual(['description', 'Inspection at Seefeld Pharma', '']);
    expect(await row('table_appointment', 3)).toBeUndefined();
    expect(await desk.writer.delete(seen, NEVER)).toEqual({ kind: 'deleted', writes: [] });
    const other = await item('appointment', 4);
    await change(`UPDATE table_appointment SET description = 'Mine' WHERE objid = ${FIRST + 4}`);
    expect(await desk.writer.delete(other, NEVER)).toEqual({ kind: 'stale' });
    expect(await desk.writer.delete(await item('commitment', 2), NEVER)).toMatchObject({ kind: 'rejected' });
  });
});

describe('an entry as it would be once it was written', () => {
  beforeEach(() => open('sqlite'));
  const days = { begin: { day: '2026-12-07' }, end: { day: '2026-12-09' } };
  const event: Entry = { kind: 'event', subject: ' a\r\nb ', time: days, place: 'Here', notes: 'n', done: false };

  it('has days from midnight to midnight, and as days where it is known as a matter of days', () => {
    const written = { ...event, subject: 'a b', time: from('2026-12-07T00:00:00', '2026-12-09T00:00:00') };
    expect(desk.writer.rendered('appointment', event, false)).toEqual(written);
    expect(desk.writer.rendered('appointment', event, true)).toEqual({ ...written, time: days });
    expect(desk.writer.rendered('appointment', written, true)).toEqual({ ...written, time: days });
  });

  it('has nothing that its kind has no column for', () => {
    const time = { begin: at('2026-12-01T09:00:00'), end: at('2026-12-02T15:00:00', 'Europe/Zurich') };
    const task: Entry = { ...event, kind: 'task', time };
    expect(desk.writer.rendered('action_item', task, false).time).toEqual({ end: at('2026-12-02T08:00:00') });
    expect(desk.writer.rendered('action_item', { ...task, time: {} }, false).time).toEqual({});
  });

  it('is the same once more', () => {
    const once = desk.writer.rendered('appointment', { ...event, subject: 'x'.repeat(300) }, false);
    expect(desk.writer.rendered('appointment', once, false)).toEqual(once);
  });
});

describe('a moment of SQL Server', () => {
  it('is compared to the second', async () => {
    await change(`UPDATE table_appointment SET start_time = '2026-12-03T14:30:00.997' WHERE objid = ${FIRST + 3}`);
    await open('sqlserver');
    const seen = await item('appointment', 3);
    expect(seen.entry.time).toEqual(from('2026-12-03T14:30:00', '2026-12-03T16:00:00'));
    expect(await update(seen, { time: seen.entry.time })).toMatchObject({ kind: 'done', writes: [] });
    expect(columns(await update(seen, { subject: 'New' }))).toEqual([['description', 'Inspection at Seefeld Pharma', 'New']]);
  });
});
