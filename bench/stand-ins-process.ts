// The process that bench/stand-ins.mjs starts: it serves until its parent lets go of it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSocialcast } from '../tests/support/socialcast-server';
import { startTdsServer } from '../tests/support/tds-server';

interface Order {
  readonly databaseFile: string;
  readonly account: { readonly user: string; readonly password: string };
  readonly tlsFolder: string;
}

process.once('message', (order) => void serve(order as Order));

async function serve({ databaseFile, account, tlsFolder }: Order): Promise<void> {
  const pem = (file: string) => readFileSync(join(tlsFolder, file), 'utf8');
  const tls = { key: pem('server.key'), cert: pem('server.pem') };
  const database = await startTdsServer({ databaseFile, login: account });
  const databaseWithTls = await startTdsServer({ databaseFile, login: account, tls });
  const socialcast = await startSocialcast({ username: account.user, password: account.password });
  process.once('disconnect', () => {
    for (const server of [database, databaseWithTls, socialcast]) void server.close();
  });
  process.send?.({ database: database.port, databaseWithTls: databaseWithTls.port, socialcast: socialcast.url });
}
