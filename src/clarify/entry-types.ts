// The kinds of entries that the program knows, one row each (docs/crm.md, "Calendar, tasks"). A site changes them, and adds its own.

import type { EntryType } from './entry-type';
import { contactFields } from './object-types/fields';

/** The address of a case in the web client. */
const CASE_LINK = "{% if caseId != '' %}{{ agentUrl }}/Cases/Summary/{{ caseId | path_part }}{% endif %}";
const WITH_CONTACT = "{% if firstName != '' or lastName != '' %} with {{ firstName }} {{ lastName }}{% endif %}";
const OF_CASE = "{% if caseId != '' %} ({{ caseId }}){% endif %}";

/** The longest titles and descriptions (docs/crm.md, "Calendar, tasks"). */
const TITLE = 80;
const DESCRIPTION = 255;
/** As much of a note as is read, in UTF-16 units; a longer one is shown cut, and never written. */
export const LONGEST_NOTES = 20_000;

const none = { alongside: [], longest: {}, writable: [], place: '', isOwn: false } as const;

/** A visit or a meeting in the schedule of an employee. */
const appointment: EntryType = {
  ...none,
  name: 'appointment',
  typeName: 'Appointment',
  kind: 'event',
  table: 'table_appointment',
  idColumn: 'objid',
  typeId: 260,
  fields: { title: 'description', caseId: 'appt2case.id_number', site: 'appt2case.case_reporter2site.name' },
  subject: '{{ title }}',
  place: '{{ site }}',
  link: CASE_LINK,
  begin: 'start_time',
  end: 'end_time',
  duration: 'duration',
  owner: 'appt2schedule.schedule2employee.employee2user.login_name',
  writable: ['subject', 'time'],
  longest: { subject: DESCRIPTION },
  insert: {
    cell_text: "''",
    condition: '0',
    appt2schedule:
      '(SELECT MIN(s.[objid]) FROM [table_schedule] s JOIN [table_employee] e ON e.[objid] = s.[schedule2employee] ' +
      'JOIN [table_user] u ON u.[objid] = e.[employee2user] WHERE LOWER(u.[login_name]) = @login)',
  },
};

/** A telephone call that somebody logged. What was said never leaves. */
const phoneLog: EntryType = {
  ...none,
  name: 'phone_log',
  typeName: 'Phone Log',
  kind: 'event',
  table: 'table_phone_log',
  idColumn: 'objid',
  typeId: 28,
  fields: { ...contactFields('phone_custmr2contact'), caseId: 'case_phone2case.id_number' },
  subject: `Call${WITH_CONTACT}${OF_CASE}`,
  link: CASE_LINK,
  begin: 'creation_time',
  end: 'stop_time',
  owner: 'phone_owner2user.login_name',
};

/** An engineer who is sent to a customer. */
const dispatch: EntryType = {
  ...none,
  name: 'dispatch',
  typeName: 'Engineer Dispatch',
  kind: 'event',
  table: 'table_disptchfe',
  idColumn: 'objid',
  typeId: 26,
  fields: {
    title: 'description',
    firstName: 'cont_fname',
    lastName: 'cont_lname',
    street: 'address1',
    city: 'city',
    caseId: 'disptchfe2case.id_number',
  },
  subject: `{% if title != '' %}{{ title }}{% else %}Dispatch{% endif %}${WITH_CONTACT}${OF_CASE}`,
  place: "{{ street }}{% if street != '' and city != '' %}, {% endif %}{{ city }}",
  link: CASE_LINK,
  notes: 'notes',
  begin: 'appointment',
  duration: 'duration',
  owner: 'disptchfe_orig2user.login_name',
};

const USER = '(SELECT MIN(u.[objid]) FROM [table_user] u WHERE LOWER(u.[login_name]) = @login)';
/** The open condition of action items, and the first of its statuses that is a default, else that is in use. */
const OPEN = "'Open Action Item'";
const statusOf = (state: number) =>
  '(SELECT MIN(g.[objid]) FROM [table_gbst_elm] g JOIN [table_gbst_lst] l ON l.[objid] = g.[gbst_elm2gbst_lst] ' +
  `WHERE l.[title] = ${OPEN} AND g.[state] = ${state})`;

/** Something that somebody has to do. */
const actionItem: EntryType = {
  ...none,
  name: 'action_item',
  typeName: 'Action Item',
  kind: 'task',
  table: 'table_task',
  idColumn: 'objid',
  typeId: 5080,
  fields: { title: 'title', id: 'task_id' },
  subject: '{{ title }}',
  link: '',
  notes: 'notes',
  end: 'due_date',
  done: 'comp_date',
  owner: 'task_owner2user.login_name',
  writable: ['subject', 'time', 'notes', 'done'],
  stamp: 'update_stamp',
  longest: { subject: TITLE, notes: LONGEST_NOTES },
  insert: {
    task_id: '@number',
    start_date: '@now',
    active: '1',
    task_owner2user: USER,
    task_originator2user: USER,
    task_state2condition: `(SELECT MIN(c.[objid]) FROM [table_condition] c WHERE c.[title] = ${OPEN})`,
    task_sts2gbst_elm: `COALESCE(${statusOf(2)}, ${statusOf(0)})`,
  },
};

/** What was promised to a customer, or by one, until when. */
const commitment: EntryType = {
  ...none,
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
  owner: 'commit_owner2user.login_name',
  writable: ['time'],
  alongside: ['warning_time'],
};

/** Every kind of entry that the program brings along. */
export const entryTypes: readonly EntryType[] = [appointment, phoneLog, dispatch, actionItem, commitment];
