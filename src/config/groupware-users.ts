// Users of the CRM, as the configuration of a groupware names them.

import { isRecord, list, object, optional, required, text, textAs, type Checked, type Shape } from '../core/shape';

/** What a login looks like. */
export const LOGIN = /^\S(.{0,126}\S)?$/;

/** A login; it becomes lower case. */
export function login(): Shape<string> {
  return textAs((name) => (LOGIN.test(name.trim()) ? name.trim().toLowerCase() : undefined), 'a login');
}

/** The active users of a group of the CRM. */
export type Group = Checked<ReturnType<typeof groupShape>>;

function groupShape() {
  return object({
    group: required(text(), 'The name of the group.'),
    path: optional(
      text(),
      'Where a user’s group is named, as a path from table_user; the work group of the employee if left out.',
    ),
  });
}

/** A group, or a list of logins. */
export function someUsersShape(): Shape<readonly string[] | Group> {
  const [logins, group] = [list(login()), groupShape()];
  return {
    schema: { anyOf: [logins.schema, group.schema] },
    parse: (raw, place) => (isRecord(raw) ? group.parse(raw, place) : logins.parse(raw, place)),
  };
}

/** The word "all", a group, or a list of logins. */
export function usersShape(): Shape<readonly string[] | Group | 'all'> {
  const some = someUsersShape();
  return {
    schema: { anyOf: [{ const: 'all' }, ...(some.schema['anyOf'] as readonly unknown[])] },
    parse: (raw, place) => (raw === 'all' ? 'all' : some.parse(raw, place)),
  };
}
