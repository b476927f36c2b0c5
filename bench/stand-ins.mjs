// Starts the tests' loopback servers (SQL Server, Socialcast) in a process of their own, for scripts that are not tests.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { compileTs } from '../scripts/compile-ts.mjs';

const root = join(import.meta.dirname, '..');
const account = { user: 'stream_reader', password: 'only-for-the-stand-ins' };

/** Serves the sample database. `configuration()` is that of a run from SQL Server into Socialcast, `configuration(true)` with TLS to the database. */
export async function startStandIns(databaseFile) {
  const script = await compileTs(join('bench', 'stand-ins-process.ts'));
  const child = fork(script, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.send({ databaseFile, account, tlsFolder: join(root, 'tests', 'support', 'tls') });
  const [ports] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the stand-ins ended with ${code}`);
    }),
  ]);
  return {
    stop: () => child.disconnect(),
    configuration: (tls = false) => ({
      clarify: {
        database: {
          type: 'sqlserver',
          // A certificate is for a name, not for an address.
          server: tls ? 'localhost' : '127.0.0.1',
          port: tls ? ports.databaseWithTls : ports.database,
          database: 'clarify',
          ...account,
          encrypt: tls,
          trustServerCertificate: tls,
        },
        timeZone: 'America/Chicago',
        agentUrl: 'http://server/dovetail',
      },
      tags: ['dovetailCRM'],
      destinations: {
        socialcast: { type: 'socialcast', url: ports.socialcast, username: account.user, password: account.password },
      },
    }),
  };
}
