// A process of its own with one client in it, for the tests of what the environment can talk a client into.
//   CLIENT PORT PROXY_PORT    connects to a server with TLS on localhost, and writes what became of it as JSON

import { writeSync } from 'node:fs';
import { connect } from 'node:tls';
import { Secret } from '../../src/core/secret';
import { sendHttp } from '../../src/io/http';
import { sendMail } from '../../src/io/mail';
import { openSqlServer } from '../../src/io/sql-server';

const [client = '', port = '', proxyPort = ''] = process.argv.slice(2);
const signal = AbortSignal.timeout(20_000);
const password = new Secret('geheim');

const http = (url: string, proxy: Secret | false) => {
  const basic = { username: 'crm', password };
  return sendHttp({ method: 'POST', url, headers: {}, body: 'text', basic }, { proxy }, signal);
};

const mail = (tls: 'starttls' | 'implicit') =>
  sendMail(undefined, { host: 'localhost', port: Number(port), tls, login: { user: 'crm', password } }, signal);

const sql = async (minTlsVersion: 'TLSv1.2' | 'TLSv1.3') => {
  const login = { database: 'clarify', user: 'crm', password };
  const place = { server: 'localhost', port: Number(port), encrypt: true, trustServerCertificate: false, minTlsVersion };
  const database = openSqlServer({ ...place, ...login });
  const question = { text: 'SELECT 1 AS [one]', parameters: {} };
  const answer = await database.query(question, signal).catch((error: unknown) => ({ message: String(error) }));
  database.close();
  return answer;
};

/** What Node does where nobody says whether a certificate is to be checked. */
const bare = () =>
  new Promise((resolve) => {
    const socket = connect({ host: 'localhost', port: Number(port) }, () => {
      socket.end('text');
      resolve({ kind: 'connected' });
    });
    socket.on('error', (error) => resolve({ message: String(error) }));
  });

const CLIENTS: Readonly<Record<string, () => Promise<unknown>>> = {
  bare,
  http: () => http(`https://localhost:${port}/`, false),
  'http through a proxy': () => http(`https://localhost:${port}/`, new Secret(`http://127.0.0.1:${proxyPort}`)),
  'https through a proxy with TLS': () => http('https://stand-in.example/', new Secret(`https://me:geheim@localhost:${port}`)),
  'http through a proxy with TLS': () => http('http://stand-in.example/', new Secret(`https://me:geheim@localhost:${port}`)),
  'mail (implicit)': () => mail('implicit'),
  'mail (starttls)': () => mail('starttls'),
  'SQL Server': () => sql('TLSv1.2'),
  'SQL Server (TDS 8.0)': () => sql('TLSv1.3'),
};

void CLIENTS[client]?.().then((result) => writeSync(1, JSON.stringify(result)));
