// The groupwares in which the office of the kill campaign may keep its entries: a row each. The program knows nothing of this: people write
// there as other programs do, and whoever judges reads what stands on the disk.

import type { GoogleSite } from '../../support/google-site';
import { openFolder } from './folder';
import { openGoogle, type GoogleWay } from './google';
import type { Kind } from './items';
import { openRadicale } from './radicale';
import type { Decoration } from './texts';

/** A text that stands somewhere. */
export interface Standing {
  readonly path: string;
  readonly text: string;
}

/** An entry that somebody's program has before it; nothing is overwritten that somebody else saved meanwhile. */
export interface Held {
  readonly text: string;
  /** Puts another text in its place; false where it is not as it was any more. */
  save(text: string): Promise<boolean>;
  /** Likewise. */
  remove(): Promise<boolean>;
}

/** A groupware of an office. */
export interface OfficeGroupware {
  /** What the configuration says of it alone. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** What is said of it on one host only. */
  readonly onHosts?: Readonly<Record<'first' | 'second', object>>;
  /** Whether it knows no more of when a task is due than its day. */
  readonly hasDays?: boolean;
  /** Puts into the ledger what has to be there before the first run. */
  begin?(ledger: string): Promise<void>;
  /** How far the clock of the programs is ahead, in ms. */
  setAhead?(ms: number): void;
  /** How long it may take until a run sees everything that is there, in ms; left out where it does at once. */
  readonly settledMs?: number;
  /** Of Google only. */
  readonly google?: GoogleSite;
  /** Something happens that a run has to bear at any moment. */
  trouble?(): void;
  /** How many changes of each kind were done since the last question that the ledger knows nothing of, while no run is under way; left out where nobody can tell. */
  unrecorded?(ledger: string): Readonly<Record<Kind, number>>;
  /** What else there is to count. */
  counts?(): Readonly<Record<string, number>>;
  /** Patterns of the steps of the program (preload.cjs) that change something at a server; left out where there is none. */
  readonly sends?: readonly string[];
  /** The texts of a user's entries of a kind, as they stand on the disk. */
  textsOf(user: string, kind: Kind): readonly Standing[];
  /** Opens an entry; nothing where it is not there any more. */
  open(path: string): Promise<Held | undefined>;
  /** Puts a new entry there; false where there is no place for it yet. */
  add(user: string, kind: Kind, name: string, text: string): Promise<boolean>;
  /** What people put into an entry of a kind beside what it says; left out, or nothing, where they may put in whatever they like. */
  decoration?(kind: Kind, number: number): Decoration | undefined;
  /** Whether a line stands in a text, as far as this groupware keeps to the letter what others write. */
  hasLine(text: string, line: string): boolean;
  /** Everything that may not change in a run that has nothing to do, each thing by its name. */
  everything(): readonly (readonly [name: string, is: string])[];
  /** Whatever somebody began and nobody finished, or made twice. */
  litter(): readonly string[];
  close(): Promise<void>;
}

/** Each opens in an empty folder of its own; Google is asked in one of several ways. */
export const GROUPWARES = { folder: openFolder, caldav: openRadicale, google: openGoogle } as const satisfies Readonly<
  Record<string, (root: string, way?: GoogleWay) => Promise<OfficeGroupware>>
>;

export type GroupwareName = keyof typeof GROUPWARES;
