// What users agreed to: that the program may keep their entries in step at a groupware; and the contract of whoever keeps that, in the
// ledger's database. Every token in it is sealed: whoever keeps it cannot open it.

/** The states of a consent. */
export const CONSENT_STATES = ['given', 'parked'] as const;

/** What a user agreed to. Moments are ms since 1970 UTC, 0 is "never". */
export interface Consent {
  /** The login, in lower case. */
  readonly user: string;
  /**
   * - `given`: the tokens count.
   * - `parked`: the groupware said that they count no more, or they cannot be opened; nothing but a new consent ends it.
   */
  readonly state: (typeof CONSENT_STATES)[number];
  /** Why it is parked, in words; empty where it is not. */
  readonly reason: string;
  /** The address of the account that agreed, as the groupware calls it. */
  readonly account: string;
  /** What was granted, as the groupware spells it. */
  readonly scopes: readonly string[];
  /** What makes new access tokens, sealed; empty where a key of the configuration does it. */
  readonly refreshToken: string;
  /** The last access token, sealed, and until when it counts; empty where there is none. */
  readonly accessToken: string;
  readonly accessUntil: number;
  readonly givenAt: number;
  /** Changes with every change, and rises; 0 of one that is not kept yet. */
  readonly revision: number;
}

/** The store. Every call rejects with a DatabaseError of the ledger, and nothing is changed then. */
export interface Consents {
  /** What a user agreed to; nothing where the user never did, or it was forgotten. */
  consent(user: string, signal: AbortSignal): Promise<Consent | undefined>;
  /** All, in the order of their users. */
  consents(signal: AbortSignal): Promise<readonly Consent[]>;
  /**
   * Keeps a consent that follows the revision it was read with; it then has the next one. False where somebody was faster, or, for one of
   * revision 0, where there is one already: read it again.
   */
  keep(consent: Consent, signal: AbortSignal): Promise<boolean>;
  /** Forgets what a user agreed to, tokens and all, if it is of the revision that was read. False where it was changed meanwhile. */
  forget(seen: Pick<Consent, 'user' | 'revision'>, signal: AbortSignal): Promise<boolean>;
}
