import { readConnectionString } from '../../src/core/connection-string';

const old = 'Data Source=clarify-db;Initial Catalog=clarify;uid=reader;pwd=hush-hush';
const plain = {
  server: 'clarify-db',
  port: undefined,
  instance: undefined,
  database: 'clarify',
  user: 'reader',
  password: 'hush-hush',
  encrypt: false,
  trustServerCertificate: false,
  readOnlyIntent: false,
  problems: [],
};

const UNREADABLE = 'is no connection string: a part of it has no "=", or a quote in it is not closed or stands in a wrong place';

describe('A connection string', () => {
  it.each([
    ['of an old dovetail.config', old],
    ['with other words', 'SERVER=clarify-db;Database=clarify;User ID=reader;Password=hush-hush'],
    ['with still other words', 'address = clarify-db ; Initial Catalog = clarify ; user = reader ; PWD = hush-hush ;'],
    ['with what does not matter here', `${old};Connect Timeout=30;Pooling=true;Application Name=Dovetail;Colour=red`],
    ['with Windows sign-in switched off', `${old};Integrated Security=false;Trusted_Connection=no`],
    ['with empty values', `Application Name=;${old};Workstation ID=`],
    ['with semicolons that separate nothing', `;;${old.replaceAll(';', ';; ;')};;`],
  ])('%s is read', (_, text) => {
    expect(readConnectionString(text)).toEqual(plain);
  });

  it.each([
    ['tcp:clarify-db', { server: 'clarify-db' }],
    ['clarify-db,1533', { server: 'clarify-db', port: 1533 }],
    ['tcp:clarify-db , 1533', { server: 'clarify-db', port: 1533 }],
    ['clarify-db\\CRM', { server: 'clarify-db', instance: 'CRM' }],
    ['clarify-db\\CRM,1533', { server: 'clarify-db', instance: 'CRM', port: 1533 }],
    ['10.0.0.7,1433', { server: '10.0.0.7', port: 1433 }],
    ['fe80::1,1433', { server: 'fe80::1', port: 1433 }],
    ['.', { server: 'localhost' }],
    ['(local)\\CRM', { server: 'localhost', instance: 'CRM' }],
  ])('names the server as %s', (server, expected) => {
    expect(readConnectionString(old.replace('clarify-db', server))).toEqual({ ...plain, ...expected });
  });

  it.each([
    ['Encrypt=true', { encrypt: true }],
    ['encrypt=YES', { encrypt: true }],
    ['Encrypt=Mandatory', { encrypt: true }],
    ['Encrypt=Optional', { encrypt: false }],
    ['Encrypt=false', { encrypt: false }],
    ['Encrypt=Strict', { encrypt: 'strict' }],
    ['Encrypt=false;Encrypt=', { encrypt: false }],
    ['Encrypt=false;Encrypt=true', { encrypt: true }],
    ['ApplicationIntent=ReadOnly', { readOnlyIntent: true }],
    ['Application Intent=ReadWrite', { readOnlyIntent: false }],
    ['MultiSubnetFailover=True', {}],
    ['Authentication=Sql Password', {}],
    ['Network Library=dbmssocn', {}],
    ['User Instance=false;Context Connection=no;Column Encryption Setting=Disabled', {}],
    ['Server=crmdb', { server: 'crmdb' }],
    ['Server=crmdb;Addr=other,1500', { server: 'other', port: 1500 }],
    ['TrustServerCertificate=True', { trustServerCertificate: true }],
    ['Trust Server Certificate=1', { trustServerCertificate: true }],
  ])('says %s', (words, expected) => {
    expect(readConnectionString(`${old};${words}`)).toEqual({ ...plain, ...expected });
  });

  it.each([
    ['"a;b=c"', 'a;b=c'],
    ["'a;;b='", 'a;;b='],
    ['"a""b"', 'a"b'],
    ["'it''s'", "it's"],
    ["it's", "it's"],
    ['say "hi" now', 'say "hi" now'],
    ['{7Q-11}', '{7Q-11}'],
    ['{7Q', '{7Q'],
    ['{7Q;Pooling=true;pwd=}11', '}11'],
    ['c29tZXRoaW5n==', 'c29tZXRoaW5n=='],
    [' two words ', 'two words'],
    ["' two words '", ' two words '],
    ['first;password=last', 'last'],
  ])('has the password %s', (written, password) => {
    expect(readConnectionString(`${old.replace('hush-hush', written)};Pooling=;`)).toEqual({ ...plain, password });
  });

  it.each([
    [
      '',
      [
        'names no server (Data Source)',
        'names no database (Initial Catalog)',
        'names no user (User ID)',
        'names no password (Password)',
      ],
    ],
    ['hush-hush', [UNREADABLE]],
    [old.replace('hush-hush', ''), ['names no password (Password)']],
    [`${old};pwd=`, ['names no password (Password)']],
    ...['"hush', "'hush", "hush'", 'hush"', '"hush" hush'].map((written): [string, unknown[]] => [
      old.replace('hush-hush', written),
      [UNREADABLE],
    ]),
    [`${old};Encrypt=Stirct`, ['says neither true, false nor strict for Encrypt']],
    [`${old};TrustServerCertificate=maybe`, ['says neither true nor false for TrustServerCertificate']],
    [`${old};ApplicationIntent=ReedOnly`, ['says neither ReadOnly nor ReadWrite for ApplicationIntent']],
    [`${old};Authentication=Active Directory Password`, [expect.stringContaining('another Authentication than Sql Password')]],
    [`${old};Failover Partner=crmdb2`, [expect.stringContaining('names a Failover Partner')]],
    [`${old};Network Library=dbnmpntw`, [expect.stringContaining('another Network Library than TCP')]],
    [`${old};AttachDbFilename=C:\\crm.mdf`, [expect.stringContaining('a database file to attach')]],
    [`${old};User Instance=true`, [expect.stringContaining('a User Instance')]],
    [`${old};Context Connection=true`, [expect.stringContaining('a Context Connection')]],
    [`${old};Column Encryption Setting=Enabled`, [expect.stringContaining('Column Encryption Setting')]],
    [`${old};Host Name In Certificate=crm.example.com`, [expect.stringContaining('which certificate the server has')]],
    ['Data Source=a;Initial Catalog=b;Integrated Security=SSPI', [expect.stringContaining('Integrated Security') as unknown]],
    ['Data Source=a;Initial Catalog=b;Trusted_Connection=yes', [expect.stringContaining('make a SQL Server login') as unknown]],
    ...['np:clarify-db', 'clarify-db,0', 'clarify-db,65536', 'a b', '(localdb)\\x', 'a,b,c'].map(
      (server): [string, unknown[]] => [
        old.replace('clarify-db', server),
        ['names a server (Data Source) that is not spelled host, host,port or host\\instance'],
      ],
    ),
  ])('%j is refused', (text, problems) => {
    expect(readConnectionString(text).problems).toEqual(problems);
  });

  it('counts as encrypted where nobody can read whether it is', () => {
    expect(readConnectionString(`${old};Encrypt=Stirct`).encrypt).toBe(true);
  });

  it('gives its password away for masking even where it is refused', () => {
    expect(readConnectionString(`${old};Integrated Security=true`).password).toBe('hush-hush');
  });
});
