// A thousand cycles in which nobody does anything: one user with fifty entries, in a CRM's database and in a folder of files, with whatever
// other programs put there. Nothing is written, on either side or into the ledger.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../../src/groupware/folder/index';
import { groupwareTools } from '../../src/parts/groupware';
import { DAY, FIRST, NEVER, NOON, openDesk } from '../support/entries';
import { newLinkStore, openMemoryLinks } from '../support/memory-links';
import { changeDatabase, sampleOfDay, temporaryFolder } from '../support/sample';
import { QUIET } from '../support/site';
import { turn, type AnyCrm, type Place } from '../support/turns';

const USER = 'agent1';
const CYCLES = 1_000;
const MINUTE = 60_000;

/** Rows as people leave them: in every hour of a night in which clocks are set, whole days, of no length, with odd texts. */
const rows = Array.from({ length: 39 }, (_, n) => {
  const day = n % 3 === 0 ? '2027-03-14' : `2026-12-${String(1 + (n % 28)).padStart(2, '0')}`;
  const [begin, end] =
    n % 5 === 0 ? [`${day}T00:00:00`, `${day}T00:00:00`] : [`${day}T0${n % 10}:30:00`, `${day}T${10 + (n % 10)}:15:00`];
  const text = ['Visit', ' Visit;  twice ', 'Zürich, \\n', ''][n % 4] ?? '';
  return `INSERT INTO table_appointment (objid, description, start_time, end_time, duration, appt2schedule)
    VALUES (${FIRST + 1_000 + n}, '${text}', '${begin}', '${end}', ${n % 5 === 0 ? 0 : 2_700}, ${FIRST + 2});`;
});

it('A user with fifty entries has a thousand cycles without a write', async () => {
  const [file, root] = [sampleOfDay(DAY), temporaryFolder()];
  await changeDatabase(file, (crm) => crm.exec(rows.join('\n')));
  const window = { pastMs: 60 * 86_400_000, aheadMs: 300 * 86_400_000 };
  const desk = await openDesk(file, 'sqlite', { reader: { window, notes: ['action_item'] } });
  const store = newLinkStore();
  const tools = groupwareTools(() => place.now);
  const place: Place<AnyCrm> = {
    crm: { reader: desk.reader, writer: desk.writer, creates: desk.writer.creates },
    links: openMemoryLinks(store),
    open: ({ login, email }, kind) =>
      folder.open({ system: 'crm', login, email, timeZone: 'Europe/Zurich' }, kind, { folder: root }, tools),
    now: NOON,
  };
  const cycle = async () => {
    const { done, trouble } = await turn(place, USER);
    place.now += 10 * MINUTE;
    return { ...done, trouble };
  };
  const files = () =>
    ['calendar', 'tasks'].flatMap((kind) => readdirSync(join(root, USER, kind)).map((name) => join(root, USER, kind, name)));
  const dump = async () => [
    files().map((name) => readFileSync(name, 'utf8')),
    await desk.database.query({ text: 'SELECT * FROM table_appointment ORDER BY objid', parameters: {} }, NEVER),
    await desk.database.query({ text: 'SELECT * FROM table_task ORDER BY objid', parameters: {} }, NEVER),
    [...store.links.values(), ...store.conflicts.values()],
  ];

  expect(await cycle()).toEqual({ ...QUIET, created: 50, trouble: '' });
  // Other programs have been there: one spells line breaks its way, one folds lines, and one puts a reminder on everything.
  const alarm = 'BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n';
  files().forEach((name, n) => {
    const text = readFileSync(name, 'utf8').replace(/END:V(EVENT|TODO)/, `COLOR:red\r\n${alarm}$&`);
    writeFileSync(name, n % 2 === 0 ? text.replaceAll('\r\n', '\n') : text.replace('SUMMARY:Vis', 'SUMMARY:Vi\r\n s'));
  });
  expect(await cycle()).toEqual({ ...QUIET, trouble: '' });
  const before = await dump();
  for (let n = 0; n < CYCLES; n += 1) expect([n, await cycle()]).toEqual([n, { ...QUIET, trouble: '' }]);
  expect(await dump()).toEqual(before);
  await desk.close();
  rmSync(root, { recursive: true, force: true });
}, 300_000);
