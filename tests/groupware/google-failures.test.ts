// What goes wrong at Google, and how the pair stands at the end: the engine over the stand-in.

import type { Listing } from '../../src/groupware/groupware';
import { emptyGooglePair, googlePair, isWrite, USER, type GooglePair, type GoogleRest } from '../support/google-pair';
import { ownMethods } from '../support/own-methods';
import { between, ROW, V, VISIT } from '../support/pair';
import { SIGNAL } from '../support/turns';

let pair: GooglePair;
afterEach(() => pair.close());

const of = (subject: string) => V.replace('Visit', subject);
const IN_STEP: GoogleRest = { crm: [V], google: [V], links: ['linked'], writes: [0, 0] };
const path = (id = '') => `/calendar/v3/calendars/${encodeURIComponent(pair.calendar())}/events${id === '' ? '' : `/${id}`}`;
const linksOf = () => pair.links.find({}, 1_000, SIGNAL);

/** Listings are late for as long as the test says; the next turn begins 30 seconds after the one before, and not a turn’s time. */
const [LATE_MS, AFTER_MS, TURN_MS] = [3_600_000, 30_000, 600_000];

describe('A pair of the CRM and Google comes to rest as it should:', () => {
  it('a round in which nothing happened is one call, and writes nothing', async () => {
    pair = await googlePair();
    for (let round = 0; round < 20; round += 1) await pair.turn();
    expect(pair.calls().map(({ method }) => method)).toEqual(Array.from({ length: 20 }, () => 'events.list'));
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it('1. killed after Google has what was made, before its answer is kept', async () => {
    pair = await googlePair();
    pair.put(8, 'Second');
    const killed = new Error('killed');
    pair.between = (inner) => ({
      ...ownMethods(inner),
      apply: async (steps, deadline) => {
        await inner.apply(steps, deadline);
        throw killed;
      },
    });
    expect(await pair.turn()).toBe(killed);
    pair.between = (inner) => inner;
    const both = [of('Second'), V];
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: both, google: both, links: ['linked', 'linked'], writes: [0, 1] });
  });

  it('2. made, the answer lost, and edited by somebody before anybody looks', async () => {
    pair = await googlePair();
    pair.put(8, 'Second');
    pair.site.server.misbehave({ method: 'events.insert', what: { kind: 'reset', done: true } });
    await pair.turn();
    const link = (await linksOf()).find(({ objid }) => objid === 8);
    await pair.person().edit(link?.id ?? '', { subject: 'Theirs' });
    const both = [of('Theirs'), V];
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: both, google: both, links: ['linked', 'linked'], writes: [1, 1] });
  });

  it.each([410, 400] as const)('3. and 4. a cursor that is forgotten in the middle of the pages, as %i', async (status) => {
    const more = [8, 9, 10, 11].map((objid) => [objid, `Visit ${objid}`] as const);
    pair = await googlePair({}, (empty) => {
      for (const [objid, subject] of more) empty.put(objid, subject);
    });
    const { server } = pair.site;
    server.limitPages(2);
    server.answerExpiredWith(status);
    for (const [objid, subject] of more) await pair.person().edit(await pair.idOf(objid), { subject: `${subject}!` });
    const listings: Listing['kind'][] = [];
    let isExpired = false;
    pair.between = (inner) => ({
      ...ownMethods(inner),
      list: async (cursor, page, deadline) => {
        if (page !== undefined && !isExpired) {
          server.expireCursors();
          isExpired = true;
        }
        const listing = await inner.list(cursor, page, deadline);
        listings.push(listing.kind);
        return listing;
      },
    });
    const all = [...more.map(([, subject]) => of(`${subject}!`)), V].sort();
    expect(await pair.rest()).toEqual({ crm: all, google: all, links: all.map(() => 'linked'), writes: [4, 0] });
    expect(listings.filter((kind) => kind === 'expired')).toHaveLength(1);
  });

  it.each([
    ['is nobody’s change, as long as the program gives it', undefined, 0],
    // That the test can fail.
    ['would be taken for one', 0, 2],
  ])('a listing of everything that is late %s', async (_, settledAfterMs, writes) => {
    pair = await googlePair();
    const { server } = pair.site;
    if (settledAfterMs !== undefined) pair.between = (inner) => ({ ...ownMethods(inner), settledAfterMs });
    server.lag(LATE_MS);
    pair.crm.edit(ROW, { subject: 'Changed' });
    await pair.turn();
    server.expireCursors();
    pair.now += AFTER_MS - TURN_MS;
    await pair.turn();
    server.lag(0);
    const changed = [of('Changed')];
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: changed, google: changed, writes: [writes, 1] });
  });

  it('6. somebody deletes the whole calendar', async () => {
    pair = await googlePair();
    pair.site.server.act(USER.email, 'DELETE', `/calendar/v3/calendars/${encodeURIComponent(pair.calendar())}`);
    expect(await pair.rest()).toEqual({ ...IN_STEP, google: [], links: ['held (guard-there)'] });
    expect(pair.site.server.calendars(USER.email)).toHaveLength(1);
  });

  it.each([
    ['and is there as cancelled', false],
    ['and disappeared altogether', true],
  ])('7. an id that was deleted once %s never comes back', async (_, isForgotten) => {
    pair = await googlePair();
    const before = await pair.idOf();
    // Deleted there and changed here at once: the change counts.
    await pair.person().remove(before);
    if (isForgotten) pair.site.server.forgetDeleted();
    pair.crm.edit(ROW, { subject: 'Changed' });
    expect(await pair.rest()).toMatchObject({
      crm: [of('Changed')],
      google: [of('Changed')],
      links: expect.arrayContaining(['linked']),
    });
    expect(await pair.idOf()).not.toBe(before);
  });

  it('7. an id that another ledger burnt is passed over', async () => {
    pair = await emptyGooglePair();
    await pair.turn();
    const id = await pair.idOf();
    await pair.person().remove(id);
    pair.forget();
    expect(await pair.rest()).toMatchObject({ crm: [V], google: [V] });
    expect(await pair.idOf()).not.toBe(id);
  });

  it('8. made all-day in Google, and back', async () => {
    pair = await googlePair();
    const id = await pair.idOf();
    const { server } = pair.site;
    const days = { begin: { day: '2026-12-01' }, end: { day: '2026-12-03' } };
    await pair.person().edit(id, { time: days });
    const midnights = 'Visit | 2026-12-01T06:00:00Z/2026-12-03T06:00:00Z | Dock 3';
    expect(await pair.rest()).toMatchObject({
      crm: [midnights],
      google: ['Visit | 2026-12-01/2026-12-03 | Dock 3'],
      writes: [1, 0],
    });
    pair.crm.edit(ROW, { time: VISIT.time });
    expect(await pair.rest()).toMatchObject({ crm: [V], google: [V], writes: [1, 1] });
    expect(JSON.parse(pair.calls().find(isWrite)?.body ?? '')).toMatchObject({
      start: { date: null, dateTime: '2026-12-01T09:00:00', timeZone: 'America/Chicago' },
      end: { date: null },
    });
    expect(server.events(USER.email, pair.calendar())[0]?.start).not.toHaveProperty('date');
  });

  it('10. and 11. reminders, colours, guests and properties of others stay, and no guest is written to', async () => {
    pair = await googlePair();
    const id = await pair.idOf();
    await pair.person().decorate(id);
    const before = await pair.person().decorations(id);
    pair.crm.edit(ROW, { subject: 'Changed', time: between('02T09:00', '02T10:00'), notes: 'a <b> & c' });
    await pair.rest();
    expect(await pair.person().decorations(id)).toEqual(before);
    pair.crm.rows.delete(`${ROW.type}:${ROW.objid}`);
    expect(await pair.rest()).toMatchObject({ google: [], writes: [0, 2] });
    expect(
      pair.site.server.calls
        .filter((call) => isWrite(call) && call.method.startsWith('events'))
        .map(({ query }) => query.get('sendUpdates')),
    ).toEqual(['none', 'none', 'none']);
    expect(pair.site.server.mails).toEqual([]);
  });

  it('11. the meeting of somebody else is left alone', async () => {
    pair = await googlePair();
    const id = await pair.idOf();
    await pair.person().turn(id, 'foreign');
    pair.crm.edit(ROW, { subject: 'Changed' });
    expect(await pair.rest()).toMatchObject({ google: [V], writes: [0, 0] });
  });

  it('12. another program spells its zone otherwise, and the moment stays', async () => {
    pair = await googlePair();
    await pair.person().respell(await pair.idOf());
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it('13. what becomes private says no word anywhere, and is held', async () => {
    pair = await googlePair();
    await pair.person().turn(await pair.idOf(), 'private');
    pair.crm.edit(ROW, { subject: 'Changed' });
    const rest = await pair.rest();
    expect(rest).toMatchObject({ crm: [of('Changed')], links: ['held (private)'], writes: [0, 0] });
    expect(
      JSON.stringify([await linksOf(), await pair.links.conflicts({}, 100, SIGNAL), [...pair.crm.rows.values()]]),
    ).not.toContain('SECRET');
  });

  it('14. birthdays, working places and types that do not exist yet are left alone, and the listing goes on', async () => {
    pair = await googlePair({ calendar: 'primary' });
    const { server } = pair.site;
    const made = ['birthday', 'fromGmail', 'focusTime', 'outOfOffice', 'workingLocation', 'hologram'].map((eventType, n) => {
      const time = { start: { dateTime: `2026-12-0${n + 1}T09:00:00Z` }, end: { dateTime: `2026-12-0${n + 1}T10:00:00Z` } };
      const { id } = server.act(USER.email, 'POST', path(), { summary: eventType, ...time }) as { readonly id: string };
      server.alter(USER.email, 'primary', id, (event) => ({ ...event, eventType }));
      return id;
    });
    await pair.person().edit(await pair.idOf(), { subject: 'Moved' });
    const rest = await pair.rest();
    expect(rest).toMatchObject({ crm: [of('Moved')], links: ['linked'], writes: [1, 0] });
    expect(rest.google).toHaveLength(made.length + 1);
  });

  it('14. of the first calendar, what carries no mark of ours is a person’s own', async () => {
    pair = await googlePair({ calendar: 'primary' });
    await pair.person().add({ ...VISIT, subject: 'Dentist' });
    expect(await pair.rest()).toEqual({ ...IN_STEP, google: [of('Dentist'), V] });
    await pair.person().edit(await pair.idOf(), { subject: 'Moved' });
    expect(await pair.rest()).toMatchObject({ crm: [of('Moved')], writes: [1, 0] });
  });

  it('16. the calendar was made and the answer lost: it is found, and no second one is made', async () => {
    pair = await emptyGooglePair();
    pair.site.server.misbehave({ method: 'calendars.insert', what: { kind: 'reset', done: true } });
    await pair.turn();
    expect(await pair.rest()).toMatchObject({ ...IN_STEP, writes: expect.anything() });
    expect(pair.site.server.calls.filter(({ method }) => method === 'calendars.insert')).toHaveLength(1);
  });

  it('16. a calendar of that name is a person’s own, and one that somebody hid or gave a new name is ours', async () => {
    pair = await emptyGooglePair();
    const { server } = pair.site;
    server.act(USER.email, 'POST', '/calendar/v3/calendars', { summary: 'CRM' });
    await pair.turn();
    const own = server.calendars(USER.email).filter(({ isPrimary, events }) => !isPrimary && events.size > 0);
    expect(own).toHaveLength(1);
    const id = encodeURIComponent(own[0]?.id ?? '');
    server.act(USER.email, 'PATCH', `/calendar/v3/calendars/${id}`, { summary: 'Customers' });
    server.act(USER.email, 'PATCH', `/calendar/v3/users/me/calendarList/${id}`, { hidden: true });
    pair.forget();
    await pair.rest();
    expect(server.calendars(USER.email)).toHaveLength(3);
    expect(own[0]?.events.size).toBe(1);
  });

  it('16. where two calendars say that they are ours, nobody guesses', async () => {
    pair = await googlePair();
    const { server } = pair.site;
    const description = server.calendars(USER.email).find(({ isPrimary }) => !isPrimary)?.properties['description'];
    server.act(USER.email, 'POST', '/calendar/v3/calendars', { summary: 'Copy', description });
    pair.forget();
    expect(await pair.turn()).toMatchObject({ result: 'rejected', trouble: expect.stringContaining('several calendars') });
    expect(pair.calls().filter(isWrite)).toEqual([]);
  });

  it('16. what others share is theirs, though it says to be of the CRM', async () => {
    pair = await emptyGooglePair();
    const { server } = pair.site;
    server.addUser('boss@example.com');
    const shared = { summary: 'CRM', description: `publish-activity: events of test, ${USER.login}` };
    const { id } = server.act('boss@example.com', 'POST', '/calendar/v3/calendars', shared) as { readonly id: string };
    server.share(id, USER.email, 'writer');
    expect(await pair.rest()).toMatchObject({ google: [V] });
    expect(server.events('boss@example.com', id)).toEqual([]);
  });

  it('17. a consent that was taken back ends the turns of that user, and nobody else’s', async () => {
    pair = await googlePair();
    pair.site.join({ ...USER, login: 'bob', email: 'bob@example.com' });
    for (const each of pair.site.server.oauth.tokens.refresh.values()) each.isRevoked ||= each.email === USER.email;
    // Other runs keep their access tokens elsewhere.
    pair.site.server.expireAccessTokens(USER.email);
    expect(await pair.turn()).toMatchObject({ result: 'login-refused', trouble: expect.stringContaining('connect ann') });
    expect(await pair.turn('bob')).toMatchObject({ result: 'done' });
    expect(pair.site.kept.get('ann')).toMatchObject({ state: 'parked' });
    expect(pair.calls().filter(isWrite)).toEqual([]);
  });

  it.each(['own', 'shared'] as const)(
    '18. of 50 in a batch 7 come too fast, 2 are missing and one is a 503 that was done (%s)',
    async (batch) => {
      const all = Array.from({ length: 49 }, (_, n) => n + 100);
      pair = await emptyGooglePair({ batch });
      for (const objid of all) pair.put(objid, `Visit ${objid}`);
      const { server } = pair.site;
      // The calendar is there, so that all of them travel together.
      pair.crm.rows.delete(`${ROW.type}:${ROW.objid}`);
      server.misbehave(
        { method: 'events.insert', nth: 5, times: 7, what: { kind: 'limit', reason: 'userRateLimitExceeded' } },
        { method: 'events.insert', nth: 20, what: { kind: 'status', status: 503, done: true } },
        { method: 'batch', what: { kind: 'batch', leaveOut: [2, 30] } },
      );
      const rest = await pair.rest();
      const entries = all.map((objid) => of(`Visit ${objid}`)).sort();
      expect(rest).toMatchObject({ crm: entries, google: entries, links: entries.map(() => 'linked') });
      expect(server.calls.filter(({ method }) => method === 'events.insert')).toHaveLength(all.length + 7);
    },
  );

  it('20. an entry that Google refuses is held in words, and the rest goes on', async () => {
    pair = await googlePair();
    for (const objid of [8, 9, 10]) pair.put(objid, `Visit ${objid}`);
    const body = { error: { code: 400, errors: [{ reason: 'invalid', message: 'SECRET' }] } };
    pair.site.server.misbehave({ method: 'events.insert', nth: 2, what: { kind: 'answer', status: 400, body } });
    const rest = await pair.rest();
    expect(rest.google).toHaveLength(3);
    expect(rest.links).toEqual(['held (refused)', 'linked', 'linked', 'linked']);
    expect((await linksOf()).map(({ reason }) => reason).join('')).toMatch(/400 \(invalid\)/);
    expect(JSON.stringify(await linksOf())).not.toContain('SECRET');
  });
});
