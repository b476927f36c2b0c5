// Contacts of the CRM: whose address book they stand in, what stands on their cards, and how some of it is written.

import { withContacts, type WantedContacts } from '../../../src/clarify/contact-type';
import type { CrmItem, CrmOutcome } from '../../../src/clarify/entries';
import type { Engine } from '../../../src/clarify/entry-statements';
import { entryTypes } from '../../../src/clarify/entry-types';
import { cardOf, type Card, type CardField } from '../../../src/core/sync/card';
import { DatabaseError } from '../../../src/core/database-error';
import { DAY, FIRST, itemAt, NEVER, NOON, openDesk, readerSettings, type Desk } from '../../support/entries';
import { changeDatabase, sampleOfDay } from '../../support/sample';

let file: string;
let desk: Desk;
beforeEach(() => {
  file = sampleOfDay(DAY);
});
afterEach(() => desk.close());

const open = async (engine: Engine, wanted: WantedContacts = 'window') => {
  desk = await openDesk(file, engine, { reader: { ...readerSettings(), ...withContacts(entryTypes, wanted) } });
};
const change = (...statements: readonly string[]) =>
  changeDatabase(file, (crm) => {
    for (const statement of statements) crm.exec(statement);
  });
const contactsOf = async (login: string) =>
  (await desk.reader.ofUser(login, NOON, NEVER)).filter(({ kind }) => kind === 'contact').map(({ objid }) => objid - FIRST);
const contact = (number: number) => itemAt(desk.reader, 'contact', number);
const column = async (text: string) => (await desk.database.query({ text, parameters: {} }, NEVER))[0];

const NOBODY = [
  'UPDATE [table_task] SET [task2contact] = NULL',
  'UPDATE [table_commit_log] SET [commit_cust2contact] = NULL',
  'UPDATE [table_phone_log] SET [phone_custmr2contact] = NULL',
  'UPDATE [table_appointment] SET [appt2case] = NULL',
  'UPDATE [table_disptchfe] SET [disptchfe2case] = NULL',
  'UPDATE [table_case] SET [case_owner2user] = NULL',
  'UPDATE [table_subcase] SET [subc_owner2user] = NULL',
  'UPDATE [table_contract] SET [owner2user] = NULL',
];
const AGENT1 = FIRST + 5;

describe.each<Engine>(['sqlite', 'sqlserver'])('the contacts of a user, over %s', (engine) => {
  it('are those of the entries in the window', async () => {
    await open(engine);
    expect(await contactsOf('agent1')).toEqual([1, 2]);
  });

  it.each([
    ['a task that is open', `UPDATE [table_task] SET [task2contact] = ${FIRST + 3} WHERE [objid] = ${FIRST + 2}`, [3]],
    ['no task that is done', `UPDATE [table_task] SET [task2contact] = ${FIRST + 3} WHERE [objid] = ${FIRST + 3}`, []],
    ['no task out of the window', `UPDATE [table_task] SET [task2contact] = ${FIRST + 3} WHERE [objid] = ${FIRST + 1}`, []],
    ['an open case', `UPDATE [table_case] SET [case_owner2user] = ${AGENT1} WHERE [objid] = ${FIRST + 1}`, [1]],
    ['an open contract', `UPDATE [table_contract] SET [owner2user] = ${AGENT1} WHERE [objid] = ${FIRST + 1}`, [2]],
    ['a contact that is not there', `UPDATE [table_task] SET [task2contact] = 7 WHERE [objid] = ${FIRST + 2}`, []],
  ])('come from %s', async (_, statement, expected) => {
    await change(...NOBODY, statement);
    await open(engine);
    expect(await contactsOf('agent1')).toEqual(expected);
  });

  it('come from no case that is closed', async () => {
    const condition = `(SELECT [case_state2condition] FROM [table_case] WHERE [objid] = ${FIRST + 1})`;
    await change(
      ...NOBODY,
      `UPDATE [table_case] SET [case_owner2user] = ${AGENT1} WHERE [objid] = ${FIRST + 1}`,
      `UPDATE [table_condition] SET [title] = 'Closed' WHERE [objid] = ${condition}`,
    );
    await open(engine);
    expect(await contactsOf('agent1')).toEqual([]);
  });

  it('are those that a path of the site leads to, and no others', async () => {
    await change(`ALTER TABLE [table_user] ADD COLUMN [x_user2contact] INTEGER`);
    await change(`UPDATE [table_user] SET [x_user2contact] = ${FIRST + 3} WHERE [objid] = ${AGENT1}`);
    await open(engine, { path: 'x_user2contact' });
    expect(await contactsOf('agent1')).toEqual([3]);
  });

  it('are not guessed where the path leads nowhere', async () => {
    await open(engine, { path: 'x_user2contact' });
    await expect(contactsOf('agent1')).rejects.toBeInstanceOf(DatabaseError);
  });

  it('are nobody where none are wanted', async () => {
    await open(engine, 'none');
    expect(await contactsOf('agent1')).toEqual([]);
  });

  it('are found by work of the kinds that a site has', async () => {
    await change('DROP TABLE [table_contract]', 'DROP TABLE [table_subcase]');
    await open(engine);
    expect(await contactsOf('agent1')).toEqual([1, 2]);
  });
});

describe('the card of a contact', () => {
  it('has what the CRM knows of somebody at work', async () => {
    await open('sqlite');
    const { entry, owner, isInWindow, isPast, url } = await contact(2);
    expect({ owner, isInWindow, isPast, url }).toEqual({
      owner: undefined,
      isInWindow: false,
      isPast: false,
      url: `http://server/dovetail/Contacts/Show/${FIRST + 2}`,
    });
    expect(entry).toMatchObject({ subject: 'Jürg Ammann', time: {}, notes: '', done: false });
    expect(entry.card).toEqual<Card>({
      ...{ given: 'Jürg', family: 'Ammann', company: 'Seefeld Pharma Zürich', title: 'IT Lead' },
      ...{ phone: '555-010-2002', mobile: '', fax: '555-010-2202', email: 'j.ammann@seefeld.example', otherEmail: '' },
      ...{ street: '7 Kirchgasse', city: 'Zürich', region: 'ZH', postcode: '8001', country: 'Switzerland' },
    });
  });

  it('has texts on one line, whatever stands in the columns', async () => {
    await open('sqlite');
    const { entry } = await contact(4);
    expect(Object.values(entry.card ?? {}).filter((text) => /[\r\n]/.test(text))).toEqual([]);
    expect(entry.subject).toBe('Eve; X-EVIL:1 <b>O\'Neil</b>, "Jr"');
  });

  it('does without the columns that a site lacks, and does not write them', async () => {
    await change('ALTER TABLE [table_contact] DROP COLUMN [mobile_phone]', 'DROP TABLE [table_e_addr]');
    await open('sqlite');
    const { entry, writable } = await contact(1);
    expect([entry.card?.mobile, entry.card?.otherEmail, writable]).toEqual(['', '', ['title', 'phone', 'email']]);
  });
});

describe.each<Engine>(['sqlite', 'sqlserver'])('a change of a card, over %s', (engine) => {
  const update = (seen: CrmItem, texts: Partial<Card>): Promise<CrmOutcome> => {
    const card = cardOf({ ...seen.entry.card, ...texts });
    return desk.writer.update(seen, { ...seen.entry, card }, Object.keys(texts) as CardField[], NOON, NEVER);
  };

  it('writes its columns and the stamp', async () => {
    await open(engine);
    const outcome = await update(await contact(1), { phone: '+1 555 010 2999', title: 'Head of Docks' });
    expect(outcome).toMatchObject({
      kind: 'done',
      item: { entry: { card: { phone: '+1 555 010 2999', title: 'Head of Docks' } } },
    });
    expect('writes' in outcome && outcome.writes.map(({ table, column, newValue }) => [table, column, newValue])).toEqual([
      ['table_contact', 'phone', '+1 555 010 2999'],
      ['table_contact', 'title', 'Head of Docks'],
      ['table_contact', 'update_stamp', '2026-11-30T12:00:00'],
    ]);
  });

  it('writes another e-mail into its row, and tells of it', async () => {
    await open(engine);
    const outcome = await update(await contact(1), { otherEmail: 'docks@calder.example' });
    expect(outcome).toMatchObject({ kind: 'done', item: { entry: { card: { otherEmail: 'docks@calder.example' } } } });
    expect('writes' in outcome && outcome.writes[0]).toEqual({
      table: 'table_e_addr',
      objid: FIRST + 1,
      column: 'e_num',
      oldValue: 'dock3@calder.example',
      newValue: 'docks@calder.example',
    });
    expect(await column('SELECT [e_num] AS [value], [useage] AS [use] FROM [table_e_addr]')).toEqual({
      value: 'docks@calder.example',
      use: 'Alternate Email',
    });
  });

  it.each<[string, string, Partial<Card>]>([
    ['its own column', `UPDATE [table_contact] SET [phone] = '1' WHERE [objid] = ${FIRST + 1}`, { phone: '2' }],
    ['another column', `UPDATE [table_contact] SET [title] = 'Boss' WHERE [objid] = ${FIRST + 1}`, { phone: '2' }],
    ['the row behind it', "UPDATE [table_e_addr] SET [e_num] = 'new@calder.example'", { otherEmail: 'other@calder.example' }],
  ])('writes nothing where somebody was faster with %s', async (_, statement, texts) => {
    await open(engine);
    const seen = await contact(1);
    await change(statement);
    expect(await update(seen, texts)).toEqual({ kind: 'stale' });
    expect((await contact(1)).entry.card).not.toMatchObject(texts);
  });

  it.each<[CardField, string]>([
    ['phone', '+1 555 010 2999 ext. 77'],
    ['email', `${'a'.repeat(80)}@calder.example`],
    ['otherEmail', `${'a'.repeat(80)}@calder.example`],
    ['title', 'x'.repeat(31)],
  ])('is refused rather than cut where %s is too long', async (field, text) => {
    await open(engine);
    expect(await update(await contact(1), { [field]: text })).toEqual({
      kind: 'rejected',
      reason: `its ${field} is longer than the column of the CRM`,
    });
  });

  it.each<CardField>(['name', 'company', 'fax', 'address'])('never touches the %s', async (field) => {
    await open(engine);
    const seen = await contact(1);
    expect(await desk.writer.update(seen, seen.entry, [field], NOON, NEVER)).toMatchObject({ kind: 'rejected' });
  });

  it('adds no other e-mail where the CRM has none', async () => {
    await open(engine);
    expect(await update(await contact(2), { otherEmail: 'x@seefeld.example' })).toMatchObject({ kind: 'rejected' });
  });
});
