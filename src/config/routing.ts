// Which messages go where, and in which words: the keys `rules`, `routes` and `routing`.

import { nearest } from '../core/nearest';
import { andThen, list, object, optional, problem, record, required, text, textAs, withDefault, type Shape } from '../core/shape';
import type { RuleRoute, Route, Words } from '../core/routing';

/** A list of names that is not empty, each of them once. That destinations have them is checked by {@link checkNames}. */
export function destinationNames(): Shape<readonly string[]> {
  const names = andThen(list(text()), (all, place) =>
    all.length === 0 ? problem(place, 'is empty; name at least one destination') : [...new Set(all)],
  );
  return { ...names, schema: { ...names.schema, minItems: 1 } };
}

/** The templates of a message. */
export function wordsShape(): Shape<Words> {
  // An empty template is legal: it leaves a part of the message out.
  const template = textAs((liquid) => liquid, 'a Liquid template');
  return object({
    title: optional(template, 'The title, as a Liquid template.'),
    body: optional(template, 'The body, as a Liquid template.'),
    link: optional(template, 'The address that the message links to, as a Liquid template.'),
  });
}

/** The rules by what `--rule` says. */
export function rulesShape(tags: Shape<readonly string[]>): Shape<Readonly<Record<string, RuleRoute>>> {
  return record(
    object({
      template: optional(wordsShape(), 'How messages of this rule read.'),
      tags: withDefault(tags, [], 'Tags beside those of every message.'),
      destinations: optional(destinationNames(), 'Where its messages go, whatever the routes say.'),
    }),
    /\S/,
    'the name of a rule',
  );
}

/** The routes, the first one first. */
export function routesShape(tags: Shape<readonly string[]>): Shape<readonly Route[]> {
  return list(
    object({
      when: optional(
        text(),
        "A condition in Liquid's language over the placeholders, as in: objectType == 'case' and severity == 'Urgent'. A route without one takes everything.",
      ),
      to: required(destinationNames(), 'The names of the destinations.'),
      template: optional(wordsShape(), 'How messages by this route read.'),
      tags: withDefault(tags, [], 'Tags beside those of every message.'),
    }),
  );
}

/** Notes the names that no destination of the file has. */
export function checkNames(
  names: readonly string[],
  destinations: readonly string[],
  path: readonly string[],
  note: (path: readonly string[], message: string) => void,
): void {
  for (const name of names.filter((each) => !destinations.includes(each))) {
    const near = nearest(name, destinations);
    const hint = near === undefined ? `there is ${destinations.join(', ')}` : `did you mean ${near}?`;
    note(path, `no destination is called ${JSON.stringify(name)}; ${hint}`);
  }
}
