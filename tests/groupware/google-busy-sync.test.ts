// Whole runs of `sync` over the sample CRM and Google, with the times at which users are busy: rows come, move and go, and nobody learns why.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEDGER_FILE } from '../../src/config/ledger';
import { filesBelow } from '../support/canary';
import { googleSettings, keepConsents } from '../support/google-consents';
import { startGoogleSite, type GoogleSite } from '../support/google-site';
import { install, type Installation } from '../support/program';
import { runHere } from '../support/program-here';
import { changeDatabase, changedSample, sampleOfDay, temporaryFolder } from '../support/sample';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;
const USER = { login: 'pmorales', email: 'pmorales@brightwater.example', system: 'crm', timeZone: 'America/Chicago' };
const PRIMARY = '/calendar/v3/calendars/primary/events';
/** Of a winter, so that Chicago is six hours behind UTC; the clocks of the program and of Google show it. */
const START = Date.parse('2027-01-12T18:07:31Z');
let [site, program, crm, now]: [GoogleSite, Installation, string, number] = [] as never;

const groupware = (busy: boolean) => ({
  ...{ ...googleSettings(site, temporaryFolder()), busy, users: [USER.login], write: true, newIds: { by: 'sample' } },
  contacts: 'none',
});
const configuration = (busy: boolean) => ({
  clarify: { database: { type: 'sqlite', file: crm }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
  destinations: { stream: { type: 'feed', folder: 'feed' } },
  groupware: groupware(busy),
});

beforeEach(() => begin(sampleOfDay('2027-01-12')));
afterEach(() => site.close());

async function begin(database: string): Promise<void> {
  [crm, now] = [database, START];
  site = await startGoogleSite({ busy: true }, () => now);
  site.join(USER);
  program = install(configuration(true));
  await keepConsents(join(program.folder, LEDGER_FILE), site.kept.values());
}

/** A run, two minutes after the one before: by then listings show what was changed. */
const sync = async () => {
  now += 2 * 60_000;
  const { code, stdout, stderr } = await runHere(program, ['sync', '--verbose'], { now: () => now });
  return { code, said: stdout + stderr };
};
/** Hours of tomorrow, in UTC. */
const times = (begin: number, end: number) => {
  const [start, until] = [begin, end].map((hour) => ({ dateTime: `2027-01-13T${hour}:00:00Z` }));
  return { start, end: until };
};
const enter = (begin: number, end: number) => {
  const words = { summary: 'W0RD', description: 'W0RD', location: 'W0RD', visibility: 'private' };
  return (site.server.act(USER.email, 'POST', PRIMARY, { ...words, ...times(begin, end) }) as { readonly id: string }).id;
};
const move = (id: string, begin: number, end: number) =>
  site.server.act(USER.email, 'PATCH', `${PRIMARY}/${id}`, times(begin, end));
const cancel = (id: string) => site.server.act(USER.email, 'DELETE', `${PRIMARY}/${id}`);
/** What the CRM has of tomorrow that came from there, by the clock of the site. */
async function rows(subjects = ['Busy']): Promise<readonly string[]> {
  const found: string[] = [];
  await changeDatabase(crm, (database) => {
    for (const row of database.all('SELECT objid, description, start_time, end_time FROM table_appointment ORDER BY start_time'))
      if (subjects.includes(String(row['description'])))
        found.push(
          `${String(row['description'])} ${String(row['start_time']).slice(11, 16)} ${String(row['end_time']).slice(11, 16)}`,
        );
  });
  return found;
}

it('brings them into the CRM, follows them, and has not a word of what they are about', async () => {
  const [review, lunch] = [enter(15, 16), enter(18, 19)];
  expect(await sync()).toMatchObject({ code: 0 });
  expect(await rows()).toEqual(['Busy 09:00 10:00', 'Busy 12:00 13:00']);

  expect(await sync()).toMatchObject({ code: 0 });
  const [file, calls, events] = [
    readFileSync(crm),
    site.server.calls.length,
    site.server.events(USER.email, site.ownCalendar(USER)),
  ];
  expect(await sync()).toMatchObject({ code: 0, said: expect.stringMatching(/: 1 user in step\n$/) });
  expect(
    site.server.calls
      .slice(calls)
      .map(({ method }) => method)
      .sort(),
  ).toEqual(['events.list', 'freebusy.query']);
  expect(readFileSync(crm).equals(file)).toBe(true);
  expect(site.server.events(USER.email, site.ownCalendar(USER))).toEqual(events);

  move(review, 16, 17);
  cancel(lunch);
  expect(await sync()).toMatchObject({ code: 0 });
  expect(await rows()).toEqual(['Busy 10:00 11:00']);
  move(review, 15, 16);
  expect(await sync()).toMatchObject({ code: 0 });
  expect(await rows()).toEqual(['Busy 09:00 10:00']);

  // What is over stays, also where somebody deletes it then.
  now += 2 * DAY_MS;
  cancel(review);
  expect(await sync()).toMatchObject({ code: 0 });
  now += DAY_MS;
  expect(await sync()).toMatchObject({ code: 0 });
  expect(await rows()).toEqual(['Busy 09:00 10:00']);

  const everything = [crm, ...filesBelow(program.folder)].map((each) => readFileSync(each).toString('latin1')).join('\n');
  expect(everything).toContain('Busy');
  expect(everything).not.toContain('W0RD');
});

it('needs no calendar for that, and makes none', async () => {
  await site.close();
  // Of a day that is too long ago: there is nothing to be kept in Google’s calendar.
  await begin(await changedSample((database) => void database.run('DELETE FROM table_appointment')));
  const [review] = [enter(15, 16), enter(18, 19)];
  await sync();
  expect(await rows()).toEqual(['Busy 09:00 10:00', 'Busy 12:00 13:00']);
  move(review, 16, 17);
  await sync();
  expect(await rows()).toEqual(['Busy 10:00 11:00', 'Busy 12:00 13:00']);
  now += 2 * DAY_MS;
  expect(await sync()).toMatchObject({ code: 0 });
  expect(await rows()).toEqual(['Busy 10:00 11:00', 'Busy 12:00 13:00']);
  expect(site.server.calendars(USER.email)).toHaveLength(1);
});

it('leaves a row alone that somebody changed or deleted in the CRM', async () => {
  const [moved, renamed] = [enter(15, 16), enter(17, 18), enter(19, 20)];
  await sync();
  await changeDatabase(crm, (database) => {
    const at = (hour: string) => `description = 'Busy' AND start_time LIKE '%${hour}:00%'`;
    database.run(`UPDATE table_appointment SET start_time = replace(start_time, '09:00', '08:00') WHERE ${at('09')}`);
    database.run(`UPDATE table_appointment SET description = 'Dentist' WHERE ${at('11')}`);
    database.run(`DELETE FROM table_appointment WHERE ${at('13')}`);
  });
  const left = ['Busy 08:00 10:00', 'Dentist 11:00 12:00'];
  for (let again = 0; again < 3; again += 1) {
    expect(await sync()).toMatchObject({ code: 0 });
    expect(await rows(['Busy', 'Dentist'])).toEqual(left);
  }
  for (const id of [moved, renamed]) cancel(id);
  expect(await sync()).toMatchObject({ code: 0 });
  expect(await rows(['Busy', 'Dentist'])).toEqual(left);
  expect((await runHere(program, ['status', '--check'])).code).toBe(0);
});

it('takes back the rows of what is to come once it is switched off', async () => {
  enter(15, 16);
  enter(18, 19);
  await sync();
  now = Date.parse('2027-01-13T17:00:00Z');
  writeFileSync(program.configFile, JSON.stringify(configuration(false)));
  expect(await sync()).toMatchObject({ code: 0 });
  expect(await rows()).toEqual(['Busy 09:00 10:00']);
});
