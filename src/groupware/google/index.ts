// Google's groupware: events in Calendar, tasks in Tasks, contacts in People.

import type { Deadline } from '../../core/deadline';
import type { BusyTime } from '../../core/sync/busy';
import type { EntryKind } from '../../core/sync/entry';
import type { Collection, GroupwareType, GroupwareUser } from '../groupware';
import type { Tools } from '../tools';
import { CARD_ENTRY_FIELDS } from '../vcard-fields';
import { withBusyTimes } from './calendar/busy-times';
import { askBusy } from './calendar/free-busy';
import { calendarOf } from './calendar/index';
import { SERVICES } from './calls/apis';
import { MOST_CALLS } from './calls/batch';
import { tryBatch } from './calls/batch-trial';
import { googleConsent } from './consent/flow';
import { googleServers, openDesk, rootOf, type GoogleDesk } from './desk';
import { googleOptions, type GoogleOptions } from './options';
import { openContacts } from './people/index';
import { openPlace, type CollectionParts } from './places/collection';
import { taskList } from './tasks/index';

type Open = (parts: CollectionParts, options: GoogleOptions) => Collection;

/** How the entries of each kind are opened. */
const OPEN: Readonly<Record<EntryKind, Open>> = {
  event: (parts, { calendar, busy }) => {
    const { user, client, now } = parts;
    const ask = async (about: BusyTime, deadline: Deadline) => askBusy(await client(), user, about, deadline);
    return withBusyTimes(openPlace(calendarOf(user, calendar), parts), { now, ...(busy ? { ask } : {}) });
  },
  task: (parts, { listEvery }) => openPlace(taskList(listEvery.tasks), parts),
  contact: (parts, { listEvery }) => openContacts(listEvery.contacts, parts),
};

/** What the service of a kind is asked with for a user; its client is one that all collections of a run share. */
function partsOf(user: GroupwareUser, kind: EntryKind, options: GoogleOptions, tools: Tools): CollectionParts {
  const [desk, service] = [deskOf(options, tools), SERVICES[kind]];
  return {
    ...{ user, root: rootOf(options, service), login: options.serviceAccount === undefined ? 'own' : 'shared' },
    ...{ now: () => tools.now(), client: () => desk.client(service) },
  };
}

function deskOf(options: GoogleOptions, tools: Tools): GoogleDesk {
  return tools.shared(() => openDesk(options, tools));
}

/** The groupware type `google`. */
export const google: GroupwareType<GoogleOptions> = {
  called: 'Google',
  summary: 'keeps events in Google Calendar, tasks in Google Tasks, and contacts among each user’s own',
  options: googleOptions,
  fields: {
    event: ['subject', 'time', 'place', 'notes'],
    task: ['subject', 'time', 'notes', 'done'],
    contact: CARD_ENTRY_FIELDS,
  },
  // Whatever client asks, a user has one calendar of ours there, or the first one.
  identity: ({ calendar }) => calendar,
  // As many as one request takes: of each of them one call travels in it.
  turnsAtOnce: ({ batch }) => (batch === 'shared' ? MOST_CALLS : undefined),
  open: (user, kind, options, tools) => OPEN[kind](partsOf(user, kind, options, tools), options),
  servers: googleServers,
  consent: googleConsent,
  sharedRequests: (options, tools) => {
    const { batch, calendar } = options;
    if (!tools.kinds.includes('event')) return undefined;
    const desk = deskOf(options, tools);
    return {
      areMade: batch === 'shared',
      ...{ on: '"batch": "shared"', off: '"batch": "own"' },
      try: async (users, deadline) => tryBatch(await desk.client('calendar'), calendar, users, deadline),
    };
  },
};
