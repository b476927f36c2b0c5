import { join } from 'node:path';
import { changed, env, partsWith, readFrom, refusalOf, sample, temporaryFolder, write } from './configuration';

const folder = temporaryFolder();
const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
write(join(folder, 'company.pem'), pem);
let count = 0;

/** Writes the sample with changes into a file of its own. */
function configFile(changes: Readonly<Record<string, unknown>> = {}): string {
  count += 1;
  return write(join(folder, `c${count}.json`), JSON.stringify(changed(sample, changes), undefined, 2));
}
const checked = async (changes: Readonly<Record<string, unknown>>) => (await readFrom(configFile(changes))).config();
const refused = async (changes: Readonly<Record<string, unknown>>) => {
  const { message } = await refusalOf(checked(changes));
  return message
    .split('\n  ')
    .slice(1)
    .map((line) => line.replace(/ \(line \d+\)$/, ''));
};
const connectionString = 'Data Source=clarify-db\\CRM;Initial Catalog=clarify;uid=reader;pwd=string-hush';

describe('The configuration', () => {
  it('of the sample becomes what the program uses', async () => {
    const file = configFile();
    const config = await (await readFrom(file)).config();
    const { secrets, ...rest } = config;
    expect(rest).toEqual({
      file,
      clarify: {
        database: {
          type: 'sqlserver',
          server: 'clarify-db',
          port: 1433,
          instance: undefined,
          database: 'clarify',
          user: 'stream_reader',
          password: secrets[0],
          encrypt: true,
          trustServerCertificate: false,
          readOnlyIntent: false,
          minTlsVersion: undefined,
          ca: undefined,
        },
        timeZone: 'America/Chicago',
        agentUrl: 'http://server/dovetail',
        publicSolutionsOnly: false,
        wording: '2010',
        locale: 'en-GB',
        ignoreUsers: [],
        objectTypes: {},
      },
      tags: ['dovetailCRM'],
      destinations: {
        socialcast: {
          type: 'socialcast',
          options: { url: 'https://example.socialcast.com', username: 'crm@example.com', password: secrets[1] },
          concurrency: 4,
          maxPerSecond: 0,
        },
      },
      deadline: 10_000,
      log: { file: join(folder, 'publish-activity.log'), maxBytes: 10 * 1024 ** 2, keep: 5 },
      ledger: { type: 'sqlite', file: join(folder, 'publish-activity.ledger') },
      spool: join(folder, 'publish-activity.ledger.spool'),
      keepMessages: 90 * 86_400_000,
      whenInDoubt: 'hold',
      exitZeroWhenKept: false,
      reconcile: [],
      scan: { productRevisions: true, stock: true, recover: 10 },
      templates: {},
      routing: { routes: [], take: 'first', rules: {}, destinations: ['socialcast'] },
    });
    expect(secrets.map((secret) => secret.reveal())).toEqual([env.CLARIFY_PASSWORD, env.SOCIALCAST_PASSWORD]);
    expect(JSON.stringify(config)).not.toContain('hush');
  });

  it.each<[string, Readonly<Record<string, unknown>>, unknown]>([
    ['tags and the deadline by default', { tags: undefined, deadline: undefined }, { tags: ['dovetailCRM'], deadline: 10_000 }],
    ['no tags', { tags: [] }, { tags: [] }],
    ['tags with or without their mark', { tags: ['#crm', 'Fälle'] }, { tags: ['crm', 'Fälle'] }],
    ['the shortest deadline', { deadline: '500ms' }, { deadline: 500 }],
    ['the longest deadline', { deadline: '10m' }, { deadline: 600_000 }],
    ['no log', { log: false }, { log: false }],
    [
      'a ledger of its own',
      { ledger: { type: 'sqlite', file: 'kept.sqlite' }, keepMessages: '30d', whenInDoubt: 'resend', exitZeroWhenKept: true },
      {
        ledger: { type: 'sqlite', file: join(folder, 'kept.sqlite') },
        keepMessages: 30 * 86_400_000,
        whenInDoubt: 'resend',
        exitZeroWhenKept: true,
      },
    ],
    ['a log file', { log: 'logs/a.log' }, { log: { file: join(folder, 'logs', 'a.log'), maxBytes: 10_485_760, keep: 5 } }],
    [
      'a small log',
      { log: { maxSize: '1MB', keep: 0 } },
      { log: { file: join(folder, 'publish-activity.log'), maxBytes: 1_048_576, keep: 0 } },
    ],
    ['an empty template', { templates: { case: { '*': { body: '' } } } }, { templates: { case: { '*': { body: '' } } } }],
    ['public solutions only', { 'clarify.publicSolutionsOnly': true }, { clarify: { publicSolutionsOnly: true } }],
    ...['UTC', 'US/Central', 'Asia/Kolkata', 'Europe/Berlin'].map(
      (timeZone): [string, Readonly<Record<string, unknown>>, unknown] => [
        timeZone,
        { 'clarify.timeZone': timeZone },
        { clarify: { timeZone } },
      ],
    ),
  ])('may have %s', async (_, changes, expected) => {
    expect(await checked(changes)).toMatchObject(expected as object);
  });

  it.each<[string, Readonly<Record<string, unknown>>, unknown]>([
    ['no port', { 'clarify.database.port': undefined }, { port: 1433, encrypt: true }],
    [
      'an instance, whose port is asked for',
      { 'clarify.database.port': undefined, 'clarify.database.instance': 'CRM' },
      { instance: 'CRM', port: undefined },
    ],
    ['an instance and a port', { 'clarify.database.instance': 'CRM' }, { instance: 'CRM', port: 1433 }],
    [
      'an old protocol and a company certificate',
      { 'clarify.database.minTlsVersion': 'TLSv1', 'clarify.database.caFile': 'company.pem' },
      { minTlsVersion: 'TLSv1', ca: pem },
    ],
    [
      'a SQLite file',
      { 'clarify.database': { type: 'sqlite', file: 'crm.sqlite' } },
      { type: 'sqlite', file: join(folder, 'crm.sqlite') },
    ],
    [
      'a connection string',
      { 'clarify.database': { type: 'sqlserver', connectionString, minTlsVersion: 'TLSv1.1', caFile: 'company.pem' } },
      {
        type: 'sqlserver',
        server: 'clarify-db',
        instance: 'CRM',
        port: undefined,
        database: 'clarify',
        user: 'reader',
        encrypt: false,
        trustServerCertificate: false,
        readOnlyIntent: false,
        minTlsVersion: 'TLSv1.1',
        ca: pem,
      },
    ],
    [
      'a connection string without instance',
      { 'clarify.database': { type: 'sqlserver', connectionString: connectionString.replace('\\CRM', '') } },
      { server: 'clarify-db', instance: undefined, port: 1433 },
    ],
  ])('may have a database with %s', async (_, changes, expected) => {
    expect((await checked(changes)).clarify.database).toMatchObject(expected as object);
  });

  it.each<[Readonly<Record<string, unknown>>, readonly string[]]>([
    [{ clarify: undefined }, ['clarify: is missing']],
    [{ clarify: 'hush' }, ['clarify: is a text, not an object']],
    [{ 'clarify.timeZone': undefined }, ['clarify.timeZone: is missing']],
    [{ 'clarify.timeZone': 'Chicago' }, ['clarify.timeZone: "Chicago" is no time zone; did you mean America/Chicago?']],
    [
      { 'clarify.timeZone': 'Amerika/Chicago' },
      ['clarify.timeZone: "Amerika/Chicago" is no time zone; did you mean America/Chicago?'],
    ],
    [
      { 'clarify.timeZone': 'Central Standard Time' },
      ['clarify.timeZone: "Central Standard Time" is no time zone; an IANA name such as America/Chicago is wanted'],
    ],
    [
      { 'clarify.timeZone': '+01:00' },
      ['clarify.timeZone: "+01:00" is no time zone; an IANA name such as America/Chicago is wanted'],
    ],
    [{ 'clarify.agentUrl': undefined }, ['clarify.agentUrl: is missing']],
    [{ 'clarify.agentUrl': 'server/dovetail' }, ['clarify.agentUrl: is not an address that starts with http:// or https://']],
    [{ 'clarify.timezone': 'UTC' }, ['clarify.timezone: is no key that belongs here; did you mean timeZone?']],
    [{ 'clarify.database': {} }, ['clarify.database.type: is missing; it is one of sqlserver, sqlite']],
    [{ 'clarify.database.type': 'mssql' }, ['clarify.database.type: "mssql" is none of sqlserver, sqlite']],
    [
      { 'clarify.database': { type: 'sqlserver' } },
      ['server', 'database', 'user', 'password'].map((key) => `clarify.database.${key}: is missing`),
    ],
    [
      { 'clarify.database.server': 'clarify-db,1433' },
      ['clarify.database.server: holds more than a host; port and instance have keys of their own'],
    ],
    ...['np:clarify-db', 'clarify db', '(localdb)'].map((server): [Readonly<Record<string, unknown>>, string[]] => [
      { 'clarify.database.server': server },
      ['clarify.database.server: is not the name or the address of a host'],
    ]),
    [{ 'clarify.database.encrypt': 'stirct' }, ['clarify.database.encrypt: "stirct" is neither true nor false']],
    [{ 'clarify.database.port': '1433' }, ['clarify.database.port: "1433" is not a whole number from 1 to 65535']],
    [
      { 'clarify.database.minTlsVersion': '1.0' },
      ['clarify.database.minTlsVersion: "1.0" is none of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3'],
    ],
    [
      { 'clarify.database.connectionString': connectionString },
      ['server', 'port', 'database', 'user', 'password', 'encrypt', 'trustServerCertificate'].map(
        (key) => `clarify.database.${key}: stands beside connectionString, which says the same; keep one of the two`,
      ),
    ],
    [
      { 'clarify.database': { type: 'sqlserver', connectionString: 'Data Source=a;uid=u;pwd=p', minTlsVersion: 1 } },
      [
        'clarify.database.connectionString: names no database (Initial Catalog)',
        'clarify.database.minTlsVersion: 1 is none of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3',
      ],
    ],
    [{ 'clarify.database': { type: 'sqlite' } }, ['clarify.database.file: is missing']],
    [{ tags: 'crm' }, ['tags: is a text, not a list']],
    [
      { tags: ['a b', 'a,b', '', '#'] },
      ['a b', 'a,b', '', '#'].map((tag, i) => `tags.${i}: "${tag}" is not a tag: one word without blanks and commas`),
    ],
    [{ destinations: undefined }, ['destinations: is missing']],
    [{ destinations: {} }, ['destinations: is empty; at least one destination is needed']],
    [
      { 'destinations.feed': { type: 'fead', folder: 'x' } },
      ['destinations.feed.type: "fead" is none of socialcast, feed; did you mean feed?'],
    ],
    [{ 'destinations.feed': { folder: 'x' } }, ['destinations.feed.type: is missing; it is one of socialcast, feed']],
    [{ 'destinations.feed': { type: 'feed' } }, ['destinations.feed.folder: is missing']],
    ...['', 'a b', '-a', 'a.b', 'x'.repeat(41), '__proto__x', 'ä'].map(
      (name): [Readonly<Record<string, unknown>>, readonly string[]] => [
        { destinations: { [name]: { type: 'feed', folder: 'x' } } },
        [
          `destinations.${/^[\w-]+$/.test(name) ? name : JSON.stringify(name)}: ` +
            'is not a name of at most 40 letters, digits, _ and -, the first a letter or a digit',
        ],
      ],
    ),
    [{ deadline: '499ms' }, ['deadline: "499ms" is not a duration such as "10s", from 500ms to 10m']],
    [{ deadline: '601s' }, ['deadline: "601s" is not a duration such as "10s", from 500ms to 10m']],
    [{ log: true }, ['log: is true; leave it out, or name the file']],
    [
      { log: { file: 'a', maxSize: 10, keep: -1, kep: 1 } },
      [
        'log.kep: is no key that belongs here; did you mean keep?',
        'log.maxSize: 10 is not a size such as "10MB", from 1KB to 1GB',
        'log.keep: -1 is not a whole number from 0 to 1000',
      ],
    ],
    [
      { templates: { case: { Create: { titel: 'x', body: 5 } } } },
      [
        'templates.case.Create.titel: is no key that belongs here; did you mean title?',
        'templates.case.Create.body: 5 is not a Liquid template',
      ],
    ],
    [
      { ledger: { type: 'sqlite', file: '//server/share/ledger' } },
      ['ledger.file: is on the network, where a write-ahead log fails; name a file on a local disk'],
    ],
    [
      { ledger: { type: 'sqlite', file: '\\\\server\\share\\ledger' } },
      ['ledger.file: is on the network, where a write-ahead log fails; name a file on a local disk'],
    ],
    [
      { $import: './other.json' },
      [
        '$import: is no key that belongs here; known are $schema, clarify, tags, destinations, deadline, log, ledger, spool, keepMessages, whenInDoubt, exitZeroWhenKept, alerts, reconcile, groupware, scan, rules, routes, routing, templates',
      ],
    ],
  ])('%# is refused: %j', async (changes, expected) => {
    expect([...(await refused(changes))].sort()).toEqual([...expected].sort());
  });
});

describe('A refusal', () => {
  it('names the file and every problem with its line, in the order of the file', async () => {
    const file = write(
      join(folder, 'broken.json'),
      [
        '{ "clarify": {',
        '  "database": { "type": "sqlite" },',
        '  "timeZone": "Nowhere/Land" },',
        '  "destinations": {',
        '    "feed":',
        '      { "type": "feed" }',
        '  },',
        '  "deadlin": "10s",',
        '  "tags": [',
        '    "a",',
        '    "b c" ] }',
      ].join('\r\n'),
    );
    const { message, result } = await refusalOf((await readFrom(file)).config());
    expect(result).toBe('configuration');
    expect(message.split('\n')).toEqual([
      `the configuration ${file} has 6 problems:`,
      '  clarify.agentUrl: is missing (line 1)',
      '  clarify.database.file: is missing (line 2)',
      '  clarify.timeZone: "Nowhere/Land" is no time zone; an IANA name such as America/Chicago is wanted (line 3)',
      '  destinations.feed.folder: is missing (line 5)',
      '  deadlin: is no key that belongs here; did you mean deadline? (line 8)',
      '  tags.1: "b c" is not a tag: one word without blanks and commas (line 11)',
    ]);
  });

  it('shows no secret, and leaves those that were met for the report to mask', async () => {
    const file = configFile({
      'clarify.database': { type: 'sqlserver', connectionString: `${connectionString};Integrated Security=true`, port: 1 },
      'clarify.agentUrl': 'http://me:url-hush@server/',
      'clarify.pasword': 'unknown-hush',
      'destinations.socialcast.url': 'x',
      'destinations.other': { type: 'socialcast', url: 'https://x', username: 'u', password: ['list-hush'] },
      'destinations.more': { type: 'socialcast', url: 'https://x', username: 'u', password: 12345678 },
      log: ['log-hush'],
    });
    const { source, config } = await readFrom(file);
    const error = await refusalOf(config());
    expect(error.message.split('\n').length).toBeGreaterThan(6);
    expect(`${error.message}${error.stack ?? ''}${JSON.stringify(error)}`).not.toMatch(/hush|12345678/);
    const met = source.secrets.map((secret) => secret.reveal());
    expect(met).toEqual(expect.arrayContaining(['string-hush', env.SOCIALCAST_PASSWORD]));
  });

  it('has the problems of templates among the others', async () => {
    const file = configFile({ deadline: '1s s', templates: { cse: { '*': { title: '{{ tite }}' } } } });
    const { config } = await readFrom(file, {
      checkWords: ({ templates }, note) => {
        note(['templates', 'cse'], `is no object type (${Object.keys(templates).join()})`);
        return Promise.resolve();
      },
    });
    const { message } = await refusalOf(config());
    expect(message).toContain('deadline: ');
    expect(message).toMatch(/templates\.cse: is no object type \(cse\) \(line \d+\)$/);
  });

  it('has the problems of alerts among the others, and takes a destination that is refused for one that is there', async () => {
    const destinations = { ...sample.destinations, wrong: { type: 'feed' } };
    expect(await refused({ destinations, alerts: { to: ['wrong', 'socialkast'] } })).toEqual([
      expect.stringMatching(/^destinations\.wrong\.folder: is missing/),
      expect.stringMatching(/^alerts\.to: no destination is called "socialkast"; did you mean socialcast\?/),
    ]);
    expect(await refused({ deadline: 1, alerts: { to: 1 } })).toHaveLength(2);
  });

  it('is one problem for a file that holds no object', async () => {
    const file = write(join(folder, 'list.json'), '["hush"]');
    const { message } = await refusalOf((await readFrom(file)).config());
    expect(message).toBe(`the configuration ${file} has a problem:\n  the whole file: is a list, not an object (line 1)`);
  });

  it('cannot be made to write on the terminal by the name of a key', async () => {
    expect(await refused({ 'clarify.\u001b[2Jx': 1 })).toEqual([expect.stringMatching(/^clarify\."\\u001b\[2Jx": is no key/)]);
  });
});

describe('A check', () => {
  it('asks for the destination types in use and for nothing else', async () => {
    const asked: string[] = [];
    const parts = partsWith({});
    const { config } = await readFrom(configFile(), {
      loadDestinationType: (type) => {
        asked.push(type);
        return parts.loadDestinationType(type);
      },
      checkWords: () => {
        throw new Error('not needed');
      },
    });
    await config();
    expect(asked).toEqual(['socialcast']);
  });

  it('lets a failure to load a destination type through', async () => {
    const { config } = await readFrom(configFile(), { loadDestinationType: () => Promise.reject(new Error('broken')) });
    await expect(config()).rejects.toThrow('broken');
  });

  it('knows the log of a configuration that is refused', async () => {
    const { logOf } = await import('../../src/config/log');
    const { source } = await readFrom(configFile());
    expect(logOf({ log: 'a.log', clarify: 5 }, source)).toMatchObject({ file: join(folder, 'a.log') });
    expect(logOf({ log: false }, source)).toBe(false);
    for (const wrong of [{ log: 7 }, {}, 'hush']) {
      expect(logOf(wrong, source)).toMatchObject({ file: join(folder, 'publish-activity.log') });
    }
    expect(source.problems).toEqual([]);
  });
});
