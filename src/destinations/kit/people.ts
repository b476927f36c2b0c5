// People: which user of a destination somebody of the CRM is, so that a post can mention them.

import type { Message } from '../../core/message';
import { record, withDefault, type Field, type Shape } from '../../core/shape';

/** Users of a destination by the login or the e-mail address that the CRM knows them by; upper and lower case do not matter. */
export type People = Readonly<Record<string, string>>;

/** The key `people` of a destination: whom a post mentions. `user` is the shape of the destination's own name of a user. */
export function peopleField(user: Shape<string>, wanted: string): Field<People> {
  const meaning = `${wanted}, by login or e-mail address in the CRM; who is in it is mentioned, which notifies them; nobody if left out`;
  return withDefault(record(user, /\S/, 'a login or an e-mail address'), {}, meaning);
}

/** The destination's user who did what a message is about; `undefined` where it is not known. */
export function userOf(
  { actorLogin, actorEmail }: Pick<Message, 'actorLogin' | 'actorEmail'>,
  people: People,
): string | undefined {
  const users = new Map(Object.entries(people).map(([name, user]) => [name.trim().toLowerCase(), user]));
  return users.get(actorLogin.trim().toLowerCase()) ?? users.get(actorEmail.trim().toLowerCase());
}
