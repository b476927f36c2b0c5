// The destinations of a configuration: the keys that every destination has, and those of its type.

import {
  andThen,
  integer,
  isRecord,
  object,
  problem,
  propertiesOf,
  record,
  refine,
  splitByKeys,
  variant,
  withDefault,
  type Checked,
  type Problem,
  type Shape,
} from '../core/shape';

/** A configured destination. */
export interface DestinationConfig extends Pace {
  /** The name of the destination type. */
  readonly type: string;
  /** What the options of that type yield; nothing where it is unusable. */
  readonly options: unknown;
  /** Why it cannot be used: texts of it cannot go where they have to go. */
  readonly unusable?: readonly Problem[];
}

/** The option shapes of destination types by name. They come in, because a run loads only those that it uses. */
export type OptionShapes = Readonly<Record<string, Shape<unknown>>>;

/** The keys of every destination. They count for reruns: a single call sends a single delivery. */
const PACE = {
  concurrency: withDefault(integer(1, 100), 4, 'How many deliveries a rerun sends at once.'),
  maxPerSecond: withDefault(
    integer(0, 1_000),
    0,
    'How many deliveries a rerun begins in a second at the most; 0 for as many as there are.',
  ),
};

type Pace = Checked<typeof pace>;

const pace = object(PACE);
const PACE_KEYS = Object.keys(PACE);
const DESTINATION_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/** The shape of all destinations by name. */
export function destinationsShape(types: OptionShapes): Shape<Readonly<Record<string, DestinationConfig>>> {
  const paced = Object.entries(types).map(([type, options]) => [type, withPace(options)] as const);
  const one = andThen(variant('type', Object.fromEntries(paced)), (checked): DestinationConfig => checked);
  const named = record(one, DESTINATION_NAME, 'a name of at most 40 letters, digits, _ and -, the first a letter or a digit');
  const some = refine(named, (destinations, place) => {
    if (Object.keys(destinations).length === 0) problem(place, 'is empty; at least one destination is needed');
  });
  return { ...some, schema: { ...some.schema, minProperties: 1 } };
}

function withPace(options: Shape<unknown>): Shape<Omit<DestinationConfig, 'type'>> {
  return {
    schema: { ...options.schema, properties: { ...propertiesOf(options), ...propertiesOf(pace) } },
    parse: (raw, place) => {
      if (!isRecord(raw)) return problem(place, 'is not an object');
      const [ours, theirs] = splitByKeys(raw, PACE_KEYS);
      const checkedPace = pace.parse(ours, place);
      const { problems, setAside } = place.source;
      const before = problems.length;
      const checkedOptions = options.parse(theirs, place);
      if (checkedPace === undefined) return undefined;
      const found = problems.slice(before);
      if (setAside !== true || found.length === 0 || !found.every(({ unfit }) => unfit === true))
        return { ...checkedPace, options: checkedOptions };
      problems.length = before;
      return { ...checkedPace, options: undefined, unusable: found };
    },
  };
}
