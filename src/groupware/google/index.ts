// Google's groupware: events in Calendar, and tasks in Tasks. Contacts are not there yet.

import type { Deadline } from '../../core/deadline';
import type { BusyTime } from '../../core/sync/busy';
import type { GroupwareType } from '../groupware';
import { MOST_CALLS } from './batch';
import { tryBatch } from './batch-trial';
import { withBusyTimes } from './busy-times';
import { openCalendar } from './calendar';
import { googleConsent } from './consent-flow';
import { openDesk, rootOf } from './desk';
import { askBusy } from './free-busy';
import { googleServers } from './oauth';
import { googleOptions, type GoogleOptions } from './options';
import { openTasks } from './tasks';

/** The groupware type `google`. */
export const google: GroupwareType<GoogleOptions> = {
  called: 'Google',
  summary: 'keeps events in Google Calendar, and tasks in a list of Google Tasks',
  options: googleOptions,
  fields: { event: ['subject', 'time', 'place', 'notes'], task: ['subject', 'time', 'notes', 'done'] },
  // As many as one request takes: of each of them one call travels in it.
  turnsAtOnce: ({ batch }) => (batch === 'shared' ? MOST_CALLS : undefined),
  open: (user, kind, options, tools) => {
    if (kind === 'contact') throw new Error(`there are no ${kind}s here`);
    const desk = tools.shared(() => openDesk(options, tools));
    const now = () => tools.now();
    if (kind === 'task') {
      const parts = { user, root: rootOf(options, 'tasks'), listEveryMs: options.listEvery.tasks };
      return openTasks({ ...parts, client: () => desk.client('tasks') });
    }
    const [root, client] = [rootOf(options, 'calendar'), () => desk.client('calendar')];
    const events = openCalendar({ user, options, root, client, now });
    const ask = async (about: BusyTime, deadline: Deadline) => askBusy(await client(), user, about, deadline);
    return withBusyTimes(events, { now, ...(options.busy ? { ask } : {}) });
  },
  servers: googleServers,
  consent: googleConsent,
  sharedRequests: (options, tools) => {
    const { batch, calendar } = options;
    if (!tools.kinds.includes('event')) return undefined;
    const desk = tools.shared(() => openDesk(options, tools));
    return {
      areMade: batch === 'shared',
      ...{ on: '"batch": "shared"', off: '"batch": "own"' },
      try: async (users, deadline) => tryBatch(await desk.client('calendar'), calendar, users, deadline),
    };
  },
};
