import type { Activity } from '../../src/core/activity';
import { LONGEST_PART, type Message } from '../../src/core/message';
import { compose, type Composition } from '../../src/core/compose';
import { ACTIVITY_NAMES, wordingOf, type Wordings } from '../../src/clarify/wording';
import { objectTypeNamed } from '../../src/clarify/object-types/index';
import { makeTemplates } from '../../src/io/template';

const { render } = makeTemplates();

function compositionOf(name: string, changes: Composition['changes'] = {}, wordings: Wordings = '2010'): Composition {
  const type = objectTypeNamed(name);
  return {
    ...type,
    wording: wordingOf(type, wordings),
    locale: 'en-GB',
    routing: { routes: [], take: 'first', rules: {}, destinations: ['stream'] },
    placeholders: [],
    changes,
    activityNames: ACTIVITY_NAMES,
    agentUrl: 'http://server/dovetail',
    tags: ['dovetailCRM'],
    timeZone: 'America/Chicago',
    nowMs: Date.parse('2026-11-22T07:00:00Z'),
  };
}

function activityOf(fields: Record<string, string>, entry?: Partial<Activity['entry']> & object): Activity {
  const whole = {
    objid: 9,
    code: 200,
    listName: 'Close',
    time: '2010-06-14T09:12:00',
    actor: 'Dirk Keller',
    actorLogin: 'dkeller',
    actorEmail: 'dkeller@brightwater.example',
    details: {},
  };
  const base = { objectType: 'case', objid: 5, fields };
  return entry === undefined ? base : { ...base, entry: { ...whole, ...entry } };
}

/** What a case without any value reads as. */
const none = Object.fromEntries(Object.keys(objectTypeNamed('case').fields).map((name) => [name, '']));
const all = {
  ...none,
  id: '4711',
  title: 'Meter reads 0',
  firstName: 'Nora',
  lastName: "O'Dell",
  site: 'Dock 3',
  status: 'Open',
  public: '1',
};
function messageOf(type: string, activity: Activity, changes?: Composition['changes'], rule = ''): Message {
  const [post] = compose(activity, { objectType: type, objid: 5, rule }, compositionOf(type, changes), render);
  if (post === undefined) throw new Error('there is no post');
  return post.message;
}

describe('a message about a case', () => {
  it.each([
    ['Create', all, "Created Case for Nora O'Dell at Dock 3"],
    ['create', all, "Created Case for Nora O'Dell at Dock 3"],
    ['Close', all, "Close for Nora O'Dell at Dock 3"],
    ['Create', { ...all, firstName: '', lastName: '' }, 'Created Case at Dock 3'],
    ['Create', { ...all, site: '' }, "Created Case for Nora O'Dell"],
    ['Create', { ...all, site: ' ', firstName: '', lastName: ' ' }, 'Created Case 4711'],
    ['Reopen', { ...all, lastName: '' }, 'Reopen for Nora at Dock 3'],
    ['Reopen', { ...all, site: '', firstName: '', lastName: '' }, 'Reopen 4711'],
  ])('titles %s of %j as %s', (listName, fields, title) => {
    expect(messageOf('case', activityOf(fields, { listName })).title).toBe(title);
  });

  it('has the words, the link and the tag of the script of 2010', () => {
    expect(messageOf('case', activityOf(all, {}))).toEqual({
      title: "Close for Nora O'Dell at Dock 3",
      body: 'Case Title: Meter reads 0',
      url: 'http://server/dovetail/Cases/Summary/4711',
      tags: ['dovetailCRM'],
      objectType: 'case',
      typeName: 'Case',
      id: '4711',
      activity: 'Close',
      activityCode: 200,
      actor: 'Dirk Keller',
      actorLogin: 'dkeller',
      actorEmail: 'dkeller@brightwater.example',
      fields: [
        { name: 'status', label: 'Status', value: 'Open' },
        { name: 'contact', label: 'Contact', value: "Nora O'Dell" },
        { name: 'site', label: 'Site', value: 'Dock 3' },
      ],
      happened: { wallClock: '2010-06-14T09:12:00', timeZone: 'America/Chicago' },
    });
  });

  it.each(['', '   '])('calls the empty title %p what it is', (title) => {
    expect(messageOf('case', activityOf({ ...all, title }, {})).body).toBe('Case Title: (no title)');
  });

  it.each([
    [{ listName: '', code: 200 }, 'Close'],
    [{ listName: '', code: 10500 }, 'Assign'],
    [{ listName: '', code: 94001 }, 'Activity 94001'],
    [{ listName: 'Anlegen', code: 600 }, 'Anlegen'],
  ])('names the activity %j %s', (entry, name) => {
    expect(messageOf('case', activityOf(all, entry)).activity).toBe(name);
  });

  it('says "Created" for a nameless row of code 600', () => {
    expect(messageOf('case', activityOf(all, { listName: '', code: 600 })).title).toBe("Created Case for Nora O'Dell at Dock 3");
  });

  it('is about the object itself without an activity, and names the rule', () => {
    expect(messageOf('case', activityOf(all)).title).toBe('Case 4711');
    const message = messageOf('case', activityOf(all), {}, 'SLA warning');
    expect(message).toMatchObject({
      title: 'SLA warning: Case 4711',
      body: 'Case Title: Meter reads 0',
      happened: { wallClock: '2026-11-22T07:00:00', timeZone: 'UTC' },
    });
  });

  it('encodes the id in the link', () => {
    expect(messageOf('case', activityOf({ ...all, id: 'a b/1?#' }, {})).url).toBe(
      'http://server/dovetail/Cases/Summary/a%20b%2F1%3F%23',
    );
  });

  it('is bounded, however often a template repeats a text', () => {
    const loop = '{% for i in (1..60000) %}{{ id }}-{% endfor %}';
    const message = messageOf('case', activityOf({ ...all, id: 'x' }, {}), {
      '*': { title: loop, body: loop, link: `https://${loop}` },
      Close: { title: loop },
    });
    expect(message.title).toBe(`${'x-'.repeat(LONGEST_PART / 2).slice(0, -1)}…`);
    expect(message.body).toHaveLength(LONGEST_PART);
    expect(message.url).toBe('');
  });

  it('never takes data for a template', () => {
    const title = '{{ agentUrl }}{% assign x = 1 %} {%- raw %}';
    expect(messageOf('case', activityOf({ ...all, title }, {})).body).toBe(`Case Title: ${title}`);
  });
});

describe('a message about a solution', () => {
  it.each([
    ['Create', { title: 'New Solution: Meter reads 0', body: '' }],
    ['Link', { title: 'Solution Activity: Link', body: 'Title: Meter reads 0' }],
  ])('is worded as the script of 2010 did: %s', (listName, words) => {
    const message = messageOf('solution', activityOf(all, { listName }));
    expect(message).toMatchObject({ ...words, url: 'http://server/dovetail/Solutions/Show/4711' });
  });
});

describe("a site's own wording", () => {
  const close = activityOf(all, {});

  it.each([
    ['by name', { close: { title: 'Closed by {{ actor }}' } }, 'Closed by Dirk Keller'],
    ['by code', { '200': { title: 'Closed by {{ actor }}' } }, 'Closed by Dirk Keller'],
    ['for any other activity', { '*': { title: '{{ activity }}: {{ title }}' } }, 'Close: Meter reads 0'],
    ['for another activity only', { Reopen: { title: 'never' } }, "Close for Nora O'Dell at Dock 3"],
  ])('replaces the title %s', (_how, changes, title) => {
    expect(messageOf('case', close, changes)).toMatchObject({ title, body: 'Case Title: Meter reads 0' });
  });

  it('replaces the link, and leaves the more specific words of the program in place', () => {
    const created = activityOf(all, { listName: 'Create' });
    expect(messageOf('case', created, { '*': { title: 'never', link: 'https://agent/{{ id }}' } })).toMatchObject({
      title: "Created Case for Nora O'Dell at Dock 3",
      url: 'https://agent/4711',
    });
  });
});

describe('the check of a template', () => {
  const { check } = makeTemplates();

  it.each([
    ['{{ title }} of {{ id }}', undefined],
    ['{{ titel }}', '{{ titel }} is no placeholder; did you mean title?'],
    ['{% if id == "1" %}{{ title }}{% endif %}', undefined],
    ['{% if titel == "1" %}x{% endif %}', '{{ titel }} is no placeholder; did you mean title?'],
    ['{% for n in nothing_like_it %}{{ n }}{% endfor %}', '{{ nothing_like_it }} is no placeholder; known are id, title'],
    ['{% assign mine = id %}{{ mine }}', undefined],
    ['{{ title.length.constructor }}', 'is no valid template: '],
    ['{{ title', 'is no valid template: '],
    ['{{ title | shout }}', 'is no valid template: '],
    ["{% include 'x' %}", 'is no valid template: '],
    ['{% for i in (1..1000000000) %}x{% endfor %}', 'is no valid template: '],
  ])('answers %p with %p', (template, answer) => {
    const found = check(template, ['id', 'title']);
    if (answer === undefined) expect(found).toBeUndefined();
    else expect(found?.startsWith(answer)).toBe(true);
  });
});
