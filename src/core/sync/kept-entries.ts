// The entries that a link holds, as one JSON text. Something may have damaged it since. Pure.

import { isRecord } from '../shape-base';
import { isCard } from './card';
import type { Entry, When } from './entry';
import type { Link, Pending } from './link';
import { parsedJson } from '../parsed-json';

/** What a link holds of entries. */
export type KeptEntries = Pick<Link, 'crmBase' | 'remoteBase' | 'sent' | 'pending'>;

const ENTRIES = ['crmBase', 'remoteBase', 'sent'] as const;

/** The text; an empty one where there is no entry. What is not there has no key. */
export function spellEntries({ crmBase, remoteBase, sent, pending }: KeptEntries): string {
  const json = JSON.stringify({ crmBase, remoteBase, sent, pending });
  return json === '{}' ? '' : json;
}

/** The entries of a text; `undefined` where it was damaged. */
export function readEntries(json: string): KeptEntries | undefined {
  const kept = json === '' ? {} : parsed(json);
  if (kept === undefined) return undefined;
  const { crmBase, remoteBase, sent, pending } = kept;
  if (!ENTRIES.every((name) => kept[name] === undefined || isEntry(kept[name]))) return undefined;
  if (pending !== undefined && !isPending(pending)) return undefined;
  return { crmBase, remoteBase, sent, pending } as KeptEntries;
}

function parsed(json: string): Readonly<Record<string, unknown>> | undefined {
  const value = parsedJson(json);
  return isRecord(value) ? value : undefined;
}

function isPending(value: unknown): value is Pending {
  if (!isRecord(value)) return false;
  return value['kind'] === 'absent' || (value['kind'] === 'entry' && isText(value['version']) && isEntry(value['entry']));
}

function isEntry(value: unknown): value is Entry {
  if (!isRecord(value) || !isRecord(value['time'])) return false;
  const { begin, end } = value['time'];
  if (value['card'] !== undefined && !isCard(value['card'])) return false;
  const hasTexts = [value['kind'], value['subject'], value['place'], value['notes']].every(isText);
  return hasTexts && typeof value['done'] === 'boolean' && [begin, end].every((when) => when === undefined || isWhen(when));
}

function isWhen(value: unknown): value is When {
  return isRecord(value) && (isText(value['day']) || (isText(value['wallClock']) && isText(value['timeZone'])));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
