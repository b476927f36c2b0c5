// Moments of the CRM as people like to read them.

import { isMoment } from './wall-clock';

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?$/;
/** The CRM's way of saying "never" (docs/crm.md, "Dates and time zones"). */
const PARKED_YEAR = '2999';

/** The names of the months in English, January first. */
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** The language in which no library has to be asked: its first use costs a process some 10 ms. */
export const PLAIN_LOCALE = 'en-GB';

/**
 * A value of the CRM as people read it: a wall clock such as `2010-06-30T00:00:00` becomes `30 June 2010`, one with a time
 * `16 June 2010 at 17:00`, "no date" an empty text. Anything else stays as it is. The clock stays that of the site.
 */
export function spellForReaders(value: string, locale: string): string {
  const match = MOMENT.exec(value);
  if (match === null) return value;
  const [, year = '', month = '', day = '', time = ''] = match;
  if (!isMoment(value) || year === PARKED_YEAR) return '';
  const hasTime = time !== '00:00';
  if (locale === PLAIN_LOCALE) {
    const date = `${Number(day)} ${MONTHS[Number(month) - 1] ?? ''} ${Number(year)}`;
    return hasTime ? `${date} at ${time}` : date;
  }
  const styles: Intl.DateTimeFormatOptions = { dateStyle: 'long', timeZone: 'UTC', ...(hasTime ? { timeStyle: 'short' } : {}) };
  return new Intl.DateTimeFormat(locale, styles).format(new Date(`${value.slice(0, 19)}Z`));
}
