// The SQL of links, cursors, conflicts and writes: one text for both engines. Pure.

import { LINK_STATES, type CrmWrite, type Link } from '../core/sync/link';
import type { Parameter, Statement } from '../io/database';
import { IS_COMMITTING } from './grant-statements';
import { columnsOfConflict, columnsOfLink, columnsOfWrite, CONFLICT_COLUMNS, LINK_COLUMNS, WRITE_COLUMNS } from './link-rows';
import type { Commit, KeptConflict, LinkFilter } from './links';
import type { Columns } from './rows';
import { insert, list, type Condition } from './statements';

/** Changes a link, or enters it, in a commit that was begun. */
export function keepLink(link: Link, commit: string, now: number): Statement {
  const columns = columnsOfLink(link, now);
  if (link.revision === 0)
    return insert('publish_activity_link', { ...columns, revision: 1 }, ` WHERE ${IS_COMMITTING}`, { commit });
  const changes = Object.keys(columns).filter((name) => name !== 'id' && name !== 'login');
  return {
    text: `UPDATE [publish_activity_link] SET ${changes.map((name) => `[${name}] = @${name}`).join(', ')}, [revision] = [revision] + 1
      WHERE [id] = @id AND [revision] = @revision AND ${IS_COMMITTING}`,
    parameters: { ...columns, revision: link.revision, commit },
  };
}

/** Enters a conflict in a commit. */
export function insertConflict(login: string, conflict: KeptConflict, commit: string): Statement {
  return insertInCommit('publish_activity_conflict', { ...columnsOfConflict(conflict), login }, commit);
}

/** Enters a write in a commit. */
export function insertWrite(login: string, id: string, write: CrmWrite, commit: string): Statement {
  return insertInCommit('publish_activity_write', { ...columnsOfWrite(id, write), login }, commit);
}

/**
 * Takes all texts of a link out of its row, and of the conflicts and writes that stand there by now, in a commit. Whoever read its entries
 * before has read an older revision. What was refused may have been refused in words that quote it.
 */
export function emptyLink(login: string, linkId: string, commit: string): readonly Statement[] {
  const parameters = { login, link_id: linkId, commit };
  const values = (['publish_activity_conflict', 'publish_activity_write'] as const).map((table) => ({
    text: `UPDATE [${table}] SET ${FORGETTABLE[table]}, [forgettable_since] = 0
      WHERE [link_id] = @link_id AND [login] = @login AND [forgettable_since] > 0 AND ${IS_COMMITTING}`,
    parameters,
  }));
  return [
    {
      text: `UPDATE [publish_activity_link] SET [entries] = '', [forgettable_since] = 0, [revision] = [revision] + 1,
      [reason] = CASE [cause] WHEN 'refused' THEN '' ELSE [reason] END
      WHERE [id] = @link_id AND [login] = @login AND ([entries] <> '' OR ([cause] = 'refused' AND [reason] <> '')) AND ${IS_COMMITTING}`,
      parameters,
    },
    ...values,
  ];
}

function insertInCommit(table: string, columns: Columns, commit: string): Statement {
  return insert(table, columns, ` WHERE ${IS_COMMITTING}`, { commit });
}

/** Moves a cursor in a commit. */
export function moveCursor(
  login: string,
  { kind, cursor }: Required<Commit>['cursor'],
  commit: string,
  now: number,
): readonly [Statement, Statement] {
  const columns = { login, kind, cursor_text: cursor, moved_at: now };
  const missing = 'NOT EXISTS (SELECT 1 FROM [publish_activity_cursor] WHERE [login] = @login AND [kind] = @kind)';
  return [
    {
      text: `UPDATE [publish_activity_cursor] SET [cursor_text] = @cursor_text, [moved_at] = @moved_at
      WHERE [login] = @login AND [kind] = @kind AND ${IS_COMMITTING}`,
      parameters: { ...columns, commit },
    },
    insert('publish_activity_cursor', columns, ` WHERE ${IS_COMMITTING} AND ${missing}`, { commit }),
  ];
}

/** How far the listings of a user came. */
export function selectCursors(login: string): Statement {
  return {
    text: `SELECT [kind], [cursor_text] FROM [publish_activity_cursor] WHERE [login] = @login AND [cursor_text] <> ''`,
    parameters: { login },
  };
}

/**
 * Says how a held link ends. One that is damaged is held without its row saying so, and loses what made it so. Stands after
 * `awaitCommit`.
 */
export function orderLink({ id, state, revision, damage }: Link, order: Link['order'], now: number): Statement {
  const isDamaged = damage !== undefined;
  const mended = isDamaged ? "[state] = 'held', [cause] = '', [entries] = '', [forgettable_since] = 0, " : '';
  return {
    text: `UPDATE [publish_activity_link] SET ${mended}[resolved_as] = @resolved_as, [changed_at] = @changed_at,
      [revision] = [revision] + 1 WHERE [id] = @id AND [revision] = @revision${isDamaged ? '' : ' AND [state] = @state'}`,
    parameters: { id, revision, resolved_as: order, changed_at: now, ...(isDamaged ? {} : { state }) },
  };
}

/** The links of a user that are not gone. A state that was damaged is none of those that are known. */
export function selectLinks(login: string): Statement {
  return {
    text: `SELECT ${LINK_COLUMNS} FROM [publish_activity_link] WHERE [login] = @login AND [state] <> 'gone' ORDER BY [id]`,
    parameters: { login },
  };
}

/** Links by a filter, the newest change first. What is named is found by that and then sorted, anything else state by state. */
export function findLinks(filter: LinkFilter, most: number): Statement {
  const { user, ids, type, objid, states } = filter;
  const isNamed = user !== undefined || ids !== undefined || objid !== undefined || states?.length === 0;
  const wanted: readonly (Condition | undefined)[] = [
    ids === undefined ? undefined : list('id', ids),
    equal('login', user),
    equal('entry_type', type),
    equal('objid', objid),
    isNamed && states !== undefined ? list('state', states) : undefined,
  ];
  const conditions = wanted.filter((condition) => condition !== undefined);
  const parts = isNamed ? [conditions] : (states ?? LINK_STATES).map((state) => [stateIs(state), ...conditions]);
  const texts = parts.map((part) => {
    const where = part.map(({ text }) => text).join(' AND ');
    return `SELECT ${LINK_COLUMNS} FROM [publish_activity_link] WHERE ${where}`;
  });
  return {
    text: `SELECT ${LINK_COLUMNS} FROM (${texts.join('\n  UNION ALL ')}) AS [found] ORDER BY [changed_at] DESC, [id] DESC`,
    parameters: Object.assign({}, ...parts.flat().map(({ parameters }) => parameters)) as Columns,
    most,
  };
}

function equal(column: string, value: Parameter | undefined): Condition | undefined {
  return value === undefined ? undefined : { text: `[${column}] = @${column}`, parameters: { [column]: value } };
}

function stateIs(state: string): Condition {
  return { text: `[state] = @state_${state}`, parameters: { [`state_${state}`]: state } };
}

/** How many links each user has in each state. */
export const COUNT_LINKS: Statement = {
  text: `SELECT [login], [state], COUNT(*) AS [count], MIN([changed_at]) AS [oldest] FROM [publish_activity_link]
    GROUP BY [login], [state] ORDER BY [login], [state]`,
  parameters: {},
};

/** How many links of each user are held, by cause. */
export const COUNT_HELD: Statement = {
  text: `SELECT [login], [cause], COUNT(*) AS [count] FROM [publish_activity_link] WHERE [state] = 'held'
    GROUP BY [login], [cause] ORDER BY [login], [cause]`,
  parameters: {},
};

/** How many conflicts there are. */
export const COUNT_CONFLICTS: Statement = {
  text: 'SELECT COUNT(*) AS [count] FROM [publish_activity_conflict]',
  parameters: {},
};

/** Conflicts, the newest first. */
export function selectConflicts(filter: { readonly user?: string; readonly linkId?: string }, most: number): Statement {
  const conditions = [equal('login', filter.user), equal('link_id', filter.linkId)].filter((one) => one !== undefined);
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.map(({ text }) => text).join(' AND ')}`;
  return {
    text: `SELECT ${CONFLICT_COLUMNS} FROM [publish_activity_conflict]${where} ORDER BY [happened_at] DESC, [id] DESC`,
    parameters: Object.assign({}, ...conditions.map(({ parameters }) => parameters)) as Columns,
    most,
  };
}

/** What was written for a link, the newest first. */
export function selectWrites(linkId: string, most: number): Statement {
  return {
    text: `SELECT ${WRITE_COLUMNS} FROM [publish_activity_write] WHERE [link_id] = @link_id ORDER BY [happened_at] DESC, [id] DESC`,
    parameters: { link_id: linkId },
    most,
  };
}

/** The tables of which something can be forgotten, and how. */
const FORGETTABLE = {
  publish_activity_link: "[entries] = ''",
  publish_activity_conflict: "[crm_value] = '', [remote_value] = ''",
  publish_activity_write: "[old_value] = '', [new_value] = ''",
} as const;
export const FORGETTABLE_TABLES = Object.keys(FORGETTABLE) as readonly (keyof typeof FORGETTABLE)[];

/** The ids of rows whose texts can go. */
export function selectForgettable(table: keyof typeof FORGETTABLE, before: number, most: number): Statement {
  return {
    text: `SELECT [id] FROM [${table}]
      WHERE [forgettable_since] > 0 AND [forgettable_since] < @before ORDER BY [forgettable_since]`,
    parameters: { before },
    most,
  };
}

/** Empties the texts of rows, unless something happened to them since. It is no change of a link: nothing of what counts changes. */
export function forget(table: keyof typeof FORGETTABLE, ids: readonly string[], before: number): Statement {
  const listed = list('id', ids);
  return {
    text: `UPDATE [${table}] SET ${FORGETTABLE[table]}, [forgettable_since] = 0
      WHERE [forgettable_since] > 0 AND [forgettable_since] < @before AND ${listed.text}`,
    parameters: { before, ...listed.parameters },
  };
}
