// What an event of Google's says, and how an entry is said to Google.

import type { Entry, EntryField } from '../../src/core/sync/entry';
import { itemOf, type EventRules } from '../../src/groupware/google/calendar/event';
import { changeOf, newEvent } from '../../src/groupware/google/calendar/event-body';
import { htmlOfText, textOfHtml } from '../../src/groupware/google/calendar/html-text';
import { VISIT } from './suite';

const RULES: EventRules = { calendar: 'own', timeZone: 'Europe/Zurich' };
const EVENT = {
  ...{ id: 'pa1', etag: '"1"', status: 'confirmed', organizer: { self: true }, summary: 'Visit', location: 'Basel' },
  start: { dateTime: '2026-03-02T02:30:00-06:00', timeZone: 'Europe/Zurich' },
  end: { dateTime: '2026-03-02T09:30:00Z' },
};

describe('An event of Google', () => {
  const contentOf = (change: object, rules = RULES) => {
    const item = itemOf({ ...EVENT, ...change }, rules);
    return item !== undefined && 'content' in item ? item.content : item;
  };
  const kindOf = (change: object, rules = RULES) => {
    const content = contentOf(change, rules);
    return content === undefined || 'gone' in content ? content : content.kind;
  };

  it('is at the moment that it says, on the clock of its own zone, whatever the zone of whoever looks', () => {
    expect(contentOf({})).toEqual({
      kind: 'entry',
      entry: {
        ...{ kind: 'event', subject: 'Visit', place: 'Basel', notes: '', done: false },
        time: {
          begin: { wallClock: '2026-03-02T09:30:00', timeZone: 'Europe/Zurich' },
          end: { wallClock: '2026-03-02T10:30:00', timeZone: 'Europe/Zurich' },
        },
      },
    });
  });

  it.each([
    ['private', { visibility: 'private', summary: 'SECRET', eventType: 'birthday', recurrence: ['RRULE:FREQ=DAILY'] }],
    ['private', { visibility: 'confidential' }],
    ['private', { visibility: 'a word that does not exist yet' }],
    ['entry', { visibility: 'public' }],
    ['entry', { visibility: 'default', eventType: 'default' }],
    ['foreign', { organizer: { self: false } }],
    ['foreign', { organizer: undefined }],
    ['foreign', { eventType: 'focusTime' }],
    ['foreign', { eventType: 'a type that does not exist yet' }],
    ['series', { recurrence: ['RRULE:FREQ=DAILY'] }],
    ['series', { recurringEventId: 'pa0' }],
    ['entry', { recurrence: [] }],
    ['unreadable', { start: { dateTime: '2026-03-02T09:30:00Z', timeZone: 'Nowhere/Land' } }],
    ['unreadable', { start: { dateTime: '2026-03-02T09:30:00', timeZone: 'Europe/Zurich' } }],
    ['unreadable', { start: { date: '2026-02-31' }, end: { date: '2026-03-02' } }],
    ['unreadable', { start: { date: '2026-03-02' } }],
    ['unreadable', { start: { dateTime: '2026-03-03T09:30:00Z' } }],
    ['unreadable', { start: undefined }],
    ['unreadable', { summary: 7 }],
    [undefined, { id: undefined }],
    [undefined, { etag: '"1"\r\nX: y' }],
    [undefined, { etag: undefined }],
  ])('is %s, where it has %j', (kind, change) => {
    expect(kindOf(change)).toBe(kind);
    expect(JSON.stringify([contentOf(change)])).not.toContain('SECRET');
  });

  it('is gone once it is cancelled, though nothing but its id is told', () => {
    expect(itemOf({ id: 'pa1', status: 'cancelled' }, RULES)).toEqual({ id: 'pa1', gone: true });
  });

  it('is marked by a property of its own, and an instance of a series is not', () => {
    const marked = { extendedProperties: { private: { crmLink: 'pa1' } } };
    expect(itemOf({ ...EVENT, ...marked }, RULES)).toMatchObject({ mark: 'pa1' });
    expect(itemOf({ ...EVENT, ...marked, recurringEventId: 'pa1' }, RULES)).not.toHaveProperty('mark');
    expect(itemOf({ ...EVENT, ...marked, visibility: 'private' }, RULES)).not.toHaveProperty('mark');
    const primary = { ...RULES, calendar: 'primary' } as const;
    expect([kindOf({}, primary), kindOf(marked, primary)]).toEqual(['foreign', 'entry']);
  });
});

describe('An entry for Google', () => {
  const at = (wallClock: string, timeZone = 'Europe/Zurich') => ({ wallClock: `${wallClock}:00`, timeZone });

  it('is said with its own id, its mark, the way back to the CRM, and the clock of its user', () => {
    expect(newEvent({ linkId: 'pa1', entry: VISIT, url: 'https://crm.example.com/1' }, 'America/Chicago')).toEqual({
      ...{ id: 'pa1', summary: 'Visit', location: 'Basel', description: 'Bring the plan.' },
      start: { dateTime: '2026-03-02T02:30:00', timeZone: 'America/Chicago' },
      end: { dateTime: '2026-03-02T03:30:00', timeZone: 'America/Chicago' },
      source: { title: 'CRM', url: 'https://crm.example.com/1' },
      extendedProperties: { private: { crmLink: 'pa1' } },
    });
    expect(newEvent({ linkId: 'pa1', entry: VISIT, url: 'javascript:alert(1)' }, 'UTC')).not.toHaveProperty('source');
  });

  it('is said in UTC where the clock of its user shows the hour twice', () => {
    const time = { begin: at('2026-10-25T01:30'), end: at('2026-10-25T02:30') };
    expect(newEvent({ linkId: 'pa1', entry: { ...VISIT, time }, url: '' }, 'Europe/Zurich')).toMatchObject({
      start: { dateTime: '2026-10-25T01:30:00', timeZone: 'Europe/Zurich' },
      end: { dateTime: '2026-10-25T00:30:00', timeZone: 'UTC' },
    });
  });

  const change = (entry: Partial<Entry>, fields: readonly EntryField[], current = VISIT) =>
    changeOf(current, { entry: { ...VISIT, ...entry }, fields }, 'America/Chicago');

  it.each<[string, Partial<Entry>, readonly EntryField[], object | undefined]>([
    ['nothing, where nothing is new', {}, ['subject', 'time', 'place', 'notes'], undefined],
    ['nothing of a field that it is not told', { subject: 'New' }, ['place'], undefined],
    ['what is new alone', { subject: 'New', place: 'Bern' }, ['subject', 'notes'], { summary: 'New' }],
    ['nothing in place of a text that goes', { notes: '' }, ['notes'], { description: null }],
    [
      'the same moment in another zone as nothing',
      { time: { begin: at('2026-03-02T08:30', 'UTC'), end: at('2026-03-02T10:30') } },
      ['time'],
      undefined,
    ],
    [
      'a new end, in the zone that it has',
      { time: { begin: at('2026-03-02T09:30'), end: at('2026-03-02T10:00', 'UTC') } },
      ['time'],
      { end: { date: null, dateTime: '2026-03-02T11:00:00', timeZone: 'Europe/Zurich' } },
    ],
    [
      'days in place of hours',
      { time: { begin: { day: '2026-03-02' }, end: { day: '2026-03-03' } } },
      ['time'],
      {
        start: { date: '2026-03-02', dateTime: null, timeZone: null },
        end: { date: '2026-03-03', dateTime: null, timeZone: null },
      },
    ],
  ])('changes %s', (_, entry, fields, body) => {
    expect(change(entry, fields)).toEqual(body);
  });
});

describe('A description', () => {
  it.each([
    ['a<br>b<br/>c', 'a\nb\nc'],
    ['<p>a</p><ul><li>b</li><li>c</li></ul>', 'a\nb\nc\n\n'],
    ['<a href="https://x/?a=1&amp;b=2">here</a> &amp; <b>there</b>', 'here & there'],
    [
      '1 &lt; 2 &#233;&#xe9;&eacute;&nbsp;&unknown; &#0; &#xd800; &#1114112;',
      '1 < 2 \u00e9\u00e9\u00e9 &unknown; &#0; &#xd800; &#1114112;',
    ],
    ['a\nb & c < d', 'a\nb & c < d'],
    ['<!-- x -->a', 'a'],
    ['&constructor;', '&constructor;'],
  ])('%j says %j', (html, text) => {
    expect(textOfHtml(html)).toBe(text);
  });

  it.each(['plain', 'a & b', '1 < 2 > 0', 'AT&T; &c', '<x@example.com>', 'i<j', '{a}\n"b"'])(
    'is the text itself where that can be read as nothing else: %j',
    (text) => {
      expect(htmlOfText(text)).toBe(text);
      expect(textOfHtml(text)).toBe(text);
    },
  );

  it.each(['<b>', '&amp;', '&lt;b>', '<a &amp; b>', '<x <b>', '&<b>lt;', '<<b>', '<!-- a -->', '<br>&#10;', '</p', 'a<b c>d&e;'])(
    'says %j after all',
    (text) => {
      expect(textOfHtml(htmlOfText(text))).toBe(text);
    },
  );
});
