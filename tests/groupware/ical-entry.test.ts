// iCalendar and entries, both ways, by tables.

import fc from 'fast-check';
import { normalized, spelledField, spelledWhen, type AgendaKind, type Entry, type EntryField } from '../../src/core/sync/entry';
import { itemOf, type IcalItem, type IcalRules } from '../../src/groupware/ical-entry';
import { changeOf, newCalendar } from '../../src/groupware/ical-write';
import { zoneComponent } from '../../src/groupware/ical-zone';
import { icalendar } from '../../src/io/icalendar';
import { zoneOfWindows } from '../../src/io/windows-zones';
import { itemText } from '../support/item-text';
import { ANN, CALL, entryIn, VISIT } from './suite';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const rulesOf = (kind: AgendaKind): IcalRules => ({ user: ANN, kind, timeZone: ANN.timeZone, zoneOfWindows });
const read = (text: string, kind: AgendaKind = 'event'): IcalItem => itemOf(icalendar.read(text), rulesOf(kind));
const entryOf = (text: string, kind: AgendaKind = 'event'): Entry => {
  const { content } = read(text, kind);
  if (content.kind === 'gone') throw new Error('it is gone');
  return entryIn(content);
};
const spanOf = (text: string, kind: AgendaKind = 'event') => {
  const { begin, end } = entryOf(text, kind).time;
  return [spelledWhen(begin), spelledWhen(end)];
};
const event = (...lines: readonly string[]) => itemText('event', ['UID:1', ...lines]);
const task = (...lines: readonly string[]) => itemText('task', ['UID:1', ...lines]);

describe('the time of an event', () => {
  it.each([
    [
      'in a zone',
      ['DTSTART;TZID=America/Chicago:20260302T093000', 'DTEND;TZID=America/Chicago:20260302T103000'],
      '2026-03-02T15:30:00Z',
      '2026-03-02T16:30:00Z',
    ],
    ['in UTC', ['DTSTART:20260302T093000Z', 'DTEND:20260302T103000Z'], '2026-03-02T09:30:00Z', '2026-03-02T10:30:00Z'],
    [
      "in no zone, which is the user's",
      ['DTSTART:20260302T093000', 'DTEND:20260302T103000'],
      '2026-03-02T08:30:00Z',
      '2026-03-02T09:30:00Z',
    ],
    [
      'in a zone of Windows',
      ['DTSTART;TZID="Central Standard Time":20260702T093000', 'DTEND;TZID="Nepal Standard Time":20260703T093000'],
      '2026-07-02T14:30:00Z',
      '2026-07-03T03:45:00Z',
    ],
    [
      'in a zone as libical writes it',
      ['DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Zurich:20260302T093000', 'DURATION:PT0S'],
      '2026-03-02T08:30:00Z',
      '2026-03-02T08:30:00Z',
    ],
    [
      'in a zone of three parts',
      ['DTSTART;TZID=/x.org/2005/America/Indiana/Knox:20260302T093000', 'DURATION:PT0S'],
      '2026-03-02T15:30:00Z',
      '2026-03-02T15:30:00Z',
    ],
    ['of days', ['DTSTART;VALUE=DATE:20260302', 'DTEND;VALUE=DATE:20260305'], '2026-03-02', '2026-03-05'],
    ['of one day', ['DTSTART;VALUE=DATE:20260302'], '2026-03-02', '2026-03-03'],
    ['of one day that ends in itself', ['DTSTART;VALUE=DATE:20260302', 'DTEND;VALUE=DATE:20260302'], '2026-03-02', '2026-03-03'],
    ['of a day that does not say so', ['DTSTART:20261231'], '2026-12-31', '2027-01-01'],
    ['of days by their number', ['DTSTART;VALUE=DATE:20260228', 'DURATION:P1W2D'], '2026-02-28', '2026-03-09'],
    ['of a length', ['DTSTART:20260302T093000Z', 'DURATION:PT1H30M'], '2026-03-02T09:30:00Z', '2026-03-02T11:00:00Z'],
    [
      'of a day over the change of clocks',
      ['DTSTART;TZID=Europe/Zurich:20260328T120000', 'DURATION:P1D'],
      '2026-03-28T11:00:00Z',
      '2026-03-29T10:00:00Z',
    ],
    [
      'of 24 hours over the change of clocks',
      ['DTSTART;TZID=Europe/Zurich:20260328T120000', 'DURATION:PT24H'],
      '2026-03-28T11:00:00Z',
      '2026-03-29T11:00:00Z',
    ],
    [
      'that ends in the second of two hours',
      ['DTSTART;TZID=Europe/Zurich:20261025T013000', 'DURATION:PT2H'],
      '2026-10-24T23:30:00Z',
      '2026-10-25T01:30:00Z',
    ],
    ['without an end', ['DTSTART:20260302T093000Z'], '2026-03-02T09:30:00Z', '2026-03-02T09:30:00Z'],
    [
      'in an hour that is missing',
      ['DTSTART;TZID=America/Chicago:20260308T023000'],
      '2026-03-08T08:30:00Z',
      '2026-03-08T08:30:00Z',
    ],
  ])('is read: %s', (_name, lines, begin, end) => {
    expect(spanOf(event(...lines))).toEqual([begin, end]);
  });

  it.each([
    [
      'in a zone that nobody knows',
      ['DTSTART;TZID=Customized Time Zone:20260302T093000'],
      'nobody knows its time zone "Customized Time Zone"',
    ],
    ['in a zone that is an offset', ['DTSTART;TZID="+01:00":20260302T093000'], 'nobody knows its time zone "+01:00"'],
    ['in a zone that is empty', ['DTSTART;TZID=:20260302T093000'], 'nobody knows its time zone ""'],
    ['on 31 February', ['DTSTART:20260231T093000Z'], 'its DTSTART is no date of a calendar'],
    ['at half past 25', ['DTSTART:20260302T253000Z'], 'its DTSTART is no date of a calendar'],
    ['in words', ['DTSTART:tomorrow'], 'its DTSTART is no date of a calendar'],
    ['in a year that no CRM has', ['DTSTART:01000101T000000Z'], 'its DTSTART is no date of a calendar'],
    ['that is nowhere', [], 'it has no DTSTART'],
    ['of a line that is broken', ['DTSTART;X:20260302T093000Z'], 'its DTSTART cannot be read'],
    [
      'from a moment to a day',
      ['DTSTART:20260302T093000Z', 'DTEND;VALUE=DATE:20260303'],
      'its begin and its end are not both days, or both moments',
    ],
    ['that ends before it begins', ['DTSTART:20260302T093000Z', 'DTEND:20260302T083000Z'], 'it ends before it begins'],
    ['of a length that is none', ['DTSTART:20260302T093000Z', 'DURATION:-PT1H'], 'its DURATION is none'],
    ['without end', ['DTSTART:20260302T093000Z', `DURATION:P${'9'.repeat(30)}W`], 'its DURATION is too long'],
    ['of hours without end', ['DTSTART:20260302T093000Z', `DURATION:PT${'9'.repeat(30)}H`], 'its DURATION is too long'],
  ])('is said to be unreadable %s', (_name, lines, words) => {
    expect(read(event(...lines)).content).toEqual({ kind: 'unreadable', words });
  });
});

describe('an item', () => {
  const time = 'DTSTART:20260302T093000Z';
  const guests = ['ATTENDEE:mailto:ann@example.com', 'ATTENDEE:mailto:c@d'];

  it.each([
    ['a series', event(time, 'RRULE:FREQ=DAILY'), 'series'],
    ['dates of a series', event(time, 'RDATE:20260303T093000Z'), 'series'],
    ['one of a series', event(time, 'RECURRENCE-ID:20260302T093000Z'), 'series'],
    ['a series with one that was moved', event(time, 'END:VEVENT', 'BEGIN:VEVENT', 'UID:1', time), 'series'],
    ["another one's meeting", event(time, 'ORGANIZER:mailto:boss@example.com', ...guests), 'foreign'],
    ["a meeting of one's own", event(time, 'ORGANIZER;CN=Ann:MAILTO:Ann@Example.com', ...guests), 'entry'],
    ["another one's event without guests", event(time, 'ORGANIZER:mailto:boss@example.com'), 'entry'],
    ['a diary', event(time).replaceAll('VEVENT', 'VJOURNAL'), 'foreign'],
    ['a task', event(time).replaceAll('VEVENT', 'VTODO'), 'foreign'],
    ['a free time', event(time).replaceAll('VEVENT', 'VFREEBUSY'), 'unreadable'],
    ['two entries', event(time, 'END:VEVENT', 'BEGIN:VEVENT', 'UID:2', time), 'unreadable'],
    ['an entry without a UID', itemText('event', [time]), 'unreadable'],
    ['a cancelled one', event(time, 'STATUS:CANCELLED'), 'gone'],
    ['a public one', event(time, 'CLASS:public'), 'entry'],
    ['a private one', event(time, 'CLASS:PRIVATE', 'RRULE:FREQ=DAILY'), 'private'],
    ['a private one whose time nobody knows', event('DTSTART;TZID=x:20260302T093000', 'CLASS:CONFIDENTIAL'), 'private'],
    ['one of a class that nobody knows', event(time, 'CLASS:X-BOARD'), 'private'],
    ['one whose class cannot be read', event(time, 'CLASS;X:PUBLIC'), 'private'],
    ['a series with a private one in it', event(time, 'END:VEVENT', 'BEGIN:VEVENT', 'UID:1', 'CLASS:PRIVATE'), 'private'],
    ['nothing', '', 'unreadable'],
  ])('that is %s', (_name, text, kind) => {
    expect(read(text).content.kind).toBe(kind);
  });

  it('of several UIDs has all of them', () => {
    expect(read(event(time, 'END:VEVENT', 'BEGIN:VEVENT', 'UID:2', time)).uids).toEqual(['1', '2']);
  });

  it('has texts that compare with those of the CRM', () => {
    const text = event(
      time,
      'SUMMARY: Zu\u0308rich ',
      'LOCATION:a\\;b',
      'DESCRIPTION:one\\ntwo\\\\n\\, three\\N',
      'X-CRM-LINK:pa1',
    );
    expect(entryOf(text)).toMatchObject({ subject: 'Z\u00fcrich', place: 'a;b', notes: 'one\ntwo\\n, three', done: false });
    expect(read(text).mark).toBe('pa1');
  });
});

describe('a task', () => {
  it.each([
    ['open', [], false],
    ['done by its status', ['STATUS:completed'], true],
    ['done by its date', ['COMPLETED:20260302T093000Z'], true],
    ['done by its part', ['PERCENT-COMPLETE:100'], true],
    ['half done', ['PERCENT-COMPLETE:50', 'STATUS:IN-PROCESS'], false],
    [
      'open again, and the rest left behind',
      ['STATUS:NEEDS-ACTION', 'COMPLETED:20260302T093000Z', 'PERCENT-COMPLETE:100'],
      false,
    ],
  ])('is %s', (_name, lines, done) => {
    expect(entryOf(task(...lines), 'task').done).toBe(done);
  });

  it.each([
    ['at a moment', ['DUE;TZID=Europe/Zurich:20260302T160000'], '', '2026-03-02T15:00:00Z'],
    ['on a day', ['DUE;VALUE=DATE:20260302'], '', '2026-03-02'],
    ['after a while', ['DTSTART:20260302T093000Z', 'DURATION:PT1H'], '2026-03-02T09:30:00Z', '2026-03-02T10:30:00Z'],
    ['never', ['DTSTART:20260302T093000Z'], '2026-03-02T09:30:00Z', ''],
    ['at any time', [], '', ''],
  ])('is due %s', (_name, lines, begin, end) => {
    expect(spanOf(task(...lines), 'task')).toEqual([begin, end]);
  });
});

/** The lines of the item itself after a change, without those that only say that there was one. */
function changed(
  text: string,
  wanted: Partial<Entry>,
  kind: AgendaKind = 'event',
  fields = Object.keys(wanted) as EntryField[],
): readonly string[] {
  const calendar = icalendar.read(text);
  const entry = { ...entryOf(text, kind), ...wanted };
  const change = calendar === undefined ? undefined : changeOf(calendar, entry, fields, rulesOf(kind), NOW);
  const after = change === undefined ? text : icalendar.change(text, change);
  if (change !== undefined)
    for (const line of ['DTSTAMP:20260301T120000Z', 'LAST-MODIFIED:20260301T120000Z', 'SEQUENCE:'])
      expect(after).toContain(`\r\n${line}`);
  const again = entryOf(after, kind);
  for (const field of fields) expect([field, spelled(again, field)]).toEqual([field, spelled(entry, field)]);
  const item = after.replace(/^[^]*BEGIN:V(EVENT|TODO)\r\nUID:1\r\n/, '').replace(/\r\nEND:V(EVENT|TODO)[^]*$/, '');
  return item.split('\r\n').filter((line) => !/^(DTSTAMP|LAST-MODIFIED|SEQUENCE):/.test(line));
}

const spelled = (entry: Entry, field: EntryField) =>
  field === 'time' ? [spelledWhen(entry.time.begin), spelledWhen(entry.time.end)] : spelledField(normalized(entry), field);
const at = (wallClock: string, timeZone = 'UTC') => ({ wallClock: `2026-${wallClock}:00`, timeZone });

describe('a change of the time', () => {
  const chicago = ['DTSTART;TZID=America/Chicago:20260302T093000', 'DTEND;TZID=America/Chicago:20260302T103000'];

  it.each([
    [
      'keeps what stays, and the zone of the event',
      chicago,
      { begin: at('03-02T15:30'), end: at('03-02T17:00') },
      [chicago[0], 'DTEND;TZID=America/Chicago:20260302T110000'],
    ],
    ['changes nothing for a zone alone', chicago, { begin: at('03-02T16:30', 'Europe/Zurich'), end: at('03-02T16:30') }, chicago],
    [
      'follows the clocks of the zone',
      chicago,
      { begin: at('07-02T14:30'), end: at('07-02T15:30') },
      ['DTSTART;TZID=America/Chicago:20260702T093000', 'DTEND;TZID=America/Chicago:20260702T103000'],
    ],
    [
      'says it in UTC where the zone shows it for the second time',
      chicago,
      { begin: at('11-01T07:30'), end: at('11-01T08:30') },
      ['DTSTART:20261101T073000Z', 'DTEND;TZID=America/Chicago:20261101T023000'],
    ],
    [
      "gives an event in UTC the user's zone",
      ['DTSTART:20260302T083000Z', 'DTEND:20260302T093000Z'],
      { begin: at('03-02T08:30'), end: at('03-02T10:00') },
      ['DTSTART:20260302T083000Z', 'DTEND;TZID=Europe/Zurich:20260302T110000'],
    ],
    [
      "gives one without a zone the user's, at both ends",
      ['DTSTART:20260302T093000', 'DTEND:20260302T103000'],
      { begin: at('03-02T08:30'), end: at('03-02T10:00') },
      ['DTSTART;TZID=Europe/Zurich:20260302T093000', 'DTEND;TZID=Europe/Zurich:20260302T110000'],
    ],
    [
      'gives one in a zone of Windows the IANA name',
      ['DTSTART;TZID=Central Standard Time:20260302T093000', 'DTEND;TZID=Central Standard Time:20260302T103000'],
      { begin: at('03-02T15:30'), end: at('03-02T17:00') },
      ['DTSTART;TZID=America/Chicago:20260302T093000', 'DTEND;TZID=America/Chicago:20260302T110000'],
    ],
    [
      'keeps a length that is still right',
      ['DTSTART:20260302T083000Z', 'DURATION:PT1H'],
      { begin: at('03-03T08:30'), end: at('03-03T09:30') },
      ['DTSTART;TZID=Europe/Zurich:20260303T093000', 'DURATION:PT1H'],
    ],
    [
      'puts an end in place of a length that is not',
      ['DTSTART:20260302T083000Z', 'DURATION:PT1H'],
      { begin: at('03-02T08:30'), end: at('03-02T10:30') },
      ['DTSTART:20260302T083000Z', 'DTEND;TZID=Europe/Zurich:20260302T113000'],
    ],
    [
      'makes it a matter of days',
      chicago,
      { begin: { day: '2026-03-02' }, end: { day: '2026-03-03' } },
      ['DTSTART;VALUE=DATE:20260302', 'DTEND;VALUE=DATE:20260303'],
    ],
    [
      'moves a day that had no end',
      ['DTSTART;VALUE=DATE:20260302'],
      { begin: { day: '2026-03-04' }, end: { day: '2026-03-05' } },
      ['DTSTART;VALUE=DATE:20260304'],
    ],
    [
      'gives it one',
      ['DTSTART;VALUE=DATE:20260302'],
      { begin: { day: '2026-03-02' }, end: { day: '2026-03-05' } },
      ['DTSTART;VALUE=DATE:20260302', 'DTEND;VALUE=DATE:20260305'],
    ],
    [
      "makes a matter of hours of it, in the user's zone",
      ['DTSTART;VALUE=DATE:20260302'],
      { begin: at('03-02T08:30'), end: at('03-02T09:30') },
      ['DTSTART;TZID=Europe/Zurich:20260302T093000', 'DTEND;TZID=Europe/Zurich:20260302T103000'],
    ],
  ])('%s', (_name, lines, time, after) => {
    expect(changed(event(...lines), { time })).toEqual(after);
  });

  it.each([
    [
      'begin of a task that the CRM does not know stays',
      ['DTSTART:20260302T083000Z', 'DUE:20260302T150000Z'],
      { end: at('03-03T15:00') },
      ['DTSTART:20260302T083000Z', 'DUE;TZID=Europe/Zurich:20260303T160000'],
    ],
    [
      'begin of a task goes that would come after its end',
      ['DTSTART:20260302T083000Z', 'DUE:20260302T150000Z'],
      { end: at('03-01T15:00') },
      ['DUE;TZID=Europe/Zurich:20260301T160000'],
    ],
    [
      'day of a task becomes another one',
      ['DUE;VALUE=DATE:20260302'],
      { end: { day: '2026-03-03' } },
      ['DUE;VALUE=DATE:20260303'],
    ],
    ['task that was due is due no more', ['DUE;VALUE=DATE:20260302', 'SUMMARY:x'], {}, ['SUMMARY:x']],
  ])('is right for tasks: the %s', (_name, lines, time, after) => {
    const calendar = task(...lines);
    expect(readAfter(calendar, time)).toEqual(after);
  });

  function readAfter(text: string, time: Entry['time']): readonly string[] {
    const calendar = icalendar.read(text);
    const change = calendar && changeOf(calendar, { ...CALL, time }, ['time'], rulesOf('task'), NOW);
    const after = change === undefined ? text : icalendar.change(text, change);
    return after.split('\r\n').filter((line) => /^(DTSTART[:;](?!2026\d{4}T0[023]0000$)|DUE|SUMMARY)/.test(line));
  }

  it.each([
    ['is described nowhere', [], true],
    ['is described for the year', ['DTSTART:20260308T020000'], false],
    ['is described for the years around it', ['DTSTART:20251102T020000', 'DTSTART:20270314T020000'], false],
    ['is described by a rule', ['DTSTART:19700308T020000', 'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU'], false],
    ['is described for another year', ['DTSTART:20250309T020000'], true],
    ['is described for a later year', ['DTSTART:20270314T020000'], true],
    ['is described without a word', [''], true],
  ])('brings its zone along, once, where it %s: %#', (_name, observance, brings) => {
    const text = event(...chicago).replace(
      'BEGIN:VEVENT',
      observance.length === 0
        ? 'BEGIN:VEVENT'
        : [
            'BEGIN:VTIMEZONE',
            'TZID:America/Chicago',
            'BEGIN:DAYLIGHT',
            'X-THEIRS:1',
            ...observance,
            'END:DAYLIGHT',
            'END:VTIMEZONE',
            'BEGIN:VEVENT',
          ].join('\r\n'),
    );
    const calendar = icalendar.read(text);
    const time = { begin: at('07-02T14:30'), end: at('07-02T15:30') };
    const change = calendar && changeOf(calendar, { ...VISIT, time }, ['time'], rulesOf('event'), NOW);
    const after = change === undefined ? '' : icalendar.change(text, change);
    expect(after.match(/TZID:America\/Chicago/g)).toHaveLength(1);
    expect([after.includes('X-THEIRS'), after.includes('DTSTART:20261101T020000')]).toEqual([!brings, brings]);
    expect(icalendar.read(after)?.components.map(({ name }) => name)).toEqual(['VTIMEZONE', 'VEVENT']);
  });

  it('describes the zone for the years of a moment that stays, too', () => {
    const calendar = icalendar.read(event(...chicago));
    const time = { begin: at('03-02T15:30'), end: { wallClock: '2028-03-02T16:30:00', timeZone: 'UTC' } };
    const change = calendar && changeOf(calendar, { ...VISIT, time }, ['time'], rulesOf('event'), NOW);
    const starts = change?.before.flatMap(({ components }) => components.map(({ lines: [start] }) => start?.value));
    expect(starts).toEqual(expect.arrayContaining([{ plain: '20260308T020000' }, { plain: '20281105T020000' }]));
  });
});

describe('a change of the rest', () => {
  const lines = [
    'DTSTART:20260302T083000Z',
    'SUMMARY;LANGUAGE=de:alt',
    'SUMMARY;LANGUAGE=fr:vieux',
    'LOCATION:Basel',
    'SEQUENCE:4',
  ];

  it.each([
    ['a subject', { subject: 'new' }, ['DTSTART:20260302T083000Z', 'SUMMARY:new', 'LOCATION:Basel']],
    ['a place that goes', { place: '' }, lines.slice(0, 3)],
    ['notes that come', { notes: 'a,b' }, [...lines.slice(0, 4), 'DESCRIPTION:a\\,b']],
    ['nothing', { place: 'Basel ', subject: 'alt' }, lines.slice(0, 4)],
  ])('writes %s', (_name, wanted, after) => {
    expect(changed(event(...lines), wanted)).toEqual(after);
  });

  it('counts changes on', () => {
    const calendar = icalendar.read(event(...lines));
    const change = calendar && changeOf(calendar, { ...VISIT, subject: 'new' }, ['subject'], rulesOf('event'), NOW);
    expect(change?.lines.get('SEQUENCE')?.value).toEqual({ plain: '5' });
  });

  it('ticks a task off, and opens it again', () => {
    const open = ['SUMMARY:x', 'STATUS:IN-PROCESS', 'PERCENT-COMPLETE:50'];
    const done = ['SUMMARY:x', 'STATUS:COMPLETED', 'PERCENT-COMPLETE:100', 'COMPLETED:20260301T120000Z'];
    expect(changed(task(...open), { done: true }, 'task')).toEqual(done);
    expect(changed(task(...done), { done: false }, 'task')).toEqual(['SUMMARY:x', 'STATUS:NEEDS-ACTION']);
  });
});

it('nothing in a text makes reading or changing it fail', () => {
  const name = fc.constantFrom(
    ...[
      'DTSTART',
      'DTEND',
      'DUE',
      'DURATION',
      'SUMMARY',
      'STATUS',
      'SEQUENCE',
      'ORGANIZER',
      'ATTENDEE',
      'X-CRM-LINK',
      'BEGIN',
      'END',
    ],
  );
  const parameter = fc.constantFrom(
    ...[
      '',
      '',
      '',
      ';TZID=Europe/Zurich',
      ';TZID=/x/y',
      ';TZID="a:b',
      ';VALUE=DATE',
      ';VALUE=PERIOD',
      ';X',
      ';X=1;X=2',
      ';__PROTO__=1',
    ],
  );
  const digits = fc.stringMatching(/^20[0-9]{2}(0[1-9]|1[0-3])[0-2][0-9](T[01][0-9][0-5][0-9][0-6]0Z?)?$/);
  const duration = fc.stringMatching(/^P?[0-9]{0,25}[WDTHMS]?T?[0-9]{0,25}[HMS]$/);
  const value = fc.oneof(digits, digits, duration, fc.constantFrom('VALARM', 'VEVENT', 'COMPLETED'), fc.string());
  const line = fc.tuple(name, parameter, value).map(([key, more, text]) => `${key}${more}:${text}`);
  let changes = 0;
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), fc.constantFrom<AgendaKind>('event', 'task'), (lines, kind) => {
      const text = (kind === 'event' ? event : task)(...lines);
      const { content } = read(text, kind);
      const calendar = icalendar.read(text);
      if (content.kind !== 'entry' || calendar === undefined) return;
      const wanted: Entry = kind === 'event' ? VISIT : CALL;
      const change = changeOf(calendar, wanted, ['subject', 'time', 'place', 'notes'], rulesOf(kind), NOW);
      const after = entryOf(change === undefined ? text : icalendar.change(text, change), kind);
      changes += 1;
      // The begin of a task that the CRM does not know may stay.
      const begin = kind === 'event' ? wanted.time.begin : after.time.begin;
      expect(spelled(after, 'time')).toEqual([spelledWhen(begin), spelledWhen(wanted.time.end)]);
      expect({ ...after, time: {} }).toEqual({ ...wanted, done: after.done, time: {} });
    }),
    { numRuns: 1_000 },
  );
  expect(changes).toBeGreaterThan(30);
});

it.each([
  [
    'Europe/Zurich',
    ['+0100+0100 20260101T000000 STANDARD', '+0100+0200 20260329T020000 DAYLIGHT', '+0200+0100 20261025T030000 STANDARD'],
  ],
  [
    'Australia/Sydney',
    ['+1100+1100 20260101T000000 DAYLIGHT', '+1100+1000 20260405T030000 STANDARD', '+1000+1100 20261004T020000 DAYLIGHT'],
  ],
  [
    'America/Chicago',
    ['-0600-0600 20260101T000000 STANDARD', '-0600-0500 20260308T020000 DAYLIGHT', '-0500-0600 20261101T020000 STANDARD'],
  ],
  ['Asia/Kathmandu', ['+0545+0545 20260101T000000 STANDARD']],
])('a zone is described as its clocks go: %s', (zone, observances) => {
  const { components } = zoneComponent(zone, 2026, 2026);
  const shown = components.map(({ name, lines }) => {
    const [start, from, to] = lines.map(({ value }) => ('plain' in value ? value.plain : ''));
    return `${from}${to} ${start} ${name}`;
  });
  expect(shown).toEqual(observances);
});

it('what is new is read as it was meant, with its link and its address', () => {
  const url = 'http://server/x?a=1,2;3\r\nX-EVIL:1';
  const entry = { ...CALL, done: true, notes: 'a\nb' };
  const text = icalendar.write(newCalendar({ linkId: 'pa1', entry, url }, rulesOf('task'), NOW));
  expect(read(text, 'task')).toEqual({ uids: ['pa1'], mark: 'pa1', content: { kind: 'entry', entry } });
  expect(text).toContain('\r\nURL:http://server/x?a=1\\,2\\;3X-EVIL:1\r\n'.replaceAll('\\', ''));
});
