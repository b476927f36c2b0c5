// The few drawings of the pages, all of lines in the colour of their text.

import { Markup } from '../kit/markup';

export const ATOM_ICON = icon(
  '<circle cx="3.5" cy="12.5" r=".75"/><path d="M2.75 7.5a5.75 5.75 0 0 1 5.75 5.75M2.75 2.75a10.5 10.5 0 0 1 10.5 10.5"/>',
);
export const SEARCH_ICON = icon('<circle cx="7" cy="7" r="4.25"/><path d="m10.25 10.25 3.25 3.25"/>');
export const THEME_ICON = icon('<circle cx="8" cy="8" r="5.75"/><path class="half" d="M8 2.25a5.75 5.75 0 0 1 0 11.5Z"/>');

/** Three posts under each other. The page gives its own icon, lest browsers ask the server for one. */
export const FAVICON =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"%3E%3Crect width="16" height="16" rx="4" fill="%23454fc4"/%3E' +
  '%3Cpath d="M4 5h8M4 8h8M4 11h5" stroke="%23fff" stroke-width="1.6" stroke-linecap="round"/%3E%3C/svg%3E';

function icon(lines: string): Markup {
  return new Markup(`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${lines}</svg>`);
}
