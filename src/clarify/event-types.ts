// Appointments, calls and dispatches (docs/crm.md, "Calendar, tasks").

import { CASE_LINK, OF_CASE, PLAIN, WITH_CONTACT } from './entry-parts';
import type { EntryType } from './entry-type';
import { contactFields } from './object-types/fields';

/** A visit or a meeting in the schedule of an employee. */
export const appointment: EntryType = {
  ...PLAIN,
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
  contact: 'appt2case.case_reporter2contact',
  owner: 'appt2schedule.schedule2employee.employee2user.login_name',
  writable: ['subject', 'time'],
  longest: { subject: 255 },
  insert: {
    columns: {
      cell_text: "''",
      condition: '0',
      appt2schedule:
        '(SELECT MIN(s.[objid]) FROM [table_schedule] s JOIN [table_employee] e ON e.[objid] = s.[schedule2employee] ' +
        'JOIN [table_user] u ON u.[objid] = e.[employee2user] WHERE LOWER(u.[login_name]) = @login)',
    },
  },
};

/** A telephone call that somebody logged. What was said never leaves. */
export const phoneLog: EntryType = {
  ...PLAIN,
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
  contact: 'phone_custmr2contact',
  owner: 'phone_owner2user.login_name',
};

/** An engineer who is sent to a customer. */
export const dispatch: EntryType = {
  ...PLAIN,
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
  contact: 'disptchfe2case.case_reporter2contact',
  owner: 'disptchfe_orig2user.login_name',
};
