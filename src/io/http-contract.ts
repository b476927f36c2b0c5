// The contract of HTTP as destinations and groupware see it: one request, and what became of it. io/http.ts keeps it through axios.

import type { HttpSettings } from '../core/http-fields';
import type { Secret } from '../core/secret';

export type { HttpSettings };

/** The methods of HTTP and of WebDAV (RFC 4918, 3253, 4791 and 5689) that somebody here uses. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'PROPFIND' | 'REPORT' | 'MKCALENDAR' | 'MKCOL';

/** One request. */
export interface HttpRequest {
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** HTTP Basic, sent at once, in UTF-8. */
  readonly basic?: { readonly username: string; readonly password: Secret };
  /** A token, sent as `Authorization: Bearer`. */
  readonly bearer?: Secret;
  /** As much of the answer's body as is kept, in bytes, unpacked; a mebibyte if left out. */
  readonly mostBytes?: number;
  /** Whether the answer may come packed (gzip). */
  readonly gzip?: boolean;
}

/** What became of a request. Redirects are never followed: a 3xx is an answer like any other. */
export type HttpResult =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Lower-case names. */
      readonly headers: Readonly<Record<string, string>>;
      /** The body, as far as it was to be kept. */
      readonly body: string;
      /** Whether the whole body arrived. */
      readonly complete: boolean;
      /** Until when the server's certificate is valid, in ms since 1970 UTC; left out without TLS, and where it is not known. */
      readonly certificateUntil?: number;
    }
  | {
      readonly kind: 'failure';
      /** Whether the request may have reached the server: true once it could have been written to a connection. */
      readonly sent: boolean;
      /** `ECONNREFUSED`, `ENOTFOUND`, `CERT_HAS_EXPIRED`, `ETIMEDOUT` at the deadline, … */
      readonly code: string;
      /** Fit for people, without secrets. */
      readonly message: string;
    };

/** Sends one request, and settles when it is answered, has failed or the signal is aborted. Never rejects. */
export type SendHttp = (request: HttpRequest, settings: HttpSettings, signal: AbortSignal) => Promise<HttpResult>;
