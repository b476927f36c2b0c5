// How Calendar behaves: guests, types of events, calendars and scopes. A row a fact, with the page that says so.

import { asking, itemsOf, refusalOf, VISIT } from './asking';
import { useCalendar, ANN, BOB, EVENTS, ID } from './calendar-desk';
import { describeFacts, fact, type Fact } from './facts';
import { scope } from './reach';

const REFERENCE = 'https://developers.google.com/workspace/calendar/api/v3/reference/events';
const ERRORS = 'https://developers.google.com/workspace/calendar/api/guides/errors';
const TYPES = 'https://developers.google.com/workspace/calendar/api/guides/event-types';
const SHARING = 'https://developers.google.com/workspace/calendar/api/concepts/sharing';

const desk = useCalendar();
const { ask, bob, made, got, patch, remove, list, tokenOf, ids } = desk;
const DAY = { ...VISIT, start: { date: '2026-03-02' }, end: { date: '2026-03-03' } };

const focusTime = { eventType: 'focusTime', focusTimeProperties: { chatStatus: 'doNotDisturb' } };
const office = { eventType: 'workingLocation', workingLocationProperties: { type: 'homeOffice', homeOffice: {} } };

const GUESTS: readonly Fact[] = [
  fact('mails guests as sendUpdates says', `${REFERENCE}/insert`, async () => {
    const attendees = [{ email: BOB }, { email: 'guest@elsewhere.example' }];
    await made({ attendees });
    await patch({ summary: 'New' });
    expect(desk.server.mails).toEqual([]);
    await ask('PATCH', `${EVENTS}/${ID}?sendUpdates=externalOnly`, { summary: 'Newer' });
    expect(desk.server.mails).toEqual([{ to: 'guest@elsewhere.example', about: 'update', eventId: ID }]);
    await remove(ID, ask, '?sendUpdates=all');
    expect(desk.server.mails.slice(1).map(({ to, about }) => `${about} ${to}`)).toEqual([
      `cancellation ${BOB}`,
      'cancellation guest@elsewhere.example',
    ]);
  }),
  fact('gives each guest a copy of the same id', SHARING, async () => {
    await made({ attendees: [{ email: BOB }] });
    expect(await got(ID, bob)).toMatchObject({
      summary: 'Visit',
      organizer: { email: ANN },
      attendees: [{ email: BOB, self: true }],
    });
    expect((await got()).organizer).toEqual({ email: ANN, self: true });
    await remove();
    expect(await got(ID, bob)).toMatchObject({ status: 'cancelled' });
  }),
  fact('lets nobody but the organizer change what is shared', ERRORS, async () => {
    await made({ attendees: [{ email: BOB }] });
    expect(refusalOf(await patch({ summary: 'x' }, undefined, bob))).toEqual([403, 'forbiddenForNonOrganizer']);
    expect((await patch({ colorId: '1', attendees: [{ email: BOB, responseStatus: 'accepted' }] }, undefined, bob)).status).toBe(
      200,
    );
    expect((await got()).attendees).toMatchObject([{ email: BOB, responseStatus: 'accepted' }]);
    expect((await got())['colorId']).toBeUndefined();
  }),
  fact('tells the organizer that a guest removed the own copy', SHARING, async () => {
    await made({ attendees: [{ email: BOB }] });
    await remove(ID, bob);
    expect(await got()).toMatchObject({ status: 'confirmed', attendees: [{ responseStatus: 'declined' }] });
  }),
  fact('hides what is private from those who only read', SHARING, async () => {
    await made({ visibility: 'private', location: 'Basel' });
    desk.server.share(ANN, BOB, 'reader');
    const [seen] = itemsOf(await bob('GET', `calendars/${ANN}/events`));
    expect([seen?.summary, seen?.location, seen?.start?.dateTime]).toEqual([undefined, undefined, '2026-03-02T09:30:00+01:00']);
    expect(refusalOf(await bob('PATCH', `calendars/${ANN}/events/${ID}`, { summary: 'x' }))).toEqual([
      403,
      'requiredAccessLevel',
    ]);
    desk.server.share(ANN, BOB, 'writer');
    expect(itemsOf(await bob('GET', `calendars/${ANN}/events`))).toMatchObject([{ summary: 'Visit' }]);
  }),
];

const KINDS: readonly Fact[] = [
  fact('has events of six types, and filters by them', TYPES, async () => {
    await made();
    await made({ id: 'focus', ...focusTime });
    await made({ id: '0ffice', ...office });
    expect(ids(await list())).toEqual([ID, 'focus', '0ffice']);
    expect(ids(await list('?eventTypes=default'))).toEqual([ID]);
    expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, eventType: 'fromGmail' }))).toEqual([400, 'eventTypeRestriction']);
  }),
  fact('changes no type, and nothing of a birthday', TYPES, async () => {
    await made();
    expect(refusalOf(await patch(focusTime))).toEqual([400, 'eventTypeRestriction']);
    await made({ ...DAY, id: 'b1rth', eventType: 'birthday', recurrence: ['RRULE:FREQ=YEARLY'] });
    expect(refusalOf(await ask('PATCH', `${EVENTS}/b1rth`, { summary: 'x' }))).toEqual([400, 'eventTypeRestriction']);
    expect((await ask('PATCH', `${EVENTS}/b1rth`, { colorId: '1' })).status).toBe(200);
  }),
  fact('has all but plain events on primary calendars only', TYPES, async () => {
    const { body } = await ask('POST', 'calendars', { summary: 'CRM' });
    const other = `calendars/${String(body['id'])}/events`;
    for (const kind of [focusTime, office])
      expect(refusalOf(await ask('POST', other, { ...VISIT, ...kind }))).toEqual([400, 'eventTypeRestriction']);
    expect((await ask('POST', other, VISIT)).body).toMatchObject({
      organizer: { email: body['id'], displayName: 'CRM', self: true },
    });
  }),
  fact('hears of attachments, conferences and labels only with their parameters', REFERENCE, async () => {
    const attachments = [{ fileUrl: 'https://drive.google.com/x' }];
    await made({ attachments, eventLabelId: 'x', colorId: '3' });
    expect([(await got())['attachments'], (await got())['eventLabelId'], (await got())['colorId']]).toEqual([
      undefined,
      undefined,
      '3',
    ]);
    await ask('PATCH', `${EVENTS}/${ID}?supportsAttachments=true&eventLabelVersion=1`, { attachments, eventLabelId: 'x' });
    expect(await got()).toMatchObject({ attachments, eventLabelId: 'x' });
  }),
  fact('has default reminders or own ones, and five at the most', REFERENCE, async () => {
    const one = { method: 'popup', minutes: 5 };
    const refused = async (reminders: object) => refusalOf(await ask('POST', EVENTS, { ...VISIT, reminders }))[1];
    expect(await refused({ useDefault: true, overrides: [one] })).toBe('cannotUseDefaultRemindersAndSpecifyOverride');
    expect(await refused({ useDefault: false, overrides: Array.from({ length: 6 }, () => one) })).toBe(
      'eventRemindersCountExceedsLimit',
    );
  }),
];

const CALENDARS: readonly Fact[] = [
  fact(
    'makes two calendars of one name where it is asked twice',
    'https://developers.google.com/workspace/calendar/api/v3/reference/calendars/insert',
    async () => {
      for (let n = 0; n < 2; n += 1) await ask('POST', 'calendars', { summary: 'CRM', timeZone: 'Asia/Kathmandu' });
      const items = itemsOf(await ask('GET', 'users/me/calendarList'));
      expect(items.map(({ summary }) => summary)).toEqual([ANN, 'CRM', 'CRM']);
      expect([items[0]?.['primary'], items[1]?.['primary'], items[1]?.['dataOwner']]).toEqual([true, undefined, ANN]);
    },
  ),
  fact(
    'has nothing of a calendar that was deleted but that it was',
    'https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/list',
    async () => {
      const { body } = await ask('POST', 'calendars', { summary: 'CRM' });
      const token = tokenOf(await ask('GET', 'users/me/calendarList'));
      expect((await ask('DELETE', `calendars/${String(body['id'])}`)).status).toBe(204);
      expect(refusalOf(await ask('GET', `calendars/${String(body['id'])}/events`))).toEqual([404, 'notFound']);
      expect(itemsOf(await ask('GET', `users/me/calendarList?syncToken=${token}`))).toMatchObject([
        { id: body['id'], deleted: true },
      ]);
      expect(refusalOf(await ask('DELETE', 'calendars/primary'))).toEqual([400, 'cannotDeletePrimaryCalendar']);
    },
  ),
  fact('does not find a calendar that is not shared', ERRORS, async () => {
    expect(refusalOf(await bob('GET', `calendars/${ANN}/events`))).toEqual([404, 'notFound']);
  }),
  fact(
    'lets an application see its own calendars alone',
    'https://developers.google.com/workspace/calendar/api/auth',
    async () => {
      const own = asking(desk.server, desk.server.grant(ANN, [scope('calendar.app.created')]).access);
      const { body } = await own('POST', 'calendars', { summary: 'CRM' });
      expect((await own('POST', `calendars/${String(body['id'])}/events`, VISIT)).status).toBe(200);
      expect((await own('GET', EVENTS)).status).toBe(404);
      desk.server.act(ANN, 'POST', '/calendar/v3/calendars', { summary: 'By hand' });
      expect((await own('GET', `calendars/${String(desk.server.calendars(ANN)[2]?.id)}/events`)).status).toBe(404);
      expect(refusalOf(await own('GET', 'users/me/calendarList'))).toEqual([403, 'insufficientPermissions']);
    },
  ),
  fact(
    'refuses a token whose scopes are too narrow',
    'https://docs.cloud.google.com/docs/authentication/troubleshoot-adc',
    async () => {
      const narrow = asking(desk.server, desk.server.grant(ANN, [scope('calendar.events.readonly')]).access);
      expect((await narrow('GET', EVENTS)).status).toBe(200);
      const refused = await narrow('POST', EVENTS, VISIT);
      expect([refusalOf(refused), refused.text.includes('ACCESS_TOKEN_SCOPE_INSUFFICIENT')]).toEqual([
        [403, 'insufficientPermissions'],
        true,
      ]);
    },
  ),
  fact(
    'tells when somebody is busy, and not a word more',
    'https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query',
    async () => {
      await made({ id: 'aaaaa' });
      await made({ id: 'bbbbb', start: { dateTime: '2026-03-02T10:00:00Z' }, end: { dateTime: '2026-03-02T11:00:00Z' } });
      await made({
        id: 'ccccc',
        start: { dateTime: '2026-03-02T10:30:00Z' },
        end: { dateTime: '2026-03-02T12:00:00Z' },
        visibility: 'private',
      });
      await made({ id: 'ddddd', ...DAY, transparency: 'transparent' });
      const narrow = asking(desk.server, desk.server.grant(BOB, [scope('calendar.freebusy')]).access);
      const items = [{ id: ANN }, { id: 'nobody@example.com' }];
      const asked = await narrow('POST', 'freeBusy', { timeMin: '2026-03-02T00:00:00Z', timeMax: '2026-03-03T00:00:00Z', items });
      expect(asked.body['calendars']).toEqual({
        [ANN]: {
          busy: [
            { start: '2026-03-02T08:30:00Z', end: '2026-03-02T09:30:00Z' },
            { start: '2026-03-02T10:00:00Z', end: '2026-03-02T12:00:00Z' },
          ],
        },
        'nobody@example.com': { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] },
      });
      expect(refusalOf(await narrow('POST', 'freeBusy', { items }))).toEqual([400, 'required']);
      expect(refusalOf(await narrow('POST', 'freeBusy', { calendars: items }))).toEqual([400, 'invalid']);
      const long = { timeMin: '2026-03-02T00:00:00Z', timeMax: '2026-05-31T00:00:01Z', items };
      expect(refusalOf(await narrow('POST', 'freeBusy', long))).toEqual([400, 'timeRangeTooLong']);
      const other = asking(desk.server, desk.server.grant(BOB, [scope('calendar.app.created')]).access);
      expect(refusalOf(await other('POST', 'freeBusy', { ...long, timeMax: '2026-05-31T00:00:00Z' }))).toEqual([
        403,
        'insufficientPermissions',
      ]);
    },
  ),
  fact('shows no more guests than are asked for, but the own one', `${REFERENCE}/list`, async () => {
    await made({ attendees: [{ email: ANN }, { email: BOB }] });
    expect(itemsOf(await list('?maxAttendees=1'))).toMatchObject([
      { attendees: [{ email: ANN, self: true }], attendeesOmitted: true },
    ]);
    expect(itemsOf(await list('?maxAttendees=2'))[0]?.attendees).toHaveLength(2);
  }),
  fact(
    'answers in part where fields are named',
    'https://developers.google.com/workspace/calendar/api/guides/performance',
    async () => {
      await made();
      const answer = await list('?fields=items(id,start/date),nextSyncToken');
      expect(answer.body).toEqual({ items: [{ id: ID, start: {} }], nextSyncToken: expect.any(String) });
      expect(refusalOf(await list('?fields=items('))).toEqual([400, 'invalid']);
    },
  ),
];

describeFacts('Calendar: guests', GUESTS);
describeFacts('Calendar: types of events', KINDS);
describeFacts('Calendar: calendars and tokens', CALENDARS);
