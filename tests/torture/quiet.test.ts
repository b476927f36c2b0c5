// A thousand cycles in which nobody does anything: one user with entries of all kinds, in a CRM's database and in a groupware, with whatever
// other programs put there. Nothing is written, on either side or into the ledger; and a server is asked one question a collection.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { WORK } from '../../src/clarify/contact-type';
import { Secret } from '../../src/core/secret';
import { ENTRY_KINDS, type EntryKind } from '../../src/core/sync/entry';
import { caldav } from '../../src/groupware/caldav/index';
import { folder } from '../../src/groupware/folder/index';
import { google } from '../../src/groupware/google/index';
import type { Collection, GroupwareUser } from '../../src/groupware/groupware';
import type { Tools } from '../../src/groupware/tools';
import { groupwareTools } from '../../src/parts/groupware';
import { caldavOptions } from '../support/caldav';
import { CARD_DECORATIONS, withCardLines } from '../support/card-text';
import { DAY, FIRST, NEVER, NOON, openDesk, type Desk } from '../support/entries';
import { newLinkStore, openMemoryLinks, type LinkStore } from '../support/memory-links';
import { hasRadicale } from '../support/radicale';
import { changeDatabase, sampleOfDay, temporaryFolder } from '../support/sample';
import { QUIET } from '../support/site';
import { turn, type AnyCrm, type Place } from '../support/turns';
import { GROUPWARES, type GroupwareName, type OfficeGroupware } from './kills/groupware';

const USER = 'agent1';
const CYCLES = 1_000;
const [MINUTE, DAY_MS] = [60_000, 86_400_000];
const BETWEEN_MS = 10 * MINUTE;
const DAYS = Math.floor((CYCLES * BETWEEN_MS) / DAY_MS);

/** Each groupware: how the program opens it, what it is asked in a cycle, and what in those cycles that are not like the others. */
interface Row {
  readonly title: string;
  readonly isThere: boolean;
  readonly asks: Readonly<Record<string, number>>;
  /** How often, by the methods that are used in it. */
  readonly others: Readonly<Record<string, number>>;
  open(user: GroupwareUser, kind: EntryKind, place: OfficeGroupware, tools: Tools): Collection;
}
const ROWS: Readonly<Record<GroupwareName, Row>> = {
  folder: {
    ...{ title: 'in a folder', isThere: true, asks: {}, others: {} },
    open: (user, kind, { configuration }, tools) => folder.open(user, kind, { folder: String(configuration['folder']) }, tools),
  },
  caldav: {
    ...{ title: 'at Radicale (skipped without it)', isThere: hasRadicale, asks: { REPORT: ENTRY_KINDS.length } },
    // Once a day everything is looked for and listed anew.
    others: { 'PROPFIND,REPORT': DAYS },
    // Anew each time, as each run reads its configuration.
    open: (user, kind, { configuration }, tools) => {
      const none = { token: undefined, calendar: undefined, tasks: undefined, addressBook: undefined };
      const people = { [USER]: { ...none, user: USER, password: new Secret('s3cret-of-agent1') } };
      return caldav.open(user, kind, caldavOptions(String(configuration['url']), { people }), tools);
    },
  },
  google: {
    ...{ title: 'at the stand-in of Google', isThere: true, asks: { GET: ENTRY_KINDS.length } },
    // Each hour there is a new token, and once a day the calendar and the list are looked for among all, and listed anew.
    others: { 'GET,POST': Math.floor(CYCLES / 6), GET: DAYS },
    open: (user, kind, { google: site }, tools) => {
      if (site === undefined) throw new Error('it is Google');
      // Nor is there more in common than what the ledger keeps: a quota of Google's counts by the minute.
      const shared: Tools['shared'] = (make) => make();
      return google.open(user, kind, site.options, { ...tools, shared, consents: site.tools.consents });
    },
  },
};

/** Rows as people leave them: in every hour of a night in which clocks are set, whole days, of no length, with odd texts. */
const rows = Array.from({ length: 39 }, (_, n) => {
  const day = n % 3 === 0 ? '2027-03-14' : `2026-12-${String(1 + (n % 28)).padStart(2, '0')}`;
  const [begin, end] =
    n % 5 === 0 ? [`${day}T00:00:00`, `${day}T00:00:00`] : [`${day}T0${n % 10}:30:00`, `${day}T${10 + (n % 10)}:15:00`];
  const text = ['Visit', ' Visit;  twice ', 'Zürich, \\n', ''][n % 4] ?? '';
  return `INSERT INTO table_appointment (objid, description, start_time, end_time, duration, appt2schedule)
    VALUES (${FIRST + 1_000 + n}, '${text}', '${begin}', '${end}', ${n % 5 === 0 ? 0 : 2_700}, ${FIRST + 2});`;
});

/** Other programs have been there: one spells line breaks its way, one folds lines, and one puts something on everything. */
async function decorate(place: OfficeGroupware): Promise<void> {
  const alarm = 'BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\n';
  const paths = ENTRY_KINDS.flatMap((kind) => place.textsOf(USER, kind).map(({ path }) => path));
  for (const [n, path] of paths.entries()) {
    const item = await place.open(path);
    const text = (item?.text ?? '').replace(/END:V(EVENT|TODO)/, `COLOR:red\r\n${alarm}$&`);
    const more = withCardLines(text, CARD_DECORATIONS);
    const spelled = n % 2 === 0 ? more.replaceAll('\r\n', '\n') : more.replace('SUMMARY:Vis', 'SUMMARY:Vi\r\n s');
    expect([path, await item?.save(spelled)]).toEqual([path, true]);
  }
}

/** Everything that stands anywhere: with the times of files, and the revisions of links. */
async function everything(place: OfficeGroupware, desk: Desk, store: LinkStore): Promise<unknown> {
  const rowsOf = (table: string) => desk.database.query({ text: `SELECT * FROM ${table} ORDER BY objid`, parameters: {} }, NEVER);
  return [
    place.everything(),
    await Promise.all(['table_appointment', 'table_task', 'table_contact'].map(rowsOf)),
    [...store.links.values(), ...store.conflicts.values(), ...store.writes.values()],
  ];
}

for (const [name, row] of Object.entries(ROWS) as [GroupwareName, Row][])
  (row.isThere ? it : it.skip)(
    `A user with fifty entries and their contacts has a thousand cycles without a write ${row.title}`,
    async () => {
      const [file, root] = [sampleOfDay(DAY), temporaryFolder()];
      await changeDatabase(file, (crm) => crm.exec(rows.join('\n')));
      mkdirSync(join(root, 'groupware'));
      const groupware = await GROUPWARES[name](join(root, 'groupware'));
      // Where runs are killed, tokens live for seconds; here as long as Google's.
      if (groupware.google !== undefined) groupware.google.server.oauth.tokens.lifetimeS = 3_600;
      const window = { pastMs: 60 * DAY_MS, aheadMs: 300 * DAY_MS };
      const desk = await openDesk(file, 'sqlite', { reader: { window, notes: ['action_item'], contacts: WORK } });
      const [store, asked] = [newLinkStore(), new Map<string, number>()];
      const tools = groupwareTools({ now: () => place.now });
      const http: Tools['http'] = async () => {
        const send = await tools.http();
        return (request, ...more) => {
          asked.set(request.method, (asked.get(request.method) ?? 0) + 1);
          return send(request, ...more);
        };
      };
      const place: Place<AnyCrm> = {
        crm: { reader: desk.reader, writer: desk.writer, creates: desk.writer.creates },
        links: openMemoryLinks(store),
        open: ({ login, email }, kind) =>
          row.open({ system: 'crm', login, email, timeZone: 'Europe/Zurich' }, kind, groupware, { ...tools, http }),
        now: NOON,
        kinds: ENTRY_KINDS,
        rules: { fields: { ...caldav.fields, ...folder.fields } },
      };
      const cycle = async () => {
        groupware.setAhead?.(place.now - Date.now());
        const { done, trouble } = await turn(place, USER);
        place.now += BETWEEN_MS;
        return { ...done, trouble };
      };
      try {
        const { created, trouble } = await cycle();
        const made = Object.fromEntries(ENTRY_KINDS.map((kind) => [kind, groupware.textsOf(USER, kind).length]));
        expect([trouble, made, created]).toEqual(['', { event: 47, task: 3, contact: 2 }, 52]);
        await decorate(groupware);
        expect(await cycle()).toEqual({ ...QUIET, trouble: '' });
        const before = await everything(groupware, desk, store);
        const unlike: Record<string, number> = {};
        for (let n = 0; n < CYCLES; n += 1) {
          asked.clear();
          expect([n, await cycle()]).toEqual([n, { ...QUIET, trouble: '' }]);
          const methods = [...asked.keys()].sort().join();
          if (!isDeepStrictEqual(Object.fromEntries(asked), row.asks)) unlike[methods] = (unlike[methods] ?? 0) + 1;
        }
        expect(await everything(groupware, desk, store)).toEqual(before);
        expect(unlike).toEqual(row.others);
      } finally {
        await desk.close();
        await groupware.close();
        rmSync(root, { recursive: true, force: true });
      }
    },
    300_000,
  );
