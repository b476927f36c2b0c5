// Moments and days of UTC as the pages spell them: always the same, whatever the host's language and time zone. Pure.

import { markup, type Markup } from '../kit/markup';
import { MONTHS } from '../../core/reader-date';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The name of a month, given as `2010-06`. */
export function monthName(month: string): string {
  return MONTHS[Number(month.slice(5, 7)) - 1] ?? month;
}

/** The date of an ISO 8601 instant, for example `14 June 2010`. */
function dateOf(instant: string): string {
  const date = new Date(instant);
  return `${date.getUTCDate()} ${monthName(instant)} ${date.getUTCFullYear()}`;
}

/** The day of an ISO 8601 instant, for example `Monday, 14 June 2010`. */
export function dayOf(instant: string): string {
  return `${DAYS[new Date(instant).getUTCDay()] ?? ''}, ${dateOf(instant)}`;
}

/** An ISO 8601 instant as `14 Jun 2010 14:12 UTC`. The language itself fixes this spelling. */
export function spellMoment(instant: string): string {
  return `${new Date(instant).toUTCString().slice(5, 22).replace(/^0/, '')} UTC`;
}

/** An instant as an element of the page; only its time of the day where the day stands above, only its date where no more is of use. */
export function time(instant: string, show: keyof typeof SPELLED = 'moment'): Markup {
  return markup`<time datetime="${instant}">${SPELLED[show](instant)}</time>`;
}

const SPELLED = {
  moment: spellMoment,
  time: (instant: string) => spellMoment(instant).slice(-9),
  date: dateOf,
};
