// The destination types: one line each. A run loads only the types that its configuration uses.

import type { DestinationType } from './destination';

/** Every destination type by the name that `type` has in the configuration. */
export const destinationTypes = {
  socialcast: async () => (await import('./socialcast')).socialcast,
  feed: async () => (await import('./feed')).feed,
} satisfies Record<string, () => Promise<unknown>>;

/** The name of a destination type. */
export type DestinationTypeName = keyof typeof destinationTypes;

/** A destination type of which nobody outside it knows the options and the payload. */
export type AnyDestinationType = DestinationType<unknown, unknown>;

/** Loads a destination type; `undefined` for a name that none has. */
export async function loadDestinationType(name: string): Promise<AnyDestinationType | undefined> {
  if (!Object.hasOwn(destinationTypes, name)) return undefined;
  // What `options` yields is the only thing that is ever handed to the same type's other functions.
  return (await destinationTypes[name as DestinationTypeName]()) as unknown as AnyDestinationType;
}
