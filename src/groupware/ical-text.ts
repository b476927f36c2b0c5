// Texts in iCalendar as items of a groupware: what one is, a new one, and one with some fields changed. What all types share that keep
// their entries so. Pure.

import type { CalendarComponent, ICalendar } from '../io/icalendar-contract';
import type { RemoteContent, RemoteStep } from './groupware';
import { itemOf, type IcalItem, type IcalRules } from './ical-entry';
import { changeOf, newCalendar, whyNotWritten } from './ical-write';

/** What texts are read and written with. */
export interface IcalParts {
  readonly icalendar: ICalendar;
  readonly rules: IcalRules;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
}

/** A text as it was understood. */
export interface IcalText {
  /** Nothing where it is not whole. */
  readonly calendar: CalendarComponent | undefined;
  readonly item: IcalItem;
}

/** What became of a step on a text: a new text, the same as before, or why there can be none. */
export type Edited =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'same' }
  | { readonly kind: 'rejected'; readonly reason: string };

type Step<Do> = Extract<RemoteStep, { readonly do: Do }>;

/** Understands a text. */
export function readItem(text: string, { icalendar, rules }: Pick<IcalParts, 'icalendar' | 'rules'>): IcalText {
  const calendar = icalendar.read(text);
  const item = itemOf(calendar, rules);
  return { calendar, item: calendar === undefined ? ofBroken(text, item) : item };
}

/** A text that is broken may still say which one it is, and that it is private. */
function ofBroken(text: string, item: IcalItem): IcalItem {
  const valueOf = (name: string) => new RegExp(`^${name}(?:;[^:\\r\\n]*)?:(.*)$`, 'im').exec(text)?.[1]?.trim();
  const [uid, level] = [valueOf('UID'), valueOf('CLASS')];
  const isPrivate = level !== undefined && level.toUpperCase() !== 'PUBLIC';
  return { uids: uid === undefined ? [] : [uid], content: isPrivate ? { kind: 'private' } : item.content };
}

/** The text of an entry that is made. */
export function textToMake(step: Step<'create'>, { icalendar, rules, now }: IcalParts): Exclude<Edited, { kind: 'same' }> {
  const reason = whyNotWritten(step.entry);
  return reason === undefined
    ? { kind: 'text', text: icalendar.write(newCalendar(step, rules, now())) }
    : { kind: 'rejected', reason };
}

/** A text with the fields of a step. Only the lines of what changes are written. */
export function textToChange(
  text: string,
  { calendar, content }: { readonly calendar: CalendarComponent | undefined; readonly content: RemoteContent },
  { entry, fields }: Step<'update'>,
  { icalendar, rules, now }: IcalParts,
): Edited {
  if (content.kind !== 'entry' || calendar === undefined)
    return { kind: 'rejected', reason: `what is there is ${content.kind}, and no entry to be changed` };
  const reason = fields.includes('time') ? whyNotWritten(entry) : undefined;
  if (reason !== undefined) return { kind: 'rejected', reason };
  const change = changeOf(calendar, entry, fields, rules, now());
  return change === undefined ? { kind: 'same' } : { kind: 'text', text: icalendar.change(text, change) };
}
