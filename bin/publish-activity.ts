// A doorbell: the arguments and the real world go in, the exit code comes out.

import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { main } from '../src/main';
import { realWorld } from '../src/world';

// What a library does in an outdated way is nothing that the caller of a rule can mend, and stderr is for words that help.
process.noDeprecation = true;
// Every client checks certificates whatever this says, so Node's warning that none of them is checked would be wrong.
delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];

const world = realWorld();
makeHome();
leaveStartFolder();

void main(process.argv.slice(2), world).then((exitCode) => {
  process.exitCode = exitCode;
  endWhereNothingEnds();
});

/** Libraries ask where the home folder is as soon as they are loaded. An account without one is no reason to lose a post. */
function makeHome(): void {
  try {
    homedir();
  } catch {
    process.env['HOME'] = world.programFolder;
  }
}

/**
 * Nothing is looked for where the program was started, and libraries that do find nothing there; nor does it keep a disk from being
 * unmounted, or fail because that folder is gone. What a person means by a path that is not whole is told by `world.cwd`.
 *
 * cosmiconfig executes what it finds in the working directory. So the run goes on only in a folder whose owner decides anyway what runs:
 * ours or, where that cannot be entered (Windows has a limit for the length of a working directory), that of Node. Else this throws.
 */
function leaveStartFolder(): void {
  try {
    process.chdir(__dirname);
  } catch {
    process.chdir(dirname(process.execPath));
  }
}

/** After the end of a run, the longest that the system may take to answer what nobody waits for any more, in ms. */
const LINGER_MS = 2_000;

/**
 * A call to a network share that is dead never comes back, and Node waits for it, also in process.exit. When all is said, the process
 * ends itself by force: a rule engine must not be held up for ever. Where nothing hangs, the timer keeps nobody.
 */
function endWhereNothingEnds(): void {
  setTimeout(() => {
    const isSaid = process.stdout.writableLength + process.stderr.writableLength === 0;
    const hangs = process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
    if (isSaid && hangs) process.kill(process.pid, 'SIGKILL');
    else endWhereNothingEnds();
  }, LINGER_MS).unref();
}
