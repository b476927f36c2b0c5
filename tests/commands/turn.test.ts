// A user's turn over a folder of real files: what stands in the CRM is there, and what is changed there comes back.

import { mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '../../src/core/sync/entry';
import { folder } from '../../src/groupware/folder/index';
import { groupwareTools } from '../../src/parts/groupware';
import { MemoryCrm } from '../support/memory-crm';
import { newLinkStore, openMemoryLinks } from '../support/memory-links';
import { SIGNAL, turn, type Place } from '../support/turns';

const NOW = Date.UTC(2026, 10, 29, 12);
const folders: string[] = [];
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});

const at = (text: string) => ({ wallClock: `2026-12-${text}:00`, timeZone: 'America/Chicago' });
const VISIT: Entry = {
  kind: 'event',
  subject: 'Visit Calder & Sons; Dock 3',
  time: { begin: at('01T09:00'), end: at('01T10:00') },
  place: 'Dock 3',
  notes: '',
  done: false,
};
const CALL: Entry = { kind: 'task', subject: 'Call Nora', time: { end: at('02T16:00') }, place: '', notes: '', done: false };

interface Scene extends Place {
  readonly root: string;
  /** Where the files of a user are. */
  files(kind: 'calendar' | 'tasks'): readonly string[];
}

function scene(): Scene {
  const root = mkdtempSync(join(tmpdir(), 'groupware-'));
  folders.push(root);
  const crm = new MemoryCrm();
  const tools = groupwareTools({ now: () => NOW });
  const place = (kind: string) => join(root, 'pmorales', kind);
  return {
    root,
    crm,
    links: openMemoryLinks(newLinkStore()),
    now: NOW,
    open: ({ login, email }, kind) =>
      folder.open({ login, email, system: 'crm', timeZone: 'America/Chicago' }, kind, { folder: root }, tools),
    files: (kind) => {
      try {
        return readdirSync(place(kind)).map((name) => join(place(kind), name));
      } catch {
        return [];
      }
    },
  };
}

/** A scene in which one visit and one task are in step. */
async function linked(): Promise<Scene> {
  const made = scene();
  made.crm.put({ type: 'appointment', objid: 7, kind: 'event', owner: 'pmorales', entry: VISIT });
  made.crm.put({ type: 'action_item', objid: 8, kind: 'task', owner: 'pmorales', entry: CALL });
  await turn(made, 'pmorales');
  return made;
}

function rewrite(file: string | undefined, before: string | RegExp, after: string): void {
  if (file === undefined) throw new Error('there is no file');
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(before, after);
  if (changed === text) throw new Error(`${file} has nothing like ${String(before)}:\n${text}`);
  writeFileSync(file, changed);
}

const stateOf = async ({ links }: Scene, type: string, objid: number) =>
  (await links.find({ type, objid }, 10, SIGNAL)).map(({ state, cause }) => `${state}${cause === '' ? '' : ` (${cause})`}`);

describe('A turn', () => {
  it('puts the entries of the CRM into files', async () => {
    const made = await linked();
    expect([made.files('calendar').length, made.files('tasks').length]).toEqual([1, 1]);
    const text = readFileSync(made.files('calendar')[0] ?? '', 'utf8');
    expect(text).toContain('SUMMARY:Visit Calder & Sons\\; Dock 3');
    expect(text).toContain('DTSTART;TZID=America/Chicago:20261201T090000');
  });

  it('writes nothing on either side when nothing changed', async () => {
    const made = await linked();
    const before = made.files('calendar').map((file) => readFileSync(file, 'utf8'));
    const writes = made.crm.writes;
    for (let round = 0; round < 5; round += 1)
      expect((await turn(made, 'pmorales')).done).toEqual({ created: 0, updated: 0, deleted: 0, written: 0 });
    expect(made.files('calendar').map((file) => readFileSync(file, 'utf8'))).toEqual(before);
    expect(made.crm.writes).toBe(writes);
  });

  it('takes a new hour from the file into the CRM', async () => {
    const made = await linked();
    rewrite(
      made.files('calendar')[0],
      /DTSTART;TZID=America\/Chicago:20261201T090000/,
      'DTSTART;TZID=America/Chicago:20261201T083000',
    );
    await turn(made, 'pmorales');
    expect(made.crm.rows.get('appointment:7')?.entry.time.begin).toEqual(at('01T08:30'));
    const [link] = await made.links.find({ type: 'appointment' }, 1, SIGNAL);
    expect(await made.links.writes(link?.id ?? '', 10, SIGNAL)).toMatchObject([
      { user: 'pmorales', table: 'table_memory', objid: 7 },
    ]);
  });

  it('takes a new hour from the CRM into the file, and leaves what others put there', async () => {
    const made = await linked();
    rewrite(made.files('calendar')[0], 'BEGIN:VEVENT', 'BEGIN:VEVENT\r\nX-COLOUR:green');
    made.crm.edit({ type: 'appointment', objid: 7 }, { time: { begin: at('03T09:00'), end: at('03T10:00') } });
    await turn(made, 'pmorales');
    const text = readFileSync(made.files('calendar')[0] ?? '', 'utf8');
    expect(text).toContain('20261203T090000');
    expect(text).toContain('X-COLOUR:green');
  });

  it('makes a row of what somebody puts there', async () => {
    const made = await linked();
    const event = [
      'BEGIN:VEVENT',
      'UID:own-1',
      'DTSTAMP:20261129T120000Z',
      'DTSTART:20261205T150000Z',
      'DTEND:20261205T160000Z',
      'SUMMARY:Lunch',
      'END:VEVENT',
    ];
    writeFileSync(
      join(made.root, 'pmorales', 'calendar', 'own.ics'),
      ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...event, 'END:VCALENDAR', ''].join('\r\n'),
    );
    await turn(made, 'pmorales');
    const row = [...made.crm.rows.values()].find(({ entry }) => entry.subject === 'Lunch');
    expect(row).toMatchObject({ type: 'appointment', owner: 'pmorales' });
    expect(made.files('calendar')).toHaveLength(2);
    expect((await turn(made, 'pmorales')).done).toEqual({ created: 0, updated: 0, deleted: 0, written: 0 });
  });

  it('leaves the row of what is deleted there, and does not bring it back', async () => {
    const made = await linked();
    unlinkSync(made.files('tasks')[0] ?? '');
    await turn(made, 'pmorales');
    await turn(made, 'pmorales');
    expect([await stateOf(made, 'action_item', 8), made.files('tasks')]).toEqual([['apart (deleted-there)'], []]);
    expect(made.crm.rows.has('action_item:8')).toBe(true);
  });

  it('deletes there what the CRM deleted', async () => {
    const made = await linked();
    made.crm.rows.delete('appointment:7');
    await turn(made, 'pmorales');
    expect([await stateOf(made, 'appointment', 7), made.files('calendar')]).toEqual([['gone (deleted-here)'], []]);
  });

  it('holds everything where a folder is suddenly empty', async () => {
    const made = await linked();
    rmSync(join(made.root, 'pmorales'), { recursive: true });
    const { outlook } = await turn(made, 'pmorales');
    expect(outlook?.plan.guarded).toEqual(['there']);
    expect(await stateOf(made, 'appointment', 7)).toEqual(['held (guard-there)']);
    expect(made.files('calendar')).toEqual([]);
  });

  it('adopts what is there when the ledger was emptied, and makes and deletes nothing', async () => {
    const made = await linked();
    made.crm.put({ type: 'appointment', objid: 9, kind: 'event', owner: 'pmorales', entry: VISIT });
    made.crm.rows.delete('action_item:8');
    const emptied = { ...made, links: openMemoryLinks(newLinkStore()) };
    const { outlook } = await turn(emptied, 'pmorales');
    expect(outlook?.plan.isAdopting).toBe(true);
    expect(await stateOf(emptied, 'appointment', 7)).toEqual(['linked']);
    expect([made.files('calendar').length, made.files('tasks').length]).toEqual([1, 1]);
  });
});
