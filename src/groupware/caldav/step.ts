// One step in a calendar. Each says which version it is about: nothing is ever written blindly. A conflict is a question, not an answer.

import type { Deadline } from '../../core/deadline';
import { changedFields } from '../../core/sync/entry';
import type { RemoteItem, RemoteStep, StepOutcome, Trouble } from '../groupware';
import type { StepTo } from '../text-item';
import { meaningOf } from './answer';
import type { DavAnswer, DavSilence } from './client';
import { itemUrl, nameOfId } from './hrefs';
import { fetchItems, findByUid, itemFrom, versionIn, type Fetched, type Shelf } from './items';

/**
 * What became of a step so far. A text that was `put` is read again, since servers rewrite what they are given; `unknown` may have been
 * done; `alone` is trouble that may be about this one item.
 */
export type Stepped =
  | StepOutcome
  | { readonly kind: 'put'; readonly name: string; readonly text: string; readonly version: string | undefined }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'alone'; readonly trouble: Trouble };

/** Does a step. */
export function stepped(step: RemoteStep, shelf: Shelf, deadline: Deadline): Promise<Stepped> {
  if (step.do === 'create') return create(step, shelf, deadline);
  return step.do === 'update' ? update(step, shelf, deadline) : remove(step, shelf, deadline);
}

async function create(step: StepTo<'create'>, shelf: Shelf, deadline: Deadline): Promise<Stepped> {
  const made = shelf.texts.make(step);
  if (made.kind === 'rejected') return made;
  const name = nameOfId(step.linkId, shelf.kind.ending);
  const answer = await put(name, made.text, { 'If-None-Match': '*' }, shelf, deadline);
  if (answer.kind === 'silence') return silent(answer);
  const { kind } = meaningOf(answer);
  if (kind === 'done') return { kind: 'put', name, text: made.text, version: versionIn(answer.headers['etag']) };
  if (kind !== 'stale' && kind !== 'there') return otherwise(answer, shelf);
  const there = await whatIsThere(name, step.linkId, shelf, deadline);
  if (there === undefined || there === 'absent')
    return kind === 'there' ? { kind: 'alone', trouble: shelf.client.trouble(answer) } : { kind: 'unknown' };
  // What was cancelled and left standing cannot come back under its id.
  return 'gone' in there ? { kind: 'burnt' } : { kind: 'exists', item: there };
}

async function whatIsThere(name: string, uid: string, shelf: Shelf, deadline: Deadline): Promise<Fetched | undefined> {
  const fetched = await fetchItems(shelf, [name], deadline);
  const there = 'reason' in fetched ? undefined : fetched.get(name);
  return there === 'absent' ? findByUid(shelf, uid, deadline) : there;
}

/** What is there is read as its bytes are: what others wrote in it stays to the letter. */
async function update(step: StepTo<'update'>, shelf: Shelf, deadline: Deadline): Promise<Stepped> {
  const name = nameOfId(step.id, shelf.kind.ending);
  const there = await shelf.client.send({ method: 'GET', url: itemUrl(shelf.url, name) }, deadline);
  if (there.kind === 'silence') return { kind: 'retry', reason: there.reason };
  if (meaningOf(there).kind === 'absent') return { kind: 'stale' };
  if (meaningOf(there).kind !== 'done') return otherwise(there, shelf);
  if (!there.isWhole) return { kind: 'unknown' };
  const version = versionIn(there.headers['etag']);
  if (version !== undefined && version !== step.version) return { kind: 'stale' };
  const item = itemFrom(shelf, name, step.version, there.body);
  if ('gone' in item) return { kind: 'stale' };
  // A page of something that stands before the server, and no item.
  if (version === undefined && item.content.kind === 'unreadable') return { kind: 'unknown' };
  const edited = shelf.texts.change(there.body, step);
  if (edited.kind === 'rejected') return edited;
  if (edited.kind === 'same') return { kind: 'done', item };
  const answer = await put(name, edited.text, { 'If-Match': step.version }, shelf, deadline);
  if (answer.kind === 'silence') return silent(answer);
  const { kind } = meaningOf(answer);
  if (kind === 'done') return { kind: 'put', name, text: edited.text, version: versionIn(answer.headers['etag']) };
  return kind === 'stale' || kind === 'absent' || kind === 'there' ? { kind: 'stale' } : otherwise(answer, shelf);
}

async function remove({ id, version }: StepTo<'delete'>, shelf: Shelf, deadline: Deadline): Promise<Stepped> {
  const url = itemUrl(shelf.url, nameOfId(id, shelf.kind.ending));
  const answer = await shelf.client.send({ method: 'DELETE', url, headers: { 'If-Match': version } }, deadline);
  if (answer.kind === 'silence') return silent(answer);
  const { kind } = meaningOf(answer);
  if (kind === 'done') return { kind: 'deleted' };
  return kind === 'stale' || kind === 'absent' || kind === 'there' ? { kind: 'stale' } : otherwise(answer, shelf);
}

/** How an item is that was put there, as it was read again; nothing where nobody knows. */
export function afterPut(
  { name, text, version }: Extract<Stepped, { readonly kind: 'put' }>,
  there: Fetched,
  shelf: Shelf,
): RemoteItem | undefined {
  if (there === 'absent' || 'gone' in there) return undefined;
  if (version === undefined || there.version === version) return there;
  // Somebody changed it since, or the server rewrote it. Whatever differs then has to be looked at as a change.
  const sent = itemFrom(shelf, name, version, text);
  if ('gone' in sent || sent.content.kind !== 'entry' || there.content.kind !== 'entry') return undefined;
  return changedFields(sent.content.entry, there.content.entry).length === 0 ? there : undefined;
}

function put(
  name: string,
  text: string,
  condition: Readonly<Record<string, string>>,
  { client, kind, url }: Shelf,
  deadline: Deadline,
): Promise<DavAnswer | DavSilence> {
  const headers = { 'Content-Type': kind.contentType, ...condition };
  return client.send({ method: 'PUT', url: itemUrl(url, name), headers, text }, deadline);
}

function silent({ wasSent, reason }: DavSilence): Stepped {
  return wasSent ? { kind: 'unknown' } : { kind: 'retry', reason };
}

function otherwise(answer: DavAnswer, { client }: Shelf): Stepped {
  const { kind, words: reason } = meaningOf(answer);
  if (kind === 'rejected') return { kind, reason };
  return kind === 'alone' ? { kind, trouble: client.trouble(answer) } : client.trouble(answer);
}
