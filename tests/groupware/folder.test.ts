// The folder as a groupware: what every groupware must answer, and what only files can do.

import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { startDeadline } from '../../src/core/deadline';
import type { Entry, EntryField } from '../../src/core/sync/entry';
import { folder } from '../../src/groupware/folder/index';
import { folderName } from '../../src/groupware/folder/names';
import type { RemoteItem, RemoteStep } from '../../src/groupware/groupware';
import { groupwareTypes, loadGroupwareType } from '../../src/groupware/index';
import { entryFolder, type EntryFolder } from '../support/entry-folder';
import { itemText } from '../support/item-text';
import { onPosix } from '../support/program';
import { ANN, CALL, describeGroupware, entryIn, itemOf, NORA, VISIT } from './suite';

describeGroupware('folder', () => entryFolder());

const ID = `pa${'0'.repeat(26)}`;
const deadline = startDeadline(60_000, () => 0);
afterAll(() => deadline.end());

let subject: EntryFolder;
let path: string;
beforeEach(() => {
  subject = entryFolder();
  path = subject.at(ANN, 'event');
});
afterEach(() => subject.close());

const events = () => subject.open(ANN, 'event');
const listed = async () => {
  const listing = await events().list(undefined, undefined, deadline);
  return listing.kind === 'page' ? listing.items : listing;
};
const items = async () => {
  const all = await listed();
  return 'kind' in all ? [] : all;
};
const get = async (id: string) => {
  const found = await events().get([id], deadline);
  return 'kind' in found ? found : found.get(id);
};
const apply = async (step: RemoteStep) => (await events().apply([step], deadline)).get(step.linkId);
const create = (entry: Entry = VISIT) => apply({ do: 'create', linkId: ID, entry, url: 'http://server/1' });
const update = (item: RemoteItem, change: Partial<Entry>, fields: readonly EntryField[]) =>
  apply({ do: 'update', linkId: ID, id: item.id, version: item.version, entry: { ...entryIn(item.content), ...change }, fields });
const write = (name: string, lines: readonly string[]) => writeFileSync(join(path, name), itemText('event', lines));
const TIMES = ['DTSTART:20260302T083000Z', 'DTEND:20260302T093000Z'];

describe('the files of a folder', () => {
  it('are made where nothing is, and are whole iCalendar texts', async () => {
    rmSync(join(subject.root, 'ann'), { recursive: true });
    expect(await listed()).toEqual({ kind: 'absent' });
    expect(existsSync(join(subject.root, 'ann'))).toBe(false);
    itemOf(await create());
    expect(readdirSync(path)).toEqual([`${ID}.ics`]);
    expect(readFileSync(join(path, `${ID}.ics`), 'utf8')).toBe(WRITTEN);
  });

  it('count as made when the disk has them for good, and not before', async () => {
    const failing = jest.spyOn(fs, 'fsyncSync').mockImplementation((file) => {
      if (fs.fstatSync(file).isDirectory()) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    });
    expect(await create()).toMatchObject({ kind: 'retry', reason: `the folder ${path} cannot be used (EIO)` });
    failing.mockRestore();
    expect(await create()).toMatchObject({ kind: 'exists', item: { id: ID } });
  });

  it('are changed in the lines that change, and in those that say so', async () => {
    const item = itemOf(await create());
    const { end } = VISIT.time;
    const later = {
      begin: { wallClock: '2026-03-02T10:00:00', timeZone: 'Europe/Zurich' },
      ...(end === undefined ? {} : { end }),
    };
    itemOf(await update(item, { time: later }, ['time']));
    expect(readFileSync(join(path, `${ID}.ics`), 'utf8')).toBe(
      WRITTEN.replace('DTSTART;TZID=Europe/Zurich:20260302T093000', 'DTSTART;TZID=Europe/Zurich:20260302T100000').replace(
        'END:VEVENT',
        'LAST-MODIFIED:20260301T120000Z\r\nSEQUENCE:1\r\nEND:VEVENT',
      ),
    );
  });

  it('may be called as they like: the UID counts', async () => {
    const item = itemOf(await create());
    renameSync(join(path, `${ID}.ics`), join(path, 'Meine Termine.ICS'));
    expect(await get(ID)).toEqual(item);
    itemOf(await update(item, { subject: 'New' }, ['subject']));
    expect(await create()).toMatchObject({ kind: 'exists', item: { content: { entry: { subject: 'New' } } } });
    expect(readdirSync(path)).toEqual(['Meine Termine.ICS']);
  });

  it('are none of the others that lie there', async () => {
    for (const name of ['.hidden.ics', 'x.tmp', 'readme.txt', '.0123456789abcdef.tmp']) write(name, [`UID:${name}`, ...TIMES]);
    mkdirSync(join(path, 'folder.ics'));
    expect(await listed()).toEqual([]);
    expect(await get(ID)).toBe('absent');
  });

  it.each([
    ['is broken', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n'],
    ['is empty', ''],
    ['is no UTF-8', Buffer.from([0x42, 0xff, 0xfe, 0x00])],
    ['is larger than a megabyte', 'x'.repeat(1024 ** 2 + 1)],
  ])('are unknown where one %s, and so is whatever seems to be missing', async (_name, content) => {
    writeFileSync(join(path, 'a.ics'), content);
    expect(await listed()).toMatchObject([{ id: 'a', content: { kind: 'unreadable' } }]);
    expect(await get('a')).toMatchObject({ content: { kind: 'unreadable' } });
    expect(await get(ID)).toBeUndefined();
  });

  it('are known by their UID even where they are broken', async () => {
    writeFileSync(join(path, 'a.ics'), `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:${ID}\r\nSUMM`);
    expect(await get(ID)).toMatchObject({ content: { kind: 'unreadable' } });
    expect(await get('other')).toBe('absent');
    expect(await create()).toMatchObject({ kind: 'exists', item: { content: { kind: 'unreadable' } } });
  });

  it('are unknown where two have the same UID, and neither is changed', async () => {
    const item = itemOf(await create());
    writeFileSync(join(path, 'copy.ics'), readFileSync(join(path, `${ID}.ics`)));
    const there = await get(ID);
    expect(there).toMatchObject({ content: { kind: 'unreadable', words: `several files have its UID: copy.ics, ${ID}.ics` } });
    expect(await update({ ...item, version: (there as RemoteItem).version }, { subject: 'New' }, ['subject'])).toEqual({
      kind: 'stale',
    });
  });

  it('say nothing of a private one, not even by their names', async () => {
    for (const name of ['SECRET 1.ics', 'SECRET 2.ics'])
      write(name, ['UID:x', 'CLASS:PRIVATE', 'SUMMARY:SECRET', 'DTSTART:SECRET']);
    write('SECRET 3.ics', ['UID:y', 'UID;X:z', 'CLASS:X-BOSS', 'RRULE:SECRET', 'SUMMARY:SECRET']);
    write('SECRET 4.ics', ['CLASS:PRIVATE', 'SUMMARY:SECRET']);
    writeFileSync(join(path, 'SECRET 5.ics'), 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nCLASS:CONFIDENTIAL\r\nSUMMARY:SECRET');
    expect(await listed()).toHaveLength(4);
    for (const item of await items()) expect(item).toMatchObject({ content: { kind: 'private' } });
    expect(JSON.stringify(await listed())).not.toContain('SECRET');
  });

  it('are gone where they were cancelled and left standing, and their id does not come back', async () => {
    itemOf(await create());
    const file = join(path, `${ID}.ics`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('END:VEVENT', 'STATUS:CANCELLED\r\nEND:VEVENT'));
    expect(await listed()).toEqual([{ id: ID, gone: true }]);
    expect([await get(ID), await create()]).toEqual(['absent', { kind: 'burnt' }]);
  });

  it('have a name that is taken by another entry, and that one stays', async () => {
    write(`${ID}.ics`, ['UID:other', ...TIMES]);
    expect(await create()).toMatchObject({ kind: 'rejected' });
    expect(readdirSync(path)).toEqual([`${ID}.ics`]);
  });

  onPosix('are not read through a link, and nothing is written through one (skipped on Windows)', async () => {
    const elsewhere = join(subject.root, 'elsewhere.ics');
    writeFileSync(elsewhere, itemText('event', [`UID:${ID}`, ...TIMES]));
    symlinkSync(elsewhere, join(path, `${ID}.ics`));
    expect(await listed()).toMatchObject([{ id: ID, content: { kind: 'unreadable' } }]);
    expect(await create()).toMatchObject({ kind: 'exists', item: { content: { kind: 'unreadable' } } });
    expect(readFileSync(elsewhere, 'utf8')).toBe(itemText('event', [`UID:${ID}`, ...TIMES]));
  });

  it('cannot be reached by an id with slashes in it', async () => {
    const outside = join(subject.root, 'ann', 'x.ics');
    writeFileSync(outside, itemText('event', ['UID:../x', ...TIMES]));
    expect(await get('../x')).toBe('absent');
    expect(await apply({ do: 'delete', linkId: ID, id: '../x', version: '' })).toEqual({ kind: 'stale' });
    write('in.ics', ['UID:../../x', ...TIMES]);
    const item = (await get('../../x')) as RemoteItem;
    itemOf(await update(item, { subject: 'New' }, ['subject']));
    expect(readdirSync(path)).toEqual(['in.ics']);
    expect(existsSync(outside)).toBe(true);
  });
});

describe('the cards of a folder', () => {
  const contacts = () => subject.open(ANN, 'contact');
  const put = (name: string, ...lines: readonly string[]) =>
    writeFileSync(
      join(subject.at(ANN, 'contact'), name),
      ['BEGIN:VCARD', 'VERSION:3.0', 'FN:Nora', ...lines, 'END:VCARD', ''].join('\r\n'),
    );
  const shown = async () => {
    const listing = await contacts().list(undefined, undefined, deadline);
    if (listing.kind !== 'page') throw new Error(JSON.stringify(listing));
    return listing.items.map((item) => [item.id, 'gone' in item ? 'gone' : item.content.kind]);
  };
  const missing = async () => ((await contacts().get([ID], deadline)) as ReadonlyMap<string, unknown>).get(ID);

  it('stand beside its calendar, and are called as they like', async () => {
    put('Nora (work).VCF', 'UID:1');
    put('.hidden.vcf', 'UID:2');
    put('a.ics', 'UID:3');
    const step = { do: 'create', linkId: ID, entry: NORA, url: '' } as const;
    itemOf((await contacts().apply([step], deadline)).get(ID));
    expect(await shown()).toEqual([
      ['1', 'entry'],
      [ID, 'entry'],
    ]);
    expect(readdirSync(join(subject.root, 'ann', 'contacts')).sort()).toEqual(
      ['.hidden.vcf', 'Nora (work).VCF', 'a.ics', `${ID}.vcf`].sort(),
    );
  });

  it('are certainly none of ours without a UID, unless one of ours has lost it', async () => {
    put('theirs.vcf');
    expect([await shown(), await missing()]).toEqual([[['theirs', 'foreign']], 'absent']);
    put('ours.vcf', `X-CRM-LINK:${ID}`);
    expect(await missing()).toBeUndefined();
  });

  it('have photographs, and an end', async () => {
    put('a.vcf', 'UID:a', `PHOTO;ENCODING=b:${`${'A'.repeat(74)}\r\n `.repeat(70_000)}A`);
    put('b.vcf', 'UID:b', `PHOTO;ENCODING=b:${`${'A'.repeat(74)}\r\n `.repeat(120_000)}A`);
    expect(await shown()).toEqual([
      ['a', 'entry'],
      ['b', 'unreadable'],
    ]);
    expect(await contacts().get(['b'], deadline)).toMatchObject(
      new Map([['b', { content: { words: 'its file cannot be read, is no text in UTF-8, or has more than 8 MB' } }]]),
    );
  });
});

describe('trouble with a folder', () => {
  it('is told, and nothing seems to be missing for it', async () => {
    rmSync(path, { recursive: true });
    writeFileSync(path, 'no folder');
    const refused = { kind: 'refused', reason: `the folder ${path} cannot be used (ENOTDIR)` };
    expect([await listed(), await get(ID), await create()]).toEqual([refused, refused, refused]);
  });

  onPosix('with one file says only of that one that it is unknown (skipped on Windows)', async () => {
    itemOf(await create());
    chmodSync(join(path, `${ID}.ics`), 0);
    const isRoot = process.getuid?.() === 0;
    expect(await get(ID)).toMatchObject({ content: { kind: isRoot ? 'entry' : 'unreadable' } });
  });

  it('is what is left undone when the time is over', async () => {
    const over = startDeadline(0, () => 0);
    const retry = { kind: 'retry', reason: 'the time of the run is over' };
    const collection = events();
    expect(await collection.list(undefined, undefined, over)).toEqual(retry);
    const step = { do: 'create', linkId: ID, entry: VISIT, url: '' } as const;
    expect((await collection.apply([step], over)).get(ID)).toEqual(retry);
    expect(await listed()).toEqual([]);
  });

  it.each([
    ['has no time', {}],
    ['has no end', { begin: { day: '2026-03-02' } }],
    ['has a date that is none', { begin: { wallClock: '1753-01-01T00:00:00', timeZone: 'UTC' }, end: { day: '2026-03-02' } }],
    ['ends before it begins', { begin: { day: '2026-03-02' }, end: { day: '2026-03-01' } }],
    [
      'begins on a day and ends at a moment',
      { begin: { day: '2026-03-02' }, end: { wallClock: '2026-03-03T00:00:00', timeZone: 'UTC' } },
    ],
  ])('is an event that %s, which is neither made nor changed so', async (_name, time) => {
    expect(await create({ ...VISIT, time })).toMatchObject({ kind: 'rejected' });
    expect(await listed()).toEqual([]);
    const item = itemOf(await create());
    expect(await update(item, { time }, ['time'])).toMatchObject({ kind: 'rejected' });
    expect(await get(ID)).toEqual(item);
  });
});

it('has a folder a kind, and what belongs into the other one is foreign', async () => {
  const tasks = subject.at(ANN, 'task');
  writeFileSync(join(tasks, 'a.ics'), itemText('task', ['UID:a', 'SUMMARY:Call']));
  writeFileSync(join(path, 'a.ics'), itemText('task', ['UID:a', 'SUMMARY:Call']));
  expect(await listed()).toMatchObject([{ content: { kind: 'foreign' } }]);
  expect(await subject.open(ANN, 'task').list(undefined, undefined, deadline)).toMatchObject({
    items: [{ content: { kind: 'entry', entry: { ...CALL, subject: 'Call', time: {}, notes: '' } } }],
  });
});

it.each([
  ['ann', 'ann'],
  ['Ann.Example', 'ann.example'],
  ['../x', '%2e.%2fx'],
  ['..', '%2e%2e'],
  ['.', '%2e'],
  ['a/b\\c:d', 'a%2fb%5cc%3ad'],
  ['com1.x', '%63om1.x'],
  ['con', '%63on'],
  ['100%', '100%25'],
  ['bäcker', 'b%c3%a4cker'],
  ['ends.', 'ends%2e'],
])('spells the folder of the login %p as %p', (login, name) => {
  expect(folderName(login)).toBe(name);
});

it('is found by its name in the table, and nothing else is', async () => {
  expect(await loadGroupwareType('folder')).toBe(folder);
  expect(await loadGroupwareType('constructor')).toBeUndefined();
  for (const { load } of Object.values(groupwareTypes)) expect((await load()).summary).toMatch(/^\S.{10,100}[^.]$/);
});

const WRITTEN = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//publish-activity//groupware//EN',
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Zurich',
  ...['BEGIN:STANDARD', 'DTSTART:20260101T000000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0100', 'END:STANDARD'],
  ...['BEGIN:DAYLIGHT', 'DTSTART:20260329T020000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200', 'END:DAYLIGHT'],
  ...['BEGIN:STANDARD', 'DTSTART:20261025T030000', 'TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100', 'END:STANDARD'],
  'END:VTIMEZONE',
  'BEGIN:VEVENT',
  `UID:${ID}`,
  'DTSTAMP:20260301T120000Z',
  'SUMMARY:Visit',
  'LOCATION:Basel',
  'DESCRIPTION:Bring the plan.',
  'DTSTART;TZID=Europe/Zurich:20260302T093000',
  'DTEND;TZID=Europe/Zurich:20260302T103000',
  'URL:http://server/1',
  `X-CRM-LINK:${ID}`,
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');
