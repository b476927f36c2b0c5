// The fault suite of `sync`: whatever it asks of the outside fails, at every call, once and from then on; then again while the runs recover.
// It has to come to the very end that it comes to when nothing fails.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { itemText } from '../support/item-text';
import { DAY } from '../support/entries';
import { sampleOfDay } from '../support/sample';
import { entriesIn, placeOf } from '../torture/kills/folder';
import { allItems } from '../torture/kills/look';
import { withDatabase } from '../torture/kills/office';
import { chanceOf } from '../torture/sync/random';
import { findWrong, openDesk, recover, standingOf, type Desk, type LinksIn, type Standing } from './desk';
import { Failing, FAULTS, NO_FAULT, type Fault, type Seam } from './seams';

const at = (hour: number) => `2026-12-10T${String(hour).padStart(2, '0')}:00:00`;
const plain = (hour: number) => at(hour).replace(/[-:]/g, '');
const NO_DATE = '1753-01-01T00:00:00';
/** The objids of people and schedules in the sample. */
const OWNERS = { agent1: { user: 268435461, schedule: 268435458 }, dkeller: { user: 268435458, schedule: 268435457 } } as const;

function makeEvents(crm: string, events: readonly (readonly [number, string])[]): void {
  withDatabase(crm, (database) => {
    for (const [number, subject] of events)
      database.exec(`INSERT INTO table_appointment (objid, description, start_time, end_time, duration, cell_text, condition, appt2schedule)
        VALUES (${500 + number}, '${subject}', '${at(number)}', '${at(number + 1)}', 3600, '', 0, ${OWNERS.agent1.schedule})`);
  });
}

function makeTask(crm: string, number: number, subject: string): void {
  withDatabase(crm, (database) =>
    database.exec(`INSERT INTO table_task (objid, task_id, title, notes, start_date, due_date, comp_date, active, task_owner2user)
      VALUES (${500 + number}, '${number}', '${subject}', 'as agreed', '${at(1)}', '${at(number)}', '${NO_DATE}', 1, ${OWNERS.agent1.user})`),
  );
}

/** Somebody puts an entry into the folder. */
function enter(folder: string, kind: 'event' | 'task', number: number): void {
  const ends =
    kind === 'event'
      ? [`DTSTART;TZID=America/Chicago:${plain(number)}`, `DTEND;TZID=America/Chicago:${plain(number + 1)}`]
      : [`DUE;TZID=America/Chicago:${plain(number)}`];
  const lines = [
    `UID:${number}@phone`,
    'DTSTAMP:20260101T000000Z',
    `SUMMARY:K${number} entered there`,
    ...ends,
    `X-OWN;X="a:b":${number}`,
  ];
  writeFileSync(join(placeOf(folder, 'agent1', kind), `${number}.ics`), itemText(kind, lines));
}

/** Somebody changes the file of an entry. */
function edit({ folder }: Desk, token: string, change: (text: string) => string): void {
  const item = allItems(entriesIn(folder)).find((each) => each.token === token);
  if (item !== undefined) writeFileSync(item.path, change(readFileSync(item.path, 'utf8')));
}

const withNotes = (text: string) => text.replace('DESCRIPTION:as agreed', 'DESCRIPTION:as agreed there');

/** What happens before the run in which something fails. */
const STORIES: Readonly<Record<string, (desk: Desk) => void>> = {
  'a first fill': ({ crm }) => {
    makeEvents(crm, [
      [15, 'K15 is new'],
      [16, 'K16 is new'],
    ]);
    makeTask(crm, 17, 'K17 is new');
  },
  'changes on one side each': (desk) => {
    withDatabase(desk.crm, (database) =>
      database.exec("UPDATE table_appointment SET description = 'K1 renamed here' WHERE objid = 501"),
    );
    edit(desk, 'K2', (text) => text.replace(plain(2), plain(20)).replace(plain(3), plain(21)));
    edit(desk, 'K7', (text) => text.replace('STATUS:NEEDS-ACTION', 'STATUS:COMPLETED'));
  },
  'changes on both sides': (desk) => {
    withDatabase(desk.crm, (database) => {
      database.exec("UPDATE table_appointment SET description = 'K3 renamed here' WHERE objid = 503");
      database.exec("UPDATE table_task SET notes = 'as agreed here' WHERE objid = 506");
    });
    edit(desk, 'K3', (text) =>
      text.replace('K3 planned', 'K3 renamed there').replace('END:VEVENT', 'LOCATION:There\r\nEND:VEVENT'),
    );
    edit(desk, 'K6', withNotes);
  },
  'entries that somebody enters': ({ folder }) => {
    enter(folder, 'event', 18);
    enter(folder, 'task', 19);
  },
  'deletions and a gift': (desk) => {
    withDatabase(desk.crm, (database) => {
      database.exec('DELETE FROM table_appointment WHERE objid = 504');
      database.exec(`UPDATE table_appointment SET appt2schedule = ${OWNERS.dkeller.schedule} WHERE objid = 505`);
    });
    edit(desk, 'K5', (text) => text.replace('K5 planned', 'K5 renamed by agent1'));
    for (const item of allItems(entriesIn(desk.folder))) if (item.token === 'K10' || item.token === 'K1') rmSync(item.path);
  },
};

/** A desk at which everything is in step: what people planned, and what they entered. */
async function inStep(linksIn: LinksIn): Promise<Desk> {
  const file = sampleOfDay(DAY);
  withDatabase(file, (database) => database.exec('DELETE FROM table_appointment; DELETE FROM table_task; VACUUM'));
  makeEvents(
    file,
    [1, 2, 3, 4, 5].map((number) => [number, `K${number} planned`]),
  );
  makeTask(file, 6, 'K6 planned');
  makeTask(file, 7, 'K7 planned');
  const desk = openDesk(file, linksIn);
  await recover(desk);
  enter(desk.folder, 'event', 10);
  enter(desk.folder, 'task', 11);
  await recover(desk);
  return desk;
}

/** A desk at which something was begun, and to what it comes when nothing fails: after the first run, and at the end. */
interface Begun {
  readonly desk: Desk;
  readonly first: Standing;
  readonly wanted: Standing;
}

const desks = new Map<string, Begun>();
afterAll(() => {
  for (const { desk } of desks.values()) desk.close();
});

async function begun(name: string, linksIn: LinksIn): Promise<Begun> {
  const known = desks.get(`${linksIn} ${name}`);
  if (known !== undefined) return known;
  const desk = await inStep(linksIn);
  STORIES[name]?.(desk);
  desk.clock.now += 60_000;
  const faultless = desk.copy();
  await faultless.sync();
  const first = await standingOf(faultless);
  await recover(faultless);
  const made = { desk, first, wanted: await standingOf(faultless) };
  faultless.close();
  desks.set(`${linksIn} ${name}`, made);
  return made;
}

/** Tells a story with a fault, and then recovers with another one. Answers what is wrong. */
async function tell(name: string, linksIn: LinksIn, failing: Failing, inRecovery?: Failing): Promise<readonly string[]> {
  const { desk: before, first, wanted } = await begun(name, linksIn);
  const desk = before.copy();
  try {
    const run = await desk.sync(failing);
    const after = await standingOf(desk);
    const recovery = await recover(desk, inRecovery);
    const wrong = await findWrong(desk, { first, wanted }, { run, after, recovery });
    const where = [name, String(failing), ...(inRecovery === undefined ? [] : [`then ${String(inRecovery)}`])].join(': ');
    return wrong.map((each) => `${where}: ${each}`);
  } finally {
    desk.close();
  }
}

/** Lets every call fail, until a run ends clean. */
async function tellAll(name: string, linksIn: LinksIn, fault: Fault, lasts: boolean): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (let nth = 1; ; nth += 1) {
    const failing = new Failing(fault, nth, lasts);
    wrong.push(...(await tell(name, linksIn, failing)));
    if (!failing.struck) return wrong;
  }
}

/** What fails where the links are. Of the ways of a database, one of each sort: about everything, or not; and nobody knows. */
const PLAYS: Readonly<
  Record<LinksIn, { readonly ways: Readonly<Partial<Record<Seam, readonly string[]>>>; readonly stories: readonly string[] }>
> = {
  memory: {
    ways: {
      crm: ['unavailable', 'busy', 'unknown-column'],
      written: ['not-writable', 'busy', 'uncertain', 'uncertain, not made'],
      ledger: ['busy', 'uncertain'],
      folder: ['EIO', 'EACCES', 'done'],
      clock: ['an hour back', 'a day ahead'],
    },
    stories: Object.keys(STORIES),
  },
  sqlite: { ways: { ledger: ['busy', 'uncertain'] }, stories: ['changes on both sides', 'entries that somebody enters'] },
};
const faultsOf = (linksIn: LinksIn) => FAULTS.filter(({ seam, way }) => PLAYS[linksIn].ways[seam]?.includes(way));

describe.each<LinksIn>(['memory', 'sqlite'])('Entries come to the same end, with links in %s,', (linksIn) => {
  it.each(PLAYS[linksIn].stories)(
    'whatever fails, at whatever call, once or from then on: %s',
    async (story) => {
      expect(await tell(story, linksIn, NO_FAULT)).toEqual([]);
      const wrong: string[] = [];
      for (const fault of faultsOf(linksIn))
        for (const lasts of [false, true]) wrong.push(...(await tellAll(story, linksIn, fault, lasts)));
      expect(wrong).toEqual([]);
    },
    120_000,
  );
});

describe('A second fault, while the runs of sync recover from a first one,', () => {
  it('loses nothing, doubles nothing and changes nothing', async () => {
    const seed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000);
    const chance = chanceOf(seed);
    const fault = (most: number) =>
      new Failing(chance.oneOf(faultsOf('memory')) ?? { seam: 'crm', way: 'busy' }, 1 + chance.below(most), chance.happens(0.5));
    const wrong: string[] = [];
    for (let told = 0; told < 80; told += 1)
      wrong.push(...(await tell(chance.oneOf(Object.keys(STORIES)) ?? '', 'memory', fault(12), fault(20))));
    // The seed is how a failure is seen again: FAULTS_SEED=… npx jest tests/faults/sync
    expect({ seed, wrong }).toEqual({ seed, wrong: [] });
  }, 120_000);
});
