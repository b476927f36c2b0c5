// Who is told of trouble, and when: the key `alerts`.

import { duration, object, required, withDefault, type Checked, type Shape } from '../core/shape';
import { destinationNames } from './routing';

/** Who is told of trouble, and when. Spans are in ms. */
export type AlertsConfig = Checked<ReturnType<typeof alertsShape>>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The shape of `alerts`. */
export function alertsShape() {
  return object({
    to: required(destinationNames(), 'The names of the destinations that are told.'),
    after: withDefault(
      duration(10 * 60_000, 30 * DAY_MS),
      HOUR_MS,
      'How long a destination may accept nothing of what is due, the CRM not be read, or the turns of a user of `groupware` fail, before ' +
        'that is told; "1h" if left out.',
    ),
    silence: withDefault(
      spanOrFalse(),
      DAY_MS,
      'Over which span it is told that the CRM logged activities and no rule passed one on, or false for never; "24h" if left out. ' +
        'Only where `reconcile` says which activities rules pass on.',
    ),
  });
}

function spanOrFalse(): Shape<number | false> {
  const span = duration(HOUR_MS, 30 * DAY_MS);
  return {
    schema: { anyOf: [{ const: false }, span.schema] },
    parse: (raw, place) => (raw === false ? false : span.parse(raw, place)),
  };
}
