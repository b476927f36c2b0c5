// Contacts through the built program: those of the sample CRM as cards in a folder, and what is changed there in the CRM.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteFile } from '../../src/io/sqlite';
import { install, type Installation } from '../support/program';
import { changeDatabase, changedSample } from '../support/sample';

jest.setTimeout(60_000);

interface Desk extends Installation {
  readonly database: string;
}

async function desk(groupware: object = {}): Promise<Desk> {
  const database = await changedSample(() => undefined);
  const config = {
    clarify: { database: { type: 'sqlite', file: database }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
    destinations: { stream: { type: 'feed', folder: 'feed' } },
    groupware: { type: 'folder', folder: 'groupware', users: 'all', write: true, newIds: { by: 'sample' }, ...groupware },
  };
  return { ...install(config), database };
}

/** The cards of a user, each with its file. */
function cardsOf({ folder }: Desk, user: string): ReadonlyMap<string, string> {
  const place = join(folder, 'groupware', user, 'contacts');
  const names = existsSync(place) ? readdirSync(place) : [];
  return new Map(names.map((name) => [join(place, name), readFileSync(join(place, name), 'utf8')]));
}

const namesOf = (made: Desk, user: string) =>
  [...cardsOf(made, user).values()].map((text) => /^FN:(.*)\r$/m.exec(text)?.[1]).sort();

/** The file of a person among the cards of a user. */
function fileOf(made: Desk, user: string, name: string): string {
  const found = [...cardsOf(made, user)].find(([, text]) => text.includes(`\r\nFN:${name}\r\n`));
  if (found === undefined) throw new Error(`${user} has no ${name}`);
  return found[0];
}

function edit(file: string, from: string | RegExp, to: string): void {
  const text = readFileSync(file, 'utf8');
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`it does not say ${String(from)}`);
  writeFileSync(file, edited);
}

async function crm({ database }: Desk, statement: string) {
  const file = await openSqliteFile(database, { readOnly: true });
  const [row] = file.all(statement, {});
  file.close();
  return row;
}

const NORA = "Nora O'Dell";
const NORAS_ROW = 'SELECT phone, mobile_phone, e_mail, title, first_name FROM table_contact WHERE objid = 268435457';

describe('sync of contacts', () => {
  it('puts those that a user has to do with into a folder of the user, once', async () => {
    const made = await desk();
    expect(await made.run(['sync'])).toMatchObject({ code: 0 });
    expect(namesOf(made, 'agent1')).toEqual(['Jürg Ammann', NORA]);
    expect(namesOf(made, 'dkeller')).toEqual(['Jürg Ammann', NORA]);
    expect(namesOf(made, 'sa')).toEqual([]);
    const text = readFileSync(fileOf(made, 'agent1', NORA), 'utf8').replace(/^(UID|REV|X-CRM-LINK):.*\r\n/gm, '');
    expect(text).toBe(
      [
        ...['BEGIN:VCARD', 'VERSION:3.0', 'PRODID:-//publish-activity//groupware//EN', "FN:Nora O'Dell", "N:O'Dell;Nora;;;"],
        ...[
          'ORG:Calder & Sons\\, Dock 3',
          'TITLE:Dock Manager',
          'TEL;TYPE=WORK,VOICE:555-010-2001',
          'TEL;TYPE=CELL:555-010-2101',
        ],
        ...['EMAIL;TYPE=INTERNET,WORK:nora.odell@calder.example'],
        ...[
          'EMAIL;TYPE=INTERNET,WORK;X-CRM-FIELD=OTHER-EMAIL:dock3@calder.example',
          'ADR;TYPE=WORK:;;12 Harbour Way;Austin;TX;78701;',
        ],
        ...['URL:http://server/dovetail/Contacts/Show/268435457', 'END:VCARD', ''],
      ].join('\r\n'),
    );
    expect(await made.run(['sync'])).toMatchObject({ code: 0, stdout: '' });
  });

  it('lets nothing out of what a contact is called', async () => {
    const made = await desk();
    await made.run(['sync', '--user', 'agent2']);
    const [text = ''] = [...cardsOf(made, 'agent2').values()];
    expect(text).toContain('\r\nFN:Eve\\; X-EVIL:1 <b>O\'Neil</b>\\, "Jr"\r\n');
    expect(text.match(/^(X-EVIL|END)/gm)).toEqual(['END']);
  });

  it('takes numbers and addresses from a card into the CRM, and what it has no column for stays on the card', async () => {
    const made = await desk();
    await made.run(['sync']);
    const file = fileOf(made, 'agent1', NORA);
    edit(file, 'WORK,VOICE:555-010-2001', 'WORK,VOICE:555-010-2999');
    edit(file, 'dock3@', 'dock4@');
    edit(file, 'END:VCARD', 'TEL;TYPE=HOME:555-010-9001\r\nNOTE:SECRET\r\nEND:VCARD');
    const own = readFileSync(file, 'utf8');
    expect((await made.run(['sync', '--user', 'agent1'])).stdout).toBe('agent1: 1 written into the CRM\n');
    expect(await crm(made, NORAS_ROW)).toEqual({
      ...{ phone: '555-010-2999', mobile_phone: '555-010-2101', e_mail: 'nora.odell@calder.example' },
      ...{ title: 'Dock Manager', first_name: 'Nora' },
    });
    expect(await crm(made, 'SELECT e_num FROM table_e_addr')).toEqual({ e_num: 'dock4@calder.example' });
    expect(readFileSync(file, 'utf8')).toBe(own);
    expect((await made.run(['why', 'contact', '268435457'])).stdout).not.toMatch(/SECRET|9001/);
  });

  it('brings what one user changes to the card of another one', async () => {
    const made = await desk();
    await made.run(['sync']);
    const others = fileOf(made, 'dkeller', NORA);
    edit(others, 'END:VCARD', 'item1.TEL:1\r\nitem1.X-ABLabel:Mum\r\nEND:VCARD');
    const before = readFileSync(others, 'utf8');
    edit(fileOf(made, 'agent1', NORA), 'CELL:555-010-2101', 'CELL:555-010-2102');
    await made.run(['sync', '--user', 'agent1']);
    await made.run(['sync', '--user', 'dkeller']);
    expect(readFileSync(others, 'utf8').replace(/^REV:.*$/m, '')).toBe(
      before.replace('CELL:555-010-2101', 'CELL:555-010-2102').replace(/^REV:.*$/m, ''),
    );
    // A third one has it, too.
    expect((await made.run(['sync'])).stdout).toBe('pmorales: 1 changed in the groupware\n');
    expect((await made.run(['sync'])).stdout).toBe('');
  });

  it('lets the CRM have the last word about what both sides changed, and keeps the other value', async () => {
    const made = await desk();
    await made.run(['sync']);
    await changeDatabase(made.database, (file) =>
      file.exec("UPDATE table_contact SET title = 'Director' WHERE objid = 268435457"),
    );
    const file = fileOf(made, 'agent1', NORA);
    edit(file, 'TITLE:Dock Manager', 'TITLE:Yard Manager');
    await made.run(['sync', '--user', 'agent1']);
    expect(await crm(made, NORAS_ROW)).toMatchObject({ title: 'Director' });
    expect(readFileSync(file, 'utf8')).toContain('\r\nTITLE:Director\r\n');
    expect((await made.run(['list', '--conflicts'])).stdout).toContain('"Yard Manager" in the groupware; the CRM’s counts');
  });

  it.each([
    ['leaves the card of a contact that drops out of the window alone', false],
    ['takes it away where the configuration says so', true],
  ])('%s', async (_title, removeContacts) => {
    const made = await desk({ removeContacts });
    await made.run(['sync']);
    expect(cardsOf(made, 'agent2').size).toBe(1);
    await changeDatabase(made.database, (file) => file.exec('UPDATE table_task SET task2contact = NULL WHERE objid = 268435460'));
    await made.run(['sync', '--user', 'agent2']);
    expect(cardsOf(made, 'agent2').size).toBe(removeContacts ? 0 : 1);
    const [file] = [...cardsOf(made, 'agent2').keys()];
    if (file !== undefined) edit(file, /^TEL;TYPE=WORK,VOICE:.*\r$/m, 'TEL;TYPE=WORK,VOICE:1\r');
    expect((await made.run(['sync'])).stdout).toBe('');
  });

  it('deletes nobody in the CRM whose card is deleted', async () => {
    const made = await desk();
    await made.run(['sync']);
    rmSync(fileOf(made, 'agent1', NORA));
    await made.run(['sync']);
    expect(await crm(made, NORAS_ROW)).toMatchObject({ first_name: 'Nora' });
    expect(namesOf(made, 'agent1')).toEqual(['Jürg Ammann']);
    expect(namesOf(made, 'dkeller')).toEqual(['Jürg Ammann', NORA]);
  });
});
