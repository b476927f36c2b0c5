// Debian's Radicale on loopback, for the benches: a real server of CalDAV. It lets in any user with any password, so that no time goes into
// hashes, and anybody may write anywhere, so that one login can write for all.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import * as http from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

export const RADICALE = '/usr/bin/radicale';

/** How long it may take until it answers, in ms. */
const PATIENCE_MS = 30_000;
/** Ticks of the processor's time a second, as Linux counts them for programs: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICKS = 100;

/** Whether it is installed. */
export function hasRadicale() {
  return existsSync(RADICALE);
}

/** Starts one that keeps everything in a folder. `cpu()` is the processor's time that it had so far, in ms. */
export async function startRadicale(folder) {
  const port = await freePort();
  const options = { 'server-hosts': `127.0.0.1:${port}`, 'auth-type': 'none', 'rights-type': 'authenticated' };
  const more = { 'storage-filesystem-folder': folder, 'logging-level': 'error' };
  const words = Object.entries({ config: '', ...options, ...more }).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(RADICALE, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  await untilItAnswers(`http://127.0.0.1:${port}`, child);
  return {
    port,
    cpu: () => {
      const [, , ...fields] = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .replace(/\(.*\)/, '')
        .split(' ');
      // The 14th and the 15th: in user mode and in the kernel, of which the first two and a blank are cut off here.
      return ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1_000;
    },
    /** Makes a user's place, as that user's first login would. */
    enter: (login) => mkdir(join(folder, 'collection-root', login), { recursive: true }),
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

async function untilItAnswers(url, child) {
  for (const until = Date.now() + PATIENCE_MS; ;) {
    if (child.exitCode !== null || Date.now() > until) throw new Error('Radicale does not answer');
    const asked = http.get(url);
    const [answer] = await once(asked, 'response').catch(() => []);
    answer?.resume();
    if (answer !== undefined) return;
    await after(50);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
