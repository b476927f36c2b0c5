// vCards and contacts, both ways, by tables.

import fc from 'fast-check';
import { ALL_CARD_PARTS, cardOf, type CardPart } from '../../src/core/sync/card';
import { changedFields, normalized, spelledField, withFields, type Entry, type EntryField } from '../../src/core/sync/entry';
import type { TextItem } from '../../src/groupware/text-item';
import { CARD_ENTRY_FIELDS } from '../../src/groupware/vcard-fields';
import { vcardTexts } from '../../src/groupware/vcard-text';
import { vcards } from '../../src/io/vcard';
import { entryIn, NORA } from './suite';

const texts = vcardTexts({ vcards, now: () => Date.parse('2026-03-01T12:00:00Z') });
const read = (text: string): TextItem => texts.read(text);
const entryOf = (text: string): Entry => {
  const { content } = read(text);
  if (content.kind === 'gone') throw new Error('it is gone');
  return entryIn(content);
};
const card = (...lines: readonly string[]) =>
  ['BEGIN:VCARD', 'VERSION:3.0', 'UID:1', 'FN:Nora', ...lines, 'END:VCARD', ''].join('\r\n');
const card4 = (...lines: readonly string[]) => card(...lines).replace('VERSION:3.0', 'VERSION:4.0');
const contact = (subject: string, parts: Partial<Record<CardPart, string>>): Entry => ({
  ...{ kind: 'contact', subject, time: {}, place: '', notes: '', done: false },
  card: cardOf(parts),
});
const changeStep = (entry: Entry, fields: readonly EntryField[]) =>
  ({ do: 'update', linkId: 'pa1', id: '1', version: '', entry, fields }) as const;

/** A text with some texts of its contact changed. */
function changed(text: string, parts: Partial<Record<CardPart | 'subject', string>>, fields?: readonly EntryField[]): string {
  const was = entryOf(text);
  const { subject = was.subject, ...others } = parts;
  const wanted = { ...was, subject, card: { ...cardOf({}), ...was.card, ...others } };
  const edited = texts.change(text, changeStep(wanted, fields ?? changedFields(was, wanted)));
  if (edited.kind === 'rejected') throw new Error(edited.reason);
  return edited.kind === 'same' ? text : edited.text;
}

/** The lines that are not the same after a change, with `-` and `+`. */
function difference(before: string, after: string): readonly string[] {
  const [one, two] = [before, after].map((text) => text.split('\r\n').filter((line) => !line.startsWith('REV:'))) as [
    string[],
    string[],
  ];
  return [
    ...one.filter((line) => !two.includes(line)).map((line) => `-${line}`),
    ...two.filter((line) => !one.includes(line)).map((line) => `+${line}`),
  ];
}

/** As a telephone of Apple gives it away. */
const APPLE = [
  'BEGIN:VCARD',
  'VERSION:3.0',
  'PRODID:-//Apple Inc.//iPhone OS 17.5//EN',
  'N:O’Dell;Nora;Mae;Dr.;',
  'FN:Dr. Nora Mae O’Dell',
  'NICKNAME:Nono',
  'ORG:Calder Logistics;Docks',
  'TITLE:Dock Manager',
  'item1.EMAIL;type=INTERNET;type=pref:nora.private@example.com',
  'item1.X-ABLabel:Chess club',
  'EMAIL;type=INTERNET;type=WORK:nora.odell@calder.example',
  'TEL;type=HOME;type=VOICE;type=pref:+1 512 555 0190',
  'item2.TEL:+1 512 555 0101',
  'item2.X-ABLabel:_$!<Work>!$_',
  'TEL;type=IPHONE;type=CELL;type=VOICE:+1 512 555 0111',
  'TEL;type=WORK;type=FAX:+1 512 555 0121',
  'TEL;type=PAGER:+1 512 555 0131',
  'item3.ADR;type=WORK;type=pref:;;12 Harbour Way;Austin;TX;78701;USA',
  'item3.X-ABADR:us',
  'ADR;type=HOME:;;1 Hidden Lane;Austin;TX;78702;USA',
  'item4.URL;type=pref:https://nora.example.com',
  'item4.X-ABLabel:_$!<HomePage>!$_',
  'BDAY:1975-04-01',
  'PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAEBAQEBAQEBAQEBAQ',
  ' EBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ==',
  'NOTE:likes\\, above all\\; tea\\nand quiet',
  'X-ABUID:5AD380FD-B2DE-4261-BA99-DE1D1DB52FBE\\:ABPerson',
  'UID:apple-1',
  'REV:2026-01-31T08:00:00Z',
  'END:VCARD',
  '',
].join('\r\n');

/** As Google exports it. */
const GOOGLE = [
  'BEGIN:VCARD',
  'VERSION:3.0',
  'FN:Jürg Ammann',
  'N:Ammann;Jürg;;;',
  'EMAIL;TYPE=INTERNET;TYPE=HOME:juerg@example.com',
  'EMAIL;TYPE=INTERNET;TYPE=WORK:j.ammann@seefeld.example',
  'EMAIL;TYPE=INTERNET:ammann@seefeld.example',
  'item1.EMAIL;TYPE=INTERNET:club@example.com',
  'item1.X-ABLabel:Segelclub',
  'TEL;TYPE=CELL:+41 79 555 01 02',
  'TEL;TYPE=WORK:044 555 01 02',
  'TEL;TYPE=HOME:044 555 99 99',
  'TEL;TYPE=WORKFAX:044 555 01 03',
  'ADR;TYPE=WORK:;;7 Kirchgasse\\nBüro 4;Zürich;;8001;CH;7 Kirchgasse\\nBüro 4\\n8001 Zürich\\nCH',
  'ORG:Seefeld Pharma',
  'TITLE:IT Lead',
  'CATEGORIES:myContacts,starred',
  'UID:google-1',
  'END:VCARD',
  '',
].join('\r\n');

/** As a CardDAV client of Android writes it in version 4. */
const DAV = [
  'BEGIN:VCARD',
  'VERSION:4.0',
  'PRODID:+//IDN bitfire.at//ez-vcard/0.12.1',
  'UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1',
  'FN;PREF=2:N. Odell',
  'FN;PREF=1:Nora Odell',
  'N;SORT-AS="Odell,Nora":Odell;Nora;;;',
  'KIND:individual',
  'TEL;VALUE=uri;TYPE="voice,home";PREF=1:tel:+1-512-555-0190',
  'TEL;TYPE="work,voice";VALUE=uri;PREF=2:tel:+1-512-555-0101;ext=7',
  'TEL;VALUE=uri;TYPE=cell:tel:+1-512-555-0111',
  'TEL;VALUE=uri;TYPE=work:sip:nora@calder.example',
  'EMAIL;TYPE=work;PREF=20:second@calder.example',
  'EMAIL;TYPE=work;PREF=3:first@calder.example',
  'ADR;TYPE=work;LABEL="12 Harbour Way\\nAustin":PO 7;;12 Harbour Way;Austin;TX;78701;',
  'RELATED;TYPE=spouse;VALUE=text:Mike',
  'REV:20260131T080000Z',
  'END:VCARD',
  '',
].join('\r\n');

describe('a card of another program', () => {
  it.each([
    [
      'Apple',
      APPLE,
      'Dr. Nora Mae O’Dell',
      {
        ...{ given: 'Nora', family: 'O’Dell', company: 'Calder Logistics', title: 'Dock Manager' },
        ...{ phone: '+1 512 555 0101', mobile: '+1 512 555 0111', fax: '+1 512 555 0121', email: 'nora.odell@calder.example' },
        ...{ street: '12 Harbour Way', city: 'Austin', region: 'TX', postcode: '78701', country: 'USA' },
      },
    ],
    [
      'Google',
      GOOGLE,
      'Jürg Ammann',
      {
        ...{ given: 'Jürg', family: 'Ammann', company: 'Seefeld Pharma', title: 'IT Lead' },
        ...{ phone: '044 555 01 02', mobile: '+41 79 555 01 02' },
        ...{ email: 'j.ammann@seefeld.example', otherEmail: 'ammann@seefeld.example' },
        ...{ street: '7 Kirchgasse\nBüro 4', city: 'Zürich', postcode: '8001', country: 'CH' },
      },
    ],
    [
      'version 4',
      DAV,
      'Nora Odell',
      {
        ...{ given: 'Nora', family: 'Odell', phone: '+1-512-555-0101 ext. 7', mobile: '+1-512-555-0111' },
        ...{ email: 'first@calder.example', otherEmail: 'second@calder.example' },
        ...{ street: '12 Harbour Way', city: 'Austin', region: 'TX', postcode: '78701' },
      },
    ],
  ])('is read, but for what is private: %s', (_name, text, subject, parts) => {
    expect(entryOf(text)).toEqual(contact(subject, parts));
  });

  it.each<[string, string, Partial<Record<CardPart | 'subject', string>>, readonly string[]]>([
    ['a number in a group', APPLE, { phone: '555 0102' }, ['-item2.TEL:+1 512 555 0101', '+item2.TEL:555 0102']],
    ['a number that goes, and its label', APPLE, { phone: '' }, ['-item2.TEL:+1 512 555 0101', '-item2.X-ABLabel:_$!<Work>!$_']],
    ['a number with its types', APPLE, { mobile: '' }, ['-TEL;type=IPHONE;type=CELL;type=VOICE:+1 512 555 0111']],
    ['a company with a department', APPLE, { company: 'A;b' }, ['-ORG:Calder Logistics;Docks', '+ORG:A\\;b;Docks']],
    ['a company that goes, and the department stays', APPLE, { company: '' }, ['-ORG:Calder Logistics;Docks', '+ORG:;Docks']],
    [
      'a family name, and what stands beside it',
      APPLE,
      { family: 'Smith, Jr' },
      ['-N:O’Dell;Nora;Mae;Dr.;', '+N:Smith\\, Jr;Nora;Mae;Dr.;'],
    ],
    [
      'a town behind a backslash that hides no semicolon',
      card('ADR;TYPE=work:\\'),
      { city: 'Dallas' },
      ['-ADR;TYPE=work:\\', '+ADR;TYPE=work:\\\\;;;Dallas;;;'],
    ],
    [
      'a town, with the group and the types of its address',
      APPLE,
      { city: 'Dallas' },
      [
        '-item3.ADR;type=WORK;type=pref:;;12 Harbour Way;Austin;TX;78701;USA',
        '+item3.ADR;type=WORK;type=pref:;;12 Harbour Way;Dallas;TX;78701;USA',
      ],
    ],
    [
      'a second address that comes',
      APPLE,
      { otherEmail: 'x@calder.example' },
      ['+EMAIL;TYPE=INTERNET,WORK;X-CRM-FIELD=OTHER-EMAIL:x@calder.example'],
    ],
    ['a fax that comes', GOOGLE, { fax: '044 1' }, ['+TEL;TYPE=WORK,FAX:044 1']],
    [
      'a first address that goes, and the second one is not taken for it',
      GOOGLE,
      { email: '' },
      [
        '-EMAIL;TYPE=INTERNET;TYPE=WORK:j.ammann@seefeld.example',
        '-EMAIL;TYPE=INTERNET:ammann@seefeld.example',
        '+EMAIL;TYPE=INTERNET;X-CRM-FIELD=OTHER-EMAIL:ammann@seefeld.example',
      ],
    ],
    [
      'both addresses',
      GOOGLE,
      { email: '', otherEmail: 'x@y' },
      [
        '-EMAIL;TYPE=INTERNET;TYPE=WORK:j.ammann@seefeld.example',
        '-EMAIL;TYPE=INTERNET:ammann@seefeld.example',
        '+EMAIL;TYPE=INTERNET;X-CRM-FIELD=OTHER-EMAIL:x@y',
      ],
    ],
    ['the preferred name', DAV, { subject: 'Nora O.' }, ['-FN;PREF=1:Nora Odell', '+FN;PREF=1:Nora O.']],
    [
      'a number as an address',
      DAV,
      { phone: '+1-512-555-0102' },
      [
        '-TEL;TYPE="work,voice";VALUE=uri;PREF=2:tel:+1-512-555-0101;ext=7',
        '+TEL;TYPE="work,voice";VALUE=uri;PREF=2:tel:+1-512-555-0102',
      ],
    ],
    [
      'a number as an address that no address can say',
      DAV,
      { phone: '+1 512; x' },
      ['-TEL;TYPE="work,voice";VALUE=uri;PREF=2:tel:+1-512-555-0101;ext=7', '+TEL;TYPE="work,voice";PREF=2:+1 512\\; x'],
    ],
    [
      'an address whose label says the old one',
      DAV,
      { country: 'USA' },
      [
        '-ADR;TYPE=work;LABEL="12 Harbour Way\\nAustin":PO 7;;12 Harbour Way;Austin;TX;78701;',
        '+ADR;TYPE=work:PO 7;;12 Harbour Way;Austin;TX;78701;USA',
      ],
    ],
    ['a title that comes', DAV, { title: 'Boss' }, ['+TITLE:Boss']],
  ])('is changed in its place, and nowhere else: %s', (_name, text, parts, lines) => {
    const after = changed(text, parts);
    expect(difference(text, after)).toEqual(lines);
    expect(entryOf(after)).toEqual({ ...entryOf(text), ...entryOf(after), card: { ...entryOf(text).card, ...without(parts) } });
    expect(after).toContain('REV:20260301T120000Z\r\n');
  });

  it('keeps those parts of a line to the letter that stay', () => {
    const text = card('N:Stevenson,Smith;John;Philip,Paul;;ing. jr,M.Sc.');
    expect(difference(text, changed(text, { given: 'Jon' }))).toEqual([
      '-N:Stevenson,Smith;John;Philip,Paul;;ing. jr,M.Sc.',
      '+N:Stevenson,Smith;Jon;Philip,Paul;;ing. jr,M.Sc.',
    ]);
  });

  it('gets a new line behind its siblings and what belongs to them', () => {
    const text = card('item1.TEL;TYPE=home:1', 'item1.X-ABLabel:x', 'NOTE:n');
    expect(changed(text, { phone: '2' })).toBe(
      text.replace('NOTE:n', 'TEL;TYPE=WORK,VOICE:2\r\nNOTE:n').replace('END:VCARD', 'REV:20260301T120000Z\r\nEND:VCARD'),
    );
  });

  it('keeps a label that another line has as well', () => {
    const text = card('a.TEL;TYPE=work:1', 'a.EMAIL;TYPE=work:x@y', 'a.X-ABLabel:x');
    expect(difference(text, changed(text, { phone: '' }))).toEqual(['-a.TEL;TYPE=work:1']);
  });

  it('is not touched where nothing is new', () => {
    for (const text of [APPLE, GOOGLE, DAV])
      expect(texts.change(text, changeStep(entryOf(text), CARD_ENTRY_FIELDS))).toEqual({ kind: 'same' });
  });

  it('keeps its mark, its line ends and its folds', () => {
    const text = `\ufeff${APPLE.replaceAll('\r\n', '\n')}`;
    expect(changed(text, { title: 'x' })).toBe(
      text.replace('TITLE:Dock Manager', 'TITLE:x').replace('REV:2026-01-31T08:00:00Z', 'REV:20260301T120000Z'),
    );
  });

  function without({ subject: _, ...parts }: Partial<Record<CardPart | 'subject', string>>) {
    return parts;
  }
});

describe('which line counts', () => {
  const phones = (...lines: readonly string[]) => {
    const { phone, mobile, fax } = entryOf(card(...lines)).card ?? {};
    return [phone, mobile, fax];
  };

  it.each([
    ['one of work', ['TEL;TYPE=work:1'], ['1', '', '']],
    ['one that says nothing', ['TEL:1'], ['1', '', '']],
    ['one of work before one that says nothing', ['TEL;TYPE=pref:1', 'TEL;TYPE=work:2'], ['2', '', '']],
    ['the preferred one of work', ['TEL;TYPE=work:1', 'TEL;TYPE=work,pref:2'], ['2', '', '']],
    ['the most preferred one', ['TEL;TYPE=work;PREF=2:1', 'TEL;TYPE=work;PREF=1:2', 'TEL;TYPE=work;PREF=x:3'], ['2', '', '']],
    ['the first one', ['TEL;TYPE=work:1', 'TEL;TYPE=work:2'], ['1', '', '']],
    ['one that says something', ['TEL;TYPE=work:', 'TEL:2'], ['2', '', '']],
    ['a mobile one', ['TEL;TYPE=cell:1', 'TEL;TYPE=work,cell:2'], ['', '2', '']],
    ['a fax that takes calls', ['TEL;TYPE=voice,fax,work:1'], ['', '', '1']],
    [
      'none at home',
      ['TEL;TYPE=home:1', 'TEL;TYPE=home,work:2', 'TEL;HOME;TYPE=VOICE:3', 'TEL;TYPE="voice,home":4'],
      ['', '', ''],
    ],
    ['no mobile one at home', ['TEL;TYPE=cell,home:1', 'TEL;TYPE=home,fax:2'], ['', '', '']],
    ['none of a type that somebody made up', ['TEL;TYPE=x-mum:1', 'TEL;TYPE=pager:2', 'TEL;TYPE=other:3'], ['', '', '']],
    [
      'none with a label of its own',
      ['a.TEL:1', 'a.X-ABLabel:Privat', 'b.TEL;TYPE=cell:2', 'B.X-ABLABEL:_$!<Home>!$_'],
      ['', '', ''],
    ],
    ['one of work, whatever it is called', ['a.TEL;TYPE=work:1', 'a.X-ABLabel:Front desk'], ['1', '', '']],
    [
      'what Apple calls mobile',
      ['a.TEL:1', 'a.X-ABLabel:_$!<Mobile>!$_', 'b.TEL:2', 'b.X-ABLabel:_$!<WorkFAX>!$_'],
      ['', '1', '2'],
    ],
  ])('of telephones: %s', (_name, lines, said) => {
    expect(phones(...lines)).toEqual(said);
  });

  it.each([
    ['the second address by its order', ['EMAIL:a', 'EMAIL;TYPE=work:b', 'EMAIL;TYPE=home:c'], ['b', 'a']],
    ['the second one by its mark', ['EMAIL;TYPE=work;X-CRM-FIELD=OTHER-EMAIL:a', 'EMAIL:b'], ['b', 'a']],
    ['the second one alone', ['EMAIL;TYPE=work;X-CRM-FIELD=OTHER-EMAIL:a'], ['', 'a']],
    ['one alone', ['EMAIL;TYPE=work:a'], ['a', '']],
  ])('of addresses: %s', (_name, lines, said) => {
    const { email, otherEmail } = entryOf(card(...lines)).card ?? {};
    expect([email, otherEmail]).toEqual(said);
  });

  it.each([
    ['an address', 'tel:+1-555;ext=7', '+1-555 ext. 7'],
    ['an address with other things', 'TEL:%2B1-555;phone-context=x', '+1-555'],
    ['an address of something else', 'sip:x@y', ''],
    ['an address that is spelled wrong', 'tel:%zz', '%zz'],
    ['nothing', 'tel:', ''],
  ])('of version 4, a number that is %s', (_name, uri, said) => {
    expect(entryOf(card4(`TEL;VALUE=uri;TYPE=work:${uri}`)).card?.phone).toBe(said);
  });
});

describe('an item', () => {
  const given = card('TEL;TYPE=work:1');

  it.each([
    ['a card', given, 'entry'],
    ['a card of version 4', card4(), 'entry'],
    ['a person', card4('KIND:Individual'), 'entry'],
    ['a group', card4('KIND:group'), 'foreign'],
    ['a company', card4('KIND:org'), 'foreign'],
    ['a group of Apple', card('X-ADDRESSBOOKSERVER-KIND:group'), 'foreign'],
    ['a card without a UID', given.replace('UID:1\r\n', ''), 'foreign'],
    ['a card of ours that lost its UID', card('X-CRM-LINK:pa1').replace('UID:1\r\n', ''), 'unreadable'],
    ['a card of version 2.1', given.replace('3.0', '2.1'), 'unreadable'],
    ['a card of no version', given.replace('VERSION:3.0\r\n', ''), 'unreadable'],
    ['a public one', card('CLASS:public'), 'entry'],
    ['a private one', card('CLASS:PRIVATE'), 'private'],
    ['a confidential one in a group', card('item1.CLASS:CONFIDENTIAL'), 'private'],
    ['one whose class cannot be read', card('CLASS;X="a:PUBLIC'), 'private'],
    ['a private one of an old version', card('CLASS:PRIVATE').replace('3.0', '2.1'), 'private'],
    ['several', given + given.replace('UID:1', 'UID:2'), 'unreadable'],
    ['several with a private one', given + card('CLASS:PRIVATE'), 'private'],
    ['a broken one that is private', card('CLASS:PRIVATE').slice(0, -20), 'private'],
    ['a broken one', given.slice(0, -20), 'unreadable'],
    ['one with a line that cannot be read', card('TEL;TYPE="work:1'), 'unreadable'],
    ['one with another line that cannot be read', card('X-A;B="c:1'), 'entry'],
    ['one in quoted printable', card('TITLE;ENCODING=QUOTED-PRINTABLE:=41'), 'unreadable'],
    ['one in quoted printable, as in old times', card('TITLE;QUOTED-PRINTABLE:=41'), 'unreadable'],
    ['one in another set of characters', card('TITLE;CHARSET=ISO-8859-1:A'), 'unreadable'],
    ['one in UTF-8 that says so', card('TITLE;CHARSET=utf-8:A'), 'entry'],
    ['one with something private in an encoding', card('ADR;TYPE=home;ENCODING=QUOTED-PRINTABLE:=41'), 'entry'],
    ['nothing', '', 'unreadable'],
    ['one of more lines than anybody has', card('a.TEL:1\r\n'.repeat(300_000).trim()), 'unreadable'],
    ['one with a photograph of megabytes', card(`PHOTO:${`${'A'.repeat(74)}\r\n `.repeat(90_000)}A`), 'entry'],
    ['one with a title of 100 kB', card(`TITLE:${'x,\\;'.repeat(25_000)}`), 'entry'],
  ])('that is %s', (_name, text, kind) => {
    expect(read(text).content.kind).toBe(kind);
  });

  it('of several UIDs has all of them, and a broken one the one that it says', () => {
    expect(read(given + given.replace('UID:1', 'UID:2')).uids).toEqual(['1', '2']);
    expect(read('BEGIN:VCARD\r\nVERSION:3.0\r\nitem1.UID:urn:7\r\nTEL').uids).toEqual(['urn:7']);
  });

  it('is told in words that say nothing of it', () => {
    expect(read(given.replace('3.0', '2.1')).content).toEqual({
      kind: 'unreadable',
      words: 'it is a vCard of another version than 3.0 and 4.0',
    });
    expect(read(card('TITLE;CHARSET=SECRET:SECRET')).content).toEqual({
      kind: 'unreadable',
      words: 'its TITLE has an encoding of its own',
    });
    expect(JSON.stringify(read(card('CLASS:PRIVATE', 'TITLE:SECRET')))).not.toContain('SECRET');
  });

  it('is not changed where it is none of ours to change', () => {
    const step = changeStep(NORA, ['subject']);
    expect(texts.change(card('CLASS:PRIVATE'), step)).toEqual({
      kind: 'rejected',
      reason: 'what is there is private, and no entry to be changed',
    });
    expect(texts.change(card4('KIND:group'), step)).toMatchObject({ kind: 'rejected' });
    const nameless = { ...NORA, subject: ' ' };
    expect(texts.change(given, changeStep(nameless, ['subject']))).toEqual({ kind: 'rejected', reason: 'a card needs a name' });
    expect(texts.make({ do: 'create', linkId: 'pa1', entry: nameless, url: '' })).toMatchObject({ kind: 'rejected' });
  });
});

describe('a new card', () => {
  it('has what there is to say, and nothing else', () => {
    const url = 'http://server/x?a=1,2;3\r\nX-EVIL:1';
    const made = texts.make({ do: 'create', linkId: 'pa1', entry: NORA, url });
    expect(made).toEqual({
      kind: 'text',
      text: [
        'BEGIN:VCARD',
        'VERSION:3.0',
        'PRODID:-//publish-activity//groupware//EN',
        'UID:pa1',
        "FN:Nora O'Dell",
        "N:O'Dell;Nora;;;",
        'ORG:Calder\\, Logistics',
        'TITLE:Dock Manager',
        'TEL;TYPE=WORK,VOICE:555-010-2001',
        'TEL;TYPE=CELL:555-010-2101',
        'TEL;TYPE=WORK,FAX:555-010-2201',
        'EMAIL;TYPE=INTERNET,WORK:nora.odell@calder.example',
        'EMAIL;TYPE=INTERNET,WORK;X-CRM-FIELD=OTHER-EMAIL:nora@calder.example',
        'ADR;TYPE=WORK:;;12 Harbour Way;Austin;TX;78701;USA',
        'REV:20260301T120000Z',
        'URL:http://server/x?a=1,2;3X-EVIL:1',
        'X-CRM-LINK:pa1',
        'END:VCARD',
        '',
      ].join('\r\n'),
    });
    expect(made.kind === 'text' && read(made.text)).toEqual({
      uids: ['pa1'],
      mark: 'pa1',
      content: { kind: 'entry', entry: NORA },
    });
    expect(texts.make({ do: 'create', linkId: 'pa1', entry: contact('x', {}), url: '' })).toMatchObject({
      text: expect.stringMatching(/FN:x\r\nN:;;;;\r\nREV:\w+\r\nX-CRM-LINK:pa1\r\nEND/) as string,
    });
  });

  it('of version 4 gets lines of that version', () => {
    const text = card4();
    expect(difference(text, changed(text, { email: 'a@b', given: 'N', phone: '1' }))).toEqual([
      '+N:;N;;;',
      '+TEL;TYPE=WORK,VOICE:1',
      '+EMAIL;TYPE=WORK:a@b',
    ]);
  });
});

/** Anything that may stand in a text. */
const anything = fc.oneof(
  fc.constant(''),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('a;b,c\\d', '\\', 'x\nEND:VCARD', 'tel:+1', '+1-555 ext. 7', 'BEGIN:VCARD', ';;;', '\\n', 'a:b"c'),
);
/** As a text is once it was written: no control characters, and one kind of line end. */
const written = (text: string) =>
  text
    .split(/\r\n?|[\n\v\f\u0085\u2028\u2029]/)
    .map((line) => line.toWellFormed().replace(/(?!\t)\p{Cc}/gu, ''))
    .join('\n');
const anyContact = fc
  .tuple(
    anything.filter((text) => written(text).trim() !== ''),
    fc.tuple(...ALL_CARD_PARTS.map(() => anything)),
  )
  .map(([subject, parts]) =>
    normalized(
      contact(written(subject), Object.fromEntries(ALL_CARD_PARTS.map((part, index) => [part, written(parts[index] ?? '')]))),
    ),
  );

it('a contact is read as it was written, whatever it says', () => {
  fc.assert(
    fc.property(anyContact, (entry) => {
      const made = texts.make({ do: 'create', linkId: 'pa1', entry, url: '' });
      expect(made.kind === 'text' && entryOf(made.text)).toEqual(entry);
    }),
    { numRuns: 500 },
  );
});

it('a change says what it was to say, changes no other field, and leaves every other line to the letter', () => {
  const parameter = fc.constantFrom(
    ...[
      '',
      '',
      ';TYPE=work',
      ';TYPE=home',
      ';TYPE=CELL',
      ';TYPE=fax,work',
      ';TYPE="work,voice"',
      ';PREF=1',
      ';type=pref',
      ';X="a:b"',
    ],
    ...[';TYPE=x-own', ';VALUE=uri', ';LABEL="x;y"', ';X-CRM-FIELD=OTHER-EMAIL', ';HOME', ';CHARSET=UTF-8'],
  );
  const name = fc.constantFrom(
    'TEL',
    'TEL',
    'EMAIL',
    'EMAIL',
    'ADR',
    'ORG',
    'TITLE',
    'N',
    'FN',
    'X-ABLabel',
    'NOTE',
    'REV',
    'X-A',
  );
  const group = fc.constantFrom('', '', '', 'item1.', 'item2.', 'Item1.');
  const value = fc.oneof(
    fc.constantFrom(
      '',
      'a;b;c;d;e;f;g;h',
      'x',
      'tel:+1-2',
      'tel:+1;ext=3',
      'sip:x',
      '_$!<Work>!$_',
      'a\\;b\\,c,d\\\\',
      '1\r\n 2\r\n\t3',
    ),
    fc.string({ maxLength: 8 }).map((text) => text.replace(/[\r\n]/g, '')),
  );
  const line = fc
    .tuple(group, name, parameter, parameter, value)
    .map(([its, called, one, two, said]) => `${its}${called}${one}${two}:${said}`);
  let changes = 0;
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 8 }),
      fc.constantFrom('3.0', '4.0'),
      anyContact,
      fc.subarray([...CARD_ENTRY_FIELDS]),
      (lines, version, wanted, fields) => {
        const text = card(...lines).replace('3.0', version);
        const { content } = read(text);
        if (content.kind !== 'entry') return;
        const edited = texts.change(text, changeStep(wanted, fields));
        if (edited.kind === 'rejected') throw new Error(edited.reason);
        if (edited.kind === 'same')
          return expect(changedFields(content.entry, withFields(content.entry, wanted, fields))).toEqual([]);
        changes += 1;
        const after = entryOf(edited.text);
        for (const field of CARD_ENTRY_FIELDS) {
          const entry = fields.includes(field) ? wanted : content.entry;
          // Where a value goes, another line may be the next to count.
          if (spelledField(entry, field) !== '' || !fields.includes(field))
            expect([field, spelledField(after, field)]).toEqual([field, spelledField(entry, field)]);
        }
        const mine: readonly string[] = ['TEL', 'EMAIL', 'ADR', 'ORG', 'TITLE', 'N', 'FN', 'X-ABLABEL', 'REV'];
        const others = (each: string) =>
          vcards
            .read(each)?.[0]
            ?.lines.filter((its) => !mine.includes(its.name))
            .map((its) => its.headWithout() + its.raw);
        expect(others(edited.text)).toEqual(others(text));
        const own = (each: string) =>
          vcards
            .read(each)?.[0]
            ?.lines.filter(
              (its) => !['REV', 'X-ABLABEL'].includes(its.name) && its.parameter('TYPE').some((type) => /home|x-own/i.test(type)),
            )
            .map((its) => its.headWithout() + its.raw);
        expect(own(edited.text)).toEqual(own(text));
      },
    ),
    { numRuns: 1_000 },
  );
  expect(changes).toBeGreaterThan(300);
});
