// Texts in iCalendar as items of a groupware: what one is, a new one, and one with some fields changed. What all types share that keep
// their entries so. Pure.

import type { CalendarComponent, ICalendar } from '../io/icalendar-contract';
import { itemOf, type IcalItem, type IcalRules } from './ical-entry';
import { changeOf, newCalendar } from './ical-write';
import { whyNotWritten } from './spans';
import { itemOfBroken, notChanged, type Edited, type ItemTexts, type StepTo } from './text-item';

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

/** Understands a text. */
export function readItem(text: string, { icalendar, rules }: Pick<IcalParts, 'icalendar' | 'rules'>): IcalText {
  const calendar = icalendar.read(text);
  const item = itemOf(calendar, rules);
  return { calendar, item: calendar === undefined ? itemOfBroken(text, item.content) : item };
}

/** The text of an entry that is made. */
export function textToMake(step: StepTo<'create'>, { icalendar, rules, now }: IcalParts): Exclude<Edited, { kind: 'same' }> {
  const reason = whyNotWritten(step.entry);
  return reason === undefined
    ? { kind: 'text', text: icalendar.write(newCalendar(step, rules, now())) }
    : { kind: 'rejected', reason };
}

/** A text with the fields of a step. Only the lines of what changes are written. */
export function textToChange(
  text: string,
  { calendar, content }: Pick<IcalText, 'calendar'> & Pick<IcalItem, 'content'>,
  { entry, fields }: StepTo<'update'>,
  { icalendar, rules, now }: IcalParts,
): Edited {
  if (content.kind !== 'entry' || calendar === undefined) return notChanged(content);
  const reason = fields.includes('time') ? whyNotWritten(entry) : undefined;
  if (reason !== undefined) return { kind: 'rejected', reason };
  const change = changeOf(calendar, entry, fields, rules, now());
  return change === undefined ? { kind: 'same' } : { kind: 'text', text: icalendar.change(text, change) };
}

/** More than an entry has, in bytes. */
const LARGEST = 1024 ** 2;

/** How events or tasks are read and written. */
export function icalTexts(parts: IcalParts): ItemTexts {
  return {
    suffix: '.ics',
    largest: LARGEST,
    read: (text) => readItem(text, parts).item,
    make: (step) => textToMake(step, parts),
    change: (text, step) => {
      const { calendar, item } = readItem(text, parts);
      return textToChange(text, { calendar, content: item.content }, step, parts);
    },
  };
}
