// doctor groupware over a stand-in for a server of CalDAV: how many are asked, and how what is known of several users is told.

import { startDeadline } from '../../src/core/deadline';
import { found, multistatus } from '../support/dav-answers';
import { startDav, type DavServer } from '../support/dav-server';
import { examine, lines } from '../support/doctor';
import { install, sampleConfig } from '../support/program';

jest.setTimeout(30_000);

let server: DavServer;
beforeEach(async () => {
  server = await startDav();
});
afterEach(() => server.close());

/** An installation whose users, all that the sample has, are on that server, with one login for all. */
function desk(more: object = {}) {
  const login = { user: 'ann', password: 'hushhush', principal: '/dav/calendars/{login}/', kinds: { contact: { off: true } } };
  const groupware = { type: 'caldav', url: `${server.url}/dav/`, users: 'all', ...login, ...more };
  return install(sampleConfig({ stream: { type: 'feed', folder: 'stream' } }, { groupware })).configFile;
}

async function places(file: string): Promise<readonly string[]> {
  return (await lines(file, 'groupware'))
    .filter((line) => line.includes(': CalDAV: '))
    .map((line) => line.replace('CalDAV: ', ''));
}

describe('doctor groupware over CalDAV', () => {
  it('says what it does not know, and where nothing is told of time', async () => {
    server.script = ({ method }) => (method === 'OPTIONS' ? { status: 200, headers: { Date: 'never' } } : undefined);
    expect(await places(desk())).toEqual([
      'OK: it answers 6 users with the one login for all',
      'OK: made with the first entry: events and tasks of 6 users',
      'skip: nobody knows whether these can be made: events and tasks of 6 users; nothing says so, and to try it would leave something behind',
      'skip: the server does not tell its time',
    ]);
    expect(server.collections.size).toBe(0);
  });

  it('warns of a clock that is wrong', async () => {
    const wrong = new Date(Date.now() - 600_000).toUTCString();
    server.script = ({ method }) => (method === 'OPTIONS' ? { status: 200, headers: { Date: wrong } } : undefined);
    expect((await places(desk())).at(-1)).toMatch(
      /^warn: the clock of the server is (9|10) min behind the clock of this machine$/,
    );
  });

  it('asks with a login that is refused for three users, once each, and not for all', async () => {
    server.script = () => ({ status: 401 });
    const [fault, left, ...more] = await places(desk());
    expect(fault).toMatch(/^fail: nothing can be kept for \w+, \w+, \w+: the server answered 401: it refuses the login; /);
    expect(left).toMatch(/^skip: not looked at to the end: \w+, \w+, \w+$/);
    expect(more).toEqual([]);
    expect(server.calls.length).toBe(3);
  });

  it('tells of the trouble of one user by itself, and of the others what is known', async () => {
    server.script = ({ path }) => (path.startsWith('/dav/calendars/agent2/') ? { status: 503 } : undefined);
    const told = await places(desk());
    expect(told[0]).toMatch(/^fail: nothing can be kept for agent2: the server answered 503/);
    expect(told[1]).toBe('OK: it answers 5 users with the one login for all');
  });

  it('keeps to its time where one user is never answered, and says whom it knows nothing of', async () => {
    server.script = ({ path }) => (path.startsWith('/dav/calendars/agent2/') ? 'hang' : undefined);
    const begin = performance.now();
    const deadline = startDeadline(4_000, () => performance.now() - begin);
    const { checks = [] } = await examine(desk({ users: ['agent1', 'agent2'] }), ['groupware'], {}, deadline);
    const told = checks.map(({ status, message }) => `${status}: ${message}`);
    expect(told).toContainEqual(expect.stringMatching(/^skip: CalDAV: not looked at to the end: .*agent2/));
    expect(told.filter((line) => line.startsWith('fail'))).toEqual([]);
    expect(told).toContainEqual(expect.stringMatching(/^OK: CalDAV: it answers 1 user with the one login for all/));
  });

  it('tells of the writing that the server allows some users only', async () => {
    server.collections.set('/dav/calendars/agent1/publish-activity-crm-events/', {
      name: 'CRM',
      description: '',
      component: 'VEVENT',
    });
    server.script = ({ path, body }) => {
      if (!body.includes('current-user-privilege-set') || !path.endsWith('-events/')) return undefined;
      const type = '<resourcetype><collection/><c:calendar/></resourcetype>';
      const given = '<current-user-privilege-set><privilege><write/></privilege></current-user-privilege-set>';
      return multistatus([found(path, type + given)]);
    };
    const told = await places(desk({ users: ['agent1', 'agent2'] }));
    expect(told).toContain('OK: entries can be made and changed for events of agent1; the server says so, nothing was tried');
    expect(told).toContainEqual(
      expect.stringMatching(/^skip: nobody knows whether these can be made: events of agent2, tasks of agent1, agent2;/),
    );
    expect(told).toContain('skip: it does not say whether it can tell what changed: events of agent1');
  });
});

describe('doctor about the network of a groupware', () => {
  it('warns of plain http to another host, and knows its name among the others', async () => {
    const file = desk({ url: 'http://no-such-host.invalid/dav/', insecure: true, users: ['agent1'] });
    const told = await places(file);
    expect(told[0]).toBe(
      'warn: passwords and entries go to http://no-such-host.invalid without encryption, where they can be read on the way',
    );
    expect(told[1]).toMatch(/^fail: nothing can be kept for agent1: /);
    expect(await lines(file, 'dns')).toEqual([
      expect.stringMatching(/^fail: no-such-host\.invalid \(groupware\): the name cannot be found/),
    ]);
    expect(await lines(file, 'tls')).toEqual(['skip: groupware: http://no-such-host.invalid is looked at with groupware']);
  });

  it('takes a host that only begins like this machine for another one', async () => {
    const told = await places(desk({ url: 'http://127.0.0.1.no-such-host.invalid/', insecure: true, users: ['agent1'] }));
    expect(told[0]).toMatch(/^warn: passwords and entries go to http:\/\/127\.0\.0\.1\.no-such-host\.invalid /);
  });
});
