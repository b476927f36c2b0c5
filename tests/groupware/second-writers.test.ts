// Programs that nobody here wrote, on the files of the folder: Debian's khal, todoman, khard and vdirsyncer. Skipped, and said so, where they
// are not there.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDeadline } from '../../src/core/deadline';
import { spelledWhen, type Entry, type EntryKind, type EntryField } from '../../src/core/sync/entry';
import type { RemoteItem } from '../../src/groupware/groupware';
import { entryFolder, type EntryFolder } from '../support/entry-folder';
import { cardOf } from '../../src/core/sync/card';
import { ANN, CALL, entryIn, itemOf, NORA, VISIT } from './suite';

const deadline = startDeadline(600_000, () => 0);
afterAll(() => deadline.end());

/** The tests of a program, where it is. */
const having = (program: string) => (spawnSync(program, ['--version']).status === 0 ? it : it.skip);

let subject: EntryFolder;
/** Where the programs keep what is their own. */
let home: string;
beforeEach(() => {
  subject = entryFolder();
  home = join(subject.root, 'home');
  mkdirSync(home);
});
afterEach(() => subject.close());

/** Runs a program in the zone of the user. */
function run(program: string, words: readonly string[], input = ''): string {
  const env = { PATH: process.env['PATH'], HOME: home, LC_ALL: 'C.UTF-8', TZ: 'Europe/Zurich' };
  const { status, stdout, stderr, error } = spawnSync(program, words, { env, input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stdout}${stderr}${error?.message ?? ''}`);
  return stdout;
}

function configuration(name: string, lines: readonly string[]): string {
  const file = join(home, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

const idOf = (n: number) => `pa${String(n).padStart(26, '0')}`;
const make = async (n: number, entry: Entry) => {
  const step = { do: 'create', linkId: idOf(n), entry, url: 'http://server/dovetail/1' } as const;
  return itemOf((await subject.open(ANN, entry.kind).apply([step], deadline)).get(idOf(n)));
};
const change = async (item: RemoteItem, entry: Entry, fields: readonly EntryField[]) => {
  const step = { do: 'update', linkId: idOf(9), id: item.id, version: item.version, entry, fields } as const;
  return itemOf((await subject.open(ANN, entry.kind).apply([step], deadline)).get(idOf(9)));
};
const listed = async (kind: EntryKind, from = subject) => {
  const listing = await from.open(ANN, kind).list(undefined, undefined, deadline);
  if (listing.kind !== 'page') throw new Error(JSON.stringify(listing));
  return listing.items.flatMap((item) => ('gone' in item ? [] : [item]));
};
const timeOf = (item: RemoteItem) => {
  const { begin, end } = entryIn(item.content).time;
  return [spelledWhen(begin), spelledWhen(end)];
};

describe('khal', () => {
  const khal = (...words: readonly string[]) =>
    run('khal', [
      '--config',
      configuration('khal', [
        ...['[calendars]', '[[ann]]', `path = ${subject.at(ANN, 'event')}`, '[sqlite]', `path = ${join(home, 'khal.db')}`],
        ...['[locale]', 'local_timezone = Europe/Zurich', 'default_timezone = Europe/Zurich', 'timeformat = %H:%M'],
        ...[
          'dateformat = %Y-%m-%d',
          'longdateformat = %Y-%m-%d',
          'datetimeformat = %Y-%m-%d %H:%M',
          'longdatetimeformat = %Y-%m-%d %H:%M',
        ],
      ]),
      ...words,
    ]);
  const list = (day: string) =>
    khal('list', '--format', '{start-time}-{end-time} {title} @ {location}', day, '1d').split('\n').slice(1);

  having('khal')('shows our events at their hours, in whatever zone they were made (skipped without it)', async () => {
    await make(1, VISIT);
    const chicago = (wallClock: string) => ({ wallClock: `2026-03-08T${wallClock}:00`, timeZone: 'America/Chicago' });
    await make(2, { ...VISIT, subject: 'Missing', time: { begin: chicago('02:30'), end: chicago('04:00') } });
    await make(3, { ...VISIT, subject: 'Fair', time: { begin: { day: '2026-07-01' }, end: { day: '2026-07-03' } } });
    expect(list('2026-03-02')).toEqual(['09:30-10:30 Visit @ Basel', '']);
    expect(list('2026-03-08')).toEqual(['09:30-10:00 Missing @ Basel', '']);
    expect([...list('2026-07-02'), ...list('2026-07-03')].join('')).toMatch(/^- ?Fair @ Basel/);
  });

  having('khal')('makes an event that we read, and reads it when we moved it (skipped without it)', async () => {
    khal('new', '-a', 'ann', '-l', 'Bern', '2026-03-03', '14:00', '15:30', 'Theirs, "x"; y', '::', 'A note');
    const [item] = await listed('event');
    if (item === undefined) throw new Error('it is not listed');
    expect(entryIn(item.content)).toMatchObject({ subject: 'Theirs, "x"; y', place: 'Bern', notes: 'A note' });
    expect(timeOf(item)).toEqual(['2026-03-03T13:00:00Z', '2026-03-03T14:30:00Z']);
    const [file] = readdirSync(subject.at(ANN, 'event'));
    const before = linesOf(join(subject.at(ANN, 'event'), file ?? ''));
    const begin = { wallClock: '2026-07-03T09:00:00', timeZone: 'Europe/Zurich' };
    const end = { wallClock: '2026-07-03T10:00:00', timeZone: 'Europe/Zurich' };
    await change(item, { ...entryIn(item.content), time: { begin, end } }, ['time']);
    expect(list('2026-07-03')).toEqual(['09:00-10:00 Theirs, "x"; y @ Bern', '']);
    const after = linesOf(join(subject.at(ANN, 'event'), file ?? ''));
    const isOfTheChange = (line: string) => /^(DTSTART;TZID|DTEND|DTSTAMP|LAST-MODIFIED|SEQUENCE)/.test(line);
    expect(after.filter((line) => !isOfTheChange(line))).toEqual(before.filter((line) => !isOfTheChange(line)));
  });
});

describe('todoman', () => {
  const todoman = (...words: readonly string[]) =>
    run('todoman', [
      '--config',
      configuration('todoman.py', [
        `path = "${join(subject.root, 'ann', '*')}"`,
        ...[
          'date_format = "%Y-%m-%d"',
          'time_format = "%H:%M"',
          'default_list = "tasks"',
          `cache_path = "${join(home, 'todoman.db')}"`,
        ],
      ]),
      ...words,
    ]);

  having('todoman')('ticks our task off, and we read it as done and due at the same moment (skipped without it)', async () => {
    const ours = await make(1, CALL);
    expect(todoman('list')).toMatch(/2026-03-02 16:00 Call back/);
    todoman('done', '1');
    const [theirs] = await listed('task');
    if (theirs === undefined) throw new Error('it is not listed');
    expect(entryIn(theirs.content)).toMatchObject({ subject: 'Call back', done: true });
    expect([timeOf(theirs), theirs.mark]).toEqual([timeOf(ours), idOf(1)]);
    // It wrote the moment in UTC; that is no change.
    expect(linesOf(join(subject.at(ANN, 'task'), `${idOf(1)}.ics`)).join('\n')).toMatch(/DUE.*:20260302T150000Z/);
    expect(await change(theirs, { ...CALL, done: true }, ['subject', 'time', 'place', 'notes', 'done'])).toEqual(theirs);
  });

  having('todoman')('shows a task that we opened again, and makes one that we read (skipped without it)', async () => {
    const item = await make(1, { ...CALL, done: true });
    expect(todoman('list')).not.toMatch(/Call back/);
    await change(item, CALL, ['done']);
    expect(todoman('list')).toMatch(/\[ \].*Call back/);
    todoman('new', '--list', 'tasks', '--due', '2026-07-03 09:00', 'Theirs, too');
    const theirs = (await listed('task')).find(({ id }) => id !== idOf(1));
    if (theirs === undefined) throw new Error('it is not listed');
    expect([entryIn(theirs.content).subject, timeOf(theirs)]).toEqual(['Theirs, too', ['', '2026-07-03T07:00:00Z']]);
  });
});

describe('khard', () => {
  const khard = (words: readonly string[], input = '') =>
    run(
      'khard',
      [
        '--config',
        configuration('khard', [
          ...['[addressbooks]', '[[ann]]', `path = ${subject.at(ANN, 'contact')}`],
          ...['[general]', 'default_action = list', '[vcard]', 'preferred_version = 3.0'],
        ]),
        ...words,
      ],
      input,
    );

  having('khard')('shows our card, and what it changes there we read (skipped without it)', async () => {
    await make(1, NORA);
    expect(khard(['show', 'Nora'])).toMatch(/Organisation: Calder, Logistics[^]*WORK, VOICE: 555-010-2001[^]*78701 Austin/);
    const template = khard(['show', '--format', 'yaml', 'Nora'])
      .replace('Dock Manager', 'Yard; "Manager", north')
      .replace('555-010-2001', '555-010-2999')
      .replace('    CELL:', '    HOME: 555-010-9001\n    CELL:');
    khard(['edit', '--input-file', configuration('template', [template]), 'Nora'], 'y\n');
    const [theirs] = await listed('contact');
    if (theirs === undefined) throw new Error('it is not listed');
    // It drops our parameter, and the order of the addresses still says which is the second one.
    const card = { ...cardOf({}), ...NORA.card, title: 'Yard; "Manager", north', phone: '555-010-2999' };
    expect([theirs.mark, entryIn(theirs.content)]).toEqual([idOf(1), { ...NORA, card }]);
    await change(theirs, { ...NORA, card: { ...card, mobile: '', company: 'A; b' } }, ['mobile', 'company']);
    expect(khard(['show', 'Nora'])).toMatch(/Organisation: A; b\n/);
    const numbers = khard(['phone', '--parsable']).trim().split('\n');
    expect(
      numbers
        .map((line) =>
          line
            .split('\t')
            .filter((_, column) => column !== 1)
            .join(' '),
        )
        .sort(),
    ).toEqual(['555-010-2201 WORK, FAX', '555-010-2999 WORK, VOICE', '555-010-9001 HOME']);
  });

  having('khard')('makes a card that we read, but for what is at home (skipped without it)', async () => {
    const lines = [
      ...[
        'Formatted name: Ada Lind',
        'First name: Ada',
        'Last name: Lind',
        'Organisation: Seefeld',
        'Email:',
        '    work: ada@x.example',
      ],
      ...['Phone:', '    work: "1, 2; 3"', '    home: 9', 'Address:', '    work:', '        Street: "A;b"', '        City: "Z"'],
    ];
    khard(['new', '--addressbook', 'ann', '--input-file', configuration('template', lines)]);
    const [item] = await listed('contact');
    if (item === undefined) throw new Error('it is not listed');
    const parts = {
      given: 'Ada',
      family: 'Lind',
      company: 'Seefeld',
      email: 'ada@x.example',
      phone: '1, 2; 3',
      street: 'A;b',
      city: 'Z',
    };
    expect(entryIn(item.content)).toEqual({ ...NORA, subject: 'Ada Lind', card: cardOf(parts) });
    expect(item.mark).toBeUndefined();
  });
});

describe('vdirsyncer', () => {
  const hostile = 'a,b;c\\d "e" \u{1f600}\nEND:VEVENT\nEND:VCARD\nX-EVIL:1\u2028z\u0085y';
  /** What carries these folders between here and a copy. */
  const carrier = (copy: EntryFolder, kinds: Readonly<Partial<Record<EntryKind, string>>>, suffix: string) => {
    const names = Object.values(kinds).map((name) => `"${name}"`);
    const config = configuration(`vdirsyncer${suffix}`, [
      ...['[general]', `status_path = "${join(home, `status${suffix}`)}"`],
      ...['[pair p]', 'a = "one"', 'b = "two"', `collections = [${names.join(', ')}]`],
      ...['[storage one]', 'type = "filesystem"', `path = "${join(subject.root, 'ann')}"`, `fileext = "${suffix}"`],
      ...['[storage two]', 'type = "filesystem"', `path = "${join(copy.root, 'ann')}"`, `fileext = "${suffix}"`],
    ]);
    // They are there, so that it asks for nothing.
    for (const each of [copy, subject]) for (const kind of Object.keys(kinds)) each.at(ANN, kind as EntryKind);
    run('vdirsyncer', ['--config', config, 'discover']);
    return () => run('vdirsyncer', ['--config', config, 'sync']);
  };
  const byId = (items: readonly RemoteItem[]) => [...items].sort((one, other) => (one.id < other.id ? -1 : 1));

  having('vdirsyncer')('carries cards to another place and back (skipped without it)', async () => {
    await make(1, NORA);
    await make(2, { ...NORA, subject: hostile, card: { ...cardOf({}), ...NORA.card, title: hostile, street: hostile } });
    const copy = entryFolder();
    try {
      const sync = carrier(copy, { contact: 'contacts' }, '.vcf');
      sync();
      expect(byId(await listed('contact', copy))).toEqual(byId(await listed('contact')));
      const person = copy.person(ANN, 'contact');
      await person.edit(idOf(1), { subject: 'Theirs' });
      await person.remove(idOf(2));
      await person.add({ ...NORA, subject: 'New' });
      sync();
      const subjects = (await listed('contact')).map(({ content }) => entryIn(content).subject);
      expect(subjects.sort()).toEqual(['New', 'Theirs']);
    } finally {
      await copy.close();
    }
  });

  having('vdirsyncer')('carries the folder to another place and back (skipped without it)', async () => {
    await make(1, VISIT);
    await make(2, { ...VISIT, subject: hostile, notes: hostile });
    await make(3, CALL);
    const copy = entryFolder();
    try {
      const sync = carrier(copy, { event: 'calendar', task: 'tasks' }, '.ics');
      sync();
      expect(byId(await listed('event', copy))).toEqual(byId(await listed('event')));
      expect(await listed('task', copy)).toEqual(await listed('task'));
      const person = copy.person(ANN, 'event');
      await person.edit(idOf(1), { subject: 'Theirs' });
      await person.remove(idOf(2));
      await person.add({ ...VISIT, subject: 'New' });
      sync();
      const subjects = (await listed('event')).map(({ content }) => entryIn(content).subject);
      expect(subjects.sort()).toEqual(['New', 'Theirs']);
    } finally {
      await copy.close();
    }
  });
});

function linesOf(file: string): readonly string[] {
  return readFileSync(file, 'utf8').split('\r\n');
}
