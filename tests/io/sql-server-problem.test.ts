// Which refusals of a SQL Server pass. The numbers are those of Microsoft's lists, see src/io/sql-server-problem.ts.

import { openSqlServer } from '../../src/io/sql-server';
import { sqlServerProblem } from '../../src/io/sql-server-problem';
import { Secret } from '../../src/core/secret';
import { sampleDatabase } from '../support/sample';
import { startTdsServer, type TdsServer } from '../support/tds-server';

const PLACE = { server: 'clarify-db', port: 1433, database: 'clarify', user: 'stream_reader', encrypt: false };

function atLogin(...loginErrors: number[]): string {
  const error = Object.assign(new Error('Login failed.'), { code: 'ELOGIN' });
  return sqlServerProblem(error, PLACE, { connected: true, encrypted: false, asked: false, loginErrors }).problem;
}

function atStatement(number: number): string {
  return sqlServerProblem(Object.assign(new Error('said'), { number }), PLACE, {
    connected: true,
    encrypted: false,
    asked: true,
    loginErrors: [],
  }).problem;
}

describe('a refusal at the login', () => {
  it.each<[string, number[]]>([
    [
      'too many connections, memory or threads',
      [17809, 17803, 17810, 17189, 17300, 701, 802, 8645, 8651, 10928, 10929, 10930, 10936],
    ],
    ['a database in recovery, in transition, in a restore', [904, 913, 921, 922, 927, 941, 952, 4061]],
    ['a database that is offline, suspect, restricted, for one user', [923, 924, 926, 942, 945]],
    ['a mirror or a replica that changes its role', [954, 955, 956, 976, 978, 979, 982, 983, 988, 4221]],
    ['a server that starts, stops, is paused or upgraded', [6005, 6006, 17142, 17147, 17148, 17197, 18401, 18451, 18461]],
    ['a connection that was too slow', [17829, 17830, 17899, 18056, 233]],
    ['licences in use', [18458, 18459, 18460]],
    ['a service in the cloud', [40197, 40501, 40613, 40143, 40540, 40635, 42108, 42109, 49918, 49919, 49920]],
    ['locks and logs', [1204, 1205, 1222, 9001, 9002]],
  ])('passes: %s', (_, numbers) => {
    for (const number of numbers) {
      expect([number, atLogin(number)]).toEqual([number, 'unavailable']);
      expect([number, atLogin(number, 4060, 18456)]).toEqual([number, 'unavailable']);
      expect([number, atLogin(4060, 18456, number)]).toEqual([number, 'unavailable']);
    }
  });

  it.each<[string, number[][]]>([
    ['the name or the password', [[18456], [18452], [18470], [18486], [18487], [18488], []]],
    ['the database', [[4060], [4060, 18456], [4064, 18456], [911, 4060, 18456], [916]]],
    ['the way in', [[17892], [17835], [18485], [40532], [40615], [40914], [47073]]],
  ])('is about %s', (_, refusals) => {
    for (const numbers of refusals) expect([numbers, atLogin(...numbers)]).toEqual([numbers, 'login-refused']);
  });
});

describe('an error of a statement', () => {
  it.each<[string, number[]]>([
    [
      'unavailable',
      [701, 802, 913, 922, 927, 976, 978, 979, 982, 983, 988, 1204, 3960, 6005, 8645, 8651, 9001, 10928, 40197, 40501, 40613],
    ],
    ['busy', [1205, 1222]],
    ['refused', [8152, 2628, 242, 515, 547]],
    ['configuration', [208, 229, 230, 916, 4413, 5313]],
    ['unknown-column', [207]],
  ])('is %s', (problem, numbers) => {
    for (const number of numbers) expect([number, atStatement(number)]).toEqual([number, problem]);
  });
});

describe('a server that takes no login', () => {
  let server: TdsServer;
  afterEach(() => server.close());

  it.each<[string, number[], string, RegExp]>([
    ['for now', [17809], 'unavailable', /takes no login at the moment: .*17809/],
    [
      'because its replica changes its role',
      [983, 4060, 18456],
      'unavailable',
      /takes no login at the moment: .*983, 4060, 18456/,
    ],
    ['of ours', [4060, 18456], 'login-refused', /refuses the login of stream_reader: .*4060, 18456/],
  ])('%s says so', async (_, loginError, problem, message) => {
    server = await startTdsServer({ databaseFile: sampleDatabase(), faults: { loginError } });
    const settings = {
      ...PLACE,
      server: '127.0.0.1',
      port: server.port,
      password: new Secret('pw'),
      trustServerCertificate: true,
    };
    const database = openSqlServer(settings);
    const asked = database.query({ text: 'SELECT 1 AS [a]', parameters: {} }, new AbortController().signal);
    await expect(asked).rejects.toMatchObject({ problem, message: expect.stringMatching(message) as string });
    database.close();
  });
});
