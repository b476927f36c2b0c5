// Every object type and its activities in the sample, and how posts about them read.

import { openActivityReader } from '../../src/clarify/activity-reader';
import { objectTypeNamed, objectTypes } from '../../src/clarify/object-types/index';
import { ACTIVITY_NAMES } from '../../src/clarify/wording';
import type { Request } from '../../src/core/activity';
import { compose } from '../../src/core/compose';
import { startDeadline } from '../../src/core/deadline';
import type { Message } from '../../src/core/message';
import { openSqliteDatabase } from '../../src/io/sqlite';
import { makeTemplates } from '../../src/io/template';
import { sampleDatabase, sampleRows } from '../support/sample';

const { render } = makeTemplates();

/** The sample's objids begin after this one. */
const FIRST = 268_435_456;
const INTERNAL_NOTE = 268_435_470;

async function read(objectType: string, objid: number, activityObjid: number, { rule = '' } = {}): Promise<Message> {
  const sqlite = openSqliteDatabase(sampleDatabase());
  let round = 0;
  const database = { ...sqlite, query: (...question: Parameters<typeof sqlite.query>) => (round++, sqlite.query(...question)) };
  const deadline = startDeadline(5_000, () => 0);
  const type = objectTypeNamed(objectType);
  const request: Request = { objectType, objid, rule, ...(activityObjid === 0 ? {} : { activityObjid }) };
  try {
    const window = { since: '9999-01-01T00:00:00', until: '9999-01-01T00:00:00' };
    const reading = await openActivityReader(database).read(type, request, window, deadline);
    if (reading.kind !== 'found') throw new Error(`${reading.kind}: ${reading.reason}`);
    expect(round).toBe(1);
    const [post] = compose(
      reading.activity,
      request,
      {
        ...type,
        changes: {},
        activityNames: ACTIVITY_NAMES,
        agentUrl: 'http://server/dovetail',
        tags: [],
        routing: { routes: [], take: 'first', rules: {}, destinations: ['stream'] },
        placeholders: [],
        locale: 'en-GB',
        timeZone: 'America/Chicago',
        nowMs: 0,
      },
      render,
    );
    if (post === undefined) throw new Error('there is no post');
    return post.message;
  } finally {
    deadline.end();
    database.close();
  }
}

/** Object type, objid (without the first 268,435,456), activity (likewise, 0 for none) and the title. */
const TITLES: readonly (readonly [string, number, number, string])[] = [
  ['case', 1, 1, "Case 4711 created by Nora O'Dell"],
  ['case', 1, 2, 'Subcase created for Case 4711 by Paula Morales'],
  ['case', 1, 5, 'Case 4711 changed from Working to Wait Response by Paula Morales'],
  ['case', 1, 6, 'Note added to Case 4711 by Paula Morales'],
  ['case', 2, 7, 'Case 4712 closed by Dirk Keller: Instruction given'],
  ['case', 3, 12, 'Case 4713 dispatched to Queue Support by Paula Morales'],
  ['case', 3, 15, 'Activity 94001: Case 4713 by System Administrator'],
  ['case', 1, 16, "E-mail received about Case 4711 from Nora O'Dell"],
  ['case', 2, 17, 'Case 4712 reopened by Dirk Keller'],
  ['case', 1, 19, 'Commitment made on Case 4711 by Paula Morales, due 15 June 2010 at 12:00'],
  ['case', 1, 20, 'Case 4711 accepted by Paula Morales'],
  ['case', 2, 21, 'Phone call logged on Case 4712 by Dirk Keller'],
  ['case', 3, 22, 'Case 4713 forwarded to Queue Support by Paula Morales'],
  ['case', 1, 23, 'Case 4711 linked by Paula Morales'],
  ['case', 1, 24, 'Case 4711 modified by Paula Morales'],
  ['case', 3, 25, 'Case 4713 returned by Dirk Keller'],
  ['case', 1, 26, 'E-mail sent about Case 4711 by Paula Morales'],
  ['case', 3, 27, 'Case 4713 yanked by Dirk Keller'],
  ['case', 1, 28, 'Attachment added to Case 4711 by Paula Morales'],
  ['case', 1, 29, 'Initial response given to Case 4711 by Paula Morales'],
  ['case', 1, 30, 'Case 4711 assigned to Paula Morales by Paula Morales'],
  ['case', 1, 31, 'Subcase closed for Case 4711 by Dirk Keller'],
  ['case', 1, 0, 'Case 4711, commitment due 15 June 2010 at 12:00'],
  ['subcase', 1, 3, 'Subcase 4711-1 created by Paula Morales'],
  ['subcase', 1, 32, 'Subcase 4711-1 closed by Dirk Keller'],
  ['subcase', 1, 0, 'Subcase 4711-1 is due 16 June 2010 at 17:00'],
  ['solution', 1, 8, 'Solution 201 created by Paula Morales'],
  ['solution', 2, 9, 'Solution 202 created by Dirk Keller'],
  ['solution', 1, 33, 'Solution 201 linked by Paula Morales'],
  ['solution', 1, 0, 'Solution 201'],
  ['change_request', 1, 10, 'Change Request CR-15 created by Paula Morales'],
  ['change_request', 1, 11, 'Change Request CR-15 fixed by Dirk Keller'],
  ['change_request', 1, 34, 'Change Request CR-15 closed by Dirk Keller'],
  ['change_request', 1, 0, 'Change Request CR-15'],
  ['part_request', 1, 4, 'Part Request PR88-1 created by Dirk Keller'],
  ['part_request', 1, 35, 'Parts shipped for Part Request PR88-1 by Dirk Keller'],
  ['part_request', 1, 36, 'Part Request PR88-1 closed by Dirk Keller'],
  ['part_request', 1, 0, 'Part Request PR88-1 is due 16 June 2010 at 17:00'],
  ['part_request_header', 1, 0, 'Part Request PR88'],
  ['contract', 1, 13, 'Contract C-77 created by Paula Morales'],
  ['contract', 1, 37, 'Contract C-77 changed status to Active by Paula Morales'],
  ['contract', 1, 0, 'Contract C-77 (Gold support, Seefeld Pharma) expires on 30 June 2010'],
  ['action_item', 1, 18, 'Action Item AI-9 created by Paula Morales'],
  ['action_item', 1, 38, 'Action Item AI-9 closed by Paula Morales'],
  ['action_item', 1, 0, 'Action Item AI-9 is due 22 June 2010 at 17:00'],
  ['opportunity', 1, 39, 'Opportunity OP-3 created by Paula Morales'],
  ['opportunity', 1, 0, 'Opportunity OP-3, forecast to close 30 September 2010'],
  ['interaction', 1, 40, 'Phone call logged on Interaction I-12 by Dirk Keller'],
  ['interaction', 1, 0, 'Interaction I-12'],
  ['dialogue', 1, 41, 'Dialogue D-5 created by Dirk Keller'],
  ['dialogue', 1, 0, 'Dialogue D-5'],
  ['contact', 1, 1, "Contact Nora O'Dell created by Self Service"],
  ['contact', 1, 16, "E-mail received about Contact Nora O'Dell from Self Service"],
  ['contact', 3, 42, 'Contact Ada Lind created by Paula Morales'],
  ['contact', 1, 0, "Contact Nora O'Dell at Calder & Sons, Dock 3"],
  ['site', 1, 43, 'Primary address changed of Site 1001 by Paula Morales'],
  ['site', 1, 0, 'Site 1001 (Calder & Sons, Dock 3)'],
  ['account', 2, 44, 'Account ORG2 created by Paula Morales'],
  ['account', 1, 0, 'Account ORG1 (Calder & Sons Freight)'],
  ['product_revision', 1, 0, 'Product Revision FLM-200 A'],
  ['stocking_level', 1, 0, 'Stock of FLM-200 A in A-01: 8 on hand, reorder level 10'],
];

function hasTitle(name: string): boolean {
  return TITLES.some(([type, , activity]) => type === name && activity === 0);
}

function wanted(name: string, table: string): string {
  return `TITLES of tests/clarify/messages.test.ts wants a line ['${name}', 1, 0, '…'] with the title of a post about the first row of ${table}`;
}

/** What destinations may show of the first object of each type. */
const FIELDS: readonly (readonly [string, readonly string[]])[] = [
  [
    'case',
    [
      'Severity: Major',
      'Priority: High',
      'Status: Wait Response',
      'Owner: Paula Morales',
      "Contact: Nora O'Dell",
      'Site: Calder & Sons, Dock 3',
      'Account: Calder & Sons Freight',
      'Product: FLM-200 A',
      'Commitment due: 15 June 2010 at 12:00',
    ],
  ],
  [
    'subcase',
    [
      'Severity: Major',
      'Priority: High',
      'Status: Working',
      'Owner: Dirk Keller',
      "Contact: Nora O'Dell",
      'Site: Calder & Sons, Dock 3',
      'Due: 16 June 2010 at 17:00',
    ],
  ],
  ['solution', ['Condition: Open', 'Owner: Paula Morales']],
  ['change_request', ['Priority: High', 'Status: Fixed', 'Owner: Dirk Keller', 'Product: FLM-200 A', 'Fixed in: 2.4']],
  [
    'part_request',
    [
      'Type: Exchange',
      'Priority: High',
      'Status: Requested',
      'Queue: Logistics',
      'Owner: Dirk Keller',
      "Contact: Nora O'Dell",
      'Site: Calder & Sons, Dock 3',
      'Product: FLM-200 A',
      'Quantity: 1',
      'Due: 16 June 2010 at 17:00',
    ],
  ],
  ['part_request_header', ['Priority: High', 'Status: Open', "Contact: Nora O'Dell", 'Site: Calder & Sons, Dock 3']],
  [
    'contract',
    [
      'Type: Gold',
      'Status: Active',
      'Owner: Paula Morales',
      'Contact: Jürg Ammann',
      'Site: Seefeld Pharma Zürich',
      'Account: Seefeld Pharma AG',
      'Expires: 30 June 2010',
      'Renewal notice: 15 June 2010',
    ],
  ],
  [
    'action_item',
    [
      'Status: Not Started',
      'Owner: Paula Morales',
      'Contact: Jürg Ammann',
      'Account: Seefeld Pharma AG',
      'Due: 22 June 2010 at 17:00',
    ],
  ],
  ['opportunity', ['Status: Qualified', 'Stage: Proposal', 'Owner: Paula Morales', 'Forecast close: 30 September 2010']],
  [
    'interaction',
    [
      'Type: Call',
      'Direction: Inbound',
      'Reason: Pricing',
      'Result: Referred to sales',
      'Owner: Dirk Keller',
      "Contact: Nora O'Dell",
    ],
  ],
  ['dialogue', ['Priority: High', 'Status: Working', 'Queue: Support', 'Owner: Dirk Keller']],
  ['contact', ['Site: Calder & Sons, Dock 3']],
  ['site', ['Account: Calder & Sons Freight', 'Region: Americas']],
  ['account', ['Type: Customer']],
  ['product_revision', ['Domain: Product', 'State: Active', 'Effective: 5 January 2009']],
  [
    'stocking_level',
    ['On hand: 8', 'Reorder level: 10', 'Reorder quantity: 20', 'Bin: A-01', 'Location: AUS-MAIN', 'Queue: Logistics'],
  ],
];

describe('a post in sentences', () => {
  it.each(TITLES)('about %s %d, activity %d, reads: %s', async (type, objid, activity, title) => {
    const message = await read(type, objid + FIRST, activity === 0 ? 0 : activity + FIRST);
    expect(message.title).toBe(title);
    // What a post must never lack, and what it can lack by no accident.
    expect(message.title + message.body + message.url).not.toMatch(/undefined|null|NaN|\{\{|1753| {2}/);
    expect(message.fields.every(({ label, value }) => label !== '' && value.trim() !== '')).toBe(true);
  });

  it('has one for every activity that the sample has', () => {
    const told = new Set(TITLES.map(([, , activity]) => activity + FIRST));
    const entries = sampleRows()['table_act_entry']?.map(({ objid }) => Number(objid)) ?? [];
    expect(entries).toContain(INTERNAL_NOTE);
    const untold = entries.filter((objid) => !told.has(objid) && objid !== INTERNAL_NOTE);
    const line = (objid: number) =>
      `TITLES of tests/clarify/messages.test.ts wants a line for activity ${objid - FIRST} of the sample`;
    expect(untold.map(line)).toEqual([]);
  });

  it('has one about every object type itself', () => {
    expect(objectTypes.flatMap(({ name, table }) => (hasTitle(name) ? [] : [wanted(name, table)]))).toEqual([]);
    expect(TITLES.map(([type]) => type).filter((name) => !objectTypes.some((type) => type.name === name))).toEqual([]);
  });

  it('has its row in the sample, for every object type', () => {
    const rows = sampleRows();
    const bare = objectTypes.filter(({ table }) => (rows[table] ?? []).length === 0);
    expect(bare.map(({ name, table }) => `sample/clarify-sample.json wants a row in ${table}, for ${name}`)).toEqual([]);
  });

  it.each(FIELDS)('carries what is worth showing of a %s', async (type, fields) => {
    const message = await read(type, 1 + FIRST, 0);
    expect(message.fields.map(({ label, value }) => `${label}: ${value}`)).toEqual(fields);
  });

  it.each([
    ['contract', 'Renewal', 'Renewal: Contract C-77 (Gold support, Seefeld Pharma) expires on 30 June 2010'],
    ['case', 'Commitment overdue', 'Commitment overdue: Case 4711, commitment due 15 June 2010 at 12:00'],
    ['subcase', 'Overdue', 'Overdue: Subcase 4711-1 is due 16 June 2010 at 17:00'],
  ])('names the rule that escalates a %s: %s', async (type, rule, title) => {
    expect((await read(type, 1 + FIRST, 0, { rule })).title).toBe(title);
  });
});
