// The words that a configuration gives: which templates are about which object type, and whether they can be filled.

import type { Words, NoteProblem } from '../config/check';
import type { ReconcileConfig, TemplatesConfig } from '../config/schema';
import { COMMON_PLACEHOLDERS, conditionTemplate } from '../core/compose';
import type { Words as RouteWords } from '../core/routing';
import { nearest } from '../core/nearest';
import type { Templates } from '../io/template';
import { normalizeTypeName } from './arguments';
import type { ObjectType } from './object-type';
import { problemsOfSiteTypes, typesOfSite } from './site-types';

/** A site's templates for a type, which it may call by any of its names. */
export function changesFor(type: ObjectType, all: TemplatesConfig, types: readonly ObjectType[]): TemplatesConfig[string] {
  const names = Object.keys(all).filter((name) => typeCalled(name, types) === type);
  return Object.assign({}, ...names.map((name) => all[name])) as TemplatesConfig[string];
}

/** The object type that has this name or alias. */
export function typeCalled(name: string, types: readonly ObjectType[]): ObjectType | undefined {
  const wanted = normalizeTypeName(name);
  return types.find((type) => [type.name, ...type.aliases].some((alias) => normalizeTypeName(alias) === wanted));
}

/** The names that templates about a type can use. */
export function placeholdersOf({ fields }: ObjectType): readonly string[] {
  return [...new Set([...COMMON_PLACEHOLDERS, 'id', 'title', ...Object.keys(fields)])];
}

/** All placeholders of all object types. */
export function allPlaceholders(types: readonly ObjectType[]): readonly string[] {
  return [...new Set(types.flatMap(placeholdersOf))];
}

/** Checks what a site says in words of ours. `reserved` are words that no object type can be called by. */
export function checkWords(
  { objectTypes, templates, rules, routes, reconcile }: Words,
  { check }: Templates,
  reserved: readonly string[],
  note: NoteProblem,
): void {
  const types = typesOfSite(objectTypes);
  const noteType: NoteProblem = (path, message) => note(['clarify', 'objectTypes', ...path], message);
  problemsOfSiteTypes(objectTypes, reserved, noteType);
  for (const [name, own] of Object.entries(objectTypes)) {
    const type = typeCalled(name, types);
    for (const part of ['id', 'link'] as const) {
      const wrong = own[part] === undefined || type === undefined ? undefined : check(own[part], placeholdersOf(type));
      if (wrong !== undefined) noteType([name, part], wrong);
    }
    for (const shown of Object.keys(own.shown ?? {})) {
      if (type !== undefined && !placeholdersOf(type).includes(shown))
        noteType([name, 'shown', shown], 'is no placeholder of this type');
    }
  }
  const all = allPlaceholders(types);
  const checkParts = (words: RouteWords | undefined, path: readonly string[], names: readonly string[]) => {
    for (const [part, template] of Object.entries(words ?? {})) {
      const wrong = template === undefined ? undefined : check(template as string, names);
      if (wrong !== undefined) note([...path, part], wrong);
    }
  };
  for (const [name, { template }] of Object.entries(rules)) checkParts(template, ['rules', name, 'template'], all);
  for (const [index, { when, template }] of routes.entries()) {
    const wrong = when === undefined ? undefined : problemOfCondition(when, check, all);
    if (wrong !== undefined) note(['routes', String(index), 'when'], wrong);
    checkParts(template, ['routes', String(index), 'template'], all);
  }
  for (const [name, byActivity] of Object.entries(templates)) {
    const type = typeCalled(name, types);
    if (type === undefined) {
      note(['templates', name], `no object type has this name${didYouMean(name, types)}`);
      continue;
    }
    for (const [activity, parts] of Object.entries(byActivity)) {
      checkParts(parts, ['templates', name, activity], placeholdersOf(type));
    }
  }
  // What has a problem of its own is there without it.
  for (const [index, { objectType }] of reconcile.entries() as IterableIterator<[number, Partial<ReconcileConfig[number]>]>) {
    if (objectType !== undefined && typeCalled(objectType, types) === undefined)
      note(
        ['reconcile', String(index), 'objectType'],
        `no object type is called ${JSON.stringify(objectType)}${didYouMean(objectType, types)}`,
      );
  }
}

function didYouMean(name: string, types: readonly ObjectType[]): string {
  const near = nearest(
    name,
    types.map((known) => known.name),
  );
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** A condition stands inside a tag, which it must not be able to end. */
function problemOfCondition(when: string, check: Templates['check'], names: readonly string[]): string | undefined {
  if (/%\}|\{%|\}\}|\{\{/.test(when)) return "is no condition: it is written without {% %} and {{ }}, as in severity == 'Urgent'";
  return check(conditionTemplate(when), names)?.replace('is no valid template', 'is no condition');
}
