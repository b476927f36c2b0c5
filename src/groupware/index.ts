// The groupware types: one line each. A run loads only the one that its configuration uses.

import type { GroupwareType } from './groupware';

/** Every groupware type by the name that `type` has in the configuration. */
export const groupwareTypes = {
  folder: async () => (await import('./folder/index')).folder,
} satisfies Record<string, () => Promise<unknown>>;

/** The name of a groupware type. */
export type GroupwareTypeName = keyof typeof groupwareTypes;

/** A groupware type as seen from outside: what its `options` yield is the only thing that `open` is ever given. */
export type AnyGroupwareType = GroupwareType<unknown>;

/** Loads a groupware type; `undefined` for a name that none has. */
export async function loadGroupwareType(name: string): Promise<AnyGroupwareType | undefined> {
  if (!Object.hasOwn(groupwareTypes, name)) return undefined;
  return groupwareTypes[name as GroupwareTypeName]();
}
