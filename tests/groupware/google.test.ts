// Google as a groupware, over the stand-in: with calls of one user in a request, and with those of several, where busy times are asked for.

import { googleSubject } from '../support/google-subject';
import { describeGroupware } from './suite';

describe.each(['own', 'shared'] as const)('calls packed as "%s"', (batch) => {
  describeGroupware('google', () => googleSubject({ batch, busy: batch === 'shared' }), ['event']);
});
