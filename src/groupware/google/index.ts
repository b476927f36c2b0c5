// Google's groupware: events in Calendar, tasks in Tasks, contacts in People.

import type { Deadline } from '../../core/deadline';
import type { BusyTime } from '../../core/sync/busy';
import type { EntryKind } from '../../core/sync/entry';
import type { Collection, GroupwareType, GroupwareUser } from '../groupware';
import type { Tools } from '../tools';
import { CARD_ENTRY_FIELDS } from '../vcard-fields';
import { withBusyTimes } from './calendar/busy-times';
import { askBusy } from './calendar/free-busy';
import { openCalendar } from './calendar/index';
import type { ServiceName } from './calls/apis';
import { MOST_CALLS } from './calls/batch';
import { tryBatch } from './calls/batch-trial';
import { googleConsent } from './consent/flow';
import { googleServers } from './consent/oauth';
import { openDesk, rootOf } from './desk';
import { googleOptions, type GoogleOptions } from './options';
import { openContacts } from './people/index';
import { openTasks } from './tasks/index';

type Open = (user: GroupwareUser, options: GoogleOptions, tools: Tools) => Collection;

/** How the entries of each kind are opened. */
const OPEN: Readonly<Record<EntryKind, Open>> = {
  event: (user, options, tools) => {
    const { root, client, now } = placeOf('calendar', options, tools);
    const events = openCalendar({ user, options, root, client, now });
    const ask = async (about: BusyTime, deadline: Deadline) => askBusy(await client(), user, about, deadline);
    return withBusyTimes(events, { now, ...(options.busy ? { ask } : {}) });
  },
  task: (user, options, tools) => {
    const { root, client } = placeOf('tasks', options, tools);
    return openTasks({ user, root, client, listEveryMs: options.listEvery.tasks });
  },
  contact: (user, options, tools) => {
    const { root, client } = placeOf('people', options, tools);
    return openContacts({ user, root, client, listEveryMs: options.listEvery.contacts });
  },
};

/** Where a service is, and its client, which all collections of a run share. */
function placeOf(service: ServiceName, options: GoogleOptions, tools: Tools) {
  const desk = tools.shared(() => openDesk(options, tools));
  return { root: rootOf(options, service), client: () => desk.client(service), now: () => tools.now() };
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
  // As many as one request takes: of each of them one call travels in it.
  turnsAtOnce: ({ batch }) => (batch === 'shared' ? MOST_CALLS : undefined),
  open: (user, kind, options, tools) => OPEN[kind](user, options, tools),
  servers: googleServers,
  consent: googleConsent,
  sharedRequests: (options, tools) => {
    const { batch, calendar } = options;
    if (!tools.kinds.includes('event')) return undefined;
    const { client } = placeOf('calendar', options, tools);
    return {
      areMade: batch === 'shared',
      ...{ on: '"batch": "shared"', off: '"batch": "own"' },
      try: async (users, deadline) => tryBatch(await client(), calendar, users, deadline),
    };
  },
};
