// The contract of whoever waits for a browser that is led back to this program (RFC 8252, 7.3). io/redirect-listener.ts keeps it.

/** Where to listen on this machine. */
export interface RedirectPlace {
  /** 0 for any that is free. */
  readonly port: number;
  /** Whether a proxy stands in front, which has a host and perhaps a path of its own: then any host and any path is taken. */
  readonly isBehindProxy: boolean;
}

/** An answer that was waited for. The browser waits for a page meanwhile. */
export interface Arrival {
  /** What the address carried. */
  readonly query: URLSearchParams;
  /** Sends a page, and waits until it went out, the browser is gone, or some seconds have passed. Never rejects. */
  respond(html: string): Promise<void>;
}

/** What is waited for. */
export interface WantedAnswers {
  /** Whether this answer is wanted; asked once of each that arrives. */
  isWanted(query: URLSearchParams): boolean;
  /** Takes one that is. */
  onAnswer(arrival: Arrival): void;
  /** Is told of one that is not. */
  onStray(): void;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** A listener on the loopback. */
export interface RedirectListener {
  readonly port: number;
  /**
   * Hands over each answer that is wanted, until the signal is aborted. Everything else is answered with 404: other paths, methods and hosts,
   * and answers that are not wanted.
   */
  answers(wanted: WantedAnswers): Promise<void>;
  /** Stops listening, and closes what is open. */
  close(): Promise<void>;
}

/** Begins to listen. Rejects with the system's error, for example where somebody else has the port. */
export type ListenForRedirect = (place: RedirectPlace) => Promise<RedirectListener>;
