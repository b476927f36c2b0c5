// Items that are texts, in iCalendar or as vCards: what is known of one, and what becomes of a step on it. Pure.

import type { RemoteContent, RemoteStep } from './groupware';

/** A text as it was understood. */
export interface TextItem {
  /** The UIDs that it holds; one, unless something is wrong with it. */
  readonly uids: readonly string[];
  /** The id of the link that it was made for. */
  readonly mark?: string;
  /** `gone` for what was cancelled and left standing. */
  readonly content: RemoteContent | { readonly kind: 'gone' };
}

/** Our own mark in a text. This spelling can never change. */
export const MARK = 'X-CRM-LINK';

/** What says that a text was written by this program. */
export const PRODID = '-//publish-activity//groupware//EN';

/** What became of a step on a text: a new text, the same as before, or why there can be none. */
export type Edited =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'same' }
  | { readonly kind: 'rejected'; readonly reason: string };

/** A step of one kind. */
export type StepTo<Do> = Extract<RemoteStep, { readonly do: Do }>;

/** How the items of a user are read from texts and written into them. */
export interface ItemTexts {
  /** How the names of their files end, with the dot, in lower case. */
  readonly suffix: string;
  /** More than an item has; what is larger is not read, in bytes. */
  readonly largest: number;
  read(text: string): TextItem;
  /** The text of an entry that is made. */
  make(step: StepTo<'create'>): Exclude<Edited, { readonly kind: 'same' }>;
  /** A text with the fields of a step. Only the lines of what changes are written. */
  change(text: string, step: StepTo<'update'>): Edited;
}

/** A text that is broken may still say which one it is, and that it is private. */
export function itemOfBroken(text: string, content: TextItem['content']): TextItem {
  const valueOf = (name: string) => new RegExp(`^(?:[a-z0-9-]+\\.)?${name}(?:;[^:\\r\\n]*)?:(.*)$`, 'im').exec(text)?.[1]?.trim();
  const [uid, level] = [valueOf('UID'), valueOf('CLASS')];
  const isPrivate = level !== undefined && level.toUpperCase() !== 'PUBLIC';
  return { uids: uid === undefined ? [] : [uid], content: isPrivate ? { kind: 'private' } : content };
}

/** Why a text that is there stays as it is. */
export function notChanged({ kind }: TextItem['content']): Edited {
  return { kind: 'rejected', reason: `what is there is ${kind}, and no entry to be changed` };
}
