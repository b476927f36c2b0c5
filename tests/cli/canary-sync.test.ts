// What `sync` may never carry away: texts of the CRM beyond the list of entries, and the words of what is nobody else's business in a folder.
// Looked for in all that it prints, logs and keeps, and on the other side.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryQuery } from '../../src/clarify/entry-query';
import { entryTypes } from '../../src/clarify/entry-types';
import { canariesIn, filesBelow, hiddenColumns, sampleWithCanaries, writtenBelow } from '../support/canary';
import { itemText } from '../support/item-text';
import { install, type Installation } from '../support/program';
import { runHere } from '../support/program-here';

/** The kinds whose notes are kept in step here. */
const NOTES = ['action_item'];

/** The columns that entries are made of, as the statements themselves name them, and those by which a new row is put in its place. */
const allowed = new Set([
  ...entryTypes
    .flatMap((type) => entryQuery(type, NOTES.includes(type.name), { objids: [1] }).optional)
    .map(({ table, column }) => `${table}.${column}`),
  ...['table_gbst_lst.title', 'table_gbst_elm.title', 'table_condition.title'],
]);
const hidden = hiddenColumns(allowed);

const STAMP = 'DTSTAMP:20260101T000000Z';
/** Two days from now. */
const TIMES = (() => {
  const day = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
  return [`DTSTART:${day}T150000Z`, `DTEND:${day}T160000Z`];
})();
/** Words that stand in every line in which a word can stand. */
const said = (word: string) =>
  ['SUMMARY', 'LOCATION', 'DESCRIPTION', 'COMMENT', 'X-SAID'].map((name) => `${name}:${word} ${name}`);
const entry = (uid: string, word: string, more: readonly string[] = []) =>
  itemText('event', [`UID:${uid}`, STAMP, ...TIMES, ...said(word), ...more]);

/** Files that somebody has in the calendar, by their names. */
const FILES: Readonly<Record<string, string>> = {
  'W0RD-private by its name.ics': entry('a@phone', 'W0RD-private', ['CLASS:PRIVATE']),
  'confidential.ics': entry('b@phone', 'W0RD-confidential', [
    'CLASS:CONFIDENTIAL',
    'ORGANIZER;CN=W0RD-boss:mailto:boss@example.com',
  ]),
  'W0RD-broken.ics': entry('c@phone', 'W0RD-broken', ['CLASS:PRIVATE']).split('END:VEVENT', 1)[0] ?? '',
  'series.ics': entry('d@phone', 'W0RD-series', ['RRULE:FREQ=DAILY']),
  'meeting.ics': entry('e@phone', 'W0RD-meeting', [
    'ORGANIZER:mailto:boss@example.com',
    'ATTENDEE;CN=W0RD-guest:mailto:agent1@example.com',
  ]),
};

/** What somebody enters becomes a row, which has no place for notes. */
const ENTERED = itemText('event', ['UID:f@phone', STAMP, ...TIMES, 'SUMMARY:Entered by Ines', 'DESCRIPTION:N0TE to herself']);

describe('What sync', () => {
  let program: Installation;
  let crm: string;
  const printed: string[] = [];

  const run = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await runHere(program, words);
    printed.push(stdout, stderr);
    return code;
  };
  const calendar = () => join(program.folder, 'groupware', 'agent1', 'calendar');
  const fileWith = (text: string) => {
    const found = filesBelow(calendar()).find((file) => readFileSync(file, 'utf8').includes(text));
    if (found === undefined) throw new Error(`no file has ${text}`);
    return found;
  };
  const change = (text: string, work: (whole: string) => string) => {
    const file = fileWith(text);
    writeFileSync(file, work(readFileSync(file, 'utf8')));
  };
  /** All that the program has said and kept, beside the folder itself. */
  const saidAndKept = () => {
    const kept = filesBelow(program.folder).filter((file) => !file.startsWith(join(program.folder, 'groupware')));
    return [
      ...printed,
      ...[...kept, crm, `${crm}-journal`].filter((file) => existsSync(file)).map((file) => readFileSync(file).toString('latin1')),
    ].join('\n');
  };

  beforeAll(async () => {
    crm = await sampleWithCanaries(hidden);
    program = install({
      clarify: { database: { type: 'sqlite', file: crm }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
      destinations: { stream: { type: 'feed', folder: 'feed' } },
      groupware: { type: 'folder', folder: 'groupware', users: 'all', write: true, newIds: { by: 'sample' }, notes: NOTES },
    });
    await run('sync', '--dry-run', '--verbose');
    await run('sync', '--verbose', '--json');
    // Somebody has private things there, makes others of what was in step, and writes where nothing is kept in step.
    mkdirSync(calendar(), { recursive: true });
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(calendar(), name), text);
    writeFileSync(join(calendar(), 'entered.ics'), ENTERED);
    change('Inspection at Seefeld', (text) =>
      text
        .replace(/SUMMARY:.*/, 'SUMMARY:W0RD-became')
        .replace('END:VEVENT', 'CLASS:PRIVATE\r\nDESCRIPTION:W0RD-became\r\nEND:VEVENT'),
    );
    change('Training day', (text) =>
      text.replace(/SUMMARY:.*/, 'SUMMARY:W0RD-repeats').replace('END:VEVENT', 'RRULE:FREQ=DAILY\r\nEND:VEVENT'),
    );
    change('Swap the display', (text) =>
      text.replace(
        'END:VEVENT',
        'DESCRIPTION:W0RD-notes of a kind without\r\nATTACH:https://example.com/W0RD-attached\r\nEND:VEVENT',
      ),
    );
    change('Swap the display', (text) => text.replace(/^(DTSTART[^:]*:\d{8}T)\d{4}/m, '$10101'));
    for (const words of [['--dry-run', '--json'], ['--dry-run', '--verbose'], ['--json'], ['--verbose'], []])
      await run('sync', ...words);
    await run('list', '--entries');
    await run('list', '--entries', '--json');
    await run('list', '--conflicts', '--json');
    await run('status');
    await run('status', '--json');
    for (const objid of [268435459, 268435460]) await run('why', 'appointment', String(objid), '--json');
    await run('why', 'dispatch', '268435457');
    await run('why', 'phone_log', '268435458');
  }, 60_000);

  it('may not read sits where people write what is nobody else’s business', () => {
    expect(hidden.map(([table, column]) => `${table}.${column}`)).toEqual(
      expect.arrayContaining([
        ...['table_phone_log.notes', 'table_phone_log.internal', 'table_notes_log.description', 'table_disptchfe.notes'],
        ...['table_disptchfe.main_phone', 'table_employee.phone', 'table_email_log.message'],
      ]),
    );
    expect(hidden.map(([table, column]) => `${table}.${column}`)).not.toContain('table_task.notes');
  });

  it('carries has no text of the CRM that is not on its list', () => {
    const everything = [...printed, ...writtenBelow(program.folder)].join('\n');
    // It did its work.
    expect(everything).toContain('Part FLM-200');
    expect(everything).toContain('Replace flow meter');
    expect(canariesIn(everything)).toEqual([]);
  });

  it('keeps, tells and writes has no word of what is private, recurs or is another person’s', () => {
    const words = [...saidAndKept().matchAll(/W0RD-\w+/g)].map(([word]) => word);
    expect([...new Set(words)]).toEqual([]);
  });

  it('enters has none of the notes for which its row has no place, and tells none', () => {
    const row = readFileSync(crm).toString('latin1');
    expect([row.includes('Entered by Ines'), row.includes('N0TE'), printed.join().includes('N0TE')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('finds in one person’s folder stands in no other person’s', () => {
    const others = filesBelow(join(program.folder, 'groupware')).filter((file) => !file.startsWith(calendar()));
    expect(others.filter((file) => readFileSync(file, 'utf8').includes('W0RD'))).toEqual([]);
    expect(others.length).toBeGreaterThan(3);
  });
});
