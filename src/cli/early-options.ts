// The options that a run needs even where its arguments are wrong: how it speaks, and which configuration says where its log is.

import type { GlobalOptions } from '../commands/options';

/** What can be told of these options from arguments that are not understood. The last `--config` counts, as for commander. */
export function earlyOptions(argv: readonly string[]): GlobalOptions {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const named = own.flatMap((word, index) => {
    if (word.startsWith('--config=')) return [word.slice('--config='.length)];
    return word === '--config' ? own.slice(index + 1, index + 2) : [];
  });
  const config = named.filter((file) => file !== '').at(-1);
  return { json: own.includes('--json'), quiet: own.includes('--quiet'), ...(config === undefined ? {} : { config }) };
}
