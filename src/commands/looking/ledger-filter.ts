// What the filter options of a command ask of the ledger.

import { ALERT } from '../../core/alert';
import { UserError } from '../../core/errors';
import { readMoment } from '../../core/moment';
import { nearest } from '../../core/nearest';
import { visibleStart } from '../../core/visible';
import type { DeliveryFilter } from '../../ledger/ledger';
import type { Context } from '../command';
import { OPTIONS, type FilterName, type OptionName, type OptionsOf } from '../options';
import { readIds } from './ledger-access';

/** Reads --since, --until, --object-type, --destination and --id. Throws a UserError of the kind `usage`. */
export function deliveryFilterOf({
  options,
  parts,
  readRequest,
}: Pick<Context<OptionsOf<FilterName>>, 'options' | 'parts' | 'readRequest'>): DeliveryFilter {
  const { since, until, objectType, destination, id } = options;
  return {
    ...(since === undefined ? {} : { since: readMomentOption('--since', since, parts.now()) }),
    ...(until === undefined ? {} : { until: readMomentOption('--until', until, parts.now()) }),
    ...(objectType === undefined ? {} : { objectType: readObjectType(objectType, readRequest) }),
    ...(destination === undefined ? {} : { destination }),
    ...(id === undefined ? {} : { ids: readIds([id]) }),
  };
}

/**
 * The remedy where --destination names something that the configuration does not have. It is no error: the ledger may remember a
 * destination that was there once.
 */
export function destinationHint({
  options,
  config,
}: Pick<Context<OptionsOf<'destination'>>, 'options' | 'config'>): string | undefined {
  const name = options.destination;
  if (name === undefined || Object.hasOwn(config.destinations, name)) return undefined;
  const near = nearest(name, Object.keys(config.destinations));
  return `no destination is called "${visibleStart(name, 60)}"${near === undefined ? '' : `; did you mean ${near}?`}`;
}

/** Whatever a rule may call the type, read by the same code; and the alerts, which no rule can ask for. */
function readObjectType(given: string, readRequest: Context['readRequest']): string {
  return given.trim().toLowerCase() === ALERT ? ALERT : readRequest([given, '1'], '').objectType;
}

/** Reads a moment (ms since 1970 UTC) that an option gives. Throws a UserError of the kind `usage`. */
export function readMomentOption(option: string, spelling: string, now: number): number {
  const read = readMoment(spelling, now);
  if (read !== undefined) return read;
  const hint = 'write a date (2026-11-22), a date and time of UTC (2026-11-22T08:00) or how long ago it was (90m, 2h, 7d)';
  throw new UserError('usage', `${option}: "${visibleStart(spelling, 60)}" is not a moment`, hint);
}

/** Reads --state, which is one of `known`. Also as people say it: `in doubt`. Throws a UserError of the kind `usage`. */
export function readState<State extends string>(given: string, known: readonly State[]): State {
  const spelled = given
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  const state = known.find((each) => each === spelled);
  if (state !== undefined) return state;
  const near = nearest(spelled, known);
  const hint = near === undefined ? `it is one of ${known.join(', ')}` : `did you mean ${near}?`;
  throw new UserError('usage', `--state: nothing is ever "${visibleStart(given, 60)}"`, hint);
}

/** Refuses the options of a command that mean nothing for what it is to do: a filter that is left out would let too much through. */
export function refuseOthers(given: OptionsOf<OptionName>, meant: readonly OptionName[], what: string): void {
  const own: readonly string[] = meant;
  const other = Object.entries(OPTIONS).find(([name]) => !own.includes(name) && given[name as OptionName] !== undefined);
  if (other === undefined) return;
  const [flag = ''] = other[1].flags.split(' ');
  throw new UserError('usage', `${flag} means nothing where ${what}`);
}
