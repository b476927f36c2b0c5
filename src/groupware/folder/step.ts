// One step in a user's folder.

import type { ItemFolder } from '../../io/item-folder-contract';
import type { RemoteItem, RemoteStep, StepOutcome } from '../groupware';
import type { ItemTexts, StepTo } from '../text-item';
import { remoteItem, seenFile, seenIn, type Seen, type SeenFile } from './seen';

/** What a step is done with. */
export interface Parts {
  readonly files: ItemFolder;
  readonly texts: ItemTexts;
}

/** Reads the folder. Rejects with the system's error. */
export async function look({ files, texts }: Parts): Promise<Seen> {
  return seenIn(await files.read(), texts);
}

/** Does a step, by what was seen before. Rejects with the system's error. */
export async function stepped(step: RemoteStep, seen: Seen, parts: Parts): Promise<StepOutcome> {
  if (step.do === 'create') return create(step, seen, parts);
  const files = seen.files.get(step.id) ?? [];
  const [file] = files;
  const item = remoteItem(step.id, files);
  if (file === undefined || files.length > 1 || 'gone' in item || item.version !== step.version) return { kind: 'stale' };
  if (step.do === 'update') return update(step, file, item, parts);
  return (await parts.files.remove(file.file.name, step.version)) ? { kind: 'deleted' } : { kind: 'stale' };
}

async function create(step: StepTo<'create'>, seen: Seen, parts: Parts): Promise<StepOutcome> {
  const there = seen.files.get(step.linkId);
  if (there !== undefined) return existing(step.linkId, there);
  const made = parts.texts.make(step);
  if (made.kind === 'rejected') return made;
  const { text } = made;
  const name = step.linkId + parts.texts.suffix;
  const version = await parts.files.create(name, text);
  if (version !== false) return done(step.linkId, seenFile({ name, text, version }, parts.texts));
  // Another one made it since we looked.
  const now = (await look(parts)).files.get(step.linkId);
  return now === undefined ? { kind: 'rejected', reason: 'another entry has the name of its file' } : existing(step.linkId, now);
}

/** What was cancelled and left standing cannot come back under its id. */
function existing(id: string, files: readonly SeenFile[]): StepOutcome {
  const item = remoteItem(id, files);
  return 'gone' in item ? { kind: 'burnt' } : { kind: 'exists', item };
}

async function update(
  step: StepTo<'update'>,
  { file }: SeenFile,
  item: RemoteItem,
  { texts, files }: Parts,
): Promise<StepOutcome> {
  const edited = texts.change(file.text ?? '', step);
  if (edited.kind === 'rejected') return edited;
  if (edited.kind === 'same') return { kind: 'done', item };
  const { text } = edited;
  const version = await files.replace(file.name, step.version, text);
  if (version === false) return { kind: 'stale' };
  return done(step.id, seenFile({ name: file.name, text, version }, texts));
}

function done(id: string, file: SeenFile): StepOutcome {
  const item = remoteItem(id, [file]);
  return 'gone' in item ? { kind: 'stale' } : { kind: 'done', item };
}
