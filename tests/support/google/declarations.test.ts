// The contract: what Google declares, and nothing beside it.

import { declarationsFor } from './api';
import { asking, refusalOf, VISIT } from './asking';
import { closedLater } from '../closing';
import { calendarV3 } from './calendar-v3';
import { peopleV1 } from './people-v1';
import { declarationsOf } from './declarations';
import { startGoogleServer } from './google-server';
import { tasksV1 } from './tasks-v1';

describe.each([calendarV3, tasksV1, peopleV1])('the declarations of $name', (api) => {
  const { methods } = declarationsFor(api);

  it('have every method of the table, and the table leaves out what it says', () => {
    expect([...Object.keys(api.methods), ...api.leftOut].sort()).toEqual([...methods.keys()].sort());
  });

  it.each(Object.entries(api.methods))('require what stands in the path of %s', (name, { path }) => {
    const inPath = [...path.matchAll(/\{(\w+)(?:=[^}]+)?\}/g)].map(([, parameter = '']) => parameter);
    const required = [...(methods.get(name)?.parameters ?? [])]
      .filter(([, { isRequired }]) => isRequired)
      .map(([parameter]) => parameter);
    expect(required.sort()).toEqual(inPath.sort());
  });

  it.each(Object.entries(api.methods))('have a body for %s where its verb brings one', (name, { verb, path }) => {
    const brings = (verb === 'POST' && !/\/(clear|move)$/.test(path)) || verb === 'PUT' || verb === 'PATCH';
    expect(methods.get(name)?.body !== undefined).toBe(brings);
  });
});

describe('the declarations', () => {
  const { shapes } = declarationsFor(calendarV3);

  it('are read down to maps, lists, values and what nobody may write', () => {
    const event = shapes.get('Event');
    if (event?.kind !== 'object') throw new Error('no Event');
    expect(event.fields.get('attendees')?.shape).toEqual({ kind: 'list', of: { kind: 'named', name: 'EventAttendee' } });
    expect(event.fields.get('visibility')?.shape).toEqual({
      kind: 'text',
      values: new Set(['default', 'public', 'private', 'confidential']),
    });
    expect(event.fields.get('organizer')?.isReadOnly).toBe(false);
    expect(event.fields.get('updated')?.isReadOnly).toBe(true);
    const extended = event.fields.get('extendedProperties')?.shape;
    expect(extended?.kind === 'object' ? extended.fields.get('private')?.shape : undefined).toEqual({
      kind: 'map',
      of: { kind: 'text' },
    });
  });

  it('stop at a type that nobody reads', () => {
    expect(() => declarationsOf('interface A { b?: [string]; }')).toThrow('a type that nobody reads: [string]');
  });
});

describe('the stand-in refuses what is not declared', () => {
  it.each<[string, object]>([
    ['a field that does not exist', { ...VISIT, sumary: 'x' }],
    ['a field that does not exist further down', { ...VISIT, start: { ...VISIT.start, timezone: 'Europe/Zurich' } }],
    ['a field that does not exist in a list', { ...VISIT, attendees: [{ email: 'a@b', mail: 'x' }] }],
    ['a number for a text', { ...VISIT, summary: 1 }],
    ['a text for a number', { ...VISIT, sequence: '1' }],
    ['a text for true or false', { ...VISIT, guestsCanModify: 'true' }],
    ['a fraction for a number', { ...VISIT, sequence: 0.5 }],
    ['an object for a list', { ...VISIT, attendees: { email: 'a@b' } }],
    ['a list for an object', { ...VISIT, start: [] }],
    ['a value that is not counted up', { ...VISIT, visibility: 'secret' }],
    ['a number in a map of texts', { ...VISIT, extendedProperties: { private: { a: 1 } } }],
  ])('in a body: %s', async (_, body) => {
    const server = await closedLater(startGoogleServer());
    server.addUser('ann@example.com');
    const ask = asking(server, server.grant('ann@example.com').access);
    expect(refusalOf(await ask('POST', 'calendars/primary/events', body))).toEqual([400, 'invalid']);
    expect(server.events('ann@example.com')).toEqual([]);
    expect((await ask('POST', 'calendars/primary/events', VISIT)).status).toBe(200);
  });

  it.each<[string, string, string]>([
    ['a parameter that does not exist', 'calendars/primary/events?maxresults=1', 'invalid'],
    ['a parameter of another method', 'calendars/primary/events?sendUpdates=none', 'invalid'],
    ['what stands in the path', 'calendars/primary/events?calendarId=primary', 'invalid'],
    ['a text for a number', 'calendars/primary/events?maxResults=many', 'invalid'],
    ['another text than true or false', 'calendars/primary/events?showDeleted=yes', 'invalid'],
    ['a value that is not counted up', 'calendars/primary/events?orderBy=name', 'invalid'],
    ['a parameter that is no list, twice', 'calendars/primary/events?q=a&q=b', 'invalid'],
  ])('in a query: %s', async (_, path, reason) => {
    const server = await closedLater(startGoogleServer());
    server.addUser('ann@example.com');
    const ask = asking(server, server.grant('ann@example.com').access);
    expect(refusalOf(await ask('GET', path))).toEqual([400, reason]);
    const taken =
      'calendars/primary/events?maxResults=1&showDeleted=true&eventTypes=default&eventTypes=focusTime&orderBy=updated';
    expect((await ask('GET', taken)).status).toBe(200);
  });

  it.each<[string, string, string, Record<string, string>, string]>([
    ['no type', 'POST', JSON.stringify(VISIT), { 'Content-Type': 'text/plain' }, 'badContent'],
    ['half a body', 'POST', JSON.stringify(VISIT).slice(0, 40), {}, 'parseError'],
    ['a list', 'POST', '[]', {}, 'parseError'],
  ])('in what is sent: %s', async (_, verb, body, headers, reason) => {
    const server = await closedLater(startGoogleServer());
    server.addUser('ann@example.com');
    const ask = asking(server, server.grant('ann@example.com').access);
    expect(refusalOf(await ask(verb, 'calendars/primary/events', body, headers))).toEqual([400, reason]);
  });
});
