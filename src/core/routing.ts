// Who gets a message, and in which words: by the rule that fired, and by conditions on what the message is about. Pure.

/** Templates that take the place of an object type's own words; what is left out stays as it is. */
export interface Words {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly link?: string | undefined;
}

/** Where messages go that meet a condition. */
export interface Route {
  /** A condition in Liquid's language, without the tag around it; a route without one takes everything. */
  readonly when?: string | undefined;
  /** Names of destinations. */
  readonly to: readonly string[];
  readonly template?: Words | undefined;
  /** Beside the tags of every message. */
  readonly tags: readonly string[];
}

/** What is different about the messages of a rule, known by what `--rule` says. */
export interface RuleRoute {
  readonly template?: Words | undefined;
  readonly tags: readonly string[];
  /** Where they go, whatever the routes say; left out: by the routes. */
  readonly destinations?: readonly string[] | undefined;
}

/** How messages find their destinations. */
export interface Routing {
  readonly routes: readonly Route[];
  /** Whether only the first route that fits counts, or all of them. */
  readonly take: 'first' | 'all';
  readonly rules: Readonly<Record<string, RuleRoute>>;
  /** The names of all destinations: where there is no route, they get everything. */
  readonly destinations: readonly string[];
}

/** How a message reads: the most specific words first, and tags beside the usual ones. */
export interface Voice {
  readonly words: readonly {
    /** Whose they are: the rule's, or those of a route by its number (counted from 1). */
    readonly of: 'rule' | number;
    readonly words: Words;
  }[];
  readonly tags: readonly string[];
}

/** A destination, and how a message to it reads. */
export interface Address {
  readonly destination: string;
  readonly voice: Voice;
  /** What brings it there: the rule, the number of a route (counted from 1), or neither. */
  readonly by: 'rule' | number | undefined;
}

/** The conditions of all routes. */
export function conditionsOf({ routes }: Pick<Routing, 'routes'>): readonly string[] {
  return routes.flatMap(({ when }) => when ?? []);
}

/** The addresses of a message, each destination once; none where every route leaves it out. `holds` decides a condition. */
export function addressesOf(rule: string, routing: Routing, holds: (condition: string) => boolean): readonly Address[] {
  const own = ruleNamed(rule, routing.rules);
  const ofRule: Voice = {
    words: own?.template === undefined ? [] : [{ of: 'rule', words: own.template }],
    tags: own?.tags ?? [],
  };
  if (own?.destinations !== undefined) return own.destinations.map((destination) => ({ destination, voice: ofRule, by: 'rule' }));
  if (routing.routes.length === 0)
    return routing.destinations.map((destination) => ({ destination, voice: ofRule, by: undefined }));
  const addresses = new Map<string, Address>();
  for (const [index, { when, to, template, tags }] of routing.routes.entries()) {
    if (when !== undefined && !holds(when)) continue;
    const words = template === undefined ? ofRule.words : [{ of: index + 1, words: template }, ...ofRule.words];
    const voice = { words, tags: [...ofRule.tags, ...tags] };
    // A destination that two routes name gets the message once, as the first of them says it.
    for (const destination of to)
      if (!addresses.has(destination)) addresses.set(destination, { destination, voice, by: index + 1 });
    if (routing.take === 'first') break;
  }
  return [...addresses.values()];
}

/** Rules are named by people, twice: upper and lower case make no difference. */
function ruleNamed(rule: string, rules: Routing['rules']): RuleRoute | undefined {
  const wanted = rule.trim().toLowerCase();
  const name = Object.keys(rules).find((known) => known.trim().toLowerCase() === wanted);
  return name === undefined ? undefined : rules[name];
}
