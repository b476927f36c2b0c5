// The kinds of entries of a site: those that the program brings along, with what the configuration adds and changes.

import type { SiteKind, SiteKinds } from '../config/entry-types';
import { entryPlaceholders } from './entry-item';
import { PLAIN } from './entry-parts';
import type { EntryType } from './entry-type';
import { entryTypes } from './entry-types';
import { problemOfPath } from './path';
import { whyPrivate, whyNotWritten } from './safe-columns';

/** All kinds of a site. Call it for kinds without {@link problemsOfSiteKinds} only. */
export function entryTypesOfSite(site: SiteKinds): readonly EntryType[] {
  const known = entryTypes.map((type) => (site[type.name] === undefined ? type : changedType(type, site[type.name] ?? {})));
  const added = Object.entries(site).filter(([name]) => !entryTypes.some((type) => type.name === name));
  return [...known, ...added.map(([name, own]) => changedType(emptyType(name, own), own))].filter(
    ({ name }) => site[name]?.off !== true,
  );
}

function emptyType(name: string, { typeName, becomes }: Partial<SiteKind>): EntryType {
  const kind = becomes ?? 'event';
  return { ...PLAIN, name, typeName: typeName ?? name, kind, table: '', idColumn: 'objid', fields: {}, subject: '', owner: '' };
}

/** A row is made as the program knows it, or not at all: not where a site says otherwise whose it is, or where it stands. */
function changedType({ insert, ...type }: EntryType, own: Partial<SiteKind>): EntryType {
  const { fields = {}, longest = {}, card = {}, ...rest } = own;
  // Whether it is used, and what it becomes, is decided elsewhere.
  const given = Object.fromEntries(
    Object.entries(rest).filter(([key, value]) => value !== undefined && key !== 'off' && key !== 'becomes'),
  );
  const isMoved = (['table', 'idColumn', 'owner', 'begin', 'end', 'duration', 'subject'] as const).some(
    (key) => own[key] !== undefined,
  );
  const paths = [
    ...Object.values(fields),
    ...Object.values(definedOf<string>(card)),
    ...[own.notes, own.duration, own.done, own.contact].filter((path) => path !== undefined),
  ];
  return {
    ...type,
    ...(given as Partial<EntryType>),
    fields: { ...type.fields, ...fields },
    longest: { ...type.longest, ...definedOf(longest) },
    ...(type.card && { card: { ...type.card, ...definedOf(card) } }),
    // A column that somebody wrote down and that is not there is a mistake, and no matter of versions.
    required: [...type.required, ...paths],
    isOwn: type.isOwn || own.table !== undefined,
    ...(insert === undefined || isMoved ? {} : { insert }),
  };
}

function definedOf<T>(given: Readonly<Record<string, T | undefined>>): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}

/** Notes a problem under the keys from the site's name for the kind. */
type Note = (path: readonly string[], message: string) => void;

/** Looks for what the shape of the configuration cannot see. `checkTemplate` says what is wrong with a template for some placeholders. */
export function problemsOfSiteKinds(
  site: SiteKinds,
  checkTemplate: (template: string, placeholders: readonly string[]) => string | undefined,
  note: Note,
): void {
  const all = entryTypesOfSite(site);
  for (const [name, own] of Object.entries(site)) {
    const type = all.find((known) => known.name === name);
    if (type === undefined) continue;
    noteMissing(type, own, (path, message) => note([name, ...path], message));
    for (const [keys, path] of pathsOf(own)) {
      const wrong = problemOfPath(path) ?? (type.table === '' ? undefined : whyPrivate(type.table, path));
      if (wrong !== undefined) note([name, ...keys], wrong);
    }
    for (const key of ['subject', 'place', 'link'] as const) {
      const wrong = own[key] === undefined ? undefined : checkTemplate(own[key], entryPlaceholders(type));
      if (wrong !== undefined) note([name, key], wrong);
    }
    if (type.table === '') continue;
    for (const [keys, message] of whyNotWritten(type)) note([name, ...keys], message);
  }
}

function noteMissing(type: EntryType, own: SiteKind, note: Note): void {
  const isKnown = entryTypes.some(({ name }) => name === type.name);
  if (isKnown && own.becomes !== undefined && own.becomes !== type.kind)
    note(['becomes'], `cannot be changed: it is ${type.kind}`);
  if (isKnown) return;
  if (own.becomes === undefined) note(['becomes'], 'is missing: event or task');
  const isEvent = type.kind === 'event';
  const needed = [
    ['table', type.table, 'the table or view with its rows'],
    ['subject', type.subject, 'a template such as "{{ title }}"'],
    ['owner', type.owner, 'the path of the login of whoever it belongs to'],
    isEvent
      ? ['begin', type.begin, 'the path of the moment when it begins']
      : ['end', type.end, 'the path of the moment when it is due'],
    ...(isEvent ? [['end', type.end ?? type.duration, 'the path of the moment when it ends, or "duration"']] : []),
  ] as const;
  for (const [key, value, words] of needed)
    if (value === undefined || value === '') note([key ?? ''], `is missing: ${words ?? ''}`);
}

/** Every path that a site wrote down, with its keys. */
function pathsOf(own: SiteKind): readonly (readonly [readonly string[], string])[] {
  const fields = Object.entries(own.fields ?? {}).map(([name, path]) => [['fields', name], path] as const);
  const card = Object.entries(definedOf(own.card ?? {})).map(([part, path]) => [['card', part], path] as const);
  const plain = ['notes', 'begin', 'end', 'duration', 'done', 'owner', 'contact'] as const;
  return [...fields, ...card, ...plain.flatMap((key) => (own[key] === undefined ? [] : [[[key], own[key]] as const]))];
}
