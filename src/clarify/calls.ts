// What the words of a rule's call mean, by the command that it is for.

import type { SiteKinds } from '../config/entry-types';
import type { Request } from '../core/activity';
import type { RuleCommand } from '../core/call';
import { readArguments } from './arguments';
import type { ObjectType } from './object-type';

/** A call as the rule spelled it. */
export interface GivenCall {
  readonly command: RuleCommand;
  readonly words: readonly string[];
  readonly rule: string;
}

/** What its words are held against. */
export interface Known {
  readonly types: readonly ObjectType[];
  /** What the site says of kinds of entries. */
  readonly kinds: SiteKinds;
}

/** Reads a call. Rejects with a UserError of the kind `usage`. A call to publish needs nothing of entries, and loads nothing of them. */
export async function readCall({ command, words, rule }: GivenCall, { types, kinds }: Known): Promise<Request> {
  if (command === 'publish') return readArguments(words, rule, types);
  return (await import('./entry-arguments')).readEntryArguments(words, rule, kinds);
}
