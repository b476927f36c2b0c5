// How a person is told to whoever asks: https://developers.google.com/people/api/rest/v1/people#Person

import { one, type Call } from './api';
import { newest, type PersonData, type PersonField, type PersonVersion, type StoredPerson } from './address-book';
import { StatusError } from './status-error';
import { textIn } from './strict';

const WRITABLE = [
  ...[
    'addresses',
    'biographies',
    'birthdays',
    'calendarUrls',
    'clientData',
    'emailAddresses',
    'events',
    'externalIds',
    'genders',
  ],
  ...['imClients', 'interests', 'locales', 'locations', 'memberships', 'miscKeywords', 'names', 'nicknames', 'occupations'],
  ...['organizations', 'phoneNumbers', 'relations', 'sipAddresses', 'urls', 'userDefined'],
];
/** What can be changed of a person. */
export const CHANGEABLE: ReadonlySet<string> = new Set(WRITABLE);
/** What can be asked for. */
const READABLE: ReadonlySet<string> = new Set([...WRITABLE, 'metadata', 'photos', 'coverPhotos', 'ageRanges', 'skills']);
/** As many telephone numbers and addresses stand in a listing. */
const MOST_LISTED = 100;

/** The fields of a mask; all of them have to be there. */
export function maskOf(text: string | undefined, known: ReadonlySet<string>, name: string): readonly string[] {
  const fields = (text ?? '').split(',').filter((field) => field !== '');
  if (fields.length === 0) throw new StatusError('INVALID_ARGUMENT', `${name} mask is required.`);
  const strange = fields.find((field) => !known.has(field));
  if (strange !== undefined) throw new StatusError('INVALID_ARGUMENT', `Invalid ${name} mask path: "${strange}".`);
  return fields;
}

/** The fields that a call asks for, by its parameter or its body. */
export function readMask(call: Call, parameter = 'personFields', text = one(call, parameter)): readonly string[] {
  return maskOf(text, READABLE, parameter);
}

/** A person in JSON; of a listing of changes with what it was called before. */
export function personView(
  person: StoredPerson,
  fields: readonly string[],
  version: PersonVersion = newest(person),
  { isListed = false, isSync = false }: { readonly isListed?: boolean; readonly isSync?: boolean } = {},
): Readonly<Record<string, unknown>> {
  const { name: resourceName, sources, formerNames } = person;
  const etag = etagOf(version);
  const told = fields.flatMap((field) => {
    const values = version.data?.[field] ?? [];
    const shown = valuesOf(field, isListed ? values.slice(0, MOST_LISTED) : values, person, version.data ?? {});
    return shown.length === 0 ? [] : [[field, shown] as const];
  });
  const updateTime = new Date(version.at).toISOString();
  const metadata = {
    sources: sources.map((source) => ({ ...source, etag, updateTime })),
    objectType: 'PERSON',
    ...(version.data === undefined ? { deleted: true } : {}),
    ...(isSync && formerNames.length > 0 ? { previousResourceNames: formerNames } : {}),
  };
  return {
    ...{ resourceName, etag: `%${etag.slice(1)}` },
    ...Object.fromEntries(told),
    ...(fields.includes('metadata') ? { metadata } : {}),
  };
}

/** The version of what is from the address book. */
export function etagOf({ revision }: Pick<PersonVersion, 'revision'>): string {
  return `#${Buffer.from(`revision ${revision}`).toString('base64')}`;
}

function valuesOf(field: string, values: PersonField, { sources: [source] }: StoredPerson, data: PersonData): readonly object[] {
  if (source?.type !== 'CONTACT') return [];
  return values.map((value, n) => {
    const own = { ...(n === 0 ? { primary: true, sourcePrimary: true } : {}), source: { type: source.type, id: source.id } };
    return { metadata: own, ...value, ...toldOf(field, value, data) };
  });
}

/** What Google makes of a value by itself. */
function toldOf(field: string, value: Readonly<Record<string, unknown>>, data: PersonData): object {
  const type = typeof value['type'] === 'string' ? { formattedType: value['type'] } : {};
  if (field === 'names') return { displayName: displayName(data), displayNameLastFirst: displayName(data) };
  if (field === 'phoneNumbers' && /^\+\d+$/.test(String(value['value']))) return { ...type, canonicalForm: value['value'] };
  if (field !== 'addresses') return type;
  return { ...type, formattedValue: value['formattedValue'] ?? addressOf(value) };
}

/** An address as Google puts it together where nobody said it as a whole. */
export function addressOf(value: Readonly<Record<string, unknown>>): string {
  return ['streetAddress', 'city', 'region', 'postalCode', 'country']
    .map((part) => value[part])
    .filter(Boolean)
    .join('\n');
}

function displayName({ names: [name = {}] = [] }: PersonData): string {
  const { unstructuredName, givenName, familyName } = name;
  return textIn(unstructuredName) || [givenName, familyName].filter(Boolean).join(' ');
}
