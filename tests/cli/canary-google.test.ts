// What `sync` with Google may never carry away: the words of what is nobody else's business in a calendar, and tokens, keys and secrets. Looked
// for in all that it prints, logs and keeps, whatever Google says back.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LEDGER_FILE } from '../../src/config/ledger';
import { filesBelow, placesInLedger } from '../support/canary';
import { withLedgerFile } from '../support/failures';
import { delegatedSettings, googleSettings, keepConsents } from '../support/google-consents';
import { startGoogleSite, VAULT_BYTES, type GoogleSite } from '../support/google-site';
import { DESKTOP_CLIENT } from '../support/google/controls';
import { ended, install, type Installation } from '../support/program';
import { runHere } from '../support/program-here';
import { changedSample, temporaryFolder } from '../support/sample';

/** Who has a calendar here, and their addresses in the sample CRM. */
const USERS = ['pmorales', 'dkeller'];
const emailOf = (login: string) => `${login}@brightwater.example`;
const [EMAIL] = USERS.map(emailOf) as [string];
const TROUBLES = [400, 401, 403, 503];
/** What somebody types at Google in place of a number of the CRM. */
const NEW_PHONE = '555-010-2777';
/** Where the ledger keeps what it compares with, and what gave way. */
const COMPARED = [
  'publish_activity_link.entries',
  ...['publish_activity_write.old_value', 'publish_activity_write.new_value'],
  ...['publish_activity_conflict.crm_value', 'publish_activity_conflict.remote_value'],
];
/** Two days from now, for an hour. */
const TIME = (() => {
  const day = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  return { start: { dateTime: `${day}T15:00:00Z` }, end: { dateTime: `${day}T16:00:00Z` } };
})();
const said = (word: string) => ({ summary: word, location: word, description: word, ...TIME });

/** How the program logs in: what the configuration says of it, and the secrets of that. */
interface Way {
  readonly settings: object;
  readonly secrets: readonly string[];
  /** Those that are sent to where tokens are given; a key never is. */
  readonly sent: readonly string[];
}

/** Everybody agrees, and the ledger keeps it sealed. */
function agreed(site: GoogleSite): Way {
  const secrets = [DESKTOP_CLIENT.secret ?? ''];
  return { settings: googleSettings(site, temporaryFolder()), secrets, sent: secrets };
}

/** A service account asks for everybody. */
function delegated(site: GoogleSite): Way {
  const { settings, privateKey } = delegatedSettings(site, temporaryFolder());
  // A line of the key stands for all of it, however its ends are spelled.
  return { settings, secrets: [privateKey.split('\n')[3] ?? privateKey], sent: [] };
}

const onLinux = process.platform === 'linux' ? it : it.skip;

describe.each([
  ['users agreed', agreed, true],
  ['a service account asks', delegated, false],
] as const)('Over Google, for which %s, what sync', (_, wayOf, hasConsents) => {
  let site: GoogleSite;
  let program: Installation;
  let way: Way;
  let crm: string;
  const printed: string[] = [];
  /** What was asked for by name: what the ledger holds about somebody, and what was written into the CRM. */
  const exported: string[] = [];

  const run = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await runHere(program, words);
    (/^(export|why)$/.test(words[0] ?? '') ? exported : printed).push(stdout, stderr);
    return code;
  };
  const all = async () => {
    for (const words of ['--dry-run --json', '--dry-run --verbose', '--json', '--verbose', ''])
      await run('sync', ...words.split(' ').filter((word) => word !== ''));
    for (const words of ['list --entries --json', 'list --conflicts --json', 'status --json', 'status', 'doctor groupware'])
      await run(...words.split(' '));
    for (const words of ['export pmorales --json', 'connect --list --json']) await run(...words.split(' '));
  };
  /** Everything else that tells something of an entry or a user. */
  const rest = async () => {
    for (const words of ['export pmorales', 'connect --list', 'rekey', 'sync appointment 268435459'])
      await run(...words.split(' '));
    const rows = await withLedgerFile(program.folder, true, (ledger) =>
      ledger.all("SELECT entry_type, objid FROM publish_activity_link WHERE objid > 0 AND login = 'pmorales'", {}),
    );
    for (const row of rows) await run('why', String(row['entry_type']), String(row['objid']), '--json');
  };
  const own = () => site.ownCalendar({ login: '', email: EMAIL, system: 'crm', timeZone: '' });
  const path = (id = '') => `/calendar/v3/calendars/${encodeURIComponent(own())}/events${id && `/${id}`}`;
  const add = (body: object) => (site.server.act(EMAIL, 'POST', path(), body) as { readonly id: string }).id;
  /** Every token that anybody ever got, and what they are made of. */
  const secrets = () => {
    const { access, refresh } = site.server.oauth.tokens;
    return [...access.keys(), ...refresh.keys(), ...way.secrets, VAULT_BYTES.toString('base64'), VAULT_BYTES.toString('hex')];
  };
  const sentForTokens = () => {
    const own = [...site.server.oauth.tokens.refresh.values()].filter(({ email }) => email === EMAIL);
    return [...way.sent, ...own.map(({ token }) => token)];
  };
  const kept = () => [...filesBelow(program.folder), crm, `${crm}-journal`].filter((file) => existsSync(file));
  const saidAndKept = () => [...printed, ...exported, ...kept().map((file) => readFileSync(file).toString('latin1'))].join('\n');

  beforeAll(async () => {
    crm = await changedSample(() => undefined);
    site = await startGoogleSite({ batch: 'shared', busy: true });
    way = wayOf(site);
    program = install({
      clarify: { database: { type: 'sqlite', file: crm }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
      destinations: { stream: { type: 'feed', folder: 'feed' } },
      groupware: { ...way.settings, users: USERS, write: true, newIds: { by: 'sample' } },
    });
    for (const login of USERS) {
      const user = { login, email: emailOf(login), system: 'crm', timeZone: 'America/Chicago' };
      if (hasConsents) site.join(user);
      else site.server.addUser(user.email, user.timeZone);
    }
    if (hasConsents) await keepConsents(join(program.folder, LEDGER_FILE), site.kept.values());
    await run('sync', '--dry-run', '--verbose');
    await run('sync', '--verbose', '--json');
    // Somebody has private things there, and makes others of what was in step.
    const [first, second] = site.server.events(EMAIL, own());
    for (const visibility of ['private', 'confidential']) add({ ...said(`W0RD-${visibility}`), visibility });
    add({
      ...said('W0RD-series'),
      start: { ...TIME.start, timeZone: 'UTC' },
      end: { ...TIME.end, timeZone: 'UTC' },
      recurrence: ['RRULE:FREQ=DAILY'],
    });
    const meeting = add(said('W0RD-meeting'));
    site.server.alter(EMAIL, own(), meeting, (event) => ({ ...event, organizer: { email: 'W0RD-boss@example.com' } }));
    site.server.act(EMAIL, 'POST', '/calendar/v3/calendars/primary/events', { ...said('W0RD-busy'), visibility: 'private' });
    const typed = add(said('W0RD-type'));
    site.server.alter(EMAIL, own(), typed, (event) => ({ ...event, eventType: 'W0RD-new' }));
    site.server.act(EMAIL, 'PATCH', path(first?.id), {
      summary: 'W0RD-became',
      description: 'W0RD-became',
      visibility: 'private',
    });
    site.server.act(EMAIL, 'PATCH', path(second?.id), {
      attendees: [{ email: 'w0rd-guest@example.com', displayName: 'W0RD-guest', comment: 'W0RD-said' }],
    });
    add({ ...said('Entered by Paula'), description: '', extendedProperties: { private: { note: 'W0RD-property' } } });
    // Somebody has another number by now, numbers at home, and friends.
    const [contact] = site.server.contacts.people(EMAIL);
    const [name, numbers] = [contact?.name ?? '', contact?.data['phoneNumbers'] ?? []];
    const { metadata } = site.server.act(EMAIL, 'GET', `/v1/${name}?personFields=metadata`) as { readonly metadata: object };
    const phoneNumbers = [
      ...numbers.map((value) => (value['type'] === 'work' ? { ...value, value: NEW_PHONE } : value)),
      { value: 'W0RD-home', type: 'home' },
    ];
    const change = { metadata, phoneNumbers, nicknames: [{ value: 'W0RD-nick' }], biographies: [{ value: 'W0RD-said' }] };
    const mask = 'phoneNumbers,nicknames,biographies';
    site.server.act(EMAIL, 'PATCH', `/v1/${name}:updateContact?updatePersonFields=${mask}`, change);
    const friend = { names: [{ givenName: 'W0RD-friend' }], phoneNumbers: [{ value: 'W0RD-phone', type: 'work' }] };
    site.server.act(EMAIL, 'POST', '/v1/people:createContact', friend);
    site.server.expireAccessTokens();
    await all();
    await rest();
  }, 120_000);
  afterAll(() => site.close());

  it('did is its work', () => {
    expect(site.server.events(EMAIL, own()).length).toBeGreaterThan(7);
    for (const words of ['Entered by Paula', 'Busy']) expect(readFileSync(crm).toString('latin1')).toContain(words);
    expect(printed.join()).toContain('private');
  });

  it('keeps and tells has no word of what is private, recurs, is another person’s or of no known type', () => {
    expect([...new Set([...saidAndKept().matchAll(/w0rd-\w+/gi)].map(([word]) => word))]).toEqual([]);
  });

  it('does with a telephone number is what it was asked for: it stands in the CRM, at Google and among what is compared', async () => {
    expect(readFileSync(crm).toString('latin1')).toContain(NEW_PHONE);
    const beside = kept().filter((file) => file !== crm && !file.includes(LEDGER_FILE));
    expect([...printed, ...beside.map((file) => readFileSync(file, 'utf8'))].join('\n')).not.toContain(NEW_PHONE);
    const places = await placesInLedger(program.folder, [NEW_PHONE]);
    expect(places).toContain('publish_activity_link.entries');
    expect(places.filter((place) => !COMPARED.includes(place))).toEqual([]);
  });

  it('is told by a Google that says back what it was sent goes no further, and no token, key or secret does', async () => {
    for (const status of TROUBLES)
      for (const method of ['events.list', 'freebusy.query', 'batch', 'token']) {
        // Where tokens are given, nothing is known but what was sent there.
        const words = (method === 'token' ? sentForTokens() : [...secrets(), 'W0RD-echo']).join(' ');
        const error = { code: status, message: words, errors: [{ domain: 'global', reason: 'invalid', message: words }] };
        const body = method === 'token' ? { error: 'server_error', error_description: words } : { error };
        if (method === 'token') site.server.expireAccessTokens();
        site.server.misbehave({ method, times: 4, what: { kind: 'answer', status, body } });
        await run('sync', '--user', 'pmorales', '--json', '--verbose');
        site.server.behave();
      }
    await all();
    const told = [
      ...printed,
      ...kept()
        .filter((file) => !file.includes(LEDGER_FILE))
        .map((file) => readFileSync(file, 'utf8')),
    ].join('\n');
    expect(told).toContain('Google answered');
    expect(secrets().filter((text) => saidAndKept().includes(text))).toEqual([]);
    expect(saidAndKept()).not.toMatch(/w0rd/i);
    expect(await placesInLedger(program.folder, secrets())).toEqual([]);
  }, 120_000);

  it('keeps of tokens stands in the ledger, and only sealed', async () => {
    const rows = await withLedgerFile(program.folder, true, (ledger) => ledger.all('SELECT * FROM publish_activity_consent', {}));
    expect(rows.map((row) => row['login']).sort()).toEqual([...USERS].sort());
    const texts = rows
      .flatMap((row) => Object.entries(row))
      .filter(([column, value]) => column.endsWith('_token') && value !== '');
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.filter(([, value]) => !/^sealed1\./.test(String(value)))).toEqual([]);
  });

  onLinux(
    'is called in the list of processes is its command alone (of Linux only)',
    async () => {
      site.server.misbehave({ method: 'events.list', times: 50, what: { kind: 'hang' } });
      const asked = () => site.server.requests.filter(({ host }) => host === 'calendar').length;
      const before = asked();
      const child = program.start(['sync', '--user', 'pmorales']);
      while (asked() === before && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 10));
      const shown = ['cmdline', 'comm', 'environ'].map((name) => readFileSync(`/proc/${child.pid}/${name}`, 'utf8'));
      const over = ended(child);
      child.kill('SIGKILL');
      await over;
      expect(shown[0]).toMatch(/sync\0--user\0pmorales\0$/);
      expect(secrets().filter((text) => shown.join('\n').includes(text))).toEqual([]);
    },
    60_000,
  );
});
