// Who is told of trouble, and when: the key `alerts`.

import { nearest } from '../core/nearest';
import { andThen, duration, list, object, problem, required, text, withDefault, type Checked, type Shape } from '../core/shape';

/** Who is told of trouble, and when. Spans are in ms. */
export type AlertsConfig = Checked<ReturnType<typeof alertsShape>>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The shape of `alerts`. That its destinations exist is checked by {@link checkAlerts}. */
export function alertsShape() {
  return object({
    to: required(recipients(), 'The names of the destinations that are told.'),
    after: withDefault(
      duration(10 * 60_000, 30 * DAY_MS),
      HOUR_MS,
      'How long a destination may accept nothing of what is due, or the CRM not be read, before that is told; "1h" if left out.',
    ),
    silence: withDefault(
      spanOrFalse(),
      DAY_MS,
      'Over which span it is told that the CRM logged activities and no rule passed one on, or false for never; "24h" if left out. ' +
        'Only where `reconcile` says which activities rules pass on.',
    ),
  });
}

/**
 * Notes the names that no destination has. `destinations` are the names in the file, whether the rest of them is right or not; `to` is
 * missing where it was refused.
 */
export function checkAlerts(
  { to = [] }: Partial<AlertsConfig>,
  destinations: readonly string[],
  note: (path: readonly string[], message: string) => void,
): void {
  for (const name of to.filter((each) => !destinations.includes(each))) {
    const near = nearest(name, destinations);
    const hint = near === undefined ? `there is ${destinations.join(', ')}` : `did you mean ${near}?`;
    note(['alerts', 'to'], `no destination is called ${JSON.stringify(name)}; ${hint}`);
  }
}

/** A name that stands there twice is meant once: an alert of which there are two in one claim would be sent twice. */
function recipients(): Shape<readonly string[]> {
  const names = andThen(list(text()), (all, place) =>
    all.length === 0 ? problem(place, 'is empty; name at least one destination') : [...new Set(all)],
  );
  return { ...names, schema: { ...names.schema, minItems: 1 } };
}

function spanOrFalse(): Shape<number | false> {
  const span = duration(HOUR_MS, 30 * DAY_MS);
  return {
    schema: { anyOf: [{ const: false }, span.schema] },
    parse: (raw, place) => (raw === false ? false : span.parse(raw, place)),
  };
}
