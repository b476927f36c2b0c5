import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InitOptions } from '../../src/commands/installation/init/desk';
import type { Raw } from '../../src/commands/installation/init/draft';
import { readOldConfig } from '../../src/commands/installation/init/old-config';
import { destinationQuestions, waysOf } from '../../src/commands/installation/init/questions';
import { configText } from '../../src/commands/installation/init/config-text';
import { destinationTypes, loadDestinationType } from '../../src/destinations/index';
import { parseJson } from '../../src/io/json-document';
import { CRM, dialogue, FEED, written } from '../support/dialogue';
import { temporaryFolder } from '../support/sample';

const OLD = (database: string, type = 'MSSQL') => `<?xml version="1.0"?>
<configuration><appSettings>
  <!-- <add key="connectionString" value="Data Source=elsewhere" /> -->
  <add key="connectionString" value="${database}" />
  <add value='${type}' key='databaseType'/>
  <add key="enableLogging" value="true" />
</appSettings></configuration>`;

describe('init', () => {
  it('writes what flags say, without a question', async () => {
    const { report, folder, questions } = await dialogue({ ...CRM, ...FEED });
    expect(report).toMatchObject({ result: 'done', message: `wrote ${join(folder, 'new.json')}` });
    expect(questions).toEqual([]);
    expect(readdirSync(folder)).toEqual(['new.json']);
    expect(written(folder)).toEqual({
      clarify: {
        database: {
          type: 'sqlserver',
          server: 'clarify-db',
          database: 'clarify',
          user: 'reader',
          password: { env: 'CLARIFY_PASSWORD' },
        },
        timeZone: 'America/Chicago',
        agentUrl: 'http://server/dovetail',
        wording: 'sentences',
      },
      destinations: { feed: { type: 'feed', folder: 'stream' } },
    });
    expect(readFileSync(join(folder, 'new.json'), 'utf8')).toMatch(/^\/\/ The configuration of publish-activity/);
  });

  it('says on Windows that the folder is what keeps a secret', async () => {
    const crm: InitOptions = Object.fromEntries(Object.entries(CRM).filter(([name]) => name !== 'password'));
    const { report } = await dialogue({ ...crm, ...FEED }, { answers: ['hush-hush'], platform: 'win32' });
    expect(report.hint).toContain('close the folder of clarify-password.txt to everybody but the account of the rules');
  });

  it('says what to do next', async () => {
    const { report, folder } = await dialogue({ ...CRM, ...FEED });
    const place = ` --config "${join(folder, 'new.json')}"`;
    expect(report.hint?.split('\n').map((line) => line.split('   ')[0])).toEqual([
      'what to do next:',
      `  publish-activity doctor${place}`,
      `  publish-activity test feed${place}`,
      `  publish-activity rule case${place}`,
      `  publish-activity Case <dbId> <activityObjid> --dry-run${place}`,
    ]);
  });

  it('names every flag that is missing where nobody can be asked', async () => {
    const { report, folder } = await dialogue({ server: 'clarify-db', destinationType: 'slack' });
    expect(report).toMatchObject({ result: 'usage' });
    expect(report.message.split('\n').slice(1)).toEqual([
      '  --database',
      '  --user',
      '  --password',
      '  --time-zone',
      '  --agent-url',
      '  --set webhookUrl=, or --set token= --set channel=',
    ]);
    expect(readdirSync(folder)).toEqual([]);
    const chosen = await dialogue({ ...CRM, destinationType: 'slack', set: ['channel=C012AB3CD'] });
    expect(chosen.report.message.split('\n').slice(1)).toEqual(['  --set token=']);
    const none = await dialogue(CRM);
    expect(none.report.message.split('\n').slice(1)).toEqual(['  --destination-type']);
  });

  it('asks for the rest, asks again for what the check refuses, and keeps secrets in files of their own', async () => {
    const answers = [
      'clarify-db\\CRM',
      ' clarify ',
      '',
      'reader',
      'pa:ß wörd ',
      'chicago',
      'America/Chicago',
      'server/dovetail',
      'http://server/dovetail',
      '99',
      'slack',
      '2',
      'xoxb-geheim',
      '#support',
      'C012AB3CD',
      '',
    ];
    const { report, folder, questions, said, secrets } = await dialogue({}, { answers });
    expect(report.result).toBe('done');
    expect(questions.at(-1)).toMatch(/^Calendars and tasks, kept in step with:\n {2}1 {2}none\n[^]*\[none\]: $/);
    expect(written(folder)).not.toHaveProperty('groupware');
    expect(questions.filter((question) => question.startsWith('*'))).toEqual([
      '* Its password: ',
      expect.stringMatching(/^\* token: the bot token of a Slack app/),
    ]);
    expect(said.split('\n').filter((line) => line !== '')).toEqual([
      '  "chicago" is no time zone; did you mean America/Chicago?',
      '  is not an address that starts with http:// or https://',
      'Where the credentials come from: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
      expect.stringMatching(/^ {2}"#support" is not the id of a channel/),
    ]);
    expect(written(folder)).toMatchObject({
      clarify: { database: { server: 'clarify-db', instance: 'CRM', password: { file: 'clarify-password.txt' } } },
      destinations: { slack: { type: 'slack', token: { file: 'slack-token.txt' }, channel: 'C012AB3CD' } },
    });
    expect(readFileSync(join(folder, 'clarify-password.txt'), 'utf8')).toBe('pa:ß wörd \n');
    expect(secrets.map((secret) => secret.reveal())).toEqual(['pa:ß wörd ', 'xoxb-geheim']);
    expect(JSON.stringify(report) + said + readFileSync(join(folder, 'new.json'), 'utf8')).not.toMatch(/wörd|geheim/);
    expect(report.hint).toContain('let the account of the rules read clarify-password.txt and slack-token.txt');
    if (process.platform !== 'win32') {
      const modes = ['clarify-password.txt', 'slack-token.txt'].map((name) => statSync(join(folder, name)).mode & 0o777);
      expect(modes).toEqual([0o600, 0o600]);
    }
  });

  describe('about a groupware', () => {
    const FOLDER: InitOptions = { groupwareType: 'folder', groupwareSet: ['folder=calendars', 'users=ann, bob'] };

    it('writes what flags say, with writing into the CRM off', async () => {
      const { report, folder, questions } = await dialogue({ ...CRM, ...FEED, ...FOLDER });
      expect([report.result, questions]).toEqual(['done', []]);
      expect(written(folder)).toMatchObject({
        groupware: { type: 'folder', write: false, folder: 'calendars', users: ['ann', 'bob'] },
      });
      expect(report.hint).toContain('publish-activity sync --dry-run --config');
      expect(readFileSync(join(folder, 'new.json'), 'utf8')).toMatch(
        /\/\/ Nothing is written into the CRM yet\.[^\n]*\n[^"]*"write": false/,
      );
    });

    it('asks for the rest, again where the check refuses an answer', async () => {
      const answers = ['feed', 'stream', '2', 'calendars', ',', 'all'];
      const { report, folder, said } = await dialogue(CRM, { answers });
      expect(report.result).toBe('done');
      expect(said).toContain('is not a login');
      expect(written(folder)).toMatchObject({ groupware: { type: 'folder', folder: 'calendars', users: 'all', write: false } });
    });

    it.each<[InitOptions, string]>([
      [{ groupwareType: 'foldr' }, '--groupware-type: no type is called "foldr"'],
      [{ groupwareType: 'folder', groupwareSet: ['users'] }, '--groupware-set: "users" is not written like key=value'],
      [{ groupwareType: 'folder', groupwareSet: ['users=,'] }, '--groupware-set users=: '],
      [{ groupwareType: 'folder' }, '\n  --groupware-set folder=\n  --groupware-set users='],
      [{ groupwareSet: ['users=all'] }, '\n  --groupware-type'],
    ])('refuses %j', async (options, message) => {
      const { report, folder } = await dialogue({ ...CRM, ...FEED, ...options });
      expect(report).toMatchObject({ result: 'usage', message: expect.stringContaining(message) as string });
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  describe('about a groupware with logins', () => {
    const CALDAV = (...set: readonly string[]): InitOptions => ({
      groupwareType: 'caldav',
      groupwareSet: ['url=https://cal.example.com', ...set],
    });

    it('asks for the password of each user, and keeps each in a file of its own', async () => {
      const answers = ['feed', 'stream', 'caldav', 'http://cal.example.com', 'https://cal.example.com', 'Ann, bob/x, ann', '1'];
      const { report, folder, questions, said } = await dialogue(CRM, { answers: [...answers, 'geheim-1', 'geheim-2'] });
      expect(report).toMatchObject({ result: 'done' });
      expect(said).toContain('is not https, so passwords and entries could be read on the way');
      expect(questions.slice(-3)).toEqual([
        expect.stringMatching(/^Who logs in there:\n {2}1 {2}each user with a password of their own\n/),
        '* ann, password: the password of the login: ',
        '* bob/x, password: the password of the login: ',
      ]);
      expect(questions.join('')).not.toContain('nobody: the server is on this host');
      expect(written(folder)).toMatchObject({
        groupware: {
          users: ['Ann', 'bob/x', 'ann'],
          people: {
            ann: { password: { file: 'groupware-ann-password.txt' } },
            'bob/x': { password: { file: 'groupware-bob%2Fx-password.txt' } },
          },
        },
      });
      expect(readFileSync(join(folder, 'groupware-bob%2Fx-password.txt'), 'utf8')).toBe('geheim-2\n');
      expect(JSON.stringify(report) + said + readFileSync(join(folder, 'new.json'), 'utf8')).not.toContain('geheim');
    });

    it('asks for the one login of all, where everybody is kept in step no other way', async () => {
      const answers = ['2', 'geheim', '/{login}/'];
      const { report, folder, questions } = await dialogue({ ...CRM, ...FEED, ...CALDAV('users=all') }, { answers });
      expect(report.result).toBe('done');
      expect(questions[0]).toBe(
        'Who logs in there:\n  1  all with one login and its password\n  2  all with one token\nNumber or name: ',
      );
      expect(written(folder)).toMatchObject({
        groupware: { users: 'all', token: { file: 'groupware-token.txt' }, principal: '/{login}/' },
      });
    });

    it.each<[string, readonly string[], object]>([
      [
        'a login for all',
        ['users=all', 'user=crm', 'password=env:PW', 'principal=/{login}/'],
        { user: 'crm', password: { env: 'PW' }, principal: '/{login}/' },
      ],
      [
        'a login of one user, who has more of their own',
        ['users=p.morales', 'people.P.Morales.password=env:PW', 'people.p.morales.user=pm', 'people.p.morales.calendar=Work'],
        { people: { 'p.morales': { password: { env: 'PW' }, user: 'pm', calendar: 'Work' } } },
      ],
      ['logins of some of all users', ['users=all', 'people.ann.token=env:T'], { people: { ann: { token: { env: 'T' } } } }],
      [
        'a network that is trusted, said at the end',
        ['url=http://cal.example.com', 'users=ann', 'people.ann.password=env:PW', 'insecure=true'],
        { insecure: true, url: 'http://cal.example.com' },
      ],
      [
        'a server of this host without logins',
        ['url=http://127.0.0.1:5232', 'users=all', 'principal=/{login}/'],
        { principal: '/{login}/' },
      ],
    ])('writes what flags say of %s', async (_, set, groupware) => {
      const { report, folder, questions } = await dialogue({ ...CRM, ...FEED, ...CALDAV(...set) });
      expect([report.message, questions]).toEqual([`wrote ${join(folder, 'new.json')}`, []]);
      expect(written(folder)).toMatchObject({ groupware: { type: 'caldav', write: false, ...groupware } });
    });

    it.each<[readonly string[], string]>([
      [
        ['users=ann'],
        '\n  --groupware-set people.LOGIN.password=, or --groupware-set people.LOGIN.token=, or --groupware-set user= ' +
          '--groupware-set password= --groupware-set principal=, or --groupware-set token= --groupware-set principal=',
      ],
      [['users=ann, bob', 'people.ann.password=env:PW'], '\n  --groupware-set people.bob.password='],
      [['users=all', 'user=crm'], '\n  --groupware-set password=\n  --groupware-set principal='],
      [['users=ann', 'people.ann.password=hush-hush'], '--groupware-set people.ann.password= takes env:NAME or file:PATH'],
      [['users=ann', 'people.ann.pasword=x', 'people.ann.token=env:T'], '--groupware-set people.ann.pasword=: is no key'],
    ])('refuses %j', async (set, message) => {
      const { report, folder } = await dialogue({ ...CRM, ...FEED, ...CALDAV(...set) });
      expect(report).toMatchObject({ result: 'usage', message: expect.stringContaining(message) as string });
      expect(report.message).not.toContain('hush');
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it('writes nothing where the answers end, or nobody is to be asked', async () => {
    const ended = await dialogue(CRM, { answers: ['slack'] });
    expect(ended.report).toMatchObject({ result: 'usage', message: 'nothing was written, because the answers ended' });
    expect(readdirSync(ended.folder)).toEqual([]);
    const silent = await dialogue({ ...CRM, yes: true }, { answers: ['slack'] });
    expect(silent.report.message).toMatch(/^with --yes nobody is asked/);
    expect(silent.questions).toEqual([]);
  });

  it.each<[string, InitOptions, RegExp]>([
    ['a zone', { timeZone: 'Mars' }, /^--time-zone: "Mars" is no time zone/],
    ['an address', { agentUrl: 'dovetail' }, /^--agent-url: is not an address/],
    ['a password itself', { password: 'hush-hush' }, /^--password takes env:NAME or file:PATH/],
    [
      'a file that is not there',
      { password: 'file:nowhere.txt' },
      /^--password: the file .*nowhere\.txt cannot be read: there is no such file/,
    ],
    ['a type', { destinationType: 'slak' }, /^--destination-type: no type is called "slak"/],
    ['a name', { destinationName: 'a b' }, /^--destination-name: "a b" is not a name/],
    ['a key', { set: ['folder=x', 'kep=3'] }, /^--set kep=: is no key that belongs here; did you mean keep\?/],
    ['a number', { set: ['folder=x', 'keep=many'] }, /^--set keep=: "many" is not a whole number/],
    ['a setting', { set: ['folder'] }, /^--set: "folder" is not written like key=value/],
    [
      'a secret setting',
      { destinationType: 'slack', set: ['webhookUrl=https://x.example/geheim'] },
      /^--set webhookUrl= takes env:NAME/,
    ],
    ['a name of a file', { output: 'new.yaml' }, /^--output: the name has to end in \.json/],
  ])('refuses %s that is wrong', async (_, wrong, message) => {
    const { report, folder } = await dialogue({ ...CRM, ...FEED, ...wrong });
    expect(report).toMatchObject({ result: 'usage', message: expect.stringMatching(message) });
    expect(report.message + (report.hint ?? '')).not.toMatch(/hush|geheim/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes a reference to a file from the place where it is typed', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'pw'), 'secret\n');
    mkdirSync(join(folder, 'etc'));
    await dialogue({ ...CRM, ...FEED, password: 'file:pw', output: join('etc', 'new.json') }, { folder });
    expect(written(join(folder, 'etc'))).toMatchObject({ clarify: { database: { password: { file: join(folder, 'pw') } } } });
  });

  it('replaces nothing unless somebody says so', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'new.json');
    writeFileSync(file, 'old');
    const { report } = await dialogue({ ...CRM, ...FEED }, { folder });
    expect(report).toMatchObject({ result: 'usage', message: `nothing was written: ${file} is there already` });
    expect((await dialogue({ ...CRM, ...FEED }, { folder, answers: [], yes: false })).report.result).toBe('usage');
    expect(readFileSync(file, 'utf8')).toBe('old');
    const asked = await dialogue({ ...CRM, ...FEED }, { folder, answers: [], yes: true });
    expect(asked.questions).toEqual([`${file} would be replaced. Replace?`]);
    expect(asked.report.result).toBe('done');
    writeFileSync(file, 'old');
    expect((await dialogue({ ...CRM, ...FEED, yes: true }, { folder })).report.result).toBe('done');
    expect(readFileSync(file, 'utf8')).not.toBe('old');
  });

  it('asks before it replaces a secret, too', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'clarify-password.txt'), 'mine');
    const { password, ...rest } = CRM;
    expect(password).toBeDefined();
    const { report } = await dialogue({ ...rest, ...FEED }, { folder, answers: ['theirs'], yes: false });
    expect(report.message).toContain('clarify-password.txt is there already');
    expect(readFileSync(join(folder, 'clarify-password.txt'), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'new.json'))).toBe(false);
  });

  it.each<[NodeJS.Platform, object]>([
    ['win32', { log: undefined, ledger: undefined }],
    [
      'linux',
      {
        log: '/var/log/publish-activity/publish-activity.log',
        ledger: { type: 'sqlite', file: '/var/lib/publish-activity/publish-activity.ledger' },
      },
    ],
  ])('stands in the folder of the machine where nothing else is said: %s', async (platform, places) => {
    const { report, folder } = await dialogue({ ...CRM, ...FEED }, { platform, output: undefined });
    expect(report).toMatchObject({ result: 'done', hint: expect.not.stringContaining('--config') });
    const { log, ledger } = written(join(folder, 'machine'), 'publish-activity.config.json') as Raw;
    expect({ log, ledger }).toEqual(places);
  });

  it('says what cannot be written', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const { report } = await dialogue({ ...CRM, ...FEED, output: join('file', 'new.json') }, { folder });
    expect(report).toMatchObject({ result: 'configuration', message: expect.stringMatching(/^it cannot be written: E/) });
  });
});

describe('the questions about a destination', () => {
  it.each(Object.keys(destinationTypes))('follow from the options of %s', async (name) => {
    const type = await loadDestinationType(name);
    if (type === undefined) throw new Error('there is no such type');
    const { schema } = type.options;
    const ways = waysOf(schema);
    expect(ways.length).toBeGreaterThan(0);
    for (const way of ways) {
      expect(way.length).toBeGreaterThan(0);
      const questions = destinationQuestions(name, way, schema, new Map());
      expect(questions.map(({ words }) => words)).toEqual(
        way.map((key): unknown => expect.stringMatching(new RegExp(`^${key}: \\S`))),
      );
      const secrets = questions.filter(({ secretFile }) => secretFile !== undefined).map(({ key }) => key);
      expect(secrets).toEqual(
        way.filter((key) => /password|token|webhookUrl/.test(key) || (name === 'webhook' && key === 'url')),
      );
    }
  });

  it('make a list of what stands between commas', async () => {
    const { folder } = await dialogue({
      ...CRM,
      destinationType: 'email',
      set: ['host=mail.example.com', 'from=crm@example.com', 'to=a@example.com, b@example.com', 'port=2525', 'threads=false'],
    });
    expect(written(folder)).toMatchObject({
      destinations: { email: { to: ['a@example.com', 'b@example.com'], port: 2525, threads: false } },
    });
  });
});

describe('init with an old dovetail.config', () => {
  const rest = { timeZone: 'America/Chicago', agentUrl: 'http://server/dovetail', ...FEED, from: 'dovetail.config' };

  it('takes server, database and login, and keeps the words of 2010', async () => {
    const folder = temporaryFolder();
    const text = OLD('Data Source=clarify-db,1444;Initial Catalog=dovetail;uid=sa;pwd=old&amp;secret');
    writeFileSync(join(folder, 'dovetail.config'), `\uFEFF${text}`, 'utf16le');
    const { report, secrets } = await dialogue(rest, { folder });
    expect(report.result).toBe('done');
    expect(written(folder)).toMatchObject({
      clarify: {
        database: {
          type: 'sqlserver',
          server: 'clarify-db',
          port: 1444,
          database: 'dovetail',
          user: 'sa',
          password: { file: 'clarify-password.txt' },
          encrypt: false,
        },
        wording: '2010',
      },
    });
    expect(readFileSync(join(folder, 'clarify-password.txt'), 'utf8')).toBe('old&secret\n');
    expect(secrets.map((secret) => secret.reveal())).toContain('old&secret');
    expect(JSON.stringify(report)).not.toContain('old&secret');
  });

  it('asks for what the old file has in a way that does not do any more', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'dovetail.config'), OLD('Data Source=db;Initial Catalog=dovetail;Integrated Security=SSPI'));
    const { report, said, questions } = await dialogue(rest, { folder, answers: ['reader', 'secret'] });
    expect(said).toContain('signs in as a Windows account');
    expect(questions).toEqual([expect.stringMatching(/^The SQL Server login/), '* Its password: ']);
    expect(report.result).toBe('done');
  });

  it.each([
    [OLD('Data Source=x', 'ORACLE'), /says that the database is ORACLE/],
    ['<configuration/>', /has no key connectionString/],
    ['not even XML', /has no key connectionString/],
  ])('refuses one of no use: %#', (xml, message) => {
    expect(() => readOldConfig('dovetail.config', xml)).toThrow(message);
  });

  it.each([
    ['connectionString', 'databaseType'],
    ['fchoice.connectionString', 'fchoice.dbtype'],
    ['DovetailDatabaseSettings.ConnectionString', 'DovetailDatabaseSettings.Type'],
    ['DovetailCRMSettings.DatabaseConnectionString', 'DovetailCRMSettings.DatabaseType'],
  ])('reads %s of appSettings, and no other section', (key, type) => {
    const connectionString = 'Data Source=.;Initial Catalog=c;uid=u;pwd=p';
    const xml = `<configuration>
      <connectionStrings><add key="connectionString" value="Data Source=other"/></connectionStrings>
      <appSettings><add key="${type}" value="" /><add key="${key}" value=" ${connectionString} "/></appSettings>
    </configuration>`;
    expect(readOldConfig('f', xml)).toMatchObject({ server: 'localhost', database: 'c', user: 'u', notes: [] });
  });

  it.each(['dbType', 'fchoice.dbtype', 'DovetailDatabaseSettings.Type', 'DovetailCRMSettings.DatabaseType'])(
    'refuses another database that %s names',
    (key) => {
      const xml = `<appSettings><add key="${key}" value="Oracle"/><add key="connectionString" value="Data Source=x"/></appSettings>`;
      expect(() => readOldConfig('f', xml)).toThrow(/says that the database is Oracle/);
    },
  );

  it('says yes to encryption that nobody can read', () => {
    const xml = OLD('Data Source=db;Initial Catalog=c;uid=u;pwd=p;Encrypt=Stirct');
    expect(readOldConfig('f', xml)).toMatchObject({ encrypt: true, notes: [expect.stringContaining('for Encrypt')] });
  });

  it('says that it is not there', async () => {
    expect((await dialogue(rest)).report).toMatchObject({
      result: 'usage',
      message: expect.stringContaining('there is no such file'),
    });
  });
});

describe('the text of a new configuration', () => {
  it('is JSON with comments above the keys, which reads back the same', () => {
    const config = { a: { b: 1, c: 'x "y"\n' }, d: [1, 'two'], e: { file: 'f' } };
    const text = configText(config, { '': 'All of it.', 'a.b': 'One.', e: `Long ${'word '.repeat(40)}` });
    expect(parseJson(text)).toMatchObject({ value: config, problems: [] });
    expect(text.split('\n').slice(0, 5)).toEqual(['// All of it.', '{', '  "a": {', '    // One.', '    "b": 1,']);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(125);
    expect(text).toContain('  "e": { "file": "f" }\n');
  });
});
