// A kind of entry that a site adds in its configuration.

/** A visit, in a table of the site's own. */
export const VISIT = {
  becomes: 'event',
  table: 'table_x_visit',
  fields: { title: 'x_title', site: 'x_visit2site.name' },
  subject: '{{ title }}',
  place: '{{ site }}',
  begin: 'x_from',
  end: 'x_to',
  notes: 'x_remarks',
  owner: 'x_visit2user.login_name',
  writable: ['subject', 'time', 'notes'],
  longest: { subject: 10 },
};
