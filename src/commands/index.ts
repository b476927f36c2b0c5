// The commands: one line each. A run loads only the one that it is.

import type { CommandName } from './command';
import type { CommandFunction } from './command';

/** Every command by its name. */
export const commands: Readonly<Record<CommandName, () => Promise<CommandFunction>>> = {
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
