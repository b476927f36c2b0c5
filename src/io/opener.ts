// The browser of whoever sits at this machine, opened with an address by what the platform has for that; without a shell.

import { spawn } from 'node:child_process';
import { webAddress } from '../core/web-address';

/** What opens an address, by platform; elsewhere as on Linux. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [command: string, ...words: string[]]>>> = {
  darwin: ['open'],
  // `start` is a word of the shell, which would read the address itself.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
const LINUX = ['xdg-open'] as const;

/** What a browser needs of our environment, which may hold secrets. */
const PASSED_ON =
  /^(PATH|PATHEXT|SYSTEMROOT|SYSTEMDRIVE|WINDIR|TEMP|TMP|TMPDIR|HOME|HOMEDRIVE|HOMEPATH|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAM\w*|USER|LOGNAME|USERNAME|LANG|LC_\w+|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS|XDG_\w+|BROWSER|DESKTOP_SESSION|WSL\w*)$/i;

/** Where the browser is. */
export interface OpenerParts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/**
 * Opens an address in a browser, and does not wait for it; whether what opens it could be started. An address that is neither http nor
 * https is never opened. Never rejects.
 */
export function openInBrowser(address: string, { env, platform }: OpenerParts): Promise<boolean> {
  const safe = webAddress(address);
  if (safe === undefined) return Promise.resolve(false);
  const [command, ...words] = OPENERS[platform] ?? LINUX;
  return new Promise((resolve) => {
    const child = spawn(command, [...words, safe], {
      env: Object.fromEntries(Object.entries(env).filter(([name]) => PASSED_ON.test(name))),
      ...{ stdio: 'ignore', shell: false, windowsHide: true, detached: true },
    });
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
    // It may be the browser itself, which stays.
    child.unref();
  });
}
