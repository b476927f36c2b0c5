// The commands of an administrator as they are typed: the built program, a SQLite ledger, a Socialcast that answers over TCP.

import { join } from 'node:path';
import type { Ledger } from '../../src/ledger/ledger';
import { openSqlLedger } from '../../src/ledger/sql-ledger';
import { openSqliteStore } from '../../src/io/sqlite-store';
import { PASSWORDS } from '../support/company';
import { accept, enter, HOUR, one } from '../support/ledger-content';
import { install, sampleConfig, type Installation } from '../support/program';
import { startSocialcast, type SocialcastServer } from '../support/socialcast-server';

const HOSTILE = 'Closed\nffff  delivered  all is well\u001B[1A\u001B[2K\u009B31m \u202E turned';
// eslint-disable-next-line no-control-regex -- what a terminal would obey is what is looked for
const OBEYED = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/;

describe('An administrator at the terminal', () => {
  let socialcast: SocialcastServer;
  let installation: Installation;
  let ledger: Ledger;

  beforeEach(async () => {
    socialcast = await startSocialcast({ username: 'crm@example.com', password: PASSWORDS.socialcast });
    installation = install(sampleConfig({ socialcast: destination() }));
    ledger = openSqlLedger(openSqliteStore(join(installation.folder, 'publish-activity.ledger')), 'sqlite');
  });
  afterEach(async () => {
    ledger.close();
    await socialcast.close();
  });

  function destination(change: object = {}): object {
    const login = { username: 'crm@example.com', password: PASSWORDS.socialcast };
    return { type: 'socialcast', url: socialcast.url, proxy: false, ...login, ...change };
  }

  it('sees with status what is held, and what to type then', async () => {
    const held = await enter(ledger, { ago: HOUR, state: 'held', reason: 'timed out' });
    const status = await installation.run(['status']);
    expect(status).toMatchObject({ code: 0, stderr: 'publish-activity: 1 delivery is held\n' });
    expect(status.stdout).toContain('destination  due  sending  in doubt  held');
    const command = /publish-activity (resolve [0-9a-f]+ --as delivered)\n/.exec(status.stdout)?.[1] ?? '';
    expect(await installation.run(command.split(' '))).toMatchObject({
      code: 0,
      stdout: '',
      stderr:
        'publish-activity: case 4711 "Created Case for Nora at Calder & Sons" to socialcast was held and is delivered; it is never sent again\n',
    });
    expect(await one(ledger, held.id)).toMatchObject({ state: 'delivered' });
    expect(await installation.run(['status'])).toMatchObject({ code: 0, stderr: '' });
    expect(installation.log().map(({ result, exitCode }) => [result, exitCode])).toEqual([
      ['done', 0],
      ['done', 0],
      ['done', 0],
    ]);
  });

  it('has a post sent that was held, once they say that it is not there', async () => {
    const { id } = await enter(ledger, { ago: HOUR, state: 'held', reason: 'timed out' });
    expect((await installation.run(['rerun'])).code).toBe(0);
    expect(socialcast.posts).toHaveLength(0);
    expect((await installation.run(['resolve', id, '--as', 'undelivered'])).code).toBe(0);
    expect((await installation.run(['rerun'])).code).toBe(0);
    expect(socialcast.posts).toMatchObject([{ title: 'Created Case for Nora at Calder & Sons' }]);
    expect((await installation.run(['why', id])).stdout).toMatch(
      /^delivery [0-9a-f]{32} to socialcast: delivered\n {2}2 attempts, /m,
    );
  });

  it('finds nothing in a ledger that was never used', async () => {
    expect(await installation.run(['list'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'publish-activity: the ledger has nothing like that\n',
    });
    expect(await installation.run(['list', '--json'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const why = await installation.run(['why', 'Case', '268435457', '268435457']);
    expect(why).toMatchObject({ code: 66, stdout: '' });
    expect(why.stderr).toBe(
      'publish-activity: the ledger knows nothing of it: case with objid 268435457, activity 268435457\n' +
        'publish-activity: no rule has handed it over; to publish it: publish-activity case 268435457 268435457\n',
    );
  });

  it('is shown no character that a terminal obeys, and no line that is none', async () => {
    const { id } = await enter(ledger, {
      ago: HOUR,
      state: 'held',
      title: HOSTILE,
      reason: HOSTILE,
      rule: HOSTILE,
      receipt: { id: HOSTILE, permalink: HOSTILE },
    });
    const list = await installation.run(['list']);
    expect(list.stdout.trimEnd().split('\n')).toEqual([expect.stringMatching(`^${id}  held .*"Closed\\\\nffff  delivered`)]);
    const outputs = [list];
    for (const words of [['status'], ['why', id], ['discard', id], ['resolve', id, '--as', 'delivered'], ['why', id], ['list']]) {
      outputs.push(await installation.run(words));
    }
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toMatch(OBEYED);
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toMatch(/^ffff/m);
    expect(outputs.map(({ code }) => code)).toEqual([0, 0, 0, 64, 0, 0, 0]);
  });

  it('gets one JSON object from status and why, and one a line from list', async () => {
    const { id } = await enter(ledger, { ago: 2 * HOUR, state: 'held' });
    await accept(ledger, { objid: 5 }, HOUR);
    for (const words of [['status'], ['why', id], ['list', '--limit', '1']]) {
      const { code, stdout, stderr } = await installation.run([...words, '--json']);
      expect([code, stderr, stdout.split('\n')]).toEqual([0, '', [expect.any(String), '']]);
      expect(JSON.parse(stdout)).toMatchObject({ format: 1 });
    }
    const lines = (await installation.run(['list', '--json'])).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { kind: 'delivery', id, state: 'held', message: { title: 'Created Case for Nora at Calder & Sons' } },
      { kind: 'request', state: 'accepted', objid: 5 },
    ]);
    expect(lines.join()).not.toContain('a body that nobody');
    const refused = await installation.run(['resolve', 'f'.repeat(32), '--as', 'delivered', '--json']);
    expect([refused.code, refused.stderr]).toEqual([66, '']);
    expect(JSON.parse(refused.stdout)).toMatchObject({ format: 1, result: 'not-found', exitCode: 66 });
  });

  it('is asked before something is discarded, and refused where nobody can answer', async () => {
    const { id } = await enter(ledger, { ago: HOUR, state: 'rejected', reason: '422' });
    expect(await installation.run(['discard', id])).toMatchObject({
      code: 64,
      stderr:
        'publish-activity: nothing was discarded, because nobody said yes\npublish-activity: where nobody can be asked, say --yes\n',
    });
    expect(await installation.run(['discard', id, '--yes'])).toMatchObject({
      code: 0,
      stderr: 'publish-activity: 1 delivery discarded\n',
    });
    expect(await one(ledger, id)).toMatchObject({ state: 'discarded' });
  });

  it.each([
    [['resolve', 'a'.repeat(32)], '--as'],
    [['resolve', 'a'.repeat(32), '--as', 'maybe'], 'delivered, undelivered'],
    [['discard'], 'discard takes one id or several'],
    [['list', '--state', 'helt'], 'did you mean held?'],
    [['list', '--limit', '0'], 'whole number above 0'],
    [['why'], 'why needs the id'],
    [['test', 'socialcats'], 'did you mean socialcast?'],
  ])('is told what is wrong with %j', async (words, told) => {
    const run = await installation.run(words);
    expect(run).toMatchObject({ code: 64, stdout: '' });
    expect(run.stderr).toContain(told);
  });

  it('tries a destination by the real way, and leaves the ledger alone', async () => {
    expect(await installation.run(['test', 'socialcast'])).toMatchObject({
      code: 0,
      stderr: 'publish-activity: the test message stands in socialcast\n',
    });
    expect(socialcast.posts).toMatchObject([
      {
        title: 'Test message from publish-activity',
        body: expect.stringMatching(
          /^An administrator tried the destination socialcast at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\. Nothing happened in the CRM\. #dovetailCRM$/,
        ),
      },
    ]);
    const preview = await installation.run(['test', 'socialcast', '--dry-run']);
    expect(preview).toMatchObject({ code: 0, stderr: '' });
    expect(preview.stdout).toContain('Authorization: Basic ***\n');
    expect(preview.stdout).toContain('<title><![CDATA[Test message from publish-activity]]></title>');
    expect(socialcast.posts).toHaveLength(1);
    expect((await installation.run(['list'])).stdout).toBe('');
  });

  it.each<[string, object, number]>([
    ['refuses the login', { password: 'wr0ng S3cret/+&ü' }, 77],
    ['is not there', { url: 'http://127.0.0.1:9' }, 75],
  ])('sees no secret of a destination that %s', async (_what, change, code) => {
    const broken = install(
      sampleConfig({ socialcast: destination({ password: 'wr0ng S3cret/+&ü', ...change }) }, { deadline: '1s' }),
    );
    const outputs = [];
    for (const more of [[], ['--verbose'], ['--json'], ['--dry-run', '--verbose']]) {
      const run = await broken.run(['test', 'socialcast', ...more]);
      expect(run.code).toBe(more.includes('--dry-run') ? 0 : code);
      outputs.push(run.stdout, run.stderr);
    }
    const said = outputs.join('\n') + JSON.stringify(broken.log());
    const login = Buffer.from('crm@example.com:wr0ng S3cret/+&ü').toString('base64');
    for (const spelling of ['wr0ng', encodeURIComponent('S3cret/+&ü'), login]) expect(said).not.toContain(spelling);
  });

  it('is told where the ledger is to blame', async () => {
    const broken = install(sampleConfig({ socialcast: destination() }, { ledger: { type: 'sqlite', file: '.' } }));
    const run = await broken.run(['status']);
    expect(run.code).toBe(78);
    expect(run.stderr).toContain('publish-activity: the ledger cannot be used: ');
    expect(run.stderr).toContain('check ledger in the configuration');
  });
});
