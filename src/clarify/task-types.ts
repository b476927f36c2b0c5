// Action items and commitments (docs/crm.md, "Calendar, tasks").

import { CASE_LINK, OF_CASE, PLAIN } from './entry-parts';
import type { EntryType } from './entry-type';
import { contactFields } from './object-types/fields';
import { LONGEST_TEXT } from './short-texts';

const USER = '(SELECT MIN(u.[objid]) FROM [table_user] u WHERE LOWER(u.[login_name]) = @login)';
/** The open condition of action items, and the first of its statuses that is a default, else that is in use. */
const OPEN = "'Open Action Item'";
const statusOf = (state: number) =>
  '(SELECT MIN(g.[objid]) FROM [table_gbst_elm] g JOIN [table_gbst_lst] l ON l.[objid] = g.[gbst_elm2gbst_lst] ' +
  `WHERE l.[title] = ${OPEN} AND g.[state] = ${state})`;

/** Something that somebody has to do. */
export const actionItem: EntryType = {
  ...PLAIN,
  name: 'action_item',
  typeName: 'Action Item',
  kind: 'task',
  table: 'table_task',
  idColumn: 'objid',
  typeId: 5080,
  fields: { title: 'title', id: 'task_id' },
  subject: '{{ title }}',
  notes: 'notes',
  end: 'due_date',
  done: 'comp_date',
  contact: 'task2contact',
  owner: 'task_owner2user.login_name',
  writable: ['subject', 'time', 'notes', 'done'],
  stamp: 'update_stamp',
  longest: { subject: 80, notes: LONGEST_TEXT },
  insert: {
    columns: {
      task_id: '@number',
      start_date: '@now',
      active: '1',
      task_owner2user: USER,
      task_originator2user: USER,
      task_state2condition: '(SELECT MIN(c.[objid]) FROM [table_condition] c WHERE c.[objid] = @companion)',
      task_sts2gbst_elm: `COALESCE(${statusOf(2)}, ${statusOf(0)})`,
    },
    numbers: { scheme: 'Action Item ID', sample: 'AI-' },
    // Each work object has a condition of its own, so that closing one closes no other.
    companion: {
      typeId: 36,
      sql:
        'INSERT INTO [table_condition] ([objid], [condition], [title], [sequence_num])\n' +
        'SELECT @companion, MIN(c.[condition]), MIN(c.[title]), 0 FROM [table_condition] c',
      where: ` AND c.[title] = ${OPEN} HAVING COUNT(*) > 0`,
    },
  },
};

/** What was promised to a customer, or by one, until when. */
export const commitment: EntryType = {
  ...PLAIN,
  name: 'commitment',
  typeName: 'Commitment',
  kind: 'task',
  table: 'table_commit_log',
  idColumn: 'objid',
  typeId: 30,
  fields: { title: 'title', caseId: 'case_commit2case.id_number', ...contactFields('commit_cust2contact') },
  subject: `{% if title != '' %}{{ title }}{% else %}Commitment{% endif %}${OF_CASE}`,
  link: CASE_LINK,
  end: 'sched_cmpltime',
  done: 'act_cmpltime',
  contact: 'commit_cust2contact',
  owner: 'commit_owner2user.login_name',
  writable: ['time'],
  alongside: ['warning_time'],
};
