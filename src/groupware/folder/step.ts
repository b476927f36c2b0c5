// One step in a user's folder.

import type { ItemFolder } from '../../io/item-folder-contract';
import type { RemoteItem, RemoteStep, StepOutcome } from '../groupware';
import { textToChange, textToMake, type IcalParts } from '../ical-text';
import { remoteItem, seenFile, seenIn, type Seen, type SeenFile } from './seen';

/** What a step is done with. */
export interface Parts extends IcalParts {
  readonly files: ItemFolder;
}

/** Reads the folder. Rejects with the system's error. */
export async function look(parts: Parts): Promise<Seen> {
  return seenIn((await parts.files.read()) ?? [], parts);
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

type Step<Do> = Extract<RemoteStep, { readonly do: Do }>;

async function create(step: Step<'create'>, seen: Seen, parts: Parts): Promise<StepOutcome> {
  const there = seen.files.get(step.linkId);
  if (there !== undefined) return existing(step.linkId, there);
  const made = textToMake(step, parts);
  if (made.kind === 'rejected') return made;
  const { text } = made;
  const name = `${step.linkId}.ics`;
  const version = await parts.files.create(name, text);
  if (version !== false) return done(step.linkId, seenFile({ name, text, version }, parts));
  // Another one made it since we looked.
  const now = (await look(parts)).files.get(step.linkId);
  return now === undefined ? { kind: 'rejected', reason: 'another entry has the name of its file' } : existing(step.linkId, now);
}

/** What was cancelled and left standing cannot come back under its id. */
function existing(id: string, files: readonly SeenFile[]): StepOutcome {
  const item = remoteItem(id, files);
  return 'gone' in item ? { kind: 'burnt' } : { kind: 'exists', item };
}

async function update(step: Step<'update'>, { file, calendar }: SeenFile, item: RemoteItem, parts: Parts): Promise<StepOutcome> {
  const edited = textToChange(file.text ?? '', { calendar, content: item.content }, step, parts);
  if (edited.kind === 'rejected') return edited;
  if (edited.kind === 'same') return { kind: 'done', item };
  const { text } = edited;
  const version = await parts.files.replace(file.name, step.version, text);
  if (version === false) return { kind: 'stale' };
  return done(step.id, seenFile({ name: file.name, text, version }, parts));
}

function done(id: string, file: SeenFile): StepOutcome {
  const item = remoteItem(id, [file]);
  return 'gone' in item ? { kind: 'stale' } : { kind: 'done', item };
}
