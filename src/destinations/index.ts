// The destination types: one line each. A run loads only the types that its configuration uses.

import type { DestinationType } from './destination';

/** Every destination type by the name that `type` has in the configuration. */
export const destinationTypes = {
  socialcast: async () => (await import('./socialcast/index')).socialcast,
  feed: async () => (await import('./feed/index')).feed,
  slack: async () => (await import('./slack/index')).slack,
  'google-chat': async () => (await import('./google-chat/index')).googleChat,
  mattermost: async () => (await import('./mattermost/index')).mattermost,
  email: async () => (await import('./email/index')).email,
  exec: async () => (await import('./exec/index')).exec,
  teams: async () => (await import('./teams/index')).teams,
  webhook: async () => (await import('./webhook/index')).webhook,
} satisfies Record<string, () => Promise<unknown>>;

/** The name of a destination type. */
export type DestinationTypeName = keyof typeof destinationTypes;

/** A destination type as seen from outside: what its `options` yield is the only thing that its other functions are ever given. */
export type AnyDestinationType = DestinationType<unknown, unknown>;

/** Loads a destination type; `undefined` for a name that none has. */
export async function loadDestinationType(name: string): Promise<AnyDestinationType | undefined> {
  if (!Object.hasOwn(destinationTypes, name)) return undefined;
  return destinationTypes[name as DestinationTypeName]();
}
