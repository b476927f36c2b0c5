// How Calendar behaves: times and series. A row a fact, with the page that says so.

import { itemsOf, refusalOf, VISIT } from './asking';
import { useCalendar, EVENTS, ID } from './calendar-desk';
import { describeFacts, fact, type Fact } from './facts';

const REFERENCE = 'https://developers.google.com/workspace/calendar/api/v3/reference/events';

const desk = useCalendar();
const { ask, made, got, patch, remove, list, tokenOf, since, ids } = desk;
const DAY = { ...VISIT, start: { date: '2026-03-02' }, end: { date: '2026-03-03' } };
const SERIES = { ...VISIT, id: ID, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=5'] };

const TIMES: readonly Fact[] = [
  fact('needs an offset or a zone', REFERENCE, async () => {
    const start = { dateTime: '2026-03-02T09:30:00' };
    expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, start }))).toEqual([400, 'required']);
    expect((await ask('POST', EVENTS, { ...VISIT, start: { dateTime: '2026-03-02T09:30:00+01:00' } })).status).toBe(200);
  }),
  fact('spells moments in the calendar’s zone, and keeps the event’s beside them', `${REFERENCE}/list`, async () => {
    const chicago = { timeZone: 'America/Chicago' };
    const { start } = await made({ start: { dateTime: '2026-03-02T02:30:00', ...chicago } });
    expect(start).toEqual({ dateTime: '2026-03-02T09:30:00+01:00', ...chicago });
    const [item] = itemsOf(await list('?timeZone=Asia%2FKathmandu'));
    expect(item?.start).toEqual({ dateTime: '2026-03-02T14:15:00+05:45', ...chicago });
  }),
  fact('knows no zones of Windows, and none that are offsets', REFERENCE, async () => {
    for (const timeZone of ['W. Europe Standard Time', '+01:00', 'Nowhere/Land'])
      expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, start: { ...VISIT.start, timeZone } }))).toEqual([400, 'invalid']);
  }),
  fact('ends a day on the one after it', REFERENCE, async () => {
    expect(await made(DAY)).toMatchObject({ start: { date: '2026-03-02' }, end: { date: '2026-03-03' } });
    expect(refusalOf(await ask('POST', EVENTS, { ...DAY, end: DAY.start }))).toEqual([400, 'timeRangeEmpty']);
  }),
  fact('has a day or a moment, on both ends alike', REFERENCE, async () => {
    for (const start of [
      DAY.start,
      { ...VISIT.start, ...DAY.start },
      {},
      { dateTime: '2026-02-30T00:00:00Z' },
      { date: '2026-2-3' },
    ])
      expect((await ask('POST', EVENTS, { ...VISIT, start })).status).toBe(400);
    expect(refusalOf(await ask('POST', EVENTS, { summary: 'x', start: VISIT.start }))).toEqual([400, 'required']);
    expect(refusalOf(await ask('POST', EVENTS, { ...VISIT, end: { dateTime: '2026-03-02T08:00:00+01:00' } }))).toEqual([
      400,
      'timeRangeEmpty',
    ]);
  }),
  fact('patches a moment into a day only where the moment is taken away', 'https://github.com/t4t5/caldir/pull/61', async () => {
    await made();
    expect(refusalOf(await patch({ start: DAY.start, end: DAY.end }))).toEqual([400, 'invalid']);
    const gone = { dateTime: null, timeZone: null };
    expect((await patch({ start: { ...DAY.start, ...gone }, end: { ...DAY.end, ...gone } })).body).toMatchObject({
      start: DAY.start,
    });
    expect(refusalOf(await patch({ start: VISIT.start, end: VISIT.end }))).toEqual([400, 'invalid']);
    const back = { start: { ...VISIT.start, date: null }, end: { ...VISIT.end, date: null } };
    expect((await patch(back)).body).toMatchObject({ start: { dateTime: '2026-03-02T09:30:00+01:00' } });
  }),
  fact('takes a moment for a new one in the zone that stands there', REFERENCE, async () => {
    await made();
    await patch({ end: { dateTime: '2026-03-02T12:00:00' } });
    expect((await got()).end).toEqual({ dateTime: '2026-03-02T12:00:00+01:00', timeZone: 'Europe/Zurich' });
  }),
  fact('bounds a listing by the end and the start, neither included', `${REFERENCE}/list`, async () => {
    await made();
    const between = async (from: string, to: string) => ids(await list(`?timeMin=${from}&timeMax=${to}`));
    expect(await between('2026-03-02T09:30:00Z', '2026-03-03T00:00:00Z')).toEqual([]);
    expect(await between('2026-03-02T09:29:59Z', '2026-03-03T00:00:00Z')).toEqual([ID]);
    expect(await between('2026-03-01T00:00:00Z', '2026-03-02T08:30:00Z')).toEqual([]);
    expect(refusalOf(await list('?timeMin=2026-03-02T00:00:00Z&timeMax=2026-03-01T00:00:00Z'))).toEqual([400, 'timeRangeEmpty']);
    expect(refusalOf(await list('?timeMin=2026-03-02T00:00:00'))).toEqual([400, 'badRequest']);
  }),
];

const SERIAL: readonly Fact[] = [
  fact('needs a zone for a series', REFERENCE, async () => {
    const start = { dateTime: '2026-03-02T09:30:00+01:00' };
    expect(refusalOf(await ask('POST', EVENTS, { ...SERIES, start }))).toEqual([400, 'required']);
    expect((await ask('POST', EVENTS, { ...SERIES, recurrence: ['DTSTART:20260302'] })).status).toBe(400);
    expect((await ask('POST', EVENTS, { ...SERIES, recurrence: ['RRULE:FREQ=NEVER'] })).status).toBe(400);
  }),
  fact('keeps the wall clock of a series over the change of clocks', REFERENCE, async () => {
    await ask('POST', EVENTS, SERIES);
    const instances = itemsOf(await ask('GET', `${EVENTS}/${ID}/instances`));
    expect(instances.map(({ start }) => start?.dateTime)).toEqual([
      ...['2026-03-02T09:30:00+01:00', '2026-03-09T09:30:00+01:00', '2026-03-16T09:30:00+01:00'],
      ...['2026-03-23T09:30:00+01:00', '2026-03-30T09:30:00+02:00'],
    ]);
    expect(ids(await list('?singleEvents=true&orderBy=startTime'))).toEqual(instances.map(({ id }) => id));
    expect(ids(await list())).toEqual([ID]);
  }),
  fact('shares the iCalUID among instances, and calls each by its series and moment', REFERENCE, async () => {
    await ask('POST', EVENTS, SERIES);
    const [first] = itemsOf(await ask('GET', `${EVENTS}/${ID}/instances`));
    expect(first).toMatchObject({ id: `${ID}_20260302T083000Z`, iCalUID: `${ID}@google.com`, recurringEventId: ID });
    expect(first?.recurrence).toBeUndefined();
  }),
  fact('knows an instance by its original time after it was moved', REFERENCE, async () => {
    await ask('POST', EVENTS, SERIES);
    const token = tokenOf(await list());
    const id = `${ID}_20260309T083000Z`;
    const start = { dateTime: '2026-03-10T09:30:00', timeZone: 'Europe/Zurich' };
    await ask('PATCH', `${EVENTS}/${id}`, { start, end: { dateTime: '2026-03-10T10:30:00' } });
    const originalStartTime = { dateTime: '2026-03-09T09:30:00+01:00', timeZone: 'Europe/Zurich' };
    expect(itemsOf(await since(token))).toMatchObject([{ id, recurringEventId: ID, originalStartTime }]);
    expect(ids(await list())).toEqual([ID, id]);
  }),
  fact('tells a cancelled instance from a deleted event', REFERENCE, async () => {
    await ask('POST', EVENTS, SERIES);
    const token = tokenOf(await list());
    const id = `${ID}_20260309T083000Z`;
    await remove(id);
    const [item] = itemsOf(await since(token));
    expect(Object.keys(item ?? {}).sort()).toEqual(['etag', 'id', 'kind', 'originalStartTime', 'recurringEventId', 'status']);
    expect(itemsOf(await list())).toMatchObject([{ id: ID }, { id, status: 'cancelled' }]);
    expect(itemsOf(await ask('GET', `${EVENTS}/${ID}/instances`))).toHaveLength(4);
  }),
  fact('leaves out and adds what EXDATE and RDATE say', REFERENCE, async () => {
    const recurrence = [
      ...SERIES.recurrence,
      'EXDATE;TZID=Europe/Zurich:20260309T093000',
      'RDATE;TZID=Europe/Zurich:20260311T093000',
    ];
    await ask('POST', EVENTS, { ...SERIES, recurrence });
    const days = itemsOf(await list('?singleEvents=true&orderBy=startTime')).map(({ start }) => start?.dateTime?.slice(0, 10));
    expect(days).toEqual(['2026-03-02', '2026-03-11', '2026-03-16', '2026-03-23', '2026-03-30']);
  }),
  fact('orders by start only what is no series', `${REFERENCE}/list`, async () => {
    expect(refusalOf(await list('?orderBy=startTime'))).toEqual([400, 'badRequest']);
  }),
];

describeFacts('Calendar: times', TIMES);
describeFacts('Calendar: series', SERIAL);
