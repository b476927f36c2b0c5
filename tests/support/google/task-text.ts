// A task of Google's as a text of iCalendar and back, for tests whose people write texts. Nothing of the program reads or writes here.

import type { GoogleTask } from './task-world';
import { escaped, lineOf, unescaped, unfoldedLines, valueOf } from './text-lines';

/** The program's line, where it puts it: at the end of the notes. */
const MARK = /(?:^|\n\n)((?:https?:\/\/\S+ )?\[crm pa[0-9a-v]{26}\])$/;
/** Where that line stands in a text, and where people put a task in their list. */
const [MARK_LINE, PLACE_LINE] = ['X-CRM-LINK', 'X-POSITION'] as const;

/** The text of a task as it is kept. */
export function textOfTask({ id = '', title = '', notes = '', due, status, position = '' }: GoogleTask): string {
  const mark = MARK.exec(notes)?.[1];
  const words = notes.replace(MARK, '');
  const lines = [
    ...[`UID:${id}`, 'DTSTAMP:20260101T000000Z', `SUMMARY:${escaped(title)}`],
    ...(words === '' ? [] : [`DESCRIPTION:${escaped(words)}`]),
    ...(due === undefined ? [] : [`DUE;VALUE=DATE:${due.slice(0, 10).replaceAll('-', '')}`]),
    `STATUS:${status === 'completed' ? 'COMPLETED' : 'NEEDS-ACTION'}`,
    placeLine(position),
    ...(mark === undefined ? [] : [`${MARK_LINE}:${mark}`]),
  ];
  const whole = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//stand-in//EN', 'BEGIN:VTODO', ...lines, 'END:VTODO'];
  return [...whole, 'END:VCALENDAR', ''].join('\r\n');
}

/** The line of where a task stands. Of several in a text the last one counts. */
export function placeLine(position: string): string {
  return `${PLACE_LINE}:${position}`;
}

/** What has to be patched so that a task is what a text says, but for where it stands. Of an hour only its day is kept. */
export function changeOfTaskText(text: string): object {
  const lines = unfoldedLines(text);
  const textAt = (name: string) => unescaped(valueOf(lineOf(lines, name)) ?? '');
  const notes = [textAt('DESCRIPTION'), textAt(MARK_LINE)].filter((part) => part !== '').join('\n\n');
  const day = /^(\d{4})(\d\d)(\d\d)/.exec(textAt('DUE'))?.slice(1).join('-');
  return {
    ...{ title: textAt('SUMMARY'), notes },
    due: day === undefined ? null : `${day}T00:00:00.000Z`,
    status: textAt('STATUS') === 'COMPLETED' ? 'completed' : 'needsAction',
  };
}

/** Where a text says that a task stands. */
export function positionInText(text: string): string | undefined {
  return valueOf(lineOf(unfoldedLines(text), PLACE_LINE));
}
