// What can be wrong with the text of an item, in a folder of files and at Radicale: README.md has the list. Each begins with a linked pair, and
// ends at rest.

import { itemText } from '../../support/item-text';
import { BOB } from '../../groupware/suite';
import { EVENTS, IN_STEP, OWNER, pairOf, ROW, V, VISIT, type Pair, type Rest } from '../../support/pair';
import { describeOver, itOver, OF_TEXTS, type Name, type Not, type Texts } from '../../support/worlds';

let pair: Pair;
let texts: Texts;
let item: string;
afterEach(() => pair.close());

async function setUp(name: Name): Promise<void> {
  pair = await pairOf(name, undefined, EVENTS);
  texts = pair.texts();
  [item = ''] = await texts.names();
}

const change = async (work: (whole: string) => string) => {
  const whole = await texts.read(item);
  expect(work(whole)).not.toBe(whole);
  await texts.write(item, work(whole));
};
const edit = (before: string | RegExp, after: string) => change((whole) => whole.replace(before, after));
const both = (entry: string, rest: Partial<Rest> = {}) => ({ ...IN_STEP, crm: [entry], groupware: [entry], ...rest });
const renamed = V.replace('Visit', 'Visit 2');
const TIMES = ['DTSTART:20261205T150000Z', 'DTEND:20261205T160000Z', 'DTSTAMP:20260101T000000Z'];
const END = 'END:VEVENT';
const REFUSES: Not = { Radicale: 'it refuses such a text' };

/** Ways in which a text is broken, and whether a server refuses it. */
const DAMAGES: readonly (readonly [string, (whole: string) => string, Not])[] = [
  ['is cut in the middle', (whole) => whole.slice(0, whole.indexOf('SUMMARY') + 10), REFUSES],
  ['is cut before its UID', (whole) => whole.slice(0, whole.indexOf('UID:')), REFUSES],
  ['is empty', () => '', REFUSES],
  ['is no text', () => '\u0000\u0001', REFUSES],
  ['has a zone that nobody knows', (whole) => whole.replaceAll('TZID=America/Chicago', 'TZID=Customized'), {}],
  ['has no begin', (whole) => whole.replace(/DTSTART;TZID.*\r\n/, ''), REFUSES],
];

/** Kinds of items that are no entries. */
const OTHERS: readonly (readonly [string, string, string, Not])[] = [
  ['a diary', 'VJOURNAL', 'foreign', {}],
  ['a time that is free', 'VFREEBUSY', 'unreadable', {}],
  ['a kind that does not exist yet', 'X-TOMORROW', 'unreadable', {}],
];
const otherText = (component: string) => itemText('event', ['UID:other', ...TIMES]).replaceAll('VEVENT', component);

/** Ways of writing the same. */
const SPELLINGS: readonly (readonly [string, (whole: string) => string, Not])[] = [
  ['line feeds alone', (whole) => whole.replaceAll('\r\n', '\n'), {}],
  ['a byte order mark', (whole) => `\u{feff}${whole}`, REFUSES],
  ['folded lines', (whole) => whole.replace('SUMMARY:Visit', 'SUMMARY:Vi\r\n sit'), {}],
  ['names in lower case', (whole) => whole.replace('SUMMARY:', 'summary:').replace('DTSTART;TZID', 'dtstart;tzid'), {}],
  ['blanks behind', (whole) => whole.replace('SUMMARY:Visit', 'SUMMARY:Visit  '), {}],
  ['no line break at its end', (whole) => whole.trimEnd(), {}],
];

describeOver(OF_TEXTS, 'An item', (name) => {
  beforeEach(() => setUp(name));

  const ONE_UID: Not = { Radicale: 'it lets no second item have a UID' };
  itOver(
    name,
    'whose UID a second one has is unknown until one of them is gone, and nothing is written meanwhile',
    ONE_UID,
    async () => {
      await texts.write('copy', await texts.read(item));
      pair.crm.edit(ROW, { subject: 'Visit 2' });
      expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: ['unreadable'] });
      await texts.remove(item);
      expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
      expect(await texts.names()).toEqual(['copy']);
    },
  );

  for (const [is, damage, not] of DAMAGES)
    itOver(name, `that ${is} is unknown, never gone; mended, it goes on`, not, async () => {
      const whole = await texts.read(item);
      await texts.write(item, damage(whole));
      pair.crm.edit(ROW, { subject: 'Visit 2' });
      expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: ['unreadable'] });
      await texts.write(item, whole);
      expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
    });

  itOver(name, 'that cannot be understood keeps everything that is missing from being taken for deleted', REFUSES, async () => {
    await texts.remove(item);
    await texts.write('x', 'BEGIN:VCALENDAR');
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: ['unreadable'] });
    await texts.remove('x');
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: [], links: ['apart (deleted-there)'] });
  });

  it('may get another name, and is written under that', async () => {
    const whole = await texts.read(item);
    await texts.remove(item);
    await texts.write('Visit at the dock', whole);
    expect(await pair.rest()).toEqual(IN_STEP);
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
    expect(await texts.names()).toEqual(['Visit at the dock']);
  });

  it.each(['moved', 'copied'])('that is %s to another user is nothing of that user’s, who goes on', async (did) => {
    const his = pair.texts('event', BOB.login);
    // Bob has one of his own.
    pair.crm.put({ ...ROW, objid: 8, kind: 'event', owner: BOB.login, entry: { ...VISIT, subject: 'First' } });
    await pair.rest(OWNER, BOB.login);
    await his.write('theirs', await texts.read(item));
    if (did === 'moved') await texts.remove(item);
    expect(await pair.rest(OWNER, BOB.login)).toMatchObject({ writes: [0, 1] });
    pair.crm.put({ ...ROW, objid: 9, kind: 'event', owner: BOB.login, entry: { ...VISIT, subject: 'Second' } });
    const { groupware, links } = await pair.rest(OWNER, BOB.login);
    expect(groupware.filter((shownOne) => shownOne.startsWith('Second'))).toHaveLength(1);
    expect([groupware.filter((shownOne) => shownOne === V), links.filter((link) => link !== 'linked')]).toEqual(
      did === 'moved' ? [[V], ['apart (deleted-there)']] : [[V, V], []],
    );
  });

  it('that is the only one and is deleted is no calendar that is gone', async () => {
    await texts.remove(item);
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: [], links: ['apart (deleted-there)'] });
  });

  it('5, 6. that is not there any more with its calendar is held, though it is the only one, and goes on when it is there again', async () => {
    const bringBack = pair.takeAway();
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: [], links: ['held (guard-there)'] });
    bringBack();
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
  });

  it.each([
    ['a rule of a series', 'RRULE:FREQ=DAILY\r\n'],
    ['a date of a series', 'RDATE:20261205T150000Z\r\n'],
  ])('that gets %s is held, and goes on once it is taken away again', async (_, line) => {
    await edit(END, `${line}${END}`);
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    expect(await pair.rest()).toEqual({ ...IN_STEP, crm: [renamed], groupware: ['series'], links: ['held (series)'] });
    await edit(line, '');
    expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
  });

  it('13. that becomes private is held without its words, and public again it goes on where both say the same', async () => {
    await edit(END, `CLASS:PRIVATE\r\n${END}`);
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: ['private'], links: ['held (private)'] });
    expect(JSON.stringify([...pair.store.links.values()])).not.toContain('Visit');
    await edit('CLASS:PRIVATE', 'CLASS:PUBLIC');
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it('13. that becomes private, and says something else when it is public again, waits for somebody to say what counts', async () => {
    await edit(END, `CLASS:CONFIDENTIAL\r\n${END}`);
    await pair.rest();
    await edit('CLASS:CONFIDENTIAL', 'CLASS:PUBLIC');
    await edit('SUMMARY:Visit', 'SUMMARY:Visit 2');
    expect(await pair.rest()).toEqual({ ...IN_STEP, groupware: [renamed], links: ['held (found)'] });
  });

  it.each([
    ['Windows calls it so', 'TZID="Central Standard Time"'],
    ['libical calls it so', 'TZID=/freeassociation.sourceforge.net/America/Chicago'],
    ['it has an alias', 'TZID=US/Central'],
  ])('whose zone is the same by another name, as %s, is not written', async (_, zone) => {
    await change((whole) => whole.replaceAll('TZID=America/Chicago', zone));
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it('whose zone is left out means that of its user', async () => {
    await change((whole) => whole.replaceAll(';TZID=America/Chicago', ''));
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  for (const [has, spell, not] of SPELLINGS)
    itOver(name, `with ${has} is the same, is not written for that, and can be written`, not, async () => {
      await change(spell);
      expect(await pair.rest()).toEqual(IN_STEP);
      pair.crm.edit(ROW, { subject: 'Visit 2' });
      expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
    });

  it('without a subject is written without one', async () => {
    await edit(/SUMMARY:Visit\r\n/, '');
    expect(await pair.rest()).toEqual(both(V.replace('Visit | ', ''), { writes: [1, 0] }));
  });

  it('with notes of ten thousand characters has them all, and so has the CRM', async () => {
    const notes = 'n'.repeat(10_000);
    await edit(END, `DESCRIPTION:${notes}\r\n${END}`);
    expect(await pair.rest()).toEqual(both(`${V} | ${notes}`, { writes: [1, 0] }));
    pair.crm.edit(ROW, { notes: `${notes}ü` });
    expect(await pair.rest()).toEqual(both(`${V} | ${notes}ü`, { writes: [1, 1] }));
  });

  for (const [holds, component, kind, not] of OTHERS)
    itOver(name, `14. that holds ${holds} is left as it is, and all others go on`, not, async () => {
      await texts.write('other', otherText(component));
      const before = await texts.read('other');
      pair.crm.edit(ROW, { subject: 'Visit 2' });
      expect(await pair.rest()).toEqual({ ...both(renamed, { writes: [0, 1] }), groupware: [renamed, kind] });
      expect(await texts.read('other')).toBe(before);
    });
});

describeOver(['Radicale'], 'A server', (name) => {
  beforeEach(() => setUp(name));

  const refused = [...DAMAGES, ...SPELLINGS].filter(([, , not]) => not === REFUSES);
  it.each(refused)('refuses what %s, and what stood there stays', async (_, spoil) => {
    const whole = await texts.read(item);
    await expect(texts.write(item, spoil(whole))).rejects.toThrow(': 400 ');
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it('refuses a second item of a UID', async () => {
    await expect(texts.write('copy', await texts.read(item))).rejects.toThrow(': 409 ');
    expect(await pair.rest()).toEqual(IN_STEP);
  });

  it('5. whose disk has a text cut tells nothing of that calendar: nothing is taken for deleted, and mended, it goes on', async () => {
    const mend = pair.spoil(item, 'BEGIN:VCALENDAR');
    pair.crm.edit(ROW, { subject: 'Visit 2' });
    expect(await pair.turn()).toMatchObject({ trouble: expect.stringContaining('500') as string, result: 'later' });
    mend();
    expect(await pair.rest()).toEqual(both(renamed, { writes: [0, 1] }));
  });
});
