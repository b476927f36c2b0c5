// Cards as other programs write them, and what people make of one.

import type { Entry } from '../../src/core/sync/entry';

/** What others put on a card, whatever stands on it from us. */
export const CARD_DECORATIONS: readonly string[] = [
  ...['NICKNAME:Nono', 'TEL;TYPE=HOME,VOICE,PREF:555-010-9001', 'EMAIL;TYPE=HOME,PREF:nora@home.example', 'TEL;TYPE=PAGER:1'],
  ...['ADR;TYPE=HOME:;;1 Hidden Lane;Austin;TX;78702;USA', 'item1.EMAIL:club@example.com', 'item1.X-ABLabel:Chess club'],
  ...['PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQEASABIAAD/', 'BDAY:1975-04-01', 'X-CRM-OTHER;X="q":1', 'NOTE:a\\,b'],
];

/** A card of version 4. */
export function cardText({ subject, card }: Entry): string {
  const { family, given, company, title, phone, mobile, fax, email, otherEmail } = card ?? {};
  const { street, city, region, postcode, country } = card ?? {};
  return [
    ...['BEGIN:VCARD', 'VERSION:4.0', 'UID:theirs@phone', `FN:${subject}`, `N:${family};${given};;;`],
    ...[`ORG:${company?.replaceAll(',', '\\,')}`, `TITLE:${title}`, `TEL;TYPE="work,voice":${phone}`],
    ...[`TEL;TYPE=cell:${mobile}`, `TEL;TYPE=work;TYPE=fax:${fax}`, `EMAIL;PREF=1:${email}`, `EMAIL:${otherEmail}`],
    ...[`ADR;TYPE=work:;;${street};${city};${region};${postcode};${country}`, 'END:VCARD', ''],
  ].join('\r\n');
}

/** A card with some lines more. */
export function withCardLines(text: string, lines: readonly string[]): string {
  return text.replace('END:VCARD', [...lines, 'END:VCARD'].join('\r\n'));
}

/** A card of which somebody changed the name, the title, a number or the first address. */
export function editedCard(text: string, { subject, card }: Partial<Entry>): string {
  const changes: readonly (readonly [RegExp, string, string | undefined])[] = [
    [/^FN:.*\r\n/m, 'FN', subject],
    [/^TITLE:.*\r\n/m, 'TITLE', card?.title],
    [/^TEL;(?!.*(?:CELL|FAX|HOME|PAGER)).*\r\n/im, 'TEL;TYPE=WORK,VOICE', card?.phone],
    [/^TEL;.*CELL.*\r\n/im, 'TEL;TYPE=CELL', card?.mobile],
    [/^TEL;.*FAX.*\r\n/im, 'TEL;TYPE=WORK,FAX', card?.fax],
    [/^EMAIL;(?!.*(?:HOME|X-CRM-FIELD)).*\r\n/im, 'EMAIL;TYPE=INTERNET,WORK', card?.email],
  ];
  return changes.reduce((all, [line, name, value]) => {
    if (value === undefined) return all;
    const others = all.replace(line, '');
    return value === '' ? others : withCardLines(others, [`${name}:${value}`]);
  }, text);
}

/** Something else made of a card; a private one says `SECRET` wherever it can. */
export function turnedCard(text: string, into: 'private' | 'foreign'): string {
  if (into === 'foreign') return withCardLines(text, ['X-ADDRESSBOOKSERVER-KIND:group']);
  return withCardLines(text.replace(/^(FN|TITLE|N):.*/gm, '$1:SECRET'), ['CLASS:CONFIDENTIAL', 'NOTE:SECRET']);
}

/** The same in version 4, with addresses and groups. */
export function respelledCard(text: string): string {
  return text
    .replace('VERSION:3.0', 'VERSION:4.0')
    .replace(/^TEL;TYPE=(.*):(.*)$/gm, 'item7.tel;type="$1";VALUE=uri:tel:$2')
    .replace(/^EMAIL;TYPE=INTERNET,WORK:/m, 'EMAIL;PREF=1;WORK:');
}
