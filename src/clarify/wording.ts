// The words of the script of 2010 for cases and solutions, and the names of activities that the CRM's own list does not name.

import type { WordingTable } from '../core/compose';
import type { ObjectType } from './object-type';

/**
 * The end of a title about somebody's case, as the script of 2010 wrote it, with a sensible form where the person, the site or
 * both are missing.
 */
export const ACTIVITY_TAIL =
  "{% if contact != '' %} for {{ contact }}{% endif %}{% if site != '' %} at {{ site }}{% endif %}" +
  "{% if contact == '' and site == '' %} {{ id }}{% endif %}";

/**
 * Names of the baseline activity codes (docs/crm.md, "Activity codes"), for rows whose code the CRM's list "Activity Name" lacks.
 * Codes that one site or add-on made for itself (90220, 92020, 94001, …) are left out: at another site the same number means something
 * else.
 */
export const ACTIVITY_NAMES: Readonly<Record<number, string>> = {
  100: 'Accept',
  200: 'Close',
  300: 'Chg Status',
  400: 'Commitment',
  500: 'Phone Log',
  600: 'Create',
  700: 'Field Dispatch',
  900: 'Dispatch',
  1100: 'Forward',
  1400: 'Link',
  1500: 'Modify',
  1600: 'Commitment Modified',
  1700: 'Notes',
  1800: 'T & E Log',
  2400: 'Reopen',
  2500: 'Research Log',
  2600: 'Reject',
  3000: 'Subcase Create',
  3100: 'Subcase Close',
  3400: 'Email Out',
  3500: 'Email In',
  4000: 'Unlink Solution',
  4100: 'Yanked',
  4200: 'Subcase Reopen',
  6500: 'Link Solution',
  6600: 'Unlink Solution',
  6700: 'Link CR',
  6800: 'Unlink CR',
  7200: 'Administrative Subcase Create',
  8700: 'T & E Log Edited',
  8900: 'Attachment Added',
  9100: 'Attachment Deleted',
  9200: 'Initial Response',
  9800: 'Contact Changed',
  10500: 'Assign',
  10600: 'T & E Log Deleted',
  11300: 'Part Used',
};

/** How cases and solutions read: as the script of 2010 wrote them, or in sentences as all other object types. */
export const WORDINGS = ['2010', 'sentences'] as const;
export type Wordings = (typeof WORDINGS)[number];

const NONE = "{% if rule != '' %}{{ rule }}: {% endif %}{{ typeName }} {{ id }}";
const CASE_BODY = 'Case Title: {{ title }}';
/** The words of 2010 by object type. */
export const WORDS_OF_2010: Readonly<Record<string, WordingTable>> = {
  case: {
    Create: { title: `Created {{ typeName }}${ACTIVITY_TAIL}`, body: CASE_BODY },
    '*': { title: `{{ activity }}${ACTIVITY_TAIL}`, body: CASE_BODY },
    none: { title: NONE, body: CASE_BODY },
  },
  solution: {
    Create: { title: 'New Solution: {{ title }}', body: '' },
    '*': { title: 'Solution Activity: {{ activity }}', body: 'Title: {{ title }}' },
    none: { title: NONE, body: 'Title: {{ title }}' },
  },
};

/** The words of an object type. */
export function wordingOf({ name, wording }: ObjectType, wordings: Wordings): WordingTable {
  return wordings === '2010' ? (WORDS_OF_2010[name] ?? wording) : wording;
}
