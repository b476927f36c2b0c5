// What `sync` may never carry away: texts of the CRM beyond the list of entries, and the words of what is nobody else's business in a folder.
// Looked for in all that it prints, logs and keeps, and on the other side.

import { existsSync, readFileSync } from 'node:fs';
import { entryQuery } from '../../src/clarify/entry-query';
import { entryTypes } from '../../src/clarify/entry-types';
import { LEDGER_FILE } from '../../src/config/ledger';
import { canariesIn, filesBelow, hiddenColumns, placesInLedger, sampleWithCanaries } from '../support/canary';
import { caldavSide, folderSide, type CanarySide, type Shelf } from '../support/canary-side';
import type { DavReply } from '../support/dav-answers';
import type { DavCall } from '../support/dav-server';
import { itemText } from '../support/item-text';
import { ended, install, type Installation } from '../support/program';
import { runHere } from '../support/program-here';
import { changeDatabase } from '../support/sample';

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

/** What stands on a card, and what somebody makes of it there; and a number of the CRM for each trouble of the server. */
const [PHONE, NEW_PHONE, EMAIL] = ['555-010-2001', '555-010-2777', 'nora.odell@calder.example'];
const TROUBLES = [401, 403, 500, 507];
const phoneIn = (trouble: number) => `555-010-9${trouble}`;
const ON_CARDS = [PHONE, NEW_PHONE, EMAIL, ...TROUBLES.map(phoneIn)];
/** Where the ledger keeps what it compares with, and what gave way. */
const COMPARED = [
  'publish_activity_link.entries',
  ...['publish_activity_write.old_value', 'publish_activity_write.new_value'],
  ...['publish_activity_conflict.crm_value', 'publish_activity_conflict.remote_value'],
];

const PRIVATE_CARD = [
  ...['BEGIN:VCARD', 'VERSION:3.0', 'UID:g@phone', 'CLASS:PRIVATE', 'FN:W0RD-friend', 'N:W0RD-friend;;;;'],
  ...['TEL;TYPE=WORK:W0RD-phone', 'EMAIL;TYPE=WORK:W0RD-email', 'NOTE:W0RD-note', 'END:VCARD', ''],
].join('\r\n');
/** Lines of a card that are the person’s own. */
const HOME_LINES = [
  ...['TEL;TYPE=HOME:W0RD-home', 'EMAIL;TYPE=HOME:W0RD-mail', 'NICKNAME:W0RD-nick', 'NOTE:W0RD-said', 'BDAY:W0RD-day'],
  ...['item1.TEL:W0RD-group', 'item1.X-ABLabel:W0RD-label', 'ADR;TYPE=HOME:;;W0RD-street;;;;', 'END:VCARD'],
].join('\r\n');

it('What sync may not read sits where people write what is nobody else’s business', () => {
  const names = hidden.map(([table, column]) => `${table}.${column}`);
  expect(names).toEqual(
    expect.arrayContaining([
      ...['table_phone_log.notes', 'table_phone_log.internal', 'table_notes_log.description', 'table_disptchfe.notes'],
      ...['table_disptchfe.main_phone', 'table_employee.phone', 'table_email_log.message'],
    ]),
  );
  expect(names).not.toContain('table_task.notes');
});

/** What only Linux shows of a process. */
const onLinux = process.platform === 'linux' ? it : it.skip;

const SIDES: readonly (readonly [string, () => CanarySide | Promise<CanarySide>, boolean])[] = [
  ['a folder', folderSide, false],
  ['CalDAV', caldavSide, true],
];

describe.each(SIDES)('Over %s, what sync', (_, openSide, hasServer) => {
  let side: CanarySide;
  let program: Installation;
  let crm: string;
  const printed: string[] = [];

  const run = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await runHere(program, words);
    printed.push(stdout, stderr);
    return code;
  };
  const own = (shelf: Shelf) => [...side.items()].filter(([place]) => place.startsWith(side.placeOf('agent1', shelf, '')));
  const change = (shelf: Shelf, text: string, work: (whole: string) => string) => {
    const [place, whole] = own(shelf).find(([, each]) => each.includes(text)) ?? [];
    if (place === undefined || whole === undefined) throw new Error(`nothing has ${text}`);
    const changed = work(whole);
    if (changed === whole) throw new Error(`nothing of ${text} is changed`);
    side.write(place, changed);
  };
  const setPhone = (phone: string) =>
    changeDatabase(crm, (file) => file.exec(`UPDATE table_contact SET phone = '${phone}' WHERE objid = 268435457`));
  /** All that the program keeps, beside the groupware itself. */
  const kept = () => [...filesBelow(program.folder), crm, `${crm}-journal`].filter((file) => existsSync(file));
  const saidAndKept = () => [...printed, ...kept().map((file) => readFileSync(file).toString('latin1'))].join('\n');

  beforeAll(async () => {
    side = await openSide();
    crm = await sampleWithCanaries(hidden);
    program = install({
      clarify: { database: { type: 'sqlite', file: crm }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
      destinations: { stream: { type: 'feed', folder: 'feed' } },
      groupware: { ...side.options, users: 'all', write: true, newIds: { by: 'sample' }, notes: NOTES },
    });
    await run('sync', '--dry-run', '--verbose');
    await run('sync', '--verbose', '--json');
    // Somebody has private things there, makes others of what was in step, and writes where nothing is kept in step.
    for (const [name, text] of Object.entries(FILES)) side.write(side.placeOf('agent1', 'calendar', name), text);
    side.write(side.placeOf('agent1', 'calendar', 'entered.ics'), ENTERED);
    side.write(side.placeOf('agent1', 'contacts', 'W0RD-friend.vcf'), PRIVATE_CARD);
    change('calendar', 'Inspection at Seefeld', (text) =>
      text
        .replace(/SUMMARY:.*/, 'SUMMARY:W0RD-became')
        .replace('END:VEVENT', 'CLASS:PRIVATE\r\nDESCRIPTION:W0RD-became\r\nEND:VEVENT'),
    );
    change('calendar', 'Training day', (text) =>
      text.replace(/SUMMARY:.*/, 'SUMMARY:W0RD-repeats').replace('END:VEVENT', 'RRULE:FREQ=DAILY\r\nEND:VEVENT'),
    );
    change('calendar', 'Swap the display', (text) =>
      text
        .replace(
          'END:VEVENT',
          'DESCRIPTION:0WN notes of a kind without\r\nATTACH:https://example.com/W0RD-attached\r\nEND:VEVENT',
        )
        .replace(/^(DTSTART[^:]*:\d{8}T)\d{4}/m, '$10101'),
    );
    change('contacts', PHONE, (text) => text.replace(PHONE, NEW_PHONE).replace('END:VCARD', HOME_LINES));
    change('contacts', 'Ammann', (text) =>
      text.replace(/^(FN|TEL.*?|EMAIL.*?):.*\r$/gm, '$1:W0RD-hid\r').replace('END:VCARD', 'CLASS:CONFIDENTIAL\r\nEND:VCARD'),
    );
    for (const words of [['--dry-run', '--json'], ['--dry-run', '--verbose'], ['--json'], ['--verbose'], []])
      await run('sync', ...words);
    await run('list', '--entries');
    await run('list', '--entries', '--json');
    await run('list', '--conflicts', '--json');
    await run('status');
    await run('status', '--json');
    await run('doctor', 'groupware');
    for (const objid of [268435459, 268435460]) await run('why', 'appointment', String(objid), '--json');
    await run('why', 'dispatch', '268435457');
    await run('why', 'phone_log', '268435458');
  }, 60_000);
  afterAll(() => side.close());

  it('carries has no text of the CRM that is not on its list', () => {
    const everything = [saidAndKept(), ...side.items().values()].join('\n').replaceAll(readFileSync(crm).toString('latin1'), '');
    // It did its work.
    expect(everything).toContain('Part FLM-200');
    expect(everything).toContain('Replace flow meter');
    expect(canariesIn(everything)).toEqual([]);
  });

  it('keeps, tells and writes has no word of what is private, recurs or is another person’s', () => {
    const words = [...saidAndKept().matchAll(/W0RD-\w+/g)].map(([word]) => word);
    expect([...new Set(words)]).toEqual([]);
  });

  it('is told in the notes of a kind without notes is kept, if at all, only among what the ledger compares with', async () => {
    const files = kept().filter((file) => !file.includes(LEDGER_FILE));
    expect(
      [...printed, ...files.map((file) => readFileSync(file).toString('latin1'))].filter((text) => text.includes('0WN')),
    ).toEqual([]);
    const places = await placesInLedger(program.folder, ['0WN']);
    expect(places.filter((place) => place !== 'publish_activity_link.entries')).toEqual([]);
  });

  it('enters has none of the notes for which its row has no place, and tells none', () => {
    const row = readFileSync(crm).toString('latin1');
    expect([row.includes('Entered by Ines'), row.includes('N0TE'), printed.join().includes('N0TE')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('finds at one person’s place stands at no other person’s', () => {
    const mine = [...own('calendar'), ...own('contacts')].map(([place]) => place);
    const others = [...side.items()].filter(([place]) => !mine.includes(place));
    expect(others.filter(([, text]) => text.includes('W0RD'))).toEqual([]);
    expect(others.length).toBeGreaterThan(3);
  });

  describe('says and keeps of a telephone number and an e-mail address', () => {
    it('is nothing, wherever it stands on cards and in the CRM', () => {
      expect(own('contacts').filter(([, text]) => text.includes(NEW_PHONE) && text.includes(EMAIL))).toHaveLength(1);
      expect(readFileSync(crm).toString('latin1')).toContain(NEW_PHONE);
      const beside = kept().filter((file) => file !== crm && !file.includes(LEDGER_FILE));
      expect(beside.map((file) => file.split('/').at(-1))).toContain('publish-activity.log');
      const texts = [...printed, ...beside.map((file) => readFileSync(file, 'utf8'))].join('\n');
      expect(ON_CARDS.filter((text) => texts.includes(text))).toEqual([]);
    });

    it('stands in the ledger only among what it compares with', async () => {
      const places = await placesInLedger(program.folder, ON_CARDS);
      expect(places).toContain('publish_activity_link.entries');
      expect(places.filter((place) => !COMPARED.includes(place))).toEqual([]);
    });
  });

  if (hasServer) {
    const serverOf = () => {
      if (side.server === undefined) throw new Error('it has no server');
      return side.server;
    };

    it('is told by a server that says back all that it was sent goes no further, and no login does', async () => {
      const server = serverOf();
      const echoed: string[] = [];
      const isPut = ({ method }: DavCall) => method === 'PUT';
      for (const [trouble, isMeant] of TROUBLES.flatMap((each) => [[each, () => true] as const, [each, isPut] as const])) {
        await setPhone(phoneIn(trouble));
        server.script = (call) => (isMeant(call) ? echoOf(trouble, call, echoed) : undefined);
        await run('sync', '--user', 'agent1', '--dry-run', '--json', '--verbose');
        for (const user of ['agent1', 'dkeller', 'pmorales']) await run('sync', '--user', user, '--json', '--verbose');
        for (const words of [
          ['doctor', 'groupware'],
          ['status', '--json'],
          ['list', '--entries', '--json'],
        ])
          await run(...words);
        server.script = () => undefined;
        await run('sync', '--verbose');
      }
      const sent = echoed.join('\n');
      expect([...side.passwords, ...TROUBLES.map(phoneIn), 'W0RD-home'].filter((text) => !sent.includes(text))).toEqual([]);
      const files = kept().filter((file) => file !== crm && !file.includes(LEDGER_FILE));
      const told = [...printed, ...files.map((file) => readFileSync(file, 'utf8'))].join('\n');
      expect(told).toContain('the server answered 507');
      expect([...ON_CARDS, ...side.secrets].filter((text) => told.includes(text))).toEqual([]);
      expect(saidAndKept()).not.toContain('W0RD');
      expect(await placesInLedger(program.folder, side.secrets)).toEqual([]);
      expect((await placesInLedger(program.folder, ON_CARDS)).filter((place) => !COMPARED.includes(place))).toEqual([]);
    }, 120_000);

    onLinux(
      'is called in the list of processes is its command alone (of Linux only)',
      async () => {
        const asked = new Promise<void>((resolve) => {
          serverOf().script = () => {
            resolve();
            return 'hang';
          };
        });
        const child = program.start(['sync', '--user', 'agent1']);
        await asked;
        const [title = '', ...more] = ['cmdline', 'comm', 'environ'].map((name) =>
          readFileSync(`/proc/${child.pid}/${name}`, 'utf8'),
        );
        const over = ended(child);
        child.kill('SIGKILL');
        await over;
        expect(title).toMatch(/sync\0--user\0agent1\0$/);
        expect([...ON_CARDS, ...side.secrets].filter((text) => [title, ...more].join('\n').includes(text))).toEqual([]);
      },
      60_000,
    );
  }
});

/** An answer that says back what was sent, wherever an answer can. */
function echoOf(status: number, { headers, body }: DavCall, echoed: string[]): DavReply {
  const { authorization = '' } = headers;
  const login = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString('utf8');
  const words = [authorization, login, body].join('\n');
  echoed.push(words);
  return {
    status,
    body: words,
    headers: { 'WWW-Authenticate': authorization, ETag: authorization, 'X-Said': encodeURIComponent(words) },
  };
}
