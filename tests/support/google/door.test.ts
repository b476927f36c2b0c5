// The door answers as the ports do: what the program's own HTTP makes of a request over TCP, and what comes through the door.

import { Secret } from '../../../src/core/secret';
import { parsedJson } from '../../../src/core/parsed-json';
import { sendHttp } from '../../../src/io/http';
import type { HttpRequest, HttpResult, SendHttp } from '../../../src/io/http-contract';
import { VISIT } from './asking';
import { DESKTOP_CLIENT } from './controls';
import { openGoogleDoor } from './door';
import { startGoogleServer, type Endpoints, type GoogleServer } from './google-server';
import type { MishapRow } from './mishaps';

const ANN = 'ann@example.com';
const SETTINGS = { proxy: false } as const;
const EVENTS = '/calendar/v3/calendars/primary/events';
const LIST = { method: 'GET', headers: {} } as const;

/** A stand-in, and how it is asked. */
type Way = readonly [server: GoogleServer, http: SendHttp];

const list = ({ calendar }: Endpoints): HttpRequest => ({ ...LIST, url: `${calendar}${EVENTS}` });
const insert = ({ calendar }: Endpoints): HttpRequest => ({
  ...{ method: 'POST', url: `${calendar}${EVENTS}`, headers: { 'Content-Type': 'application/json' } },
  body: JSON.stringify({ ...VISIT, id: 'visit00001', summary: 'Zürich' }),
});
const batch = ({ calendar }: Endpoints): HttpRequest => ({
  ...{ method: 'POST', url: `${calendar}/batch/calendar/v3`, headers: { 'Content-Type': 'multipart/mixed; boundary=b' } },
  body: `--b\r\nContent-Type: application/http\r\nContent-ID: <1>\r\n\r\nGET ${EVENTS}\r\n\r\n--b--\r\n`,
});
const refresh = ({ token }: Endpoints): HttpRequest => ({
  ...{ method: 'POST', url: token, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
  basic: { username: DESKTOP_CLIENT.id, password: new Secret(DESKTOP_CLIENT.secret ?? '') },
  body: 'grant_type=refresh_token&refresh_token=none',
});
const goes = (what: MishapRow['what']): MishapRow => ({ method: 'events.list', what });

interface Row {
  readonly title: string;
  readonly ask: (at: Endpoints) => HttpRequest;
  readonly mishap?: MishapRow;
}

const ROWS: readonly Row[] = [
  { title: 'a listing', ask: list },
  { title: 'a new event', ask: insert },
  { title: 'a batch', ask: batch },
  { title: 'a token', ask: refresh },
  { title: 'a place that is not there', ask: ({ tasks }) => ({ ...LIST, url: `${tasks}/tasks/v1/users/@me/lists` }) },
  { title: 'an answer that is longer than is kept', ask: (at) => ({ ...list(at), mostBytes: 20 }) },
  { title: 'a connection that is reset', ask: list, mishap: goes({ kind: 'reset' }) },
  { title: 'an answer that never comes', ask: list, mishap: goes({ kind: 'hang' }) },
  { title: 'an answer that is cut off', ask: list, mishap: goes({ kind: 'cut' }) },
  { title: 'JSON up to its middle', ask: list, mishap: goes({ kind: 'truncated' }) },
  { title: 'a page of a portal', ask: list, mishap: goes({ kind: 'page' }) },
  { title: 'a server in trouble', ask: list, mishap: goes({ kind: 'status', status: 503, retryAfter: 3 }) },
];

/** What has to be the same. */
function told(result: HttpResult): unknown {
  if (result.kind === 'failure') return [result.sent, result.code];
  const { status, complete, body, headers } = result;
  const json = parsedJson(body);
  const type = headers['content-type']?.replace(/batch_\w+/, 'batch');
  return [status, complete, type, headers['retry-after'], typeof json === 'object' && json !== null ? Object.keys(json) : json];
}

async function asked([server, http]: Way, { ask, mishap }: Row): Promise<unknown> {
  server.addUser(ANN);
  if (mishap !== undefined) server.misbehave(mishap);
  const bearer = new Secret(server.grant(ANN).access);
  const request = ask(server.endpoints);
  const whose = request.basic === undefined ? { bearer } : {};
  return told(await http({ ...request, ...whose }, SETTINGS, AbortSignal.timeout(mishap?.what.kind === 'hang' ? 200 : 10_000)));
}

describe('Through the door of the stand-in', () => {
  it.each(ROWS)('$title is as over a port', async (row) => {
    const { server, http } = openGoogleDoor(Date.now);
    const port = await startGoogleServer();
    const over = await asked([port, sendHttp], row);
    await port.close();
    expect(await asked([server, http], row)).toEqual(over);
  });

  it('nobody else is reached', async () => {
    const { http } = openGoogleDoor(Date.now);
    const { signal } = new AbortController();
    const result = await http({ ...LIST, url: 'https://www.googleapis.com/calendar/v3' }, SETTINGS, signal);
    expect(told(result)).toEqual([false, 'ENOTFOUND']);
  });
});
