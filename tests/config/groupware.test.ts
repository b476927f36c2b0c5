// The key `groupware`, with the types that come with the program: what is said of people joins what a type has to know of them.

import { randomBytes } from 'node:crypto';
import { groupwareShape } from '../../src/config/groupware';
import { Secret } from '../../src/core/secret';
import type { Problem, Source } from '../../src/core/shape';
import { caldavOptions, type CaldavOptions } from '../../src/groupware/caldav/options';
import { folderOptions } from '../../src/groupware/folder/options';
import { googleOptions } from '../../src/groupware/google/options';

const shape = groupwareShape({ folder: folderOptions, caldav: caldavOptions, google: googleOptions });

function check(value: object) {
  const problems: Problem[] = [];
  const secrets: Secret[] = [];
  const source: Source = {
    env: { ANN: 's3cret-ann', KEY: randomBytes(32).toString('hex') },
    resolvePath: (path) => path,
    readFile: (path) => `content-of-${path}`,
    problems,
    secrets,
  };
  const checked = shape.parse(value, { path: ['groupware'], source });
  return { checked, secrets, problems: problems.map(({ path, message }) => `${path.join('.')}: ${message}`) };
}

const HTTPS = { type: 'caldav', url: 'https://cloud.example.com/dav/' };

describe('people', () => {
  it('have the keys of all types and those of their own, and logins in lower case', () => {
    const { checked, problems, secrets } = check({
      ...HTTPS,
      people: { Ann: { timeZone: 'Europe/Zurich', password: { env: 'ANN' }, calendar: 'Work' }, bob: { token: { file: 'bob' } } },
    });
    expect(problems).toEqual([]);
    expect(checked?.people).toEqual({ ann: { timeZone: 'Europe/Zurich' }, bob: { timeZone: undefined } });
    const { people } = checked?.options as CaldavOptions;
    expect(people['ann']).toMatchObject({ calendar: 'Work', password: expect.any(Secret) });
    expect(people['ann']?.password?.reveal()).toBe('s3cret-ann');
    expect(secrets).toHaveLength(2);
  });

  it('have nothing but a time zone where the type knows nothing of them', () => {
    const { problems } = check({ type: 'folder', folder: 'f', people: { Ann: { timeZone: 'Europe/Zurich', password: 'x' } } });
    expect(problems).toEqual([expect.stringMatching(/^groupware\.people\.ann\.password: is no key/)]);
  });

  it.each([
    ['a person who is none', { people: { ann: 'x' } }, /people\.ann: is a text, not an object/],
    ['a list', { people: [] }, /people: is a list, not an object/],
    ['a zone that nobody knows', { people: { ann: { timeZone: 'x', password: 'y' } } }, /people\.ann\.timeZone/],
    ['an unknown key', { people: { ann: { passwort: 'y' } } }, /people\.ann\.passwort: .*did you mean password\?/],
  ])('are checked: %s', (_, changes, problem) => {
    expect(check({ ...HTTPS, password: 'x', user: 'u', principal: '/{login}/', ...changes }).problems.join()).toMatch(problem);
  });
});

describe('the login and the way to a server of CalDAV', () => {
  const shared = { user: 'crm', password: 'x', principal: '/{login}/' };
  it.each<[string, object]>([
    ['a login for all, with a path of each user', { ...HTTPS, ...shared }],
    ['a token for all', { ...HTTPS, token: 'x', principal: '/principals/{email}/' }],
    [
      'a login for all, with a path of each calendar',
      { ...HTTPS, user: 'crm', password: 'x', calendar: '/{login}/a/', tasks: '/{login}/b/', addressBook: '/{login}/c/' },
    ],
    ['a login of each user', { ...HTTPS, people: { ann: { user: 'a@b', password: 'x' } } }],
    ['none, on loopback', { type: 'caldav', url: 'http://127.0.0.1:5232', principal: '/{login}/' }],
    ['http, where that was said', { type: 'caldav', url: 'http://cal', insecure: true, ...shared }],
  ])('may be %s', (_, value) => {
    expect(check(value).problems).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ['http to another host', { type: 'caldav', url: 'http://cal', ...shared }, /url: is not https.*insecure/],
    ['http to what only sounds like loopback', { type: 'caldav', url: 'http://localhost.evil', ...shared }, /url: is not https/],
    ['no login', { ...HTTPS, principal: '/{login}/' }, /password: is missing: name a login/],
    ['no login, and people without one', { ...HTTPS, people: { ann: { calendar: 'x' } } }, /password: is missing: name a login/],
    ['one login and one calendar for all', { ...HTTPS, user: 'crm', password: 'x' }, /principal: is missing.*\{login\}/],
    ['one login, and a path that is the same for all', { ...HTTPS, ...shared, principal: '/crm/' }, /principal: is missing/],
    ['a password without a user', { ...HTTPS, password: 'x', principal: '/{login}/' }, /user: is missing/],
    ['a user without a password', { ...HTTPS, ...shared, password: undefined, token: 'x' }, /token: stands beside/],
    [
      'a token beside a password',
      { ...HTTPS, people: { ann: { password: 'x', token: 'y' } } },
      /people\.ann\.token: stands beside/,
    ],
    ['a path that leads upwards', { ...HTTPS, ...shared, principal: '/{login}/../bob/' }, /principal: .* is not a path/],
    ['a path that leads to another host', { ...HTTPS, ...shared, principal: '//evil/{login}/' }, /principal: .* is not a path/],
    ['a path with escaped dots', { ...HTTPS, ...shared, calendar: '/{login}/%2e%2E/bob/' }, /calendar: .* is not the name/],
    ['a login in the address', { ...HTTPS, ...shared, url: 'https://a:secret@cal' }, /url: holds a login/],
  ])('may not be %s', (_, value, problem) => {
    const { problems } = check(value);
    expect(problems.join()).toMatch(problem);
    expect(problems.join()).not.toContain('secret');
  });
});

describe('when users of Google are busy', () => {
  const google = { type: 'google', clientId: 'x', vault: { key: { env: 'KEY' } } };

  it('is asked for only where that is said', () => {
    expect(check(google)).toMatchObject({ problems: [], checked: { options: { busy: false } } });
    expect(check({ ...google, busy: true })).toMatchObject({ problems: [], checked: { options: { busy: true } } });
  });

  it('is not asked for where entries of the CRM would make them so', () => {
    expect(check({ ...google, busy: true, calendar: 'primary' }).problems).toEqual([
      'groupware.busy: needs calendar "own": in the first calendar, entries of the CRM would make their users busy',
    ]);
  });
});

describe('others', () => {
  const first = { type: 'folder', folder: 'f', users: 'all' };
  const office = { ...HTTPS, user: 'crm', password: 'x', principal: '/{login}/' };

  it('are of their own types, with the people of those, and logins in lower case', () => {
    const people = { Bob: { calendar: 'Work' } };
    const { checked, problems } = check({ ...first, others: { office: { ...office, users: ['Bob'], people } } });
    expect(problems).toEqual([]);
    expect(checked?.others['office']).toMatchObject({ type: 'caldav', users: ['bob'] });
    expect((checked?.others['office']?.options as CaldavOptions).people['bob']).toMatchObject({ calendar: 'Work' });
    expect(check(first).checked?.others).toEqual({});
  });

  it('name users by a group as well', () => {
    const { checked, problems } = check({ ...first, others: { x: { type: 'folder', folder: 'g', users: { group: 'East' } } } });
    expect(problems).toEqual([]);
    expect(checked?.others['x']?.users).toEqual({ group: 'East', path: undefined });
  });

  it.each<[string, object, string]>([
    ['without users', { a: { type: 'folder', folder: 'g' } }, 'groupware.others.a.users: is missing'],
    ['for everybody', { a: { type: 'folder', folder: 'g', users: 'all' } }, 'groupware.others.a.users: is a text, not a list'],
    ['without a type', { a: { users: [] } }, 'groupware.others.a.type: is missing; it is one of folder, caldav, google'],
    [
      'with a key that is common to all',
      { a: { type: 'folder', folder: 'g', users: [], write: true } },
      'groupware.others.a.write: is no key',
    ],
    ['under a name with a slash', { 'a/b': { type: 'folder', folder: 'g', users: [] } }, 'groupware.others.a/b: is not a name'],
    [
      'that name the same user',
      { a: { type: 'folder', folder: 'g', users: ['ann', 'bob'] }, b: { type: 'folder', folder: 'h', users: ['Bob'] } },
      'groupware.others.b.users: names bob, as a does; a user is kept in step with one of them',
    ],
  ])('are refused %s', (_, others, problem) => {
    const { problems } = check({ ...first, others });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${problem.replace(/[/]/g, '\\/')}`));
  });
});
