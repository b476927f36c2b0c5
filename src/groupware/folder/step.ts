// One step in a user's folder.

import type { ICalendar } from '../../io/icalendar-contract';
import type { ItemFolder } from '../../io/item-folder-contract';
import type { RemoteItem, RemoteStep, StepOutcome } from '../groupware';
import type { IcalRules } from '../ical-entry';
import { changeOf, newCalendar, whyNotWritten } from '../ical-write';
import { remoteItem, seenFile, seenIn, type Seen, type SeenFile } from './seen';

/** What a step is done with. */
export interface Parts {
  readonly files: ItemFolder;
  readonly icalendar: ICalendar;
  readonly rules: IcalRules;
  readonly now: () => number;
}

/** Reads the folder. Rejects with the system's error. */
export async function look({ files, icalendar, rules }: Parts): Promise<Seen> {
  return seenIn(await files.read(), icalendar, rules);
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
  const reason = whyNotWritten(step.entry);
  if (reason !== undefined) return { kind: 'rejected', reason };
  const text = parts.icalendar.write(newCalendar(step, parts.rules, parts.now()));
  const name = `${step.linkId}.ics`;
  const version = await parts.files.create(name, text);
  if (version !== false) return done(step.linkId, seenFile({ name, text, version }, parts.icalendar, parts.rules));
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
  { id, entry, fields, version }: Step<'update'>,
  { file, calendar }: SeenFile,
  item: RemoteItem,
  parts: Parts,
): Promise<StepOutcome> {
  if (item.content.kind !== 'entry' || calendar === undefined || file.text === undefined)
    return { kind: 'rejected', reason: `what is there is ${item.content.kind}, and no entry to be changed` };
  const reason = fields.includes('time') ? whyNotWritten(entry) : undefined;
  if (reason !== undefined) return { kind: 'rejected', reason };
  const change = changeOf(calendar, entry, fields, parts.rules, parts.now());
  if (change === undefined) return { kind: 'done', item };
  const text = parts.icalendar.change(file.text, change);
  const replaced = await parts.files.replace(file.name, version, text);
  if (replaced === false) return { kind: 'stale' };
  return done(id, seenFile({ name: file.name, text, version: replaced }, parts.icalendar, parts.rules));
}

function done(id: string, file: SeenFile): StepOutcome {
  const item = remoteItem(id, [file]);
  return 'gone' in item ? { kind: 'stale' } : { kind: 'done', item };
}
