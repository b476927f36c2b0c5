// The contract of a groupware: a configured place for entries, as a destination is one for messages. Its type is a module.

import type { Consent } from '../core/consent';
import type { Deadline } from '../core/deadline';
import type { HttpSettings } from '../core/http-fields';
import type { Entry, EntryField, EntryKind } from '../core/sync/entry';
import type { Shape } from '../core/shape';
import type { NotOpened } from '../core/vault';
import type { ConsentBegun, Tokens } from '../io/oauth-contract';
import type { Tools } from './tools';

/** What an item of a groupware holds, as far as it may be known. The words of what is private never leave the groupware's own files. */
export type RemoteContent =
  | { readonly kind: 'entry'; readonly entry: Entry }
  /** Private or confidential. */
  | { readonly kind: 'private' }
  /** It recurs, or is one of a series. */
  | { readonly kind: 'series' }
  /** Another person's meeting, a birthday, a working place: whatever is no entry of this user's own. It is never touched. */
  | { readonly kind: 'foreign' }
  /** It is there and cannot be understood: unknown, never absent. */
  | { readonly kind: 'unreadable'; readonly words: string };

/** An item as it was listed. */
export interface RemoteItem {
  /** What the groupware calls it. */
  readonly id: string;
  /** Changes with every change; compared for equality only. */
  readonly version: string;
  readonly content: RemoteContent;
  /** The id of the link that it was made for, where it carries one. */
  readonly mark?: string;
  /** Those of further links, whose items somebody merged with this one. */
  readonly otherMarks?: readonly string[];
}

/** An item that a listing says is gone. */
export interface RemoteGone {
  readonly id: string;
  readonly gone: true;
}

/** A page of a listing. */
export type Listing =
  | {
      readonly kind: 'page';
      readonly items: readonly (RemoteItem | RemoteGone)[];
      /** Whether all pages together show everything that is there; false for changes since the cursor. */
      readonly isWhole: boolean;
      /** Where the next page is; left out on the last one. */
      readonly next?: string;
      /** From where the next listing goes on; only on the last page, and only where listings can go on. */
      readonly cursor?: string;
    }
  /** The cursor is no longer known: list everything. */
  | { readonly kind: 'expired' }
  /**
   * The calendar or list itself is not there: not yet, or not any more. What is created makes it. With `cursor`, where that is known, the
   * next listing need not look for its place: it is absent again, or `expired` once it is there. `items` stand in no calendar, as busy times.
   */
  | { readonly kind: 'absent'; readonly cursor?: string; readonly items?: readonly RemoteItem[] }
  | Trouble;

/** It cannot be done now (`retry`), or as long as nobody mends something (`refused`). */
export type Trouble = Later | Refused;

export interface Later {
  readonly kind: 'retry';
  readonly reason: string;
  /** How long it asks to be left alone, in ms. */
  readonly afterMs?: number;
}

export interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
  /** That it is the login that is refused: to ask again with it could lock it. */
  readonly isOfLogin?: true;
  /**
   * Who has to mend it: the `user`, who has to agree anew; or whoever runs the program, for `everybody`, and no other user needs to be
   * tried. Left out where it is this entry, or this user’s part of the groupware.
   */
  readonly by?: 'user' | 'everybody';
}

/** Why nothing can be made, and the folder that rights have to be given for, where it is one. */
export type Unwritable = Trouble & { readonly folder?: string };

/** What was found out about a place for entries while nothing of it was changed. Whatever is left out, nobody knows. */
export interface Inspected {
  readonly kind: 'inspected';
  /** How it is known that entries can be made, changed and deleted there: it was tried and taken back, or the server says so. */
  readonly writable?: 'tried' | 'said';
  /** Whether it is there; if not, the first entry makes it. */
  readonly isThere?: boolean;
  /** Whether it tells what changed since it was last asked. Otherwise everything is listed. */
  readonly tellsChanges?: boolean;
  /** Whose login it is that is not refused; `none` where nothing is sent. */
  readonly login?: 'own' | 'shared' | 'none';
  /** How far the clock of its server is ahead of ours, in ms, give or take a second; negative where it is behind. */
  readonly aheadMs?: number;
}

/** A server that a groupware speaks to over HTTP. */
export interface GroupwareServer {
  /** Scheme, host and, where it is not the usual one, port. */
  readonly origin: string;
  readonly settings: HttpSettings;
}

/** What is asked for by its id: an item, or that it is certainly not there. One that is missing in an answer is unknown. */
export type Found = RemoteItem | 'absent';

/** Something to do in a groupware. */
export type RemoteStep =
  /** Makes an item of this id, which must not be there, marked with the id of its link. */
  | { readonly do: 'create'; readonly linkId: string; readonly entry: Entry; readonly url: string }
  /** Changes some fields of an item that is of this version, and leaves everything else in it as it is. */
  | {
      readonly do: 'update';
      readonly linkId: string;
      readonly id: string;
      readonly version: string;
      readonly entry: Entry;
      readonly fields: readonly EntryField[];
    }
  /** Deletes an item that is of this version. */
  | { readonly do: 'delete'; readonly linkId: string; readonly id: string; readonly version: string };

/** What became of a step. One that is missing in the answer may have been done: nobody knows. */
export type StepOutcome =
  /** Done; the item as it is now. */
  | { readonly kind: 'done'; readonly item: RemoteItem }
  | { readonly kind: 'deleted' }
  /** To be created, and there already; as it is. */
  | { readonly kind: 'exists'; readonly item: RemoteItem }
  /** To be created, and its id was deleted once and cannot come back. */
  | { readonly kind: 'burnt' }
  /** Not of that version any more, or not there. */
  | { readonly kind: 'stale' }
  /** It can never be done as it is. */
  | { readonly kind: 'rejected'; readonly reason: string }
  | Trouble;

/** How many listings of everything may begin in a span of time (`perMs`, in ms), of all users together. */
export interface ListingLimit {
  readonly most: number;
  readonly perMs: number;
}

/** One user's entries of one kind. */
export interface Collection {
  /** What the groupware calls its user. */
  readonly remoteUser: string;
  /**
   * How long it may take until a listing shows what was changed, in ms; left out where it does at once. Until then what is asked for by an
   * id that is known is as it is now, and an item whose id nobody heard of may be there though it is not found.
   */
  readonly settledAfterMs?: number;
  /**
   * For how long a listing is new enough, in ms, 25 % more or less, so that users spread; left out where each turn lists. What goes the
   * other way need not wait for that. It takes a cursor, also of a place that is absent: without one each turn lists.
   */
  readonly listEveryMs?: number;
  /**
   * How many listings without a cursor there may be, over all hosts; left out where that is no matter. Spans follow one another, the first
   * use beginning each, so that around the end of one there may be twice as many. Who has to wait goes on without this kind.
   */
  readonly firstListings?: ListingLimit;
  /** Lists everything, or what changed since a cursor. `page` is the `next` of the page before. Never rejects for trouble outside. */
  list(cursor: string | undefined, page: string | undefined, deadline: Deadline): Promise<Listing>;
  /** Asks for items by their ids; or why it cannot be asked. */
  get(ids: readonly string[], deadline: Deadline): Promise<ReadonlyMap<string, Found> | Trouble>;
  /**
   * Finds out how it stands with the place, or why nothing can be made there. Nothing stays of what it tries, and no entry is touched.
   * Left out where only a step can tell. Never rejects for trouble outside.
   */
  inspect?(deadline: Deadline): Promise<Inspected | Unwritable>;
  /** Does the steps, in as few requests as it can; outcomes by the link's id. Never rejects for trouble outside. */
  apply(steps: readonly RemoteStep[], deadline: Deadline): Promise<ReadonlyMap<string, StepOutcome>>;
}

/** A user of the CRM, as a groupware has to know one. */
export interface GroupwareUser {
  /** In lower case. */
  readonly login: string;
  readonly email: string;
  /** Which CRM it is: several may fill one groupware. */
  readonly system: string;
  /** The IANA zone in which what is written first is spelled. */
  readonly timeZone: string;
}

/** How a groupware answers a request that carries calls of several users, each with a token of its own. */
export interface SharedRequests {
  /** Whether the configuration lets such requests be made, and how it says that they shall be, and that they shall not. */
  readonly areMade: boolean;
  readonly on: string;
  readonly off: string;
  /**
   * Asks two of these users for something harmless, each alone and then both in one request, and compares; nothing of the answers is kept or
   * told. Rejects with a DatabaseError of the ledger, and for no trouble outside.
   */
  try(users: readonly Omit<GroupwareUser, 'timeZone'>[], deadline: Deadline): Promise<SharedTried>;
}

/** What became of a request with a question for each of two users. */
export type SharedTried =
  /** Each was answered as it is alone. */
  | { readonly kind: 'right' }
  /** Somebody was answered with what is not this user’s own. */
  | { readonly kind: 'mixed' }
  /** It was refused, or answered with what is no answer. */
  | { readonly kind: 'wrong'; readonly reason: string }
  /** Nobody could tell: so many users were asked alone, and are answered alike. */
  | { readonly kind: 'alike'; readonly users: number }
  /** Nobody could tell, because of some trouble. */
  | { readonly kind: 'untold'; readonly reason: string };

/** A way in which users log in, for whoever writes a first configuration. */
export interface LoginWay {
  /** What people choose it by. */
  readonly called: string;
  /** The keys that it needs, and those that it needs of each of the people. */
  readonly keys: readonly string[];
  readonly each: readonly string[];
  /** Those of its keys whose secret lies in a file that somebody was given, so that its path is asked for. */
  readonly files?: readonly string[];
  /** Keys of the vault that are made new unless others are named; `vault.key` is `key` in `vault`. */
  readonly made?: readonly string[];
  /** By key, what the check takes for a secret in a variable that is set for another account only. */
  readonly standIns?: Readonly<Record<string, string>>;
  /** Whether each user has to agree, by `connect`. */
  readonly isAgreedTo?: true;
  /** Whether it is good for a server on this host only. */
  readonly isForThisHost?: true;
}

/** A groupware type. */
export interface GroupwareType<Options> {
  /** What texts call it. */
  readonly called: string;
  readonly summary: string;
  readonly options: Shape<Options>;
  /** The fields that it can hold, by kind; left out where it does not hold any. */
  readonly fields: Readonly<Partial<Record<EntryKind, readonly EntryField[]>>>;
  /**
   * Where its entries are, without any secret: what tells this groupware from others of its type, so that it is known when users move. The same
   * for the same place, and never spelled otherwise.
   */
  identity(options: Options): string;
  /** How many users’ turns it wants at once where the configuration does not say; the usual few where it does not either. */
  turnsAtOnce?(options: Options): number | undefined;
  /** Opens the entries of a user. Nothing is read before the first question. */
  open(user: GroupwareUser, kind: EntryKind, options: Options, tools: Tools): Collection;
  /** The servers that it speaks to about entries of these kinds; left out where it speaks to none. */
  servers?(options: Options, kinds: readonly EntryKind[]): readonly GroupwareServer[];
  /** How users agree that their entries are kept in step; left out where a login of the configuration is all that it takes. */
  consent?(options: Options, tools: Tools): ConsentFlow;
  /** How calls of several users travel in one request; left out, or `undefined` as it is configured, where they never can. */
  sharedRequests?(options: Options, tools: Tools): SharedRequests | undefined;
}

/** What a new key of the vault made of a consent. `same`: nothing of it is sealed under an older one. */
export type ConsentRekeyed = { readonly kind: 'rekeyed'; readonly consent: Consent } | { readonly kind: 'same' } | NotOpened;

/** How users of a groupware agree. */
export interface ConsentFlow {
  /** What has to be granted, as the groupware spells it. */
  readonly scopes: readonly string[];
  /** Why nobody has to agree, in words: a service account does it. Left out where each user has to. */
  readonly isNotNeeded?: string;
  /** The page on which users take back by hand what they agreed to. */
  readonly takeBackPage: string;
  /** Begins a consent of a user, who is led back to an address. */
  begin(user: Pick<GroupwareUser, 'login' | 'email'>, redirectUri: string): Promise<ConsentBegun>;
  /** What is kept of what a user agreed to, sealed; a consent of revision 0. */
  seal(user: Pick<GroupwareUser, 'login'>, tokens: Tokens, now: number): Consent;
  /** Revokes what a user agreed to; why that could not be done, or `undefined` where it counts no more. */
  revoke(consent: Consent, deadline: Deadline): Promise<Trouble | undefined>;
  /** Wraps again, under the newest key, what is sealed under older ones; or why it cannot be opened. */
  rekey(consent: Consent): ConsentRekeyed;
  /** Why the program itself is not let in, whoever agreed; `undefined` where it is. No user’s token is used for it. */
  whyNotLetIn(deadline: Deadline): Promise<Trouble | undefined>;
}
