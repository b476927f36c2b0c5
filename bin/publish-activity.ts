// A doorbell: the arguments and the real world go in, the exit code comes out.

import { main } from '../src/main';
import { realWorld } from '../src/world';

// What a library does in an outdated way is nothing that the caller of a rule can mend, and stderr is for words that help.
process.noDeprecation = true;
// Every client checks certificates whatever this says, so Node's warning that none of them is checked would be wrong.
delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];

void main(process.argv.slice(2), realWorld()).then((exitCode) => {
  process.exitCode = exitCode;
});
