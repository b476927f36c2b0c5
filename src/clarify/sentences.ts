// How activities read in sentences, for every object type: "Case 4711 dispatched to Queue Support by Paula Morales".
// By code and not by name, because sites rename the activities in their lists (docs/crm.md, "Activity codes").

import type { WordingTable } from '../core/compose';

/** The object as a sentence calls it. */
export const OBJECT = '{{ typeName }} {{ id }}';
/** Who did it, where that is known. */
export const BY = "{% if actor != '' %} by {{ actor }}{% endif %}";
/** What a post about the object itself starts with: the rule that fired. */
export const RULE = "{% if rule != '' %}{{ rule }}: {% endif %}";
const TO_QUEUE = "{% if queue != '' %} to Queue {{ queue }}{% endif %}";
const TO_STATUS = "{% if status != '' %} to {{ status }}{% endif %}";
const DUE = "{% if commitmentDue != '' %}, due {{ commitmentDue }}{% endif %}";

/** What a sentence says after the object. */
const DONE_TO_OBJECT: Readonly<Record<number, string>> = {
  100: 'accepted',
  600: 'created',
  900: `dispatched${TO_QUEUE}`,
  1100: `forwarded${TO_QUEUE}`,
  1400: 'linked',
  1500: 'modified',
  2400: 'reopened',
  2600: 'returned',
  3600: 'installed',
  3700: 'moved',
  3800: 'de-installed',
  4100: 'yanked',
  4700: 'created',
  4800: 'closed',
  4900: `changed status${TO_STATUS}`,
  5100: 'fixed',
  5900: 're-installed',
  7300: 'marked as a duplicate',
  8400: 'replicated',
  8800: 'reopened',
  9600: 'removed',
  9900: 'created',
  10500: "assigned{% if ownerName != '' %} to {{ ownerName }}{% endif %}",
  11500: 'closed',
  11800: 'replicated',
  11900: 'moved',
  12600: 'fulfilled',
  12900: 'backordered',
  13800: 'rejected',
  13900: `changed status${TO_STATUS}`,
  14000: 'created',
  332871994: 'closed',
  459752540: 'reopened',
};

/** What a sentence says before the object. */
const DONE_ABOUT_OBJECT: Readonly<Record<number, string>> = {
  500: 'Phone call logged on',
  700: 'Field engineer dispatched for',
  1700: 'Note added to',
  1800: 'Time and expenses logged on',
  2500: 'Research logged on',
  3000: 'Subcase created for',
  3100: 'Subcase closed for',
  3400: 'E-mail sent about',
  4000: 'Solution unlinked from',
  4200: 'Subcase reopened for',
  6200: 'Appointment added for',
  6300: 'Appointment changed for',
  6400: 'Appointment removed for',
  6500: 'Solution linked to',
  6600: 'Solution unlinked from',
  6700: 'Change request linked to',
  6800: 'Change request unlinked from',
  7200: 'Administrative subcase created for',
  8100: 'Primary address changed of',
  8200: 'Bill-to address changed of',
  8300: 'Ship-to address changed of',
  8700: 'Time and expenses edited on',
  8900: 'Attachment added to',
  9100: 'Attachment deleted from',
  9200: 'Initial response given to',
  10600: 'Time and expenses deleted from',
  11300: 'Part used for',
  12200: 'Parts received for',
  12300: 'Parts transferred for',
  12500: 'Parts shipped for',
  12700: 'Parts picked for',
  12800: 'Parts unpicked for',
};

const WHOLE: Readonly<Record<number, string>> = {
  200: `${OBJECT} closed${BY}{% if resolution != '' %}: {{ resolution }}{% endif %}`,
  300:
    `${OBJECT} changed{% if oldStatus == '' and newStatus == '' %} status{% endif %}` +
    `{% if oldStatus != '' %} from {{ oldStatus }}{% endif %}{% if newStatus != '' %} to {{ newStatus }}{% endif %}${BY}`,
  400: `Commitment made on ${OBJECT}${BY}${DUE}`,
  1600: `Commitment changed on ${OBJECT}${BY}${DUE}`,
  3500: `E-mail received about ${OBJECT}{% if actor != '' %} from {{ actor }}{% endif %}`,
  9800: `Contact of ${OBJECT} changed{% if contact != '' %} to {{ contact }}{% endif %}${BY}`,
};

const TITLES: Readonly<Record<string, string>> = {
  ...mapped(DONE_TO_OBJECT, (words) => `${OBJECT} ${words}${BY}`),
  ...mapped(DONE_ABOUT_OBJECT, (words) => `${words} ${OBJECT}${BY}`),
  ...WHOLE,
  '*': `{{ activity }}: ${OBJECT}${BY}`,
};

/**
 * The sentences of an object type: those of all types with its own body, and what it says otherwise. `none` is the title of a post
 * about the object itself, after the rule.
 */
export function sentences(body: string, none: string, own: Readonly<Record<string, string>> = {}): WordingTable {
  return { ...mapped({ ...TITLES, ...own }, (title) => ({ title, body })), none: { title: `${RULE}${none}`, body } };
}

function mapped<From, To>(table: Readonly<Record<string, From>>, change: (value: From) => To): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, change(value)]));
}
