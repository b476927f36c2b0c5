// How a company's network wants TLS to be spoken, as Node takes it. Certificates are checked in any case.

import { rootCertificates, type ConnectionOptions } from 'node:tls';

/** Settings for a TLS connection. */
export interface TlsSettings {
  /** The text (PEM) of certificates to trust beside the usual ones. */
  readonly ca?: string;
  readonly minTlsVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
}

/** The same as Node takes it. */
export function tlsOptions({ ca, minTlsVersion }: TlsSettings): ConnectionOptions {
  const old = minTlsVersion === 'TLSv1' || minTlsVersion === 'TLSv1.1';
  return {
    // Said aloud, because Node's own default is what NODE_TLS_REJECT_UNAUTHORIZED in the environment says
    // (https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue).
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
    ...(minTlsVersion === undefined ? {} : { minVersion: minTlsVersion }),
    // OpenSSL 3 speaks the versions before 1.2 at security level 0 only (https://docs.openssl.org/3.0/man7/migration_guide/).
    ...(old ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
  };
}
