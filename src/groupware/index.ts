// The groupware types: one line each. A run loads only the one that its configuration uses.

import type { Shape } from '../core/shape';
import type { GroupwareType, LoginWay } from './groupware';

/** Every groupware type by the name that `type` has in the configuration: its options, which every run checks, and the type itself. */
export const groupwareTypes = {
  folder: {
    options: async () => (await import('./folder/options')).folderOptions,
    logins: () => Promise.resolve([]),
    load: async () => (await import('./folder/index')).folder,
  },
  caldav: {
    options: async () => (await import('./caldav/options')).caldavOptions,
    logins: async () => (await import('./caldav/logins')).CALDAV_LOGINS,
    load: async () => (await import('./caldav/index')).caldav,
  },
  google: {
    options: async () => (await import('./google/options')).googleOptions,
    logins: async () => (await import('./google/logins')).GOOGLE_LOGINS,
    load: async () => (await import('./google/index')).google,
  },
} satisfies Record<string, Loaders>;

interface Loaders {
  readonly options: () => Promise<unknown>;
  readonly logins: () => Promise<readonly LoginWay[]>;
  readonly load: () => Promise<unknown>;
}

/** The name of a groupware type. */
export type GroupwareTypeName = keyof typeof groupwareTypes;

/** A groupware type as seen from outside: what its `options` yield is the only thing that `open` is ever given. */
export type AnyGroupwareType = GroupwareType<unknown>;

/** Loads a groupware type; `undefined` for a name that none has. */
export async function loadGroupwareType(name: string): Promise<AnyGroupwareType | undefined> {
  if (!Object.hasOwn(groupwareTypes, name)) return undefined;
  return groupwareTypes[name as GroupwareTypeName].load();
}

/** Loads what a groupware type may be told, and no more of it; `undefined` for a name that none has. */
export async function loadGroupwareOptions(name: string): Promise<{ readonly options: Shape<unknown> } | undefined> {
  if (!Object.hasOwn(groupwareTypes, name)) return undefined;
  return { options: await groupwareTypes[name as GroupwareTypeName].options() };
}

/** The ways in which users log in at a groupware type; none where there are no logins, or for a name that no type has. */
export async function loadLoginWays(name: string): Promise<readonly LoginWay[]> {
  return Object.hasOwn(groupwareTypes, name) ? groupwareTypes[name as GroupwareTypeName].logins() : [];
}
