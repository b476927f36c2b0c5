// Which activities the business rules pass on, so that it can be seen what they did not: the key `reconcile`.

import { LONGEST_RULE } from '../core/activity';
import {
  andThen,
  integer,
  list,
  object,
  problem,
  required,
  text,
  textAs,
  withDefault,
  type Checked,
  type Shape,
} from '../core/shape';

/** What rules pass on, one entry for each rule or kind of object. */
export type ReconcileConfig = Checked<ReturnType<typeof reconcileShape>>;

/** The shape of `reconcile`. That its object types exist is checked where they are known. */
export function reconcileShape() {
  return list(
    object({
      objectType: required(text(), 'The object type, by any of its names.'),
      activities: required(
        activities(),
        'The activities that rules pass on: names as the CRM lists them, in any case, or codes. For contacts, sites and accounts ' +
          'codes are better: what they did about a case has the names of the case.',
      ),
      rule: withDefault(
        textAs((rule) => (rule.length <= LONGEST_RULE ? rule : undefined), `a name of at most ${LONGEST_RULE} characters`, {
          maxLength: LONGEST_RULE,
        }),
        '',
        'Under which --rule a missing activity is posted, as the rule itself would have done; none if left out.',
      ),
    }),
  );
}

function activities(): Shape<readonly (string | number)[]> {
  const named = andThen(list(activity()), (all, place) =>
    all.length === 0 ? problem(place, 'is empty; name an activity') : all,
  );
  return { ...named, schema: { ...named.schema, minItems: 1 } };
}

/** A code may be written as a text, too. */
function activity(): Shape<string | number> {
  const [name, code] = [text(), integer(0, 2_147_483_647)];
  return {
    schema: { anyOf: [name.schema, code.schema] },
    parse: (raw, place) => {
      if (typeof raw === 'number') return code.parse(raw, place);
      const word = name.parse(raw, place)?.trim();
      return word !== undefined && /^\d{1,9}$/.test(word) ? Number(word) : word;
    },
  };
}
