// What can be wrong with files: README.md has the list. Each begins with a linked pair, and ends at rest.

import { chmodSync, copyFileSync, readdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANN, BOB } from '../../groupware/suite';
import { itemText } from '../../support/item-text';
import { IN_STEP, OWNER, pairOf, ROW, V, VISIT, type Pair, type Rest } from '../../support/pair';
import { canMountSmallDisk, mountSmallDisk } from '../../support/small-disk';
import { onPosix } from '../../support/program';

let pair: Pair;
let folder: string;
let file: string;
beforeEach(async () => {
  pair = await pairOf('folder');
  folder = pair.world.folder?.at(ANN, 'event') ?? '';
  file = join(folder, readdirSync(folder)[0] ?? '');
});
afterEach(() => pair.close());

const text = (path = file) => readFileSync(path, 'utf8');
const edit = (before: string | RegExp, after: string) => {
  const changed = text().replace(before, after);
  expect(changed).not.toBe(text());
  writeFileSync(file, changed);
};
const both = (entry: string, rest: Partial<Rest> = {}) => ({ ...IN_STEP, crm: [entry], groupware: [entry], ...rest });
const renamed = V.replace('Visit', 'Visit 2');
const TIMES = ['DTSTART:20261205T150000Z', 'DTEND:20261205T160000Z'];
const END = 'END:VEVENT';

describe('A file', () => {
  it('whose UID a second one has is unknown until one of them is gone, and nothing is written meanwhile', async () => {
    const copy = join(folder, 'copy.ics');
    copyFileSync(file, copy);
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: ['unreadable'] });
    unlinkSync(file);
    expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
    expect(readdirSync(folder)).toEqual(['copy.ics']);
  });

  it.each([
    ['is cut in the middle', (whole: string) => whole.slice(0, whole.indexOf('SUMMARY') + 10)],
    ['is cut before its UID', (whole: string) => whole.slice(0, whole.indexOf('UID:'))],
    ['is empty', () => ''],
    ['is no text', () => '\u0000\u0001'],
    ['has a zone that nobody knows', (whole: string) => whole.replaceAll('TZID=America/Chicago', 'TZID=Customized')],
    ['has no begin', (whole: string) => whole.replace(/DTSTART;TZID.*\r\n/, '')],
  ])('that %s is unknown, never gone; mended, it goes on', async (_, damage) => {
    const whole = text();
    writeFileSync(file, damage(whole));
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: ['unreadable'] });
    writeFileSync(file, whole);
    expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
  });

  it('that cannot be understood keeps everything that is missing from being taken for deleted', async () => {
    unlinkSync(file);
    writeFileSync(join(folder, 'x.ics'), 'BEGIN:VCALENDAR');
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: ['unreadable'] });
    unlinkSync(join(folder, 'x.ics'));
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: [], links: ['apart (deleted-there)'] });
  });

  it('may get another name, and is written under that', async () => {
    renameSync(file, join(folder, 'Visit at the dock.ics'));
    expect(await pair.rest()).toEqual(IN_STEP);
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
    expect(readdirSync(folder)).toEqual(['Visit at the dock.ics']);
  });

  it.each([
    ['moved', renameSync, { links: ['apart (deleted-there)'], groupware: [V] }],
    ['copied', copyFileSync, { groupware: [V, V] }],
  ])('that is %s to another user is nothing of that user’s, who goes on', async (_, move, rest) => {
    const his = pair.world.folder?.at(BOB, 'event') ?? '';
    // Bob has one of his own.
    pair.crm.put({ ...ROW, objid: 8, kind: 'event', owner: BOB.login, entry: { ...VISIT, subject: 'First' } });
    await pair.rest(OWNER, BOB.login);
    move(file, join(his, 'theirs.ics'));
    expect(await pair.rest(OWNER, BOB.login)).toMatchObject({ writes: [0, 1] });
    pair.crm.put({ ...ROW, objid: 9, kind: 'event', owner: BOB.login, entry: { ...VISIT, subject: 'Second' } });
    const { groupware, links } = await pair.rest(OWNER, BOB.login);
    expect(groupware.filter((shownOne) => shownOne.startsWith('Second'))).toHaveLength(1);
    expect([groupware.filter((shownOne) => shownOne === V), links.filter((link) => link !== 'linked')]).toEqual([
      rest.groupware,
      'links' in rest ? rest.links : [],
    ]);
  });

  it.each([
    ['a rule of a series', 'RRULE:FREQ=DAILY\r\n'],
    ['a date of a series', 'RDATE:20261205T150000Z\r\n'],
  ])('that gets %s is held, and goes on once it is taken away again', async (_, line) => {
    edit(END, `${line}${END}`);
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: ['series'], links: ['held (series)'] });
    edit(line, '');
    expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
  });

  it('13. that becomes private is held without its words, and public again it goes on where both say the same', async () => {
    edit(END, `CLASS:PRIVATE\r\n${END}`);
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: ['private'], links: ['held (private)'] });
    expect(JSON.stringify([...pair.store.links.values()])).not.toContain('Visit');
    edit('CLASS:PRIVATE', 'CLASS:PUBLIC');
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it('13. that becomes private, and says something else when it is public again, waits for somebody to say what counts', async () => {
    edit(END, `CLASS:CONFIDENTIAL\r\n${END}`);
    await pair.rest();
    edit('CLASS:CONFIDENTIAL', 'CLASS:PUBLIC');
    edit('SUMMARY:Visit', 'SUMMARY:Visit 2');
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: [renamed], links: ['held (found)'] });
  });

  it.each([
    ['Windows calls it so', 'TZID="Central Standard Time"'],
    ['libical calls it so', 'TZID=/freeassociation.sourceforge.net/America/Chicago'],
    ['it has an alias', 'TZID=US/Central'],
  ])('whose zone is the same by another name, as %s, is not written', async (_, zone) => {
    writeFileSync(file, text().replaceAll('TZID=America/Chicago', zone));
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it('whose zone is left out means that of its user', async () => {
    writeFileSync(file, text().replaceAll(';TZID=America/Chicago', ''));
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it.each([
    ['line feeds alone', (whole: string) => whole.replaceAll('\r\n', '\n')],
    ['a byte order mark', (whole: string) => `\u{feff}${whole}`],
    ['folded lines', (whole: string) => whole.replace('SUMMARY:Visit', 'SUMMARY:Vi\r\n sit')],
    ['names in lower case', (whole: string) => whole.replace('SUMMARY:', 'summary:').replace('DTSTART;TZID', 'dtstart;tzid')],
    ['blanks behind', (whole: string) => whole.replace('SUMMARY:Visit', 'SUMMARY:Visit  ')],
    ['no line break at its end', (whole: string) => whole.trimEnd()],
  ])('with %s is the same, is not written for that, and can be written', async (_, change) => {
    writeFileSync(file, change(text()));
    expect(await pair.rest()).toEqual(IN_STEP);
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
  });

  it('without a subject is written without one', async () => {
    edit(/SUMMARY:Visit\r\n/, '');
    expect(await pair.rest()).toEqual(both(V.replace('Visit | ', ''), { writes: [1, 0] }));
  });

  it('with notes of ten thousand characters has them all, and so has the CRM', async () => {
    const notes = 'n'.repeat(10_000);
    edit(END, `DESCRIPTION:${notes}\r\n${END}`);
    expect(await pair.rest()).toEqual(both(`${V} | ${notes}`, { writes: [1, 0] }));
    pair.crm.edit(ROW, { notes: `${notes}ü` });
    expect(await pair.rest()).toEqual(both(`${V} | ${notes}ü`, { writes: [1, 1] }));
  });

  it.each([
    ['a diary', 'VJOURNAL', 'foreign'],
    ['a time that is free', 'VFREEBUSY', 'unreadable'],
    ['a kind that does not exist yet', 'X-TOMORROW', 'unreadable'],
  ])('14. that holds %s is left as it is, and all others go on', async (_, component, kind) => {
    const other = join(folder, 'other.ics');
    writeFileSync(other, itemText('event', ['UID:other', ...TIMES]).replaceAll('VEVENT', component));
    const before = text(other);
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    expect(await pair.rest()).toEqual({ ...both(renamed, { writes: [0, 1] }), groupware: [renamed, kind] });
    expect(text(other)).toBe(before);
  });
});

describe('A folder', () => {
  it('5, 6. that is not there any more is held, though it had one entry only, and goes on when it is there again', async () => {
    const away = join(pair.world.folder?.root ?? '', 'away');
    renameSync(join(folder, '..'), away);
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: [], links: ['held (guard-there)'] });
    renameSync(away, join(folder, '..'));
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
  });

  it('from which somebody deletes the only entry is no folder that is gone', async () => {
    unlinkSync(file);
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: [], links: ['apart (deleted-there)'] });
  });

  it('with a file in its place is refused, and nothing is taken for deleted', async () => {
    const away = join(pair.world.folder?.root ?? '', 'away');
    renameSync(folder, away);
    writeFileSync(folder, '');
    expect(await pair.turn()).toMatchObject({ isRefused: true, trouble: `the folder ${folder} cannot be used (ENOTDIR)` });
    rmSync(folder);
    renameSync(away, folder);
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  const asOther = process.getuid?.() === 0 ? it.skip : onPosix;
  asOther('that may not be read is refused (skipped for root, and on Windows)', async () => {
    chmodSync(folder, 0);
    expect(await pair.turn()).toMatchObject({ isRefused: true });
    chmodSync(folder, 0o700);
    expect(await pair.rest()).toEqual(IN_STEP);
  });
});

const onDisk = canMountSmallDisk() ? it : it.skip;
describe('A disk', () => {
  onDisk('that is full or read-only is waited for, and no file is lost or cut (skipped where none can be mounted)', async () => {
    const disk = mountSmallDisk(262_144);
    try {
      const small = await pairOf('folder', () => undefined, disk.folder);
      disk.fill();
      small.crm.edit(ROW, { subject: 'Visit 2' });
      expect(await small.turn()).toMatchObject({ trouble: expect.stringContaining('(ENOSPC)') as string });
      disk.free();
      expect(await small.rest()).toEqual(both(renamed, { writes: [0, 1] }));
    } finally {
      disk.close();
    }
  });
});
