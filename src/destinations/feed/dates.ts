// Moments and days of UTC as the pages spell them: always the same, whatever the host's language and time zone. Pure.

import { markup, type Markup } from '../../core/markup';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
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

/** The name of a month, given as `2010-06`. */
export function monthName(month: string): string {
  return MONTHS[Number(month.slice(5, 7)) - 1] ?? month;
}

/** The day of an ISO 8601 instant, for example `Monday, 14 June 2010`. */
export function dayOf(instant: string): string {
  const date = new Date(instant);
  return `${DAYS[date.getUTCDay()] ?? ''}, ${date.getUTCDate()} ${monthName(instant)} ${date.getUTCFullYear()}`;
}

/** An ISO 8601 instant as `14 Jun 2010 14:12 UTC`. The language itself fixes this spelling. */
export function spellMoment(instant: string): string {
  return `${new Date(instant).toUTCString().slice(5, 22).replace(/^0/, '')} UTC`;
}

/** An instant as an element of the page; only its time of the day where the day stands above. */
export function time(instant: string, show: 'moment' | 'time' = 'moment'): Markup {
  const moment = spellMoment(instant);
  return markup`<time datetime="${instant}">${show === 'time' ? moment.slice(-9) : moment}</time>`;
}
