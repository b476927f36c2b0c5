// iCalendar read line by line, and changed line by line with all else to the letter.

import { icalendar } from '../../src/io/icalendar';
import type { CalendarComponent, NewLine } from '../../src/io/icalendar-contract';
import { zoneOfWindows } from '../../src/io/windows-zones';

const FOREIGN = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'X-WR-CALNAME;X-VOBJ="q":Team',
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Zurich',
  'END:VTIMEZONE',
  'BEGIN:VEVENT',
  'UID:one',
  'SUMMARY;LANGUAGE=de:Besuch\\, kurz\\; am See\\nzwe',
  '\ti Zeilen',
  'ATTENDEE;CN="A, B";PARTSTAT=ACCEPTED:mailto:a@b',
  'attendee;cn=C:mailto:c@d',
  'DTSTART;TZID="Europe/Zurich":20260101T100000',
  'X-APPLE;X="1:2;3":v\\,w',
  'BEGIN:VALARM',
  'SUMMARY:not ours',
  'END:VALARM',
  '',
  'LOCATION:here',
  'END:VEVENT',
  'END:VCALENDAR',
  '',
].join('\r\n');

const eventOf = (text: string) => icalendar.read(text)?.components.find(({ name }) => name === 'VEVENT') as CalendarComponent;
const property = (text: string, name: string) => eventOf(text).properties.find((each) => each.name === name);
const changed = (text: string, lines: readonly (readonly [string, NewLine | undefined])[]) =>
  icalendar.change(text, { component: eventOf(text), lines: new Map(lines), before: [], without: [] });

describe('reading', () => {
  it('gives texts without their escapes, and all else as it stands', () => {
    expect(property(FOREIGN, 'SUMMARY')?.text).toBe('Besuch, kurz; am See\nzwei Zeilen');
    expect(property(FOREIGN, 'DTSTART')).toMatchObject({ raw: '20260101T100000' });
    expect(property(FOREIGN, 'DTSTART')?.parameter('TZID')).toBe('Europe/Zurich');
    expect(property(FOREIGN, 'X-APPLE')).toMatchObject({ raw: 'v\\,w', text: 'v,w' });
    expect(eventOf(FOREIGN).components.map(({ name }) => name)).toEqual(['VALARM']);
  });

  it.each([
    ['a date that is none', 'DTSTART;VALUE=DATE:garbage', 'garbage'],
    ['a type that nobody knows', 'DTSTART;VALUE=X-A:1', '1'],
    ['what looks like a parameter and is a text', 'DTSTART:a\\;VALUE=DATE:b', 'a\\;VALUE=DATE:b'],
    ['a parameter of an object', 'DTSTART;__PROTO__=1;CONSTRUCTOR=2:x', 'x'],
  ])('leaves %s as it stands', (_name, line, raw) => {
    expect(property(FOREIGN.replace(/DTSTART.*/, line), 'DTSTART')?.raw).toBe(raw);
    expect(property(FOREIGN.replace(/DTSTART.*/, line), 'DTSTART')?.parameter('TZID')).toBeUndefined();
  });

  it('says of a line that it is broken, and reads the others', () => {
    const text = FOREIGN.replace('LOCATION:', 'LOCATION;X:');
    expect(property(text, 'LOCATION')).toMatchObject({ isBroken: true, raw: '', text: '' });
    expect(property(text, 'SUMMARY')?.isBroken).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['half of it', FOREIGN.slice(0, 200)],
    ['a text without its end', FOREIGN.replace('END:VCALENDAR\r\n', '')],
    ['ends that cross', FOREIGN.replace('END:VALARM\r\n', '')],
    ['two calendars', FOREIGN + FOREIGN],
    ['a line of something else', FOREIGN.replace('LOCATION:here', '<<<<<<< mine')],
    ['a component without a calendar', 'BEGIN:VEVENT\nUID:1\nEND:VEVENT\n'],
    ['more depth than there can be', 'BEGIN:A\r\n'.repeat(100_000)],
    ['more lines than anybody writes', FOREIGN.replace('LOCATION:here', 'A:\r\n'.repeat(20_000) + 'A:')],
    ['a page', '<html></html>'],
  ])('refuses %s', (_name, text) => {
    expect(icalendar.read(text)).toBeUndefined();
  });

  it.each([
    ['a mark of its encoding', `\ufeff${FOREIGN}`],
    ['line feeds only', FOREIGN.replaceAll('\r\n', '\n')],
    ['no end of its last line', FOREIGN.trimEnd()],
    ['empty lines around it', `\r\n${FOREIGN}\r\n\r\n`],
    ['small letters', FOREIGN.replace(/(BEGIN|END):VEVENT/g, (line) => line.toLowerCase())],
  ])('takes a text with %s', (_name, text) => {
    expect(property(text, 'SUMMARY')?.text).toBe('Besuch, kurz; am See\nzwei Zeilen');
  });
});

describe('changing', () => {
  it('leaves every other line to the letter, and those of other components', () => {
    const text = changed(FOREIGN, [
      ['SUMMARY', { name: 'SUMMARY', value: { text: 'new' } }],
      ['LOCATION', undefined],
    ]);
    expect(text).toBe(FOREIGN.replace(/SUMMARY;LANGUAGE[^]*?Zeilen/, 'SUMMARY:new').replace('LOCATION:here\r\n', ''));
  });

  it('takes all lines of a name for one, whatever letters it has', () => {
    const text = changed(FOREIGN, [['ATTENDEE', { name: 'ATTENDEE', value: { plain: 'mailto:x@y' } }]]);
    expect(text).toBe(FOREIGN.replace(/ATTENDEE;CN[^]*c@d/, 'ATTENDEE:mailto:x@y'));
  });

  it('puts what is new in front of the components inside, or else at the end', () => {
    const url: [string, NewLine] = ['URL', { name: 'URL', value: { plain: 'http://a' } }];
    expect(changed(FOREIGN, [url])).toBe(FOREIGN.replace('BEGIN:VALARM', 'URL:http://a\r\nBEGIN:VALARM'));
    const bare = FOREIGN.replace(/BEGIN:VALARM[^]*END:VALARM\r\n/, '');
    expect(changed(bare, [url])).toBe(bare.replace('END:VEVENT', 'URL:http://a\r\nEND:VEVENT'));
  });

  it('keeps a mark, and the ends of lines that the text has', () => {
    const text = `\ufeff${FOREIGN.replaceAll('\r\n', '\n')}`;
    expect(changed(text, [['LOCATION', { name: 'LOCATION', value: { text: 'x'.repeat(100) } }]])).toBe(
      text.replace('LOCATION:here', `LOCATION:${'x'.repeat(66)}\n ${'x'.repeat(34)}`),
    );
  });

  it('takes components away, and puts others in their place', () => {
    const without = icalendar.read(FOREIGN)?.components.filter(({ name }) => name === 'VTIMEZONE') ?? [];
    const before = [{ name: 'VJOURNAL', lines: [], components: [] }];
    expect(icalendar.change(FOREIGN, { component: eventOf(FOREIGN), lines: new Map(), before, without })).toBe(
      FOREIGN.replace(/BEGIN:VTIMEZONE[^]*END:VTIMEZONE/, 'BEGIN:VJOURNAL\r\nEND:VJOURNAL'),
    );
  });

  it('puts components in front of the first one', () => {
    const before = [{ name: 'VTIMEZONE', lines: [{ name: 'TZID', value: { plain: 'UTC' } }], components: [] }];
    expect(icalendar.change(FOREIGN, { component: eventOf(FOREIGN), lines: new Map(), before, without: [] })).toBe(
      FOREIGN.replace('BEGIN:VTIMEZONE', 'BEGIN:VTIMEZONE\r\nTZID:UTC\r\nEND:VTIMEZONE\r\nBEGIN:VTIMEZONE'),
    );
  });
});

describe('writing', () => {
  const written = (value: NewLine['value'], parameters = {}) =>
    icalendar.write({
      name: 'VCALENDAR',
      lines: [],
      components: [{ name: 'VEVENT', lines: [{ name: 'X', parameters, value }], components: [] }],
    });

  it.each([
    ['commas, semicolons and backslashes', 'a,b;c\\d', 'a,b;c\\d'],
    ['every end of a line', 'a\r\nb\rc\nd\u2028e\u0085f\vg', 'a\nb\nc\nd\ne\nf\ng'],
    ['control characters', 'a\u0000\u001b[31mb\tc\u007f', 'a[31mb\tc'],
    ['what would be another line', 'a\nEND:VEVENT\nX-EVIL:1', 'a\nEND:VEVENT\nX-EVIL:1'],
    ['half a character', 'a\ud83cb', 'a\ufffdb'],
    ['characters of four bytes', '\u{1f600}'.repeat(60), '\u{1f600}'.repeat(60)],
  ])('keeps %s, in lines of 75 bytes at the most', (_name, text, read) => {
    const lines = written({ text });
    expect(eventOf(lines).properties).toMatchObject([{ name: 'X', text: read }]);
    expect(Math.max(...lines.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
  });

  it('lets nothing out of a value that is no text, nor out of a parameter', () => {
    const text = written({ plain: 'http://a\r\nX-EVIL:1' }, { TZID: 'a"\r\nX:b;c', CN: 'd,e' });
    expect(text).toContain('X;TZID="a\'X:b;c";CN="d,e":http://aX-EVIL:1\r\n');
  });
});

it.each([
  ['W. Europe Standard Time', 'Europe/Berlin'],
  ['Central Standard Time', 'America/Chicago'],
  ['Nepal Standard Time', 'Asia/Katmandu'],
  ['Customized Time Zone', undefined],
  ['constructor', undefined],
])('what Windows calls %p is %p', (name, zone) => {
  expect(zoneOfWindows(name)).toBe(zone);
});
