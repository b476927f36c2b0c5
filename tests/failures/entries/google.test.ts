// What only Google does, or does in its own words: README.md has the list. Each begins with a linked pair over its stand-in.

import { BOB } from '../../groupware/suite';
import { between, EVENTS, IN_STEP, OWNER, pairOf, ROW, V, VISIT, type Pair } from '../../support/pair';
import { textOfEvent } from '../../support/google/event-text';
import type { MishapRow } from '../../support/google/mishaps';
import { EMAIL, googleIn, LOST_ANSWERS } from '../../support/pair-at-google';
import { SIGNAL } from '../../support/turns';

let pair: Pair;
afterEach(() => pair.close());

const open = async (before?: (made: Pair) => void) => (pair = await pairOf('Google', before, EVENTS));
const site = () => googleIn(pair);
const server = () => site().server;
const own = (email = EMAIL) => site().ownCalendar({ login: '', email, system: 'crm', timeZone: '' });
const path = (id = '', query = '') => `/calendar/v3/calendars/${encodeURIComponent(own())}/events${id && `/${id}`}${query}`;
const standing = (email = EMAIL) =>
  server()
    .events(email, own(email))
    .filter(({ status }) => status !== 'cancelled');
const put = (objid: number, subject: string, owner: string = OWNER) =>
  pair.crm.put({ ...ROW, objid, kind: 'event', owner, entry: { ...VISIT, subject } });
const titled = (subject: string) => V.replace('Visit', subject);
const visit = () => pair.idOf('appointment', 7);
/** The calls of a method since the pair was in step. */
const callsOf = (method: string) => server().calls.filter((call) => call.method === method).length;
const two = (subject: string) => {
  const both = [titled(subject), V].sort();
  return { ...IN_STEP, crm: both, groupware: both, links: ['linked', 'linked'] };
};

describe('What Google was asked to make', () => {
  it.each(LOST_ANSWERS)('1. stands once, though %s', async (_, what) => {
    await open();
    put(8, 'Call');
    server().misbehave({ method: 'events.insert', what });
    await pair.turn();
    expect(standing()).toHaveLength(2);
    expect(await pair.rest()).toMatchObject({ ...two('Call'), writes: [0, expect.any(Number) as number] });
    expect(standing()).toHaveLength(2);
  });

  it('2. stands as somebody changed it whom nobody told that the answer was lost', async () => {
    await open();
    put(8, 'Call');
    server().misbehave({ method: 'events.insert', what: { kind: 'reset', done: true } });
    await pair.turn();
    const [link] = await pair.links.find({ objid: 8, type: 'appointment' }, 1, SIGNAL);
    await pair.person().edit(link?.id ?? '', { subject: 'Call Nora' });
    expect(await pair.rest()).toMatchObject({ ...two('Call Nora'), writes: [1, 0] });
  });

  it.each([
    ['is still known', () => undefined],
    ['has disappeared', () => server().forgetDeleted()],
  ])('7. gets the next id where the deleted one %s', async (_, forget) => {
    await open();
    const first = await visit();
    await pair.person().remove(first);
    forget();
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    const renamed = titled('Visit 2');
    const links = ['gone (deleted-there)', 'linked'];
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: [renamed], links, writes: [0, 1] });
    expect(standing().map(({ id }) => id)).not.toContain(first);
  });

  it('20. is held alone where Google refuses it, with what is known of why', async () => {
    await open();
    for (const n of [1, 2, 3]) put(n, `Call ${n}`);
    const body = {
      error: { code: 400, message: 'SECRET', errors: [{ domain: 'global', reason: 'invalid', message: 'SECRET' }] },
    };
    server().misbehave({ method: 'events.insert', nth: 2, what: { kind: 'answer', status: 400, body } });
    const { links, groupware } = await pair.rest();
    expect([links, groupware.length]).toEqual([['held (refused)', 'linked', 'linked', 'linked'], 3]);
    const [held] = await pair.links.find({ states: ['held'] }, 1, SIGNAL);
    expect(held?.reason).toBe('Google answered 400 (invalid)');
  });
});

describe('How far a listing of Google came', () => {
  it.each([410, 400] as const)(
    '3, 4. starts over where it is answered %s, also on a later page, for this user only',
    async (status) => {
      await open(({ crm }) => {
        for (const owner of [OWNER, BOB.login])
          for (let n = 1; n <= 8; n += 1)
            crm.put({
              ...ROW,
              objid: n * 10 + (owner === OWNER ? 1 : 2),
              kind: 'event',
              owner,
              entry: { ...VISIT, subject: `${n}` },
            });
      });
      await pair.rest(OWNER, BOB.login);
      pair.begin();
      server().answerExpiredWith(status);
      server().limitPages(3);
      for (const { id } of standing()) await pair.person().edit(id, { place: 'Dock 4' });
      const asked: string[] = [];
      pair.between = (inner) => ({
        ...inner,
        list: (cursor, page, deadline) => {
          asked.push(`${inner.remoteUser} ${cursor === undefined ? 'whole' : 'changes'}`);
          if (asked.length === 2) server().expireCursors(EMAIL);
          return inner.list(cursor, page, deadline);
        },
      });
      const { crm, groupware, links, writes } = await pair.rest(OWNER, BOB.login);
      expect([crm.length, new Set(links), links.length, writes]).toEqual([17, new Set(['linked']), 17, [9, 0]]);
      expect(crm).toEqual(groupware);
      expect(new Set(asked)).toEqual(new Set([`${EMAIL} changes`, `${EMAIL} whole`, `${BOB.login}@example.com changes`]));
    },
  );
});

describe('The own calendar at Google', () => {
  it('6. that is deleted is not made anew before somebody says so, and the CRM keeps all', async () => {
    await open();
    server().act(EMAIL, 'DELETE', `/calendar/v3/calendars/${encodeURIComponent(own())}`);
    expect(await pair.rest()).toMatchObject({ crm: [V], groupware: [], links: ['held (guard-there)'], writes: [0, 0] });
    const [held] = await pair.links.find({ states: ['held'] }, 1, SIGNAL);
    if (held === undefined) throw new Error('it is held');
    await pair.links.order(held, 'crm', pair.now, SIGNAL);
    expect(await pair.rest()).toMatchObject({ crm: [V], groupware: [V], writes: [0, 1] });
  });

  it.each<[string, MishapRow['what'], number]>([
    ['was lost', { kind: 'reset', done: true }, 1],
    ['never came', { kind: 'reset' }, 2],
  ])(
    '16. is there once, though the answer to its making %s, and one that only has its name is let be',
    async (_, what, calls) => {
      await open();
      const email = `${BOB.login}@example.com`;
      put(8, 'His', BOB.login);
      await pair.world.contents(BOB, 'event');
      server().act(email, 'POST', '/calendar/v3/calendars', { summary: 'CRM' });
      const before = callsOf('calendars.insert');
      server().misbehave({ method: 'calendars.insert', what });
      expect(await pair.rest(OWNER, BOB.login)).toMatchObject({ groupware: [titled('His'), V].sort() });
      const his = server()
        .calendars(email)
        .filter(({ isPrimary }) => !isPrimary);
      expect(his.map(({ properties }) => properties['description'])).toEqual([
        undefined,
        `publish-activity: events of crm, ${BOB.login}`,
      ]);
      expect([...(his[0]?.events.values() ?? [])]).toEqual([]);
      expect(callsOf('calendars.insert') - before).toBe(calls);
    },
  );

  it('24. is found again with all that is in it when nothing is known any more, and nothing is doubled', async () => {
    await open();
    pair.store.links.clear();
    pair.store.cursors.clear();
    pair.store.grants.clear();
    site().revoke({ ...BOB, login: OWNER, email: EMAIL });
    site().join({ ...BOB, login: OWNER, email: EMAIL });
    expect(await pair.rest()).toEqual(IN_STEP);
    expect(server().calendars(EMAIL)).toHaveLength(2);
  });
});

describe('What people do at Google', () => {
  it('11. never ends in a mail to guests, whatever we write or delete', async () => {
    await open();
    await pair.person().decorate(await visit());
    for (const change of [{ subject: 'Visit 2' }, { time: between('03T14:00', '03T15:30') }, { notes: 'New' }]) {
      pair.crm.edit(ROW, change);
      await pair.rest();
    }
    pair.crm.rows.delete('appointment:7');
    expect(await pair.rest()).toMatchObject({ groupware: [], links: ['gone (deleted-here)'], writes: [0, 4] });
    expect(server().mails).toEqual([]);
    const writes = server().calls.filter(({ method }) => /^events\.(insert|patch|delete)$/.test(method));
    expect(writes.map(({ query }) => query.get('sendUpdates'))).toEqual(writes.map(() => 'none'));
  });

  it.each(['focusTime', 'outOfOffice', 'workingLocation', 'birthday', 'fromGmail', 'somethingNew'])(
    '14. is ignored where it is of the type %s, and the rest goes on',
    async (eventType) => {
      await open();
      const id = await pair.person().add({ ...VISIT, subject: 'Theirs' });
      server().alter(EMAIL, own(), id, (event) => ({ ...event, eventType }));
      pair.crm.edit(ROW, { subject: 'Visit 2' });
      const before = standing().find((event) => event.id === id);
      const renamed = titled('Visit 2');
      expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: [renamed, 'foreign'], writes: [0, 1] });
      expect(standing().find((event) => event.id === id)).toEqual(before);
    },
  );

  it('13. is known by nothing but that it is private, and its words are asked for in no way that keeps them', async () => {
    await open();
    for (const visibility of ['private', 'confidential']) {
      const id = await pair.person().add({ ...VISIT, subject: 'SECRET', place: 'SECRET', notes: 'SECRET' });
      server().act(EMAIL, 'PATCH', path(id), { visibility });
      expect(textOfEvent(standing().find((event) => event.id === id) ?? {})).toContain('SECRET');
    }
    expect(await pair.rest()).toMatchObject({ crm: [V], links: ['linked'], writes: [0, 0] });
    expect(JSON.stringify([[...pair.store.links.values()], [...pair.store.cursors.values()]])).not.toContain('SECRET');
  });
});

describe('Calls of several users in one request', () => {
  it('17. stop for the one who agrees no more, and for nobody else', async () => {
    await open();
    put(8, 'His', BOB.login);
    await pair.rest(OWNER, BOB.login);
    server().expireAccessTokens();
    site().revoke({ ...BOB, email: `${BOB.login}@example.com` });
    for (const objid of [7, 8]) pair.crm.edit({ ...ROW, objid }, { place: 'Dock 4' });
    pair.now += 2 * 3_600_000;
    expect(await pair.turn(BOB.login)).toMatchObject({
      result: 'login-refused',
      trouble: expect.stringContaining('connect bob') as string,
    });
    expect(await pair.rest()).toMatchObject({ groupware: [V.replace('Dock 3', 'Dock 4')], writes: [0, 2] });
    expect(site().kept.get(BOB.login)?.state).toBe('parked');
    site().join({ ...BOB, email: `${BOB.login}@example.com` });
    expect(await pair.rest(BOB.login)).toMatchObject({ groupware: [titled('His').replace('Dock 3', 'Dock 4')] });
  });

  it('18. come again where they came too fast, were left out or failed, and nothing is doubled', async () => {
    await open();
    for (let n = 0; n < 50; n += 1) put(100 + n, `Call ${n}`);
    server().misbehave(
      { method: 'events.insert', nth: 1, times: 7, what: { kind: 'limit', reason: 'userRateLimitExceeded', status: 403 } },
      { method: 'events.insert', nth: 12, what: { kind: 'status', status: 503, done: true } },
      { method: 'batch', what: { kind: 'batch', leaveOut: [20, 30] } },
    );
    await pair.turn();
    const { groupware, links } = await pair.rest();
    expect([groupware.length, new Set(groupware).size, new Set(links)]).toEqual([51, 51, new Set(['linked'])]);
    expect(standing()).toHaveLength(51);
  });

  it('19. are answered each to its own, in whatever order', async () => {
    await open();
    for (let n = 0; n < 4; n += 1) put(100 + n, `Hers ${n}`);
    for (let n = 0; n < 4; n += 1) put(200 + n, `His ${n}`, BOB.login);
    server().misbehave({ method: 'batch', times: 20, what: { kind: 'batch', order: 'reversed' } });
    await Promise.all([pair.turn(OWNER), pair.turn(BOB.login)]);
    expect(await pair.rest(OWNER, BOB.login)).toMatchObject({ conflicts: [] });
    const subjectsOf = (email: string) => standing(email).map(({ summary = '' }) => summary.split(' ')[0]);
    expect(new Set(subjectsOf(EMAIL))).toEqual(new Set(['Visit', 'Hers']));
    expect(subjectsOf(`${BOB.login}@example.com`)).toEqual(['His', 'His', 'His', 'His']);
    for (const link of await pair.links.find({ states: ['linked'] }, 20, SIGNAL)) expect(link.remoteId).toBe(link.id);
  });
});
