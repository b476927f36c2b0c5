// init about Google: users who agree, whose tokens a new key seals, or a service account.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InitOptions } from '../../src/commands/installation/init/desk';
import { CRM, dialogue, FEED, written } from '../support/dialogue';
import { temporaryFolder } from '../support/sample';

const KEY_FILE = 'groupware-vault-key.txt';
const GOOGLE = (...set: readonly string[]): InitOptions => ({
  groupwareType: 'google',
  groupwareSet: ['users=ann, bob', ...set],
});
const CLIENT = ['clientId=1.apps.googleusercontent.com', 'clientSecret=env:GOOGLE_SECRET'];
const OTHER_KEY = 'Zm9yIHRoZSB0ZXN0cyBvZiBpbml0IG9ubHksIDMyIGI=';

/** A key file of a service account; nobody's. */
function serviceAccount(folder: string): string {
  const file = join(folder, 'service.json');
  const key = { client_email: 'sync@p.iam.gserviceaccount.com', private_key_id: 'k1', private_key: 'geheim' };
  writeFileSync(file, JSON.stringify(key));
  return file;
}

describe('init about Google', () => {
  it('asks for the client, makes a key beside the configuration, and says what to do next', async () => {
    const answers = ['feed', 'stream', 'google', 'Ann, bob', '1', '1.apps.googleusercontent.com', 'geheim'];
    const { report, folder, questions, said, secrets } = await dialogue(CRM, { answers });
    expect([report.message, answers]).toEqual([expect.stringContaining(`${KEY_FILE}, `), []]);
    expect(questions.slice(-3)).toEqual([
      'Who logs in there:\n  1  each user, who agrees once (an OAuth client)\n  2  a service account for all\nNumber or name: ',
      expect.stringMatching(/^clientId: the id of the OAuth client/),
      expect.stringMatching(/^\* clientSecret: its secret/),
    ]);
    expect(written(folder)).toMatchObject({
      groupware: {
        ...{ type: 'google', write: false, users: ['Ann', 'bob'], clientId: '1.apps.googleusercontent.com' },
        ...{ clientSecret: { file: 'groupware-client-secret.txt' }, vault: { key: { file: KEY_FILE } } },
      },
    });
    const key = readFileSync(join(folder, KEY_FILE), 'utf8');
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(secrets.map((secret) => secret.reveal())).toEqual(['geheim', key.trim()]);
    const text = readFileSync(join(folder, 'new.json'), 'utf8');
    expect(text).toMatch(/\/\/ The key that tokens are sealed with\. [^\n]*\n[^"]*"vault"/);
    expect(JSON.stringify(report) + said + text).not.toMatch(new RegExp(`geheim|${key.slice(0, 20).replace(/\W/g, '.')}`));
    if (process.platform !== 'win32') expect(statSync(join(folder, KEY_FILE)).mode & 0o777).toBe(0o600);
    const place = ` --config "${join(folder, 'new.json')}"`;
    expect(report.hint?.split('\n')).toEqual(
      expect.arrayContaining([
        `  keep a copy of ${KEY_FILE} where the backups of the ledger are not: without it every user has to agree anew`,
        `  publish-activity connect ann${place}   lets a user agree, as each has to`,
      ]),
    );
  });

  it('makes another key each time, and never one in place of another: what it sealed needs it', async () => {
    const [first, second] = [
      await dialogue({ ...CRM, ...FEED, ...GOOGLE(...CLIENT) }),
      await dialogue({ ...CRM, ...FEED, ...GOOGLE(...CLIENT) }),
    ];
    const keyIn = (folder: string) => readFileSync(join(folder, KEY_FILE), 'utf8');
    const before = keyIn(first.folder);
    expect(before).not.toBe(keyIn(second.folder));
    const again = await dialogue({ ...CRM, ...FEED, ...GOOGLE(...CLIENT), yes: true }, { folder: first.folder });
    expect(again.report.message).toBe(`wrote ${join(first.folder, 'new.json')}`);
    expect(keyIn(first.folder)).toBe(before);
    expect(written(first.folder)).toMatchObject({ groupware: { vault: { key: { file: KEY_FILE } } } });
  });

  it('takes no file for a key that holds none', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, KEY_FILE), 'no key\n');
    const { report } = await dialogue({ ...CRM, ...FEED, ...GOOGLE(...CLIENT) }, { folder });
    expect(report.result).toBe('configuration');
    expect(report.message).toContain('vault.key');
    expect(readdirSync(folder)).toEqual([KEY_FILE]);
  });

  it('takes a key that is named, and makes none then', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'mine.key'), OTHER_KEY);
    const { report } = await dialogue({ ...CRM, ...FEED, ...GOOGLE(...CLIENT, 'vault.key=file:mine.key') }, { folder });
    expect(report.message).toBe(`wrote ${join(folder, 'new.json')}`);
    expect(written(folder)).toMatchObject({ groupware: { vault: { key: { file: join(folder, 'mine.key') } } } });
    expect(report.hint).not.toContain(KEY_FILE);
    expect(report.hint).toContain('connect ann');
  });

  it('asks for the path of a service account’s key file, again where there is none, and nobody has to agree', async () => {
    const folder = temporaryFolder();
    const file = serviceAccount(folder);
    const answers = ['2', 'nowhere.json', 'new.json', file];
    writeFileSync(join(folder, 'new.json'), '{}');
    const { report, questions, said } = await dialogue({ ...CRM, ...FEED, ...GOOGLE() }, { folder, answers, yes: true });
    expect(report.message).toBe(`wrote ${join(folder, 'new.json')}`);
    expect(questions.slice(1, 2)).toEqual([expect.stringMatching(/^serviceAccount: the key file of a service account/)]);
    expect(said).toContain('there is no such file');
    expect(said).toContain('is no key file of a service account');
    expect(written(folder)).toMatchObject({ groupware: { serviceAccount: { file } } });
    expect(written(folder)).not.toHaveProperty('groupware.vault');
    expect(existsSync(join(folder, KEY_FILE))).toBe(false);
    expect(report.hint).not.toContain('connect');
    expect(JSON.stringify(report) + said).not.toContain('geheim');
  });

  it.each<[string, readonly string[], object]>([
    ['a client', CLIENT, { clientSecret: { env: 'GOOGLE_SECRET' }, vault: { key: { file: KEY_FILE } } }],
    ['more than it needs', [...CLIENT, 'calendar=primary', 'batch=shared'], { calendar: 'primary', batch: 'shared' }],
    [
      'a key in a variable of another account',
      [...CLIENT, 'vault.key=env:NOT_SET_HERE'],
      { vault: { key: { env: 'NOT_SET_HERE' } } },
    ],
    ['a service account in such a variable', ['serviceAccount=env:NOT_SET_HERE'], { serviceAccount: { env: 'NOT_SET_HERE' } }],
    ['a service account', ['serviceAccount=file:service.json'], {}],
    ['a service account whose tokens are kept', ['serviceAccount=file:service.json', 'vault.key=file:mine.key'], {}],
  ])('writes what flags say of %s, and asks nothing', async (_, set, groupware) => {
    const folder = temporaryFolder();
    serviceAccount(folder);
    writeFileSync(join(folder, 'mine.key'), OTHER_KEY);
    const { report, questions } = await dialogue({ ...CRM, ...FEED, ...GOOGLE(...set), yes: true }, { folder, answers: [] });
    expect([report.result, questions]).toEqual(['done', []]);
    expect(written(folder)).toMatchObject({ groupware: { type: 'google', write: false, ...groupware } });
    const isMade = set.includes('clientSecret=env:GOOGLE_SECRET') && !set.some((each) => each.startsWith('vault.key='));
    expect(readdirSync(folder).includes(KEY_FILE)).toBe(isMade);
  });

  it.each<[readonly string[], string]>([
    [[], '\n  --groupware-set clientId= --groupware-set clientSecret=, or --groupware-set serviceAccount='],
    [['clientId=1'], '\n  --groupware-set clientSecret='],
    [['vault.key=env:NOT_SET_HERE'], '\n  --groupware-set clientId=\n  --groupware-set clientSecret='],
    [['clientId=1', 'clientSecret=geheim'], '--groupware-set clientSecret= takes env:NAME or file:PATH'],
    [[...CLIENT, 'vault.key=geheim'], '--groupware-set vault.key= takes env:NAME or file:PATH'],
    [['serviceAccount=geheim.json'], '--groupware-set serviceAccount= takes env:NAME or file:PATH'],
    [[...CLIENT, 'calendar=second'], '--groupware-set calendar=: '],
  ])('refuses %j, and writes nothing', async (set, message) => {
    const { report, folder } = await dialogue({ ...CRM, ...FEED, ...GOOGLE(...set) });
    expect(report).toMatchObject({ result: 'usage', message: expect.stringContaining(message) as string });
    expect(report.message).not.toContain('geheim');
    expect(readdirSync(folder)).toEqual([]);
  });
});
