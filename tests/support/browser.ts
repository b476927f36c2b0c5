// A real browser, and a server that sends a folder under the strictest policy that its pages can bear.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

/** Where Chromium stands on Debian and its relatives; the environment variable CHROMIUM names another one. */
const PLACES = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The path of a Chromium; `undefined` where there is none. */
export const CHROMIUM = PLACES.find((place) => place !== '' && existsSync(place));

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.atom': 'application/atom+xml',
  '.json': 'application/activity+json',
};

/** A running server. */
export interface FolderServer {
  /** Without a slash at its end. */
  readonly address: string;
  close(): Promise<void>;
}

/** Serves a folder as the README says that a web server should. */
export async function serveFolder(folder: string): Promise<FolderServer> {
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1);
    const type = TYPES[extname(name)];
    const text = type === undefined || /[\\/]/.test(name) ? Promise.reject(new Error(name)) : readFile(join(folder, name));
    text.then(
      (bytes) => response.writeHead(200, { 'Content-Type': type ?? '', 'Content-Security-Policy': POLICY }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
