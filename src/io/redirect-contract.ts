// The contract of whoever waits for a browser that is led back to this program (RFC 8252, 7.3). io/redirect-listener.ts keeps it.

/** Where to listen on this machine. */
export interface RedirectPlace {
  /** 0 for any that is free. */
  readonly port: number;
  /** Whether a proxy stands in front, which has a host and perhaps a path of its own: then any host and any path is taken. */
  readonly isBehindProxy: boolean;
}

/** The answer that was waited for. The browser waits for a page meanwhile. */
export interface Arrival {
  /** What the address carried. */
  readonly query: URLSearchParams;
  /** Sends a page, and waits until it went out, the browser is gone, or some seconds have passed. Never rejects. */
  respond(html: string): Promise<void>;
}

/** A listener on the loopback, for one answer. */
export interface RedirectListener {
  readonly port: number;
  /**
   * Waits for the one answer that is wanted; `undefined` where the signal is aborted before. Everything else is answered with 404: other
   * paths, methods and hosts, a second answer, and one that is not wanted, which `onStray` is told of, too.
   */
  answer(wanted: {
    isWanted(query: URLSearchParams): boolean;
    onStray(): void;
    readonly signal: AbortSignal;
  }): Promise<Arrival | undefined>;
  /** Stops listening, and closes what is open. */
  close(): Promise<void>;
}

/** Begins to listen. Rejects with the system's error, for example where somebody else has the port. */
export type ListenForRedirect = (place: RedirectPlace) => Promise<RedirectListener>;
