// A doorbell: the arguments and the real world go in, the exit code comes out.

import { main } from '../src/main';
import { realWorld } from '../src/world';

// What a library does in an outdated way is nothing that the caller of a rule can mend, and stderr is for words that help.
process.noDeprecation = true;

void main(process.argv.slice(2), realWorld()).then((exitCode) => {
  process.exitCode = exitCode;
});
