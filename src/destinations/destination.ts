// The contract of a destination type: a pure half that says what would go out, and an acting half that sends it.

import type { Deadline } from '../core/deadline';
import type { Delivery } from '../core/delivery';
import type { Limit } from '../core/fit';
import type { Outcome, Receipt } from '../core/outcome';
import type { Shape } from '../core/shape';
import type { FileAccess } from '../io/file-access';
import type { HttpSettings, SendHttp } from '../io/http-contract';
import type { SendMail } from '../io/mail-contract';
import type { RunProcess } from '../io/process-contract';
import type { AddToStream } from '../io/stream-folder';

/** What a destination may touch outside itself. Each is loaded only when it is asked for. */
export interface Tools {
  http(): Promise<SendHttp>;
  streamFolder(): Promise<AddToStream>;
  /** What this account may do with files, without doing it. */
  files(): Promise<FileAccess>;
  mail(): Promise<SendMail>;
  processes(): Promise<RunProcess>;
  /** The moment now, as milliseconds since 1970 UTC. */
  now(): number;
  /** The version of this program, for User-Agent and generator. */
  readonly version: string;
}

/**
 * What a second attempt does where the first one may have arrived.
 * - `safe`: the destination drops a repeat of the same delivery id.
 * - `findable`: it can be asked whether the message is there.
 * - `unsafe`: neither.
 */
export type Repeat = 'safe' | 'findable' | 'unsafe';

/** What a second attempt does where it depends on the options. A method, so that all destination types share one contract. */
export interface RepeatByOptions<Options> {
  of(options: Options): Repeat;
  /** With which options it does what, in words for people: `with a token`. Empty for the usual case. */
  readonly when: Readonly<Partial<Record<Repeat, string>>>;
}

/**
 * How long the texts of a post may be, by what they become in it. `whole` is the `body` of the payload, `title` and `body` are those of
 * the message. `encode` cuts what is longer.
 */
export type Limits = Readonly<Record<string, Limit>>;

/**
 * What asking a destination found.
 * - `candidates`: the posts of ours that say the same, the newest first. None of them has to be this delivery's: another one may say
 *   the same. Where there is none, the delivery is certainly not there.
 * - `unknown`: it could not be found out; `afterMs` is the wait that the destination asked for.
 */
export type Finding =
  | { readonly kind: 'candidates'; readonly receipts: readonly Receipt[] }
  | { readonly kind: 'unknown'; readonly reason: string; readonly afterMs?: number };

/** A server that a destination speaks to. Nothing in it is secret but what is of the class Secret. */
export interface Server {
  /** Scheme, host and, where it is not the usual one, port: `https://hooks.slack.com`, `smtp://mail.example.com:587`. */
  readonly origin: string;
  /** How it is reached; only for a server of HTTP. */
  readonly settings?: HttpSettings;
}

/**
 * What trying a destination without posting found: that it works, with what can be said about it ("signed in as crm"), or what a
 * post would have met.
 */
export type Probe =
  | { readonly kind: 'works'; readonly words: string }
  /** Nothing speaks against it, but whether it works only a post would show. */
  | { readonly kind: 'untried'; readonly words: string }
  /** `folder` is what the account has to be able to write. */
  | (Exclude<Outcome, { readonly kind: 'delivered' }> & { readonly folder?: string });

/** What would go out, as people read it in a dry run: a request line, header lines and the body. Secrets are masked. */
export interface Preview {
  /** For example `POST https://example.socialcast.com/api/messages.xml`. */
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A kind of activity stream. */
export interface DestinationType<Options, Payload> {
  /** What running text calls it: `Google Chat`, `a program of your own`. */
  readonly called: string;
  /** One sentence for help and README. */
  readonly summary: string;
  /** The page that tells an administrator where the credentials come from; left out where no page of others can. */
  readonly setupUrl?: string;
  /** Empty where a post may be as long as a message is. */
  readonly limits: Limits;
  readonly repeat: Repeat | RepeatByOptions<Options>;
  /** The keys beside `type` in the configuration, and what they become. Whatever becomes a Secret is masked in all that others say. */
  readonly options: Shape<Options>;
  /** Whether a post about an object goes under the first one about it, so that `thread.first` is wanted; never if left out. */
  needsFirstPost?(options: Options): boolean;
  /**
   * Whether no two posts ever have the same receipt: then one that another delivery has already was not meant for this one. False if left
   * out.
   */
  readonly uniqueReceipts?: boolean;
  /** The exact bytes and address that would go out. Pure. */
  encode(delivery: Delivery, options: Options): Payload;
  /** The same as people read it. Pure. */
  preview(payload: Payload, options: Options): Preview;
  /** Sends it. Resolves by the deadline at the latest and never rejects but for a bug. */
  send(payload: Payload, options: Options, tools: Tools, deadline: Deadline): Promise<Outcome>;
  /**
   * Asks for posts of ours since a moment (ms since 1970 UTC, by our clock) that could be this delivery; only where a repeat is
   * `findable`. Resolves by the deadline at the latest and never rejects but for a bug.
   */
  find?(payload: Payload, options: Options, tools: Tools, sinceMs: number, deadline: Deadline): Promise<Finding>;
  /** The server that it speaks to, so that `doctor` can look up its name and its certificate; left out where there is none. */
  server?(options: Options): Server;
  /**
   * Tries the destination, login included, without posting and without changing anything there; `undefined` where these options leave
   * no way to. Resolves by the deadline at the latest and never rejects but for a bug.
   */
  probe?(options: Options, tools: Tools, deadline: Deadline): Promise<Probe | undefined>;
}
