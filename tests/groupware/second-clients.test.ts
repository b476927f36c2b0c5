// A program that nobody here wrote, beside us at a server that nobody here wrote: Debian's vdirsyncer, on Debian's Radicale. Skipped, and
// said so, where one of them is not there.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDeadline } from '../../src/core/deadline';
import { cardOf } from '../../src/core/sync/card';
import type { Entry, EntryKind } from '../../src/core/sync/entry';
import { caldav } from '../../src/groupware/caldav/index';
import type { RemoteStep } from '../../src/groupware/groupware';
import { caldavOptions, PASSWORD, tools } from '../support/caldav';
import { itemText } from '../support/item-text';
import { hasRadicale, startRadicale, type Radicale } from '../support/radicale';
import { temporaryFolder } from '../support/sample';
import { ANN, CALL, entryIn, itemOf, NORA, VISIT } from './suite';

const hasVdirsyncer = spawnSync('vdirsyncer', ['--version']).status === 0;
const deadline = startDeadline(600_000, () => 0);
afterAll(() => deadline.end());

(hasRadicale && hasVdirsyncer ? describe : describe.skip)('vdirsyncer and we at Radicale (skipped without them)', () => {
  let server: Radicale;
  let home: string;
  beforeEach(async () => {
    [server, home] = [await startRadicale(), temporaryFolder()];
  });
  afterEach(async () => {
    await server.close();
    rmSync(home, { recursive: true, force: true });
  });

  const open = (kind: EntryKind) => caldav.open(ANN, kind, caldavOptions(server.url), tools);
  const apply = async (kind: EntryKind, step: RemoteStep) => itemOf((await open(kind).apply([step], deadline)).get(step.linkId));
  const idOf = (n: number) => `pa${String(n).padStart(26, '0')}`;
  const make = (n: number, entry: Entry) => apply(entry.kind, { do: 'create', linkId: idOf(n), entry, url: 'http://server/1' });
  const listed = async (kind: EntryKind, cursor?: string) => {
    const listing = await open(kind).list(cursor, undefined, deadline);
    if (listing.kind !== 'page') throw new Error(JSON.stringify(listing));
    return listing;
  };
  const items = async (kind: EntryKind) => (await listed(kind)).items.flatMap((item) => ('gone' in item ? [] : [item]));
  const runOver = (type: 'caldav' | 'carddav', ...words: readonly string[]) => {
    const file = join(home, 'config');
    const folder = join(home, 'items');
    mkdirSync(folder, { recursive: true });
    const lines = [
      ...['[general]', `status_path = "${join(home, 'status')}"`],
      ...['[pair p]', 'a = "here"', 'b = "there"', 'collections = ["from b"]'],
      ...['[storage here]', 'type = "filesystem"', `path = "${folder}"`, `fileext = ".${type === 'caldav' ? 'ics' : 'vcf'}"`],
      ...['[storage there]', `type = "${type}"`, `url = "${server.url}/"`, 'username = "ann"', `password = "${PASSWORD}"`],
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    const env = { PATH: process.env['PATH'], HOME: home, LC_ALL: 'C.UTF-8' };
    const { status, stdout, stderr } = spawnSync('vdirsyncer', ['--config', file, ...words], {
      env,
      input: 'y\ny\n',
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`vdirsyncer ended with ${status}: ${stdout}${stderr}`);
    return folder;
  };
  const run = (...words: readonly string[]) => runOver('caldav', ...words);

  it('see each other’s entries, changes and deletions, in calendars that we made', async () => {
    const hostile = { ...VISIT, subject: 'a,b;c\\d "e" \u{1f600}\nEND:VEVENT\nX-EVIL:1', notes: '<b>&amp;' };
    for (const [n, entry] of [VISIT, hostile, { ...VISIT, subject: 'Leaving' }, CALL].entries()) await make(n + 1, entry);
    const { cursor } = await listed('event');
    run('discover');
    const folder = run('sync');
    const own = join(folder, 'publish-activity-crm-events');
    expect([readdirSync(own).length, readdirSync(join(folder, 'publish-activity-crm-tasks')).length]).toEqual([3, 1]);

    const file = join(own, `${idOf(1)}.ics`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('SUMMARY:Visit', 'SUMMARY:Theirs'));
    rmSync(join(own, `${idOf(3)}.ics`));
    writeFileSync(
      join(own, 'new.ics'),
      itemText('event', ['UID:new@phone', 'SUMMARY:New', 'DTSTAMP:20260101T000000Z', 'DTSTART:20260302T083000Z']),
    );
    run('sync');
    const changes = await listed('event', cursor);
    const told = changes.items.map((item) => ('gone' in item ? item : [item.id, entryIn(item.content).subject]));
    expect(told).toHaveLength(3);
    expect(told).toEqual(expect.arrayContaining([{ id: idOf(3), gone: true }, [idOf(1), 'Theirs']]));
    const theirs = changes.items.find((item) => !('gone' in item) && item.mark === undefined);
    if (theirs === undefined || 'gone' in theirs) throw new Error('theirs is not listed');
    expect(entryIn(theirs.content).subject).toBe('New');

    const entry = { ...entryIn(theirs.content), subject: 'Ours' };
    await apply('event', { do: 'update', linkId: idOf(9), id: theirs.id, version: theirs.version, entry, fields: ['subject'] });
    run('sync');
    expect(readFileSync(join(own, 'new.ics'), 'utf8')).toContain('SUMMARY:Ours');
    expect((await items('event')).map(({ content }) => entryIn(content).subject).sort()).toEqual(
      [hostile.subject, 'Ours', 'Theirs'].sort(),
    );
    expect(existsSync(join(own, `${idOf(3)}.ics`))).toBe(false);
  });

  it('see each other’s cards and changes, in an address book that we made', async () => {
    await make(1, NORA);
    const { cursor } = await listed('contact');
    runOver('carddav', 'discover');
    const own = join(runOver('carddav', 'sync'), 'publish-activity-crm-contacts');
    const [name = ''] = readdirSync(own);
    const file = join(own, name);
    const before = readFileSync(file, 'utf8');
    expect(before).toContain(`FN:${NORA.subject}`);
    writeFileSync(
      file,
      before.replace(/^(TEL;TYPE=WORK,VOICE):.*/m, '$1:+1 555 77').replace('END:VCARD', 'NOTE:theirs\r\nEND:VCARD'),
    );
    runOver('carddav', 'sync');
    const [changed] = (await listed('contact', cursor)).items;
    if (changed === undefined || 'gone' in changed) throw new Error('the change is not listed');
    expect(entryIn(changed.content).card?.phone).toBe('+1 555 77');

    const entry = { ...NORA, card: cardOf({ ...NORA.card, title: 'Head of Docks' }) };
    const change = { do: 'update', linkId: idOf(1), id: changed.id, version: changed.version, entry, fields: ['title'] } as const;
    await apply('contact', change);
    runOver('carddav', 'sync');
    expect(readFileSync(file, 'utf8').split(/\r?\n/)).toEqual(expect.arrayContaining(['TITLE:Head of Docks', 'NOTE:theirs']));
  });
});
