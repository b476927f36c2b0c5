// Zones and changes of clocks, from the columns of a CRM to the lines of a file and back: README.md has the list. What is expected was worked
// out by hand from when clocks are set in 2026: Chicago on 8 March and 1 November, Zurich on 29 March and 25 October, Sydney on 5 April
// (back) and 4 October (ahead); Kathmandu is five hours and three quarters ahead of UTC all the time.

import { openOneVisit, QUIET, type OneVisit } from '../../support/site';
import { CONFIGURED, describeOver, itOver, NO_HOURS, OF_TEXTS, type Name, type Not } from '../../support/worlds';

let site: OneVisit;
afterEach(() => site.close());

const C = 'America/Chicago';
const Z = 'Europe/Zurich';
const S = 'Australia/Sydney';
const K = 'Asia/Kathmandu';

/** Google never says which of two hours it takes: what comes twice stands there in UTC. Of an hour that is missing it keeps the moment. */
const BY_GOOGLE: Readonly<Record<string, string>> = {
  [`TZID=${C}:20261101T013000`]: '20261101T063000Z',
  [`TZID=${Z}:20261025T023000`]: '20261025T003000Z',
  [`TZID=${S}:20260405T023000`]: '20260404T153000Z',
  [`DTSTART;TZID=${C}:20260308T023000`]: `DTSTART;TZID=${C}:20260308T033000`,
  [`DTSTART;TZID=${Z}:20260329T023000`]: `DTSTART;TZID=${Z}:20260329T033000`,
  [`DTSTART;TZID=${S}:20261004T023000`]: `DTSTART;TZID=${S}:20261004T033000`,
};
const spelledBy = (name: Name, line: string) => (name === 'Google' ? BY_GOOGLE[line] : undefined) ?? line;
const REFUSED: Not = { Google: 'it refuses such a time' };
const NO_LENGTHS: Not = { Google: 'its events have an end, and no length' };

/** Nothing is written any more, on either side. */
async function expectQuiet(): Promise<void> {
  const before = [await site.columns(), await site.due(), await site.text()];
  for (let n = 0; n < 2; n += 1) expect(await site.take()).toEqual(QUIET);
  expect([await site.columns(), await site.due(), await site.text()]).toEqual(before);
}

describeOver(CONFIGURED, '9. A row of the CRM stands in the calendar', (name) => {
  it.each<[string, string, string, string, string, string, string]>([
    ['in winter', C, C, '2026-01-15T09:00', '2026-01-15T10:00', `TZID=${C}:20260115T090000`, `TZID=${C}:20260115T100000`],
    ['in summer', C, C, '2026-07-15T09:00', '2026-07-15T10:00', `TZID=${C}:20260715T090000`, `TZID=${C}:20260715T100000`],
    [
      'in an hour that is missing',
      C,
      C,
      '2026-03-08T02:30',
      '2026-03-08T04:00',
      `TZID=${C}:20260308T033000`,
      `TZID=${C}:20260308T040000`,
    ],
    [
      'in an hour that is missing',
      Z,
      Z,
      '2026-03-29T02:30',
      '2026-03-29T04:00',
      `TZID=${Z}:20260329T033000`,
      `TZID=${Z}:20260329T040000`,
    ],
    [
      'in an hour that is missing',
      S,
      S,
      '2026-10-04T02:30',
      '2026-10-04T04:00',
      `TZID=${S}:20261004T033000`,
      `TZID=${S}:20261004T040000`,
    ],
    [
      'in an hour that comes twice',
      C,
      C,
      '2026-11-01T01:30',
      '2026-11-01T03:00',
      `TZID=${C}:20261101T013000`,
      `TZID=${C}:20261101T030000`,
    ],
    [
      'in an hour that comes twice',
      Z,
      Z,
      '2026-10-25T02:30',
      '2026-10-25T04:00',
      `TZID=${Z}:20261025T023000`,
      `TZID=${Z}:20261025T040000`,
    ],
    [
      'in an hour that comes twice',
      S,
      S,
      '2026-04-05T02:30',
      '2026-04-05T04:00',
      `TZID=${S}:20260405T023000`,
      `TZID=${S}:20260405T040000`,
    ],
    [
      'at a quarter of an hour',
      K,
      K,
      '2026-03-29T02:30',
      '2026-03-29T03:15',
      `TZID=${K}:20260329T023000`,
      `TZID=${K}:20260329T031500`,
    ],
    [
      'over the night in which an hour is missing',
      C,
      C,
      '2026-03-07T22:00',
      '2026-03-08T06:00',
      `TZID=${C}:20260307T220000`,
      `TZID=${C}:20260308T060000`,
    ],
    [
      'over the night in which an hour comes twice',
      Z,
      Z,
      '2026-10-24T22:00',
      '2026-10-25T06:00',
      `TZID=${Z}:20261024T220000`,
      `TZID=${Z}:20261025T060000`,
    ],
    // Its user lives elsewhere.
    [
      'of a user in Zurich, in winter',
      C,
      Z,
      '2026-03-05T09:00',
      '2026-03-05T10:00',
      `TZID=${Z}:20260305T160000`,
      `TZID=${Z}:20260305T170000`,
    ],
    [
      'of a user in Zurich, when only Chicago has changed',
      C,
      Z,
      '2026-03-10T09:00',
      '2026-03-10T10:00',
      `TZID=${Z}:20260310T150000`,
      `TZID=${Z}:20260310T160000`,
    ],
    [
      'of a user in Zurich, in summer',
      C,
      Z,
      '2026-04-01T09:00',
      '2026-04-01T10:00',
      `TZID=${Z}:20260401T160000`,
      `TZID=${Z}:20260401T170000`,
    ],
    [
      'of a user in Zurich, when only Zurich has changed',
      C,
      Z,
      '2026-10-28T09:00',
      '2026-10-28T10:00',
      `TZID=${Z}:20261028T150000`,
      `TZID=${Z}:20261028T160000`,
    ],
    [
      'of a user in Kathmandu',
      C,
      K,
      '2026-07-02T09:00',
      '2026-07-02T10:00',
      `TZID=${K}:20260702T194500`,
      `TZID=${K}:20260702T204500`,
    ],
    [
      'of a user in Chicago, from Kathmandu',
      K,
      C,
      '2026-07-02T09:00',
      '2026-07-02T10:00',
      `TZID=${C}:20260701T221500`,
      `TZID=${C}:20260701T231500`,
    ],
    [
      'of a user in Sydney, on the next day',
      C,
      S,
      '2026-03-10T09:00',
      '2026-03-10T10:00',
      `TZID=${S}:20260311T010000`,
      `TZID=${S}:20260311T020000`,
    ],
    [
      'of a user in Chicago, from the hour that is missing in Sydney',
      S,
      C,
      '2026-10-04T02:30',
      '2026-10-04T04:00',
      `TZID=${C}:20261003T113000`,
      `TZID=${C}:20261003T120000`,
    ],
    [
      'of a user for whom it is an hour that comes twice',
      'UTC',
      C,
      '2026-11-01T06:30',
      '2026-11-01T07:30',
      `TZID=${C}:20261101T013000`,
      '20261101T073000Z',
    ],
    [
      'of a user for whom it is around an hour that is missing',
      'UTC',
      Z,
      '2026-03-29T00:30',
      '2026-03-29T01:30',
      `TZID=${Z}:20260329T013000`,
      `TZID=${Z}:20260329T033000`,
    ],
    [
      'from midnight to midnight, by hours: the CRM knows no days',
      C,
      C,
      '2026-03-08T00:00',
      '2026-03-09T00:00',
      `TZID=${C}:20260308T000000`,
      `TZID=${C}:20260309T000000`,
    ],
  ])('%s: %s for %s', async (_, zone, userZone, begin, end, start, stop) => {
    site = await openOneVisit(name, zone, userZone);
    await site.move(begin, end);
    await site.take();
    expect(await site.lines()).toEqual([dtend(spelledBy(name, stop)), dtstart(spelledBy(name, start))]);
    await expectQuiet();
    expect((await site.columns()).slice(0, 2)).toEqual([begin, end]);
  });
});

describeOver(CONFIGURED, '9. What somebody writes into the calendar stands in the CRM', (name) => {
  const rows: readonly (readonly [string, string, string, string, string, string, number, Not?])[] = [
    [
      'in its zone',
      C,
      `DTSTART;TZID=${C}:20260715T083000`,
      `DTEND;TZID=${C}:20260715T100000`,
      '2026-07-15T08:30',
      '2026-07-15T10:00',
      5_400,
    ],
    ['in UTC, in winter', C, 'DTSTART:20260115T143000Z', 'DTEND:20260115T153000Z', '2026-01-15T08:30', '2026-01-15T09:30', 3_600],
    ['in UTC, in summer', C, 'DTSTART:20260715T143000Z', 'DTEND:20260715T153000Z', '2026-07-15T09:30', '2026-07-15T10:30', 3_600],
    [
      'in another zone',
      S,
      `DTSTART;TZID=${Z}:20260715T083000`,
      `DTEND;TZID=${C}:20260715T033000`,
      '2026-07-15T16:30',
      '2026-07-15T18:30',
      7_200,
    ],
    [
      'in another zone, at a quarter of an hour',
      K,
      `DTSTART;TZID=${Z}:20260715T083000`,
      `DTEND;TZID=${Z}:20260715T093000`,
      '2026-07-15T12:15',
      '2026-07-15T13:15',
      3_600,
    ],
    [
      'in a zone of Windows',
      K,
      'DTSTART;TZID="W. Europe Standard Time":20260115T083000',
      'DTEND;TZID="W. Europe Standard Time":20260115T093000',
      '2026-01-15T13:15',
      '2026-01-15T14:15',
      3_600,
      REFUSED,
    ],
    ['in no zone', Z, 'DTSTART:20260715T083000', 'DTEND:20260715T093000', '2026-07-15T08:30', '2026-07-15T09:30', 3_600, REFUSED],
    [
      'in an hour that is missing',
      C,
      `DTSTART;TZID=${C}:20260308T023000`,
      `DTEND;TZID=${C}:20260308T043000`,
      '2026-03-08T03:30',
      '2026-03-08T04:30',
      3_600,
    ],
    [
      'in an hour that is missing',
      Z,
      `DTSTART;TZID=${Z}:20260329T023000`,
      `DTEND;TZID=${Z}:20260329T043000`,
      '2026-03-29T03:30',
      '2026-03-29T04:30',
      3_600,
    ],
    [
      'in an hour that is missing',
      S,
      `DTSTART;TZID=${S}:20261004T023000`,
      `DTEND;TZID=${S}:20261004T043000`,
      '2026-10-04T03:30',
      '2026-10-04T04:30',
      3_600,
    ],
    [
      'in the first of two hours',
      C,
      `DTSTART;TZID=${C}:20261101T013000`,
      `DTEND;TZID=${C}:20261101T030000`,
      '2026-11-01T01:30',
      '2026-11-01T03:00',
      9_000,
    ],
    [
      'in the first of two hours',
      Z,
      `DTSTART;TZID=${Z}:20261025T023000`,
      `DTEND;TZID=${Z}:20261025T040000`,
      '2026-10-25T02:30',
      '2026-10-25T04:00',
      9_000,
    ],
    [
      'in the first of two hours',
      S,
      `DTSTART;TZID=${S}:20260405T023000`,
      `DTEND;TZID=${S}:20260405T040000`,
      '2026-04-05T02:30',
      '2026-04-05T04:00',
      9_000,
    ],
    [
      'in the second of two hours, which the CRM shows as the first',
      C,
      'DTSTART:20261101T073000Z',
      'DTEND:20261101T090000Z',
      '2026-11-01T01:30',
      '2026-11-01T03:00',
      5_400,
    ],
    [
      'from the first of two hours to the second',
      C,
      'DTSTART:20261101T063000Z',
      'DTEND:20261101T073000Z',
      '2026-11-01T01:30',
      '2026-11-01T01:30',
      3_600,
    ],
    [
      'by its length, over a change of clocks',
      Z,
      `DTSTART;TZID=${Z}:20260329T013000`,
      'DURATION:PT2H',
      '2026-03-29T01:30',
      '2026-03-29T04:30',
      7_200,
      NO_LENGTHS,
    ],
    [
      'by days, over a change of clocks',
      Z,
      `DTSTART;TZID=${Z}:20260328T120000`,
      'DURATION:P1D',
      '2026-03-28T12:00',
      '2026-03-29T12:00',
      82_800,
      NO_LENGTHS,
    ],
    [
      'as a day of 23 hours',
      C,
      'DTSTART;VALUE=DATE:20260308',
      'DTEND;VALUE=DATE:20260309',
      '2026-03-08T00:00',
      '2026-03-09T00:00',
      82_800,
    ],
    [
      'as a day of 25 hours',
      C,
      'DTSTART;VALUE=DATE:20261101',
      'DTEND;VALUE=DATE:20261102',
      '2026-11-01T00:00',
      '2026-11-02T00:00',
      90_000,
    ],
    [
      'as a day of 23 hours',
      Z,
      'DTSTART;VALUE=DATE:20260329',
      'DTEND;VALUE=DATE:20260330',
      '2026-03-29T00:00',
      '2026-03-30T00:00',
      82_800,
    ],
    [
      'as a day of 25 hours',
      Z,
      'DTSTART;VALUE=DATE:20261025',
      'DTEND;VALUE=DATE:20261026',
      '2026-10-25T00:00',
      '2026-10-26T00:00',
      90_000,
    ],
    [
      'as a day of 23 hours',
      S,
      'DTSTART;VALUE=DATE:20261004',
      'DTEND;VALUE=DATE:20261005',
      '2026-10-04T00:00',
      '2026-10-05T00:00',
      82_800,
    ],
    [
      'as a day of 25 hours',
      S,
      'DTSTART;VALUE=DATE:20260405',
      'DTEND;VALUE=DATE:20260406',
      '2026-04-05T00:00',
      '2026-04-06T00:00',
      90_000,
    ],
    [
      'as two days',
      K,
      'DTSTART;VALUE=DATE:20260329',
      'DTEND;VALUE=DATE:20260331',
      '2026-03-29T00:00',
      '2026-03-31T00:00',
      172_800,
    ],
    [
      'as a day whose midnight is missing',
      'Africa/Cairo',
      'DTSTART;VALUE=DATE:20260424',
      'DTEND;VALUE=DATE:20260425',
      '2026-04-24T00:00',
      '2026-04-25T00:00',
      82_800,
    ],
  ];
  for (const [is, zone, start, stop, begin, end, seconds, not = {}] of rows)
    itOver(name, `${is}, in ${zone}`, not, async () => {
      site = await openOneVisit(name, zone);
      await site.move('2026-06-01T12:00', '2026-06-01T13:00');
      await site.take();
      await site.write(start, stop);
      expect(await site.take()).toEqual({ ...QUIET, written: 1 });
      expect(await site.columns()).toEqual([begin, end, seconds]);
      expect(await site.lines()).toEqual([start, stop].map((line) => spelledBy(name, line.replaceAll('"', ''))).sort());
      await expectQuiet();
    });

  it('as the days of a user who lives elsewhere, which are those of the CRM', async () => {
    site = await openOneVisit(name, C, S);
    await site.take();
    await site.write('DTSTART;VALUE=DATE:20260701', 'DTEND;VALUE=DATE:20260703');
    expect(await site.take()).toEqual({ ...QUIET, written: 1 });
    expect(await site.columns()).toEqual(['2026-07-01T00:00', '2026-07-03T00:00', 172_800]);
    await expectQuiet();
  });
});

describeOver(CONFIGURED, '8. A whole day', (name) => {
  describe.each([C, Z, S, K])('in %s', (zone) => {
    const days = (from: string, to: string) => [`DTEND;VALUE=DATE:${to}`, `DTSTART;VALUE=DATE:${from}`];
    beforeEach(async () => {
      site = await openOneVisit(name, zone);
      await site.take();
      await site.write(...days('20260701', '20260702'));
      await site.take();
    });

    it('is moved by the CRM as days, and gets hours by hours', async () => {
      await site.move('2026-10-04T00:00', '2026-10-06T00:00');
      expect(await site.take()).toEqual({ ...QUIET, updated: 1 });
      expect(await site.lines()).toEqual(days('20261004', '20261006'));
      await expectQuiet();
      await site.move('2026-10-04T09:00', '2026-10-04T10:30');
      expect(await site.take()).toEqual({ ...QUIET, updated: 1 });
      expect(await site.lines()).toEqual([dtend(`TZID=${zone}:20261004T103000`), dtstart(`TZID=${zone}:20261004T090000`)]);
      await expectQuiet();
    });

    it('gets hours in the calendar, and is a day again', async () => {
      await site.write(`DTSTART;TZID=${zone}:20260701T090000`, `DTEND;TZID=${zone}:20260701T103000`);
      expect(await site.take()).toEqual({ ...QUIET, written: 1 });
      expect(await site.columns()).toEqual(['2026-07-01T09:00', '2026-07-01T10:30', 5_400]);
      await site.write(...days('20260329', '20260330'));
      expect(await site.take()).toEqual({ ...QUIET, written: 1 });
      expect((await site.columns()).slice(0, 2)).toEqual(['2026-03-29T00:00', '2026-03-30T00:00']);
      await expectQuiet();
    });

    it('24. is a day still when everything that was known is lost', async () => {
      site.forget();
      await site.take();
      await expectQuiet();
      await site.move('2026-07-08T00:00', '2026-07-09T00:00');
      expect(await site.take()).toEqual({ ...QUIET, updated: 1 });
      expect(await site.lines()).toEqual(days('20260708', '20260709'));
    });
  });
});

describeOver(CONFIGURED, '12. A zone that another program writes anew', (name) => {
  it.each([
    [C, '2026-01-15T09:00', '2026-01-15T10:00', '20260115T150000Z', '20260115T160000Z'],
    [C, '2026-07-15T09:00', '2026-07-15T10:00', '20260715T140000Z', '20260715T150000Z'],
    [C, '2026-03-08T02:30', '2026-03-08T04:00', '20260308T083000Z', '20260308T090000Z'],
    [Z, '2026-10-25T02:30', '2026-10-25T04:00', '20261025T003000Z', '20261025T030000Z'],
    [S, '2026-10-04T02:30', '2026-10-04T04:00', '20261003T163000Z', '20261003T170000Z'],
    [S, '2026-04-05T02:30', '2026-04-05T04:00', '20260404T153000Z', '20260404T180000Z'],
    [K, '2026-07-15T09:00', '2026-07-15T10:00', '20260715T031500Z', '20260715T041500Z'],
  ])('as UTC is no change: %s, %s', async (zone, begin, end, start, stop) => {
    site = await openOneVisit(name, zone);
    await site.move(begin, end);
    await site.take();
    await site.write(`DTSTART:${start}`, `DTEND:${stop}`);
    await expectQuiet();
    // Nor does the CRM's next change of something else touch it.
    expect(await site.lines()).toEqual([`DTEND:${stop}`, `DTSTART:${start}`]);
  });

  it('stays until the moment changes', async () => {
    site = await openOneVisit(name, C);
    await site.move('2026-07-15T09:00', '2026-07-15T10:00');
    await site.take();
    await site.write(`DTSTART;TZID=${Z}:20260715T160000`, `DTEND;TZID=${Z}:20260715T170000`);
    await expectQuiet();
    await site.move('2026-07-15T09:00', '2026-07-15T10:30');
    expect(await site.take()).toEqual({ ...QUIET, updated: 1 });
    expect(await site.lines()).toEqual([`DTEND;TZID=${Z}:20260715T173000`, `DTSTART;TZID=${Z}:20260715T160000`]);
  });
});

describeOver(CONFIGURED, '9. An event of the other half of the year', (name) => {
  it.each([
    ['of January, synced in July', '2026-07-01T12:00:00Z', '2027-01-15', '20270115'],
    ['of July, synced in January', '2026-01-02T12:00:00Z', '2026-07-15', '20260715'],
    ['of last January, synced in July', '2026-07-01T12:00:00Z', '2026-01-15', '20260115'],
  ])('%s, has the same hour on both sides', async (_, now, day, plain) => {
    for (const zone of [C, Z, S, K]) {
      site = await openOneVisit(name, zone, zone, now);
      await site.move(`${day}T09:00`, `${day}T10:00`);
      await site.take();
      expect(await site.lines()).toEqual([dtend(`TZID=${zone}:${plain}T100000`), dtstart(`TZID=${zone}:${plain}T090000`)]);
      await expectQuiet();
      if (Date.parse(`${day}T00:00:00Z`) < Date.parse(now)) continue;
      await site.write(`DTSTART;TZID=${zone}:${plain}T083000`, `DTEND;TZID=${zone}:${plain}T100000`);
      await site.take();
      expect(await site.columns()).toEqual([`${day}T08:30`, `${day}T10:00`, 5_400]);
      await expectQuiet();
    }
  });
});

describeOver(
  OF_TEXTS,
  '9. A task',
  (name) => {
    it.each([
      ['in an hour that is missing', C, '2026-03-08T02:30', `TZID=${C}:20260308T033000`],
      ['in an hour that comes twice', Z, '2026-10-25T02:30', `TZID=${Z}:20261025T023000`],
      ['in summer', K, '2026-07-15T17:00', `TZID=${K}:20260715T170000`],
    ])('that is due %s stands there: %s', async (_, zone, due, line) => {
      site = await openOneVisit(name, zone, zone, undefined, 'task');
      await site.moveTask(due);
      await site.take();
      expect(await site.lines()).toEqual([`DUE;${line}`]);
      await expectQuiet();
      expect(await site.due()).toBe(due);
    });

    it.each([
      ['a moment', C, [`DUE;TZID=${C}:20261101T013000`], '2026-11-01T01:30'],
      ['a moment in an hour that is missing', S, [`DUE;TZID=${S}:20261004T023000`], '2026-10-04T03:30'],
      ['a day, which leaves the CRM its time of day', C, ['DUE;VALUE=DATE:20261101'], '2026-11-01T17:00'],
      ['a day on which that time is there all the same', Z, ['DUE;VALUE=DATE:20260329'], '2026-03-29T17:00'],
      ['a length after its begin', Z, [`DTSTART;TZID=${Z}:20260329T013000`, 'DURATION:PT2H'], '2026-03-29T04:30'],
    ])('gets %s: %s', async (_, zone, lines, due) => {
      site = await openOneVisit(name, zone, zone, undefined, 'task');
      await site.moveTask('2026-06-01T17:00');
      await site.take();
      await site.write(...lines);
      expect(await site.take()).toEqual({ ...QUIET, written: 1 });
      expect(await site.due()).toBe(due);
      await expectQuiet();
      // What is a day there is no other time than the CRM's, whatever was known is lost.
      site.forget();
      await expectQuiet();
      await site.moveTask('2026-06-02T17:00');
      expect(await site.take()).toEqual({ ...QUIET, updated: 1 });
    });
  },
  NO_HOURS,
);

function dtstart(value: string): string {
  return value.startsWith('TZID') ? `DTSTART;${value}` : `DTSTART:${value}`;
}

function dtend(value: string): string {
  return value.startsWith('TZID') ? `DTEND;${value}` : `DTEND:${value}`;
}
