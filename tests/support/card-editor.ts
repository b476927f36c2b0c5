// A person who writes into a folder of vCards with an editor.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Person } from '../groupware/suite';

/** What others put on a card, whatever stands on it from us. */
const DECORATIONS = [
  ...['NICKNAME:Nono', 'TEL;TYPE=HOME,VOICE,PREF:555-010-9001', 'EMAIL;TYPE=HOME,PREF:nora@home.example', 'TEL;TYPE=PAGER:1'],
  ...['ADR;TYPE=HOME:;;1 Hidden Lane;Austin;TX;78702;USA', 'item1.EMAIL:club@example.com', 'item1.X-ABLabel:Chess club'],
  ...['PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQEASABIAAD', 'BDAY:1975-04-01', 'X-CRM-OTHER;X="q":1', 'NOTE:a\\,b'],
];

/** Somebody with this folder open. */
export function cardEditor(path: string): Person {
  const fileOf = (id: string) =>
    readdirSync(path)
      .map((name) => join(path, name))
      .find((file) => readFileSync(file, 'utf8').includes(`\r\nUID:${id}\r\n`)) ?? '';
  const change = (id: string, work: (text: string) => string) =>
    Promise.resolve().then(() => writeFileSync(fileOf(id), work(readFileSync(fileOf(id), 'utf8'))));
  const withLines = (text: string, lines: readonly string[]) => text.replace('END:VCARD', [...lines, 'END:VCARD'].join('\r\n'));
  return {
    add: ({ subject, card }) => {
      const { family, given, company, title, phone, mobile, fax, email, otherEmail } = card ?? {};
      const { street, city, region, postcode, country } = card ?? {};
      const lines = [
        ...['BEGIN:VCARD', 'VERSION:4.0', 'UID:theirs@phone', `FN:${subject}`, `N:${family};${given};;;`],
        ...[`ORG:${company?.replaceAll(',', '\\,')}`, `TITLE:${title}`, `TEL;TYPE="work,voice":${phone}`],
        ...[`TEL;TYPE=cell:${mobile}`, `TEL;TYPE=work;TYPE=fax:${fax}`, `EMAIL;PREF=1:${email}`, `EMAIL:${otherEmail}`],
        ...[`ADR;TYPE=work:;;${street};${city};${region};${postcode};${country}`, 'END:VCARD', ''],
      ];
      writeFileSync(join(path, 'any name.vcf'), lines.join('\r\n'));
      return Promise.resolve('theirs@phone');
    },
    edit: (id, { subject }) => change(id, (text) => (subject === undefined ? text : text.replace(/^FN:.*/m, `FN:${subject}`))),
    remove: (id) => Promise.resolve(rmSync(fileOf(id))),
    turn: (id, into) =>
      change(id, (text) => {
        if (into === 'unreadable') return text.slice(0, text.indexOf('END:VCARD'));
        if (into === 'foreign') return withLines(text, ['X-ADDRESSBOOKSERVER-KIND:group']);
        return withLines(text.replace(/^(FN|TITLE|N):.*/gm, '$1:SECRET'), ['CLASS:CONFIDENTIAL', 'NOTE:SECRET']);
      }),
    decorate: (id) => change(id, (text) => withLines(text, DECORATIONS)),
    decorations: (id) => {
      const lines = readFileSync(fileOf(id), 'utf8').replace(/\r\n /g, '').split('\r\n');
      return Promise.resolve(lines.filter((line) => DECORATIONS.includes(line)));
    },
    respell: (id) =>
      change(id, (text) =>
        text
          .replace('VERSION:3.0', 'VERSION:4.0')
          .replace(/^TEL;TYPE=(.*):(.*)$/gm, 'item7.tel;type="$1";VALUE=uri:tel:$2')
          .replace(/^EMAIL;TYPE=INTERNET,WORK:/m, 'EMAIL;PREF=1;WORK:'),
      ),
  };
}
