// Google as a groupware whose listings are late, by less than the program gives them.

import { googleSubject } from '../support/google-subject';
import { describeGroupware } from './suite';

describeGroupware('google with late listings', () => googleSubject({ batch: 'own' }, 50_000), ['event']);
