// One configuration with several groupwares, as an administrator meets it: a folder, the stand-in of Google and Debian's Radicale in one run,
// and a user who moves from the folder to Google by agreeing there, and back.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteFile } from '../../src/io/sqlite';
import { DESKTOP_CLIENT } from '../support/google/controls';
import { startGoogleServer, type GoogleServer } from '../support/google/google-server';
import { led, newKey, over, page, type GoogleInstallation } from '../support/connecting';
import { install } from '../support/program';
import { hasRadicale, itemFiles, startRadicale, type Radicale } from '../support/radicale';
import { changedSample } from '../support/sample';

jest.setTimeout(120_000);

const EMAIL = 'agent1@brightwater.example';
const VAULT = { VAULT_KEY: newKey() };
let [google, radicale, here, crm]: [GoogleServer, Radicale | undefined, GoogleInstallation, string] = [] as never;

beforeEach(async () => {
  google = await startGoogleServer();
  google.addUser(EMAIL, 'America/Chicago');
  google.consent({ kind: 'allow', user: EMAIL });
  radicale = hasRadicale ? await startRadicale() : undefined;
  crm = await changedSample(() => undefined);
  here = over(install(configured([])), VAULT);
});
afterEach(async () => {
  await google.close();
  await radicale?.close();
});

/** The configuration in which these are at Google. Whoever is not named elsewhere is kept in step with the folder. */
function configured(atGoogle: readonly string[]) {
  const { calendar, tasks, people, authorize, token, revoke } = google.endpoints;
  const cloud = {
    type: 'google',
    clientId: DESKTOP_CLIENT.id,
    clientSecret: DESKTOP_CLIENT.secret,
    proxy: false,
    users: atGoogle,
  };
  const office = radicale && { type: 'caldav', url: radicale.url, people: { agent2: { password: 'x' } }, users: ['agent2'] };
  return {
    clarify: { database: { type: 'sqlite', file: crm }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
    destinations: { stream: { type: 'feed', folder: 'feed' } },
    deadline: '60s',
    groupware: {
      ...{ type: 'folder', folder: 'groupware', users: ['agent1'], write: true, newIds: { by: 'sample' } },
      firstFill: { entriesPerMinute: 0, usersPerHour: 0 },
      others: {
        cloud: {
          ...cloud,
          vault: { key: { env: 'VAULT_KEY' } },
          endpoints: { calendar, tasks, people, authorize, token, revoke },
        },
        ...(office === undefined ? {} : { office }),
      },
    },
  };
}

function configure(atGoogle: readonly string[]): void {
  writeFileSync(here.program.configFile, JSON.stringify(configured(atGoogle)));
}

const calendarFolder = () => join(here.program.folder, 'groupware', 'agent1', 'calendar');
const files = () => readdirSync(calendarFolder()).filter((name) => name.endsWith('.ics'));
const textsOf = () => files().map((name) => readFileSync(join(calendarFolder(), name), 'utf8'));
const summaryIn = (text: string) => (/^SUMMARY:(.*?)\r?$/m.exec(text)?.[1] ?? '').replaceAll('\\,', ',');
const folderSubjects = () => textsOf().map(summaryIn).sort();
const googleEvents = () =>
  google
    .calendars(EMAIL)
    .filter(({ isPrimary }) => !isPrimary)
    .flatMap(({ id }) => google.events(EMAIL, id));
const googleSubjects = () =>
  googleEvents()
    .map((event) => String(event['summary']))
    .sort();

/** The subjects of the rows that agent1 has of a kind that is written. */
async function appointments(): Promise<readonly string[]> {
  const database = await openSqliteFile(crm, { readOnly: true });
  const rows = database.all('SELECT description FROM table_appointment');
  database.close();
  return rows.map((row) => String(row['description']));
}

it('keeps each user in step with the own groupware, and moves one by an agreement, and back, and doubles nothing', async () => {
  expect((await here.run('sync')).code).toBe(0);
  const before = folderSubjects();
  expect(before.length).toBeGreaterThan(3);
  if (radicale !== undefined)
    expect(itemFiles(radicale.folderOf('agent2/publish-activity-crm-events')).length).toBeGreaterThan(0);
  const rows = (await appointments()).length;

  // Until the user agrees everything goes on where it is.
  configure(['agent1']);
  const own = join(calendarFolder(), 'own.ics');
  const made = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', 'BEGIN:VEVENT', 'UID:own', 'DTSTAMP:20261101T000000Z'];
  const soon = new Date(Date.now() + 86_400_000).toISOString().replace(/[-:]|\.\d+/g, '');
  writeFileSync(
    own,
    [...made, `DTSTART:${soon}`, 'DURATION:PT1H', 'SUMMARY:Own visit', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n'),
  );
  const waiting = await here.run('sync');
  expect(waiting.code).toBe(0);
  expect(googleEvents()).toEqual([]);
  expect((await appointments()).length).toBe(rows + 1);
  expect((await here.run('status')).stdout).toContain('publish-activity connect agent1');

  const connecting = await here.connect('agent1');
  expect(await page(await led(connecting.address))).toContain('Thank you');
  expect((await connecting.end).stderr).toContain('the next sync moves it here from a folder of iCalendar files and vCards');
  const moved = await here.run('sync');
  expect(moved).toMatchObject({ code: 0, stdout: expect.stringContaining('agent1: moves from') as string });
  await here.run('sync');
  expect(googleSubjects()).toEqual([...before, 'Own visit'].sort());
  expect(folderSubjects()).toEqual([...before, 'Own visit'].sort());
  expect((await appointments()).length).toBe(rows + 1);
  expect((await here.run('status')).stdout).toMatch(/groupware of agent1: \d+ entries in step at Google \(cloud\)/);
  const doctor = await here.run('doctor', 'groupware');
  expect(doctor.stdout).toContain('1 user agreed to all that is needed');
  expect((await here.run('connect', '--list')).stdout).toContain(`agent1 agreed as ${EMAIL}`);

  configure([]);
  expect((await here.run('sync')).stdout).toContain('agent1: moves from Google (cloud) to a folder');
  await here.run('sync');
  expect(folderSubjects()).toEqual([...before, 'Own visit'].sort());
  expect((await appointments()).length).toBe(rows + 1);
  expect((await here.run('list', '--entries', '--state', 'held')).stdout.trim()).toBe('');
});
