// The tokens that the stand-in gave out, and whom it gave them to.

import { randomText } from './world';

export interface AccessToken {
  readonly token: string;
  /** Whose data it is for: of a service account without a subject, its own. */
  readonly email: string;
  /** The service account that asked for it. */
  readonly serviceAccount?: string;
  /** Whether a service account asked for somebody else. */
  readonly isDelegated: boolean;
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  /** ms since 1970 UTC. */
  expiresAt: number;
  /** What it was made from. */
  readonly refreshToken?: string;
}

export interface RefreshToken {
  readonly token: string;
  readonly email: string;
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  isRevoked: boolean;
}

/** A code that is good for one pair of tokens. */
export interface Code {
  readonly code: string;
  readonly email: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: ReadonlySet<string>;
  readonly challenge?: string;
  readonly isOffline: boolean;
  readonly nonce?: string;
  readonly expiresAt: number;
  /** The tokens that it was exchanged for. */
  spentOn?: readonly string[];
}

/** How many live refresh tokens a user may have with a client; one more ends the oldest, and nobody is told. */
const MOST_REFRESH_TOKENS = 100;

export class Tokens {
  readonly access = new Map<string, AccessToken>();
  readonly refresh = new Map<string, RefreshToken>();
  readonly codes = new Map<string, Code>();
  /** How long an access token lives, in seconds. */
  lifetimeS = 3_599;

  constructor(private readonly now: () => number) {}

  newAccess(of: Omit<AccessToken, 'token' | 'expiresAt'>): AccessToken {
    const made = { ...of, token: `ya29.a0${randomText(40)}`, expiresAt: this.now() + this.lifetimeS * 1000 };
    this.access.set(made.token, made);
    return made;
  }

  newRefresh(of: Omit<RefreshToken, 'token' | 'isRevoked'>): RefreshToken {
    const made = { ...of, token: `1//0${randomText(40)}`, isRevoked: false };
    this.refresh.set(made.token, made);
    const alive = [...this.refresh.values()].filter(
      (each) => each.email === of.email && each.clientId === of.clientId && !each.isRevoked,
    );
    for (const oldest of alive.slice(0, -MOST_REFRESH_TOKENS)) oldest.isRevoked = true;
    return made;
  }

  newCode(of: Omit<Code, 'code' | 'expiresAt'>): Code {
    const made = { ...of, code: `4/0A${randomText(30)}`, expiresAt: this.now() + 600_000 };
    this.codes.set(made.code, made);
    return made;
  }

  /** The token that a header carries, while it is good. */
  bearer(header: string | undefined): AccessToken | 'none' | 'bad' {
    if (header === undefined) return 'none';
    const token = this.access.get(/^Bearer (\S+)$/.exec(header)?.[1] ?? '');
    return token === undefined || token.expiresAt <= this.now() ? 'bad' : token;
  }

  /** Ends a token and all that was made from it. False where nobody knows it. */
  revoke(token: string): boolean {
    const root = this.refresh.get(token) ?? this.refresh.get(this.access.get(token)?.refreshToken ?? '');
    if (root !== undefined) {
      root.isRevoked = true;
      for (const each of this.access.values()) if (each.refreshToken === root.token) this.access.delete(each.token);
      return true;
    }
    return this.access.delete(token);
  }
}
