// Whole runs of `sync` over the sample CRM, and a folder, Radicale or Google, with something wrong about one user: README.md has the list.

import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, type Installation } from '../../support/program';
import { runHere } from '../../support/program-here';
import { changedSample } from '../../support/sample';
import { CONFIGURED, describeOver, itOver, openWorld, type Name, type Not, type Texts, type World } from '../../support/worlds';

jest.setTimeout(60_000);

const LOGINS = ['agent1', 'agent2'];
const userOf = (login: string) => ({ system: 'crm', login, email: '', timeZone: 'America/Chicago' });

let made: Installation;
let world: World;
async function setUp(name: Name): Promise<void> {
  const database = await changedSample(() => undefined);
  world = await openWorld(name, Date.now);
  made = install({
    clarify: { database: { type: 'sqlite', file: database }, timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail' },
    destinations: { stream: { type: 'feed', folder: 'feed' } },
    groupware: { ...world.settings?.(LOGINS), users: LOGINS, write: true, newIds: { by: 'sample' } },
  });
  await world.agree?.(made.folder, LOGINS.map(userOf));
}
afterEach(async () => {
  rmSync(made.folder, { recursive: true, force: true });
  await world.close();
});

const run = (...words: readonly string[]) => runHere(made, words);
const runAt = (offsetMs: number) => runHere(made, ['sync'], { now: () => Date.now() + offsetMs });
const calendar = (login: string): Texts => {
  const texts = world.texts?.(userOf(login), 'event');
  if (texts === undefined) throw new Error('it keeps no texts');
  return texts;
};
const later = async (login: string) => {
  const texts = calendar(login);
  for (const item of await texts.names()) {
    const whole = await texts.read(item);
    const moved = whole.replace(/^(DTSTART;TZID=America\/Chicago:\d{8})T14\d\d/m, '$1T0715');
    if (moved !== whole) await texts.write(item, moved);
  }
};

/** Trouble with a user's calendar and nobody else's: what brings it and takes it away, and what is told of it. */
const TROUBLES: Readonly<
  Partial<Record<Name, { readonly bring: () => Promise<() => unknown>; readonly code: number; readonly words: string }>>
> = {
  folder: {
    bring: () => {
      const broken = world.folder?.at(userOf('agent2'), 'event') ?? '';
      renameSync(broken, `${broken}.away`);
      writeFileSync(broken, '');
      return Promise.resolve(() => {
        rmSync(broken);
        renameSync(`${broken}.away`, broken);
      });
    },
    code: 69,
    words: 'agent2: the folder ',
  },
  Radicale: {
    bring: async () => {
      const [item = ''] = await calendar('agent2').names();
      return world.spoil?.(userOf('agent2'), 'event', item, 'BEGIN:VCALENDAR') ?? (() => undefined);
    },
    code: 75,
    words: 'agent2: the server answered 500',
  },
  Google: {
    bring: () => {
      world.revoke?.(userOf('agent2'));
      return Promise.resolve(() => world.agree?.(made.folder, [userOf('agent2')]));
    },
    code: 77,
    words: 'publish-activity connect agent2 asks for it',
  },
};

describeOver(CONFIGURED, 'a whole run', (name) => {
  beforeEach(() => setUp(name));

  it('17. trouble with one user’s calendar stops nobody else', async () => {
    await run('sync');
    const trouble = TROUBLES[name];
    const mend = await trouble?.bring();
    await later('agent1');
    const ended = await run('sync');
    expect(ended.code).toBe(trouble?.code);
    expect(ended.stdout).toContain('agent1: 1 written into the CRM\n');
    expect(ended.stdout).toContain(trouble?.words);
    expect(ended.stdout.trim().split('\n')).toHaveLength(2);
    await mend?.();
    expect(await run('sync', '--user', 'agent2')).toMatchObject({ code: 0, stdout: '' });
  });

  itOver(
    name,
    '17. an item that nobody can read stops nobody, and no other entry of its user',
    { Radicale: 'it refuses such a text', Google: 'it keeps no texts' },
    async () => {
      await run('sync');
      await calendar('agent1').write('broken', 'BEGIN:VCALENDAR');
      await later('agent1');
      const ended = await run('sync');
      expect(ended).toMatchObject({ code: 0 });
      expect(ended.stdout).toContain('agent1: 1 written into the CRM');
    },
  );

  it('13. what is private is in no output, in no log and not in the ledger', async () => {
    await run('sync');
    const texts = calendar('agent1');
    const [own = '', held = ''] = await texts.names();
    const SECRET = 'canary-7391';
    const lines = `CLASS:PRIVATE\r\nDESCRIPTION:${SECRET}\r\nEND:VEVENT`;
    await texts.write(held, (await texts.read(held)).replace(/SUMMARY:.*/, `SUMMARY:${SECRET}`).replace('END:VEVENT', lines));
    const theirs = (await texts.read(own))
      .replaceAll(/\r\n[ \t]/g, '')
      .replaceAll(/(UID|LOCATION|X-CRM-LINK):.*\r\n/g, '')
      .replace('END:VEVENT', `UID:${SECRET}\r\nCLASS:X-SECRET\r\nLOCATION:${SECRET}\r\nEND:VEVENT`);
    await texts.write(SECRET, theirs);
    const outputs = [];
    for (const words of [
      'sync --dry-run',
      'sync --dry-run --json',
      'sync',
      'sync --json',
      'list --entries',
      'status',
      'list --conflicts',
    ])
      outputs.push(await run(...words.split(' ')));
    expect(outputs.map(({ code }) => code)).toEqual(outputs.map(() => 0));
    expect(outputs[4]?.stdout).toContain('held');
    const kept = readdirSync(made.folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => readFileSync(join(made.folder, name), 'latin1'));
    // A UID is what a groupware calls its entry, and no word of it; this one is never kept either.
    expect([JSON.stringify(outputs), ...kept].filter((all) => all.includes(SECRET))).toEqual([]);
  });

  const FOR_GOOD: Not = { Google: 'nobody puts a calendar back that was deleted there' };
  itOver(
    name,
    '6. a calendar that is gone is told, and so is what is held for it; put back, it goes on by itself',
    FOR_GOOD,
    async () => {
      await run('sync');
      const bringBack = world.takeAway?.(userOf('agent1'));
      expect((await run('sync')).stdout).toMatch(/^agent1: 13 held\n$/);
      expect((await run('status')).stderr).toContain('13 entries are held');
      bringBack?.();
      await later('agent1');
      expect(await run('sync')).toMatchObject({ code: 0, stdout: 'agent1: 1 written into the CRM\n' });
      expect((await run('status')).stderr).not.toContain('held');
    },
  );

  describe.each([
    ['a day ahead', 86_400_000],
    ['a year ahead', 365 * 86_400_000],
    ['an hour behind', -3_600_000],
  ])('a clock that is %s for a while', (_, offsetMs) => {
    it('loses nothing, doubles nothing, and lets nobody wait for a day', async () => {
      await run('sync');
      await runAt(offsetMs);
      await runAt(offsetMs + 60_000);
      const before = await calendar('agent1').names();
      await later('agent1');
      expect(await run('sync')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('agent1: 1 written into the CRM') as string,
      });
      expect(await run('sync')).toMatchObject({ code: 0, stdout: '' });
      expect((await calendar('agent1').names()).toSorted()).toEqual(before.toSorted());
    });
  });
});
