// Each secret is checked for where it goes, and what is wrong is told without a character of it.

import { headerSecret, loginName, passwordSecret, secretUrl, tokenSecret, type Shape, type Source } from '../../src/core/shape';
import { email } from '../../src/destinations/email/index';
import { exec } from '../../src/destinations/exec/index';
import { mattermost } from '../../src/destinations/mattermost/index';
import { slack } from '../../src/destinations/slack/index';
import { socialcast } from '../../src/destinations/socialcast/index';
import { teams } from '../../src/destinations/teams/index';
import { webhook } from '../../src/destinations/webhook/index';
import { databaseShape } from '../../src/config/database';

/** What is wrong, each with its place, and whether nothing else of the configuration depends on it. */
function problemsOf(shape: Shape<unknown>, raw: unknown): readonly string[] {
  const source: Source = { env: {}, resolvePath: (path) => path, readFile: () => '', problems: [], secrets: [] };
  shape.parse(raw, { path: ['key'], source });
  return source.problems.map(({ path, message, unfit }) => `${path.join('.')}: ${message}${unfit === true ? '' : ' (!)'}`);
}

describe('A secret', () => {
  it.each<[string, Shape<unknown>, string, string | undefined]>([
    ['a header', headerSecret(), 'Bearer a\tb', undefined],
    ['a header', headerSecret(), 'first\nsecond', 'holds a line end that no header can have'],
    ['a header', headerSecret(), 'first\rsecond', 'holds a line end that no header can have'],
    ['a header', headerSecret(), 'a\u2013b', 'holds a character that no header can have'],
    ['a header', headerSecret(), 'a\u00e4b', 'holds a character that no header can have'],
    ['a header', headerSecret(), 'a\0b', 'holds a character that no header can have'],
    ['a token', tokenSecret(), 'xoxb-123~+/=', undefined],
    ['a token', tokenSecret(), 'xoxb-1 23', 'holds a blank that no token can have'],
    ['a token', tokenSecret(), 'xoxb-123\t', 'holds a blank that no token can have'],
    ['a token', tokenSecret(), 'xoxb\u2013123', 'holds a character that no token can have'],
    ['a token', tokenSecret(), 'xoxb-123\u200b', 'holds a character that no token can have'],
    ['a token', tokenSecret(), 'xoxb-123\n# changed', 'holds a line end that no token can have'],
    ['a password', passwordSecret(), ' p\u00e4\u00df: w\u00f6rd\u2013\u{1f600} ', undefined],
    ['a password', passwordSecret(), 'old\nnew', 'holds a line end that no login can have'],
    ['a password', passwordSecret(), 'a\0b', 'holds a character that no login can have'],
    ['a password', passwordSecret(), 'a\u007fb', 'holds a character that no login can have'],
    ['a password', passwordSecret(), 'a\ufffdb', 'holds a character that no login can have'],
    ['a password', passwordSecret(), 'a\ud800b', 'holds a character that no login can have'],
    ['an address', secretUrl(), 'https://m\u00fcnchen.example/x?sig=a%20b', undefined],
    ['an address', secretUrl(), 'https://hooks.example/T\u2013B', 'holds a character that no address can have'],
    ['an address', secretUrl(), 'https://hooks.example/TB\u200b', 'holds a character that no address can have'],
    ['an address', secretUrl(), 'https://hooks.example/T\u0007B', 'holds a character that no address can have'],
    ['a user of Basic', loginName({ basic: true }), 'a:b', 'holds a colon, which the user of HTTP Basic cannot have'],
    ['a user', loginName(), 'DOMAIN\\a:b', undefined],
    ['a user', loginName(), 'a\nb', 'holds a line end that no login can have'],
  ])('that becomes %s is looked at: %#', (_, shape, raw, problem) => {
    expect(problemsOf(shape, raw)).toEqual(problem === undefined ? [] : [`key: ${problem}`]);
  });
});

describe('A destination whose secret cannot go where it has to go', () => {
  const proxy = 'http://us%3Aer:pass@proxy.example:3128';
  const channel = { channel: 'C012AB3CD' };
  const mail = { host: 'a.example', from: 'a@example.com', to: ['b@example.com'], user: 'u' };
  const community = { url: 'https://a.example', username: 'u', password: 'pass' };
  it.each<[string, { readonly options: Shape<unknown> }, object, string]>([
    ['slack', slack, { token: 'a\nb', ...channel }, 'token: holds a line end that no token can have'],
    [
      'slack by webhook',
      slack,
      { webhookUrl: 'https://a.example/\u2013' },
      'webhookUrl: holds a character that no address can have',
    ],
    ['teams', teams, { webhookUrl: 'https://a.example/\u2013' }, 'webhookUrl: holds a character that no address can have'],
    [
      'mattermost',
      mattermost,
      { url: 'https://a.example', token: 'a b', channelId: 'a'.repeat(26) },
      'token: holds a blank that no token can have',
    ],
    [
      'webhook',
      webhook,
      { url: 'https://a.example', headers: { A: 'a\nb' } },
      'headers.A: holds a line end that no header can have',
    ],
    [
      'webhook by proxy',
      webhook,
      { url: 'https://a.example', proxy },
      'proxy: names a user with a colon, which HTTP Basic cannot have',
    ],
    [
      'webhook by proxy with a line end',
      webhook,
      { url: 'https://a.example', proxy: 'http://u:pa%0Ass@proxy.example' },
      'proxy: holds a line end that no login can have',
    ],
    ['socialcast', socialcast, { ...community, password: 'a\nb' }, 'password: holds a line end that no login can have'],
    [
      'socialcast, user',
      socialcast,
      { ...community, username: 'a:b' },
      'username: holds a colon, which the user of HTTP Basic cannot have',
    ],
    ['email', email, { ...mail, password: 'a\nb' }, 'password: holds a line end that no login can have'],
    ['exec', exec, { command: 'node', env: { KEY: 'a\0b' } }, 'env.KEY: holds a character that no environment variable can have'],
  ])('says so with the key: %s', (_, { options }, raw, problem) => {
    expect(problemsOf(options, raw)).toEqual([`key.${problem}`]);
  });

  it('may have lines in the environment of a program', () => {
    expect(problemsOf(exec.options, { command: 'node', env: { KEY: '-----BEGIN\nKEY-----' } })).toEqual([]);
  });

  it('is a database, too', () => {
    const keys = { type: 'sqlserver', server: 's', database: 'd', user: 'u', password: 'a\nb' };
    const shape = databaseShape();
    expect(problemsOf(shape, keys)).toEqual(['key.password: holds a line end that no login can have']);
    const connectionString = 'Server=s;Database=d;User ID=u;Password="a\nb"';
    expect(problemsOf(shape, { type: 'sqlserver', connectionString })).toEqual([
      'key.connectionString: holds a line end that no login can have',
    ]);
  });
});
