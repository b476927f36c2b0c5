// The person is one as every groupware's suite wants one: what they do is seen, and what they put there can be found again.

import type { Entry } from '../../../src/core/sync/entry';
import { startGoogleServer, type GoogleServer } from './google-server';
import { googlePerson } from './person';

const ANN = 'ann@example.com';
const at = (wallClock: string) => ({ wallClock, timeZone: 'America/Chicago' });
const ENTRY: Entry = {
  ...{ kind: 'event', subject: 'Visit', place: 'Basel', notes: 'Bring it.', done: false },
  time: { begin: at('2026-03-02T09:30:00'), end: at('2026-03-02T10:30:00') },
};

let server: GoogleServer;
beforeEach(async () => {
  server = await startGoogleServer();
  server.addUser(ANN);
});
afterEach(() => server.close());

const event = () => server.events(ANN)[0];

describe('a person at Google’s calendar', () => {
  it('adds, edits and removes an event', async () => {
    const person = googlePerson(server, ANN);
    const id = await person.add(ENTRY);
    const start = { dateTime: '2026-03-02T15:30:00Z', timeZone: 'America/Chicago' };
    expect(event()).toMatchObject({ id, summary: 'Visit', location: 'Basel', description: 'Bring it.', start });
    await person.edit(id, { subject: 'New', time: { begin: { day: '2026-03-03' }, end: { day: '2026-03-04' } } });
    expect(event()).toMatchObject({
      summary: 'New',
      location: 'Basel',
      start: { date: '2026-03-03' },
      end: { date: '2026-03-04' },
    });
    await person.remove(id);
    expect(event()?.status).toBe('cancelled');
    await expect(person.edit(id, { subject: 'x' })).rejects.toThrow('403');
  });

  it.each([
    ['private', { visibility: 'private', summary: 'SECRET', description: 'SECRET' }],
    ['series', { recurrence: ['RRULE:FREQ=DAILY;COUNT=5'] }],
    ['foreign', { organizer: { email: 'boss@elsewhere.example' } }],
    ['unreadable', { start: { timeZone: 'Nowhere/Land' } }],
  ] as const)('makes an event %s', async (into, expected) => {
    const person = googlePerson(server, ANN);
    const id = await person.add(ENTRY);
    await person.turn(id, into);
    expect(event()).toMatchObject(expected);
  });

  it('decorates an event, and leaves what a client put there', async () => {
    const person = googlePerson(server, ANN);
    const id = await person.add(ENTRY);
    const path = `/calendar/v3/calendars/primary/events/${id}`;
    server.act(ANN, 'PATCH', path, { extendedProperties: { private: { ours: '1' } } });
    const before = await person.decorations(id);
    await person.decorate(id);
    expect(event()?.extendedProperties?.private).toEqual({ ours: '1', theirs: 'a;b', other: '1' });
    const decorations = await person.decorations(id);
    expect(decorations).not.toEqual(before);
    server.act(ANN, 'PATCH', path, { summary: 'New', extendedProperties: { private: { ours: '2' } } });
    expect(await person.decorations(id)).toEqual(decorations);
    server.act(ANN, 'PUT', path, { start: { date: '2026-03-02' }, end: { date: '2026-03-03' } });
    expect(await person.decorations(id)).not.toEqual(decorations);
  });

  it('spells a moment in another zone, and it stays the same', async () => {
    const person = googlePerson(server, ANN);
    const id = await person.add(ENTRY);
    await person.respell(id);
    expect(event()?.start).toEqual({ dateTime: '2026-03-02T15:30:00Z', timeZone: 'UTC' });
  });

  it('works in another calendar than the own one', async () => {
    const { id } = server.act(ANN, 'POST', '/calendar/v3/calendars', { summary: 'CRM' }) as { readonly id: string };
    await googlePerson(server, ANN, () => id).add(ENTRY);
    expect([server.events(ANN).length, server.events(ANN, id).length]).toEqual([0, 1]);
  });
});
