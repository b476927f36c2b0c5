// The rights that keeping entries in step needs, from the kinds themselves.

import { grantText, joined, readingRights, thatAreThere, writingRights, type Written } from '../../src/clarify/entry-rights';
import { WORK } from '../../src/clarify/contact-type';
import { entryTypes } from '../../src/clarify/entry-types';
import { entryTypesOfSite } from '../../src/clarify/site-entry-types';

const NONE: Written = { types: entryTypes, notes: [], deletes: 'none' };
const NEW = { newIds: { by: 'fc_new_oid' } } as const;

function spelled(written: Partial<Written>): readonly string[] {
  return writingRights({ ...NONE, ...written }).map((right) =>
    grantText(right, 'sync').replace(/^GRANT (.*) TO \[sync\];$/, '$1'),
  );
}

describe('The login that writes', () => {
  it('may change what is written back, and reads what a change is compared with', () => {
    expect(spelled({})).toEqual([
      'SELECT ON [table_appointment]',
      'UPDATE ([description], [start_time], [end_time], [duration]) ON [table_appointment]',
      'SELECT ON [table_commit_log]',
      'UPDATE ([sched_cmpltime], [warning_time]) ON [table_commit_log]',
      'SELECT ON [table_contact]',
      'UPDATE ([title], [phone], [mobile_phone], [e_mail], [update_stamp]) ON [table_contact]',
      'SELECT ON [table_e_addr]',
      'UPDATE ([e_num]) ON [table_e_addr]',
      'SELECT ON [table_task]',
      'UPDATE ([title], [due_date], [comp_date], [update_stamp]) ON [table_task]',
    ]);
    const [appointments] = writingRights(NONE);
    expect(appointments?.columns).toEqual(
      expect.arrayContaining(['objid', 'description', 'start_time', 'end_time', 'duration', 'appt2schedule']),
    );
  });

  it('may change notes only where they leave', () => {
    expect(spelled({ notes: ['action_item'] })).toContain(
      'UPDATE ([title], [due_date], [notes], [comp_date], [update_stamp]) ON [table_task]',
    );
  });

  it.each<[string, Partial<Written>, readonly string[]]>([
    ['none, where none are made', { deletes: 'own' }, []],
    ['those that were made', { deletes: 'own', ...NEW }, ['table_appointment', 'table_task']],
    ['none, where none may be', { deletes: 'none', ...NEW }, []],
    ['appointments', { deletes: 'appointments' }, ['table_appointment']],
  ])('may delete rows: %s', (_, written, tables) => {
    expect(spelled(written).filter((right) => right.startsWith('DELETE'))).toEqual(tables.map((table) => `DELETE ON [${table}]`));
  });

  it('may make rows, and what comes with them, only where ids are made', () => {
    const more = spelled(NEW).filter((right) => !spelled({}).includes(right));
    expect(more).toEqual([
      'INSERT ON [table_appointment]',
      'SELECT ON [table_condition]',
      'INSERT ON [table_condition]',
      'SELECT ON [table_employee]',
      'SELECT ON [table_gbst_elm]',
      'SELECT ON [table_gbst_lst]',
      'SELECT ON [table_schedule]',
      'INSERT ON [table_task]',
      'SELECT ON [table_user]',
      'EXECUTE ON [fc_new_oid]',
      'EXECUTE ON [fc_next_num_scheme]',
    ]);
    const inserted = writingRights({ ...NONE, ...NEW }).filter(({ verb }) => verb === 'INSERT');
    expect(Object.fromEntries(inserted.map(({ on, columns }) => [on, [...columns].sort()]))).toMatchObject({
      table_condition: ['condition', 'objid', 'sequence_num', 'title'],
      table_appointment: expect.arrayContaining(['appt2schedule', 'cell_text', 'objid', 'start_time']) as unknown,
    });
  });

  it('may change what a site says, and nothing of a kind that is off', () => {
    const types = entryTypesOfSite({
      appointment: { off: true },
      visit: {
        becomes: 'event',
        table: 'table_x_visit',
        subject: '{{ title }}',
        fields: { title: 'x_title' },
        owner: 'x_visit2user.login_name',
        begin: 'x_begin',
        end: 'x_end',
        writable: ['time'],
      },
    } as unknown as Parameters<typeof entryTypesOfSite>[0]);
    const rights = spelled({ types });
    expect(rights).toContain('UPDATE ([x_begin], [x_end]) ON [table_x_visit]');
    expect(rights.join()).not.toContain('table_appointment');
  });
});

describe('Rights', () => {
  it('to read are those of the statements that read entries and users', () => {
    const rights = readingRights({
      types: entryTypes,
      notes: [],
      contacts: WORK,
      users: [{ group: 'East', path: 'user2group.title' }, 'all'],
    });
    expect(rights.every(({ verb }) => verb === 'SELECT')).toBe(true);
    const columns = new Map(rights.map(({ on, columns: own }) => [on, own]));
    expect(columns.get('table_user')).toEqual(expect.arrayContaining(['objid', 'login_name', 'status', 'user2group']));
    expect(columns.get('table_group')).toEqual(expect.arrayContaining(['objid', 'title']));
  });

  it('are for the columns that are there, and to procedures whatever is there', () => {
    const all = writingRights({ ...NONE, ...NEW });
    const there = thatAreThere(all, ({ table, column }) => table === 'table_condition' || column === 'update_stamp');
    expect(there.some(({ on }) => on === 'table_condition')).toBe(false);
    expect(there.find(({ on, verb }) => on === 'table_task' && verb === 'UPDATE')?.columns).toEqual([
      'title',
      'due_date',
      'comp_date',
    ]);
    expect(there.filter(({ verb }) => verb === 'EXECUTE')).toHaveLength(2);
  });

  it('of one login are told once', () => {
    const one = { verb: 'SELECT', on: 'table_task', columns: ['title'] } as const;
    expect(joined([one], [{ ...one, columns: ['notes', 'title'] }])).toEqual([{ ...one, columns: ['title', 'notes'] }]);
  });

  it('name a login as it is, whatever is in it', () => {
    expect(grantText({ verb: 'DELETE', on: 'table_task', columns: [] }, 'DOM\\a]b')).toBe(
      'GRANT DELETE ON [table_task] TO [DOM\\a]]b];',
    );
  });
});
