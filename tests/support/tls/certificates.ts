// The certificates of the stand-ins, see README.md in this folder.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate and its key, as PEM text: what `tls.createServer` and `https.createServer` take. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** One of the certificates that the test authority signed. */
export function certificate(name: 'server' | 'expired' | 'wrong-host'): Certificate {
  return { cert: pem(`${name}.pem`), key: pem(`${name}.key`) };
}

/** The certificate of the test authority, as PEM text: what a client has to trust. */
export function authority(): string {
  return pem('ca.pem');
}

function pem(file: string): string {
  return readFileSync(join(__dirname, file), 'utf8');
}
