// A doorbell: the arguments and the real world go in, the exit code comes out.

import { main } from '../src/main';
import { realWorld } from '../src/world';

void main(process.argv.slice(2), realWorld()).then((exitCode) => {
  process.exitCode = exitCode;
});
