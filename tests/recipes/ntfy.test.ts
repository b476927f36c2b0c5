// The example of a destination is asked what every destination is asked, by a stand-in of a few lines.

import { describeDestination, FAULTS } from '../destinations/suite';
import { attempt, checkOptions, sampleDelivery } from '../support/destination';
import { startJsonServer, type JsonAnswer, type JsonReply, type JsonRequest } from '../support/json-server';
import { ntfy } from './ntfy';

const TOKEN = 'tk_geheimesWortGeheim1234';

async function startNtfy() {
  const posts: JsonRequest[] = [];
  const said = (status: number, error: string): JsonAnswer => ({ status, body: { code: status * 100 + 1, http: status, error } });
  const server = await startJsonServer((request) => {
    const { authorization = `Bearer ${TOKEN}` } = request.headers;
    if (authorization !== `Bearer ${TOKEN}`) return said(401, `unauthorized: ${authorization}`);
    posts.push(request);
    return { status: 200, body: { id: `sPs71M8A2T${posts.length}`, event: 'message', topic: request.path.slice(1) } };
  });
  return { ...server, posts, said };
}

describeDestination('ntfy', ntfy, FAULTS, async () => {
  const server = await startNtfy();
  const next = (reply: JsonReply) => () => server.answer(reply);
  return {
    raw: { url: server.url, topic: 'crm', token: TOKEN, proxy: false },
    faults: {
      unreachable: server.close,
      'login refused': next(server.said(401, `unauthorized: ${TOKEN}`)),
      'message refused': next(server.said(400, `invalid request: ${TOKEN}`)),
      overloaded: next(server.said(429, `limit reached: ${TOKEN}`)),
      'cut off after sending': next('reset'),
      'silent after sending': next('hang'),
      'nonsense as success': next({ status: 200, body: `<title>${TOKEN}</title>` }),
    },
    posted: () => server.posts.length,
    close: server.close,
  };
});

it('ntfy gets its headers, in any script, and a token where there is one', async () => {
  const server = await startNtfy();
  const { options } = checkOptions(ntfy, { url: server.url, topic: 'crm', proxy: false });
  if (options === undefined) throw new Error('the options are not valid');
  const delivery = sampleDelivery({ title: 'Fall für Jürg', tags: ['a,b', 'c'] });
  expect(await attempt(ntfy, options, { delivery })).toEqual({ kind: 'delivered', receipt: { id: 'sPs71M8A2T1' } });
  await server.close();
  const [{ path, headers } = {}] = server.posts;
  const title = `=?UTF-8?B?${Buffer.from('Fall für Jürg').toString('base64')}?=`;
  const click = 'http://server/dovetail/Cases/Summary/10042';
  expect(path).toBe('/crm');
  expect(headers).toMatchObject({ title, tags: 'a b,c', click, 'user-agent': 'publish-activity/1.2.3' });
  expect(headers).not.toHaveProperty('authorization');
});
