// The object types of a site: those that the program brings along, with what the configuration adds and changes.

import type { SiteType, SiteTypes } from '../config/object-types';
import { normalizeTypeName } from './arguments';
import type { ObjectType } from './object-type';
import { objectTypes } from './object-types/index';
import { problemOfPath } from './path';
import { OBJECT, sentences } from './sentences';

/** All object types of a site. Call it for types without {@link problemsOfSiteTypes} only. */
export function typesOfSite(site: SiteTypes): readonly ObjectType[] {
  if (Object.keys(site).length === 0) return objectTypes;
  const changed = objectTypes.map((type) => {
    const own = site[type.name];
    return own === undefined ? type : changedType(type, own);
  });
  const added = Object.entries(site).filter(([name]) => !objectTypes.some((type) => type.name === name));
  return [...changed, ...added.map(([name, own]) => changedType(emptyType(name, own), own))];
}

/** The type with a name of the site's, whose own words are the sentences of all types. */
function emptyType(name: string, { typeName }: SiteType): ObjectType {
  return {
    name,
    typeName: typeName ?? name,
    aliases: [name],
    table: '',
    idColumn: 'objid',
    startEvents: ['Create', 'Change Status'],
    fields: {},
    required: [],
    shown: {},
    wording: sentences('{{ title }}', OBJECT),
    link: '',
  };
}

function changedType(type: ObjectType, own: SiteType): ObjectType {
  const { aliases = [], fields = {}, shown = {}, ...rest } = own;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...type,
    ...given,
    aliases: [...type.aliases, ...aliases],
    fields: { ...type.fields, ...fields },
    // A column that somebody wrote down and that is not there is a mistake, and no matter of versions.
    required: [...new Set([...type.required, ...Object.keys(fields)])],
    shown: { ...type.shown, ...shown },
  };
}

/** Notes a problem under the keys from the site's name for the type. */
type Note = (path: readonly string[], message: string) => void;

/** Looks for what the shape of the configuration cannot see. `reserved` are words that a type can never be called by. */
export function problemsOfSiteTypes(site: SiteTypes, reserved: readonly string[], note: Note): void {
  const all = typesOfSite(site);
  for (const [name, own] of Object.entries(site)) {
    const type = all.find((known) => known.name === name);
    if (type === undefined) continue;
    if (type.table === '') note([name, 'table'], 'is missing');
    if (type.relation === undefined && type.typeId === undefined)
      note([name, 'relation'], 'is missing; without it and without a typeId, no activity can be found');
    if (type.id === undefined && type.fields['id'] === undefined)
      note([name, 'fields', 'id'], 'is missing: the column with the id that people know, or a template under "id"');
    if (type.fields['title'] === undefined) note([name, 'fields', 'title'], 'is missing: the column with the title');
    for (const [field, path] of Object.entries(own.fields ?? {})) {
      const wrong = problemOfPath(path);
      if (wrong !== undefined) note([name, 'fields', field], wrong);
    }
    const others = all.filter((other) => other !== type);
    const taken = (word: string) =>
      reserved.some((each) => same(each, word)) || others.some(({ aliases }) => aliases.some((alias) => same(alias, word)));
    for (const word of [...(own.aliases ?? []), name])
      if (taken(word)) note([name, 'aliases'], `"${word}" means something else already`);
    if (others.some(({ typeId }) => typeId !== undefined && typeId === type.typeId))
      note([name, 'typeId'], `${type.typeId} is the number of another object type`);
  }
}

function same(one: string, other: string): boolean {
  return normalizeTypeName(one) === normalizeTypeName(other);
}
