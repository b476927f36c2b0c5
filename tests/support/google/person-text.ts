// A person of Google's address book as a text of a vCard and back, for tests whose people write texts. Nothing of the program reads or writes
// here.

import type { PersonData, PersonField } from './address-book';
import type { KeptPerson } from './contact-hands';
import { textIn } from './strict';
import { escaped, lineOf, unescaped, unfoldedLines, valueOf } from './text-lines';

/** What telephones are for, as Google and as a vCard has it; of others a line tells Google's own word. */
const TELEPHONES: Readonly<Record<string, string>> = { work: 'WORK,VOICE', mobile: 'CELL', home: 'HOME', workFax: 'WORK,FAX' };
const TELEPHONE = /^TEL;TYPE=([^:]*):(.*)$/;
/** Whatever else people note of somebody. */
const OTHERS = /^(X-[^:"]*(?:"[^"]*"[^:"]*)*):(.*)$/;

/** The text of a person. */
export function textOfPerson({ name: id, data }: Pick<KeptPerson, 'name' | 'data'>): string {
  const [{ unstructuredName, givenName, familyName } = {}] = data['names'] ?? [];
  const name = textIn(unstructuredName) || [givenName, familyName].filter(Boolean).join(' ');
  const lines = [
    ...[`UID:${id}`, `FN:${escaped(name)}`, `TITLE:${escaped(textIn(workIn(data)?.['title']))}`],
    ...(data['phoneNumbers'] ?? []).map(
      ({ type, value }) => `TEL;TYPE=${TELEPHONES[textIn(type)] ?? textIn(type)}:${textIn(value)}`,
    ),
    ...(data['userDefined'] ?? []).map(({ key, value }) => `${textIn(key)}:${textIn(value)}`),
  ];
  return ['BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD', ''].join('\r\n');
}

/** The lists of a person that a text changes: titles, telephones, and what people note. All else stays as it is. */
export function changeOfPersonText(text: string, before: PersonData): PersonData {
  const lines = unfoldedLines(text);
  const title = unescaped(valueOf(lineOf(lines, 'TITLE')) ?? '');
  const [work, organizations = []] = [workIn(before), before['organizations']];
  const titled = organizations.map((each) => (each === work ? { ...each, title } : each));
  const changed: PersonData = {
    organizations: work === undefined && title !== '' ? [...organizations, { type: 'work', title }] : titled,
    phoneNumbers: valuesIn(lines, TELEPHONE).map(([types, value]) => ({ value, type: typeOf(types) })),
    userDefined: valuesIn(lines, OTHERS).map(([key, value]) => ({ key, value })),
  };
  return Object.fromEntries(Object.entries(changed).filter(([list, values]) => !isSame(values, before[list] ?? [])));
}

/** Where somebody works. */
function workIn({ organizations = [] }: PersonData): PersonField[number] | undefined {
  return organizations.find(({ type }) => type === 'work' || type === undefined);
}

function valuesIn(lines: readonly string[], form: RegExp): readonly (readonly [name: string, value: string])[] {
  return lines.flatMap((line) => {
    const [, name = '', value = ''] = form.exec(line) ?? [];
    return name === '' ? [] : [[name, value] as const];
  });
}

function typeOf(types: string): string {
  return Object.entries(TELEPHONES).find(([, spelled]) => spelled === types)?.[0] ?? types;
}

/** Whether two lists say the same, in whatever order a value has its parts. */
function isSame(one: PersonField, other: PersonField): boolean {
  const spelled = (list: PersonField) => JSON.stringify(list.map((value) => Object.entries(value).sort()));
  return spelled(one) === spelled(other);
}
