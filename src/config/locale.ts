// The language of dates: a tag that Intl knows.

import { problem, quoted, refine, text, type Shape } from '../core/shape';

/** A language tag such as `en-GB` (BCP 47). */
export function localeShape(): Shape<string> {
  return refine(text(), (tag, place) => {
    if (!isKnown(tag))
      problem(place, `${quoted(tag)} is no language that dates can be written in; a tag such as en-US or de-CH is wanted`);
  });
}

function isKnown(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
