// Google as a groupware, over the stand-in: with calls of one user in a request, and with those of several, where busy times are asked for.

import { google } from '../../src/groupware/google/index';
import { googleSubject } from '../support/google-subject';
import { googleTaskPerson } from '../support/google/task-person';
import { startGoogleSite } from '../support/google-site';
import { ANN, BOB, describeGroupware, type Inability } from './suite';

describe.each(['own', 'shared'] as const)('calls packed as "%s"', (batch) => {
  describeGroupware('google', () => googleSubject({ batch, busy: batch === 'shared' }), ['event']);
});

const OF_TASKS: readonly Inability[] = ['moments', 'ids', 'private', 'series', 'news'];

describe.each<['own' | 'shared', string, readonly Inability[]]>([
  ['own', 'a version that is named counts', [...OF_TASKS]],
  ['shared', 'no version counts', [...OF_TASKS, 'versions']],
])('tasks whose calls are packed as "%s", where %s', (batch, _, inabilities) => {
  describeGroupware(
    'google',
    async () => {
      const site = await startGoogleSite({ batch });
      if (!inabilities.includes('versions')) site.server.honourVersions();
      for (const user of [ANN, BOB]) {
        site.join(user);
        site.server.act(user.email, 'POST', '/tasks/v1/users/@me/lists', { title: 'CRM tasks' });
      }
      return {
        fields: google.fields,
        open: (user, kind) => google.open(user, kind, site.options, site.tools),
        person: (user) => googleTaskPerson(site.server, user.email, () => site.ownList(user)),
        close: () => site.close(),
      };
    },
    ['task'],
    inabilities,
  );
});
