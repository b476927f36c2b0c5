// Vercel's emulator of Google's OAuth on loopback, which nobody here wrote, in a process of its own: it is an ES module, which jest cannot
// read as it is.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { freePort } from './free-port';

/** A running emulator. */
export interface Emulate {
  readonly url: string;
  /** What a person does on the page of the consent: chooses an account. Answers where the browser is led. */
  agree(address: string, email: string): Promise<URL>;
  close(): Promise<void>;
}

/** Starts one with some accounts and one client. */
export async function startEmulate(google: {
  readonly users: readonly { readonly email: string }[];
  readonly oauth_clients: readonly object[];
}): Promise<Emulate> {
  const options = { service: 'google', port: await freePort(), seed: { google } };
  const script = `import { createEmulator } from 'emulate'; console.log((await createEmulator(${JSON.stringify(options)})).url);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url,
    agree: async (address, email) => {
      const hidden = Object.fromEntries(new URL(address).searchParams);
      const answer = await fetch(`${url}/o/oauth2/v2/auth/callback`, {
        method: 'POST',
        body: new URLSearchParams({ ...hidden, email }),
        redirect: 'manual',
      });
      return new URL(answer.headers.get('location') ?? '');
    },
    close: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
