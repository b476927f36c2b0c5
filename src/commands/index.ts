// The commands: one line each. A run loads only the one that it is.

import type { CommandFunction, CommandName, SetupFunction, SetupName } from './command';

/** The commands that work with a checked configuration. */
export const commands: Readonly<Record<Exclude<CommandName, SetupName>, () => Promise<CommandFunction>>> = {
  publish: async () => (await import('./publish')).publishCommand,
  rerun: async () => (await import('./rerun')).rerun,
  reconcile: async () => (await import('./reconcile')).reconcile,
  preview: async () => (await import('./preview')).preview,
  status: async () => (await import('./status')).status,
  list: async () => (await import('./list')).list,
  why: async () => (await import('./why')).why,
  resolve: async () => (await import('./resolve')).resolve,
  discard: async () => (await import('./discard')).discard,
  test: async () => (await import('./test')).test,
  show: async () => (await import('./show')).show,
  rule: async () => (await import('./rule')).rule,
  scan: async () => (await import('./scan')).scan,
};

/** The commands that are about the installation itself, see {@link SetupName}. */
export const setupCommands: Readonly<Record<SetupName, () => Promise<SetupFunction>>> = {
  init: async () => (await import('./init')).init,
  doctor: async () => (await import('./doctor')).doctor,
};

/** Whether a command does without a checked configuration. */
export function isSetup(name: CommandName): name is SetupName {
  return Object.hasOwn(setupCommands, name);
}
