// From an activity to the message: which words, filled with which values. Rendering comes in as a function.

import { DETAIL_NAMES, type Activity, type ActivityEntry, type Request } from './activity';
import { chooseTemplates, type WordedPart, type WordsSource } from './choose-templates';
import { fitText } from './fit';
import { LONGEST_PART, type Message, type MessageField } from './message';
import { spellForReaders } from './reader-date';
import { addressesOf, type Address, type Routing, type Voice, type Words } from './routing';
import { isMoment, utcTime } from './wall-clock';

/** The words for one activity: Liquid templates. */
export interface Wording {
  readonly title: string;
  readonly body: string;
}

/** Words by activity: its name (case does not matter) or its code, `*` for any other, `none` for a post without an activity. */
export type WordingTable = Readonly<Record<string, Wording>>;

/** What a site changes of the words, in the same shape; what it leaves out stays as it is. */
export type WordingChanges = Readonly<Record<string, Words>>;

/** Fills a template with values. Throws where the template names a placeholder that the values lack. */
export type Render = (template: string, values: Readonly<Record<string, string>>) => string;

/** What composing needs to know beside the activity. */
export interface Composition {
  /** How posts call the object type. */
  readonly typeName: string;
  /** How people know the object where no field `id` says it: a template. */
  readonly id?: string;
  readonly wording: WordingTable;
  readonly changes: WordingChanges;
  /** The fields that destinations may show beside the text: placeholder to label, in their order. */
  readonly shown: Readonly<Record<string, string>>;
  /** The template of the link back. */
  readonly link: string;
  /** Names of the activity codes that the CRM's own list may lack. */
  readonly activityNames: Readonly<Record<number, string>>;
  /** The address of the CRM's web client. */
  readonly agentUrl: string;
  readonly tags: readonly string[];
  readonly routing: Routing;
  /** All placeholders of all object types: in what is about several types, those that a type does not have are empty. */
  readonly placeholders: readonly string[];
  /** The language of dates in posts, for example `en-GB`. */
  readonly locale: string;
  /** The IANA name of the CRM server's zone. */
  readonly timeZone: string;
  /** The moment of a post without an activity, in ms since 1970 UTC. */
  readonly nowMs: number;
}

/** The placeholders that templates of every object type have, beside the type's own fields. */
export const COMMON_PLACEHOLDERS = [
  'objectType',
  'typeName',
  'objid',
  'contact',
  'ownerName',
  'product',
  'queue',
  'status',
  'activity',
  'activityCode',
  'activityObjid',
  'actor',
  'actorLogin',
  'rule',
  'agentUrl',
  ...DETAIL_NAMES,
] as const;

/** A message, and the destination that gets it. */
export interface Post extends Pick<Address, 'destination' | 'by'> {
  readonly message: Message;
}

/** A message, and where the words of its parts stand. */
interface Worded {
  readonly message: Message;
  readonly sources: Readonly<Record<WordedPart, WordsSource>>;
}

/** A post, and where its words stand. */
export type WordedPost = Post & Worded;

/** Composes the posts about an activity; none where no route takes it. */
export function compose(activity: Activity, request: Request, composition: Composition, render: Render): readonly WordedPost[] {
  const values = valuesOf(activity, request, composition, render);
  const holds = (condition: string) => render(conditionTemplate(condition), values) !== '';
  const messages = new Map<Voice, Worded>();
  return addressesOf(request.rule, composition.routing, holds).map(({ destination, voice, by }) => {
    const worded = messages.get(voice) ?? composeOne(activity, values, voice, composition, render);
    messages.set(voice, worded);
    return { destination, by, ...worded };
  });
}

/** A condition as a template that gives an empty text where it does not hold. */
export function conditionTemplate(condition: string): string {
  return `{% if ${condition} %}yes{% endif %}`;
}

/** The values of all placeholders. */
export function valuesOf(
  activity: Activity,
  request: Request,
  composition: Composition,
  render: Render,
): Readonly<Record<string, string>> {
  const blank = Object.fromEntries(composition.placeholders.map((name) => [name, '']));
  const known = { ...blank, ...placeholders(activity, request, composition) };
  const id = composition.id === undefined ? (activity.fields['id'] ?? '') : render(composition.id, known);
  return { ...known, id: fitText(id, LONGEST_PART) };
}

function composeOne(
  { entry, objectType }: Activity,
  values: Readonly<Record<string, string>>,
  voice: Voice,
  composition: Composition,
  render: Render,
): Worded {
  const { timeZone, nowMs } = composition;
  const name = values['activity'] ?? '';
  const sources = chooseTemplates(entry, name, voice, composition);
  const url = render(sources.link.template, values);
  const message = {
    title: fitText(render(sources.title.template, values), LONGEST_PART),
    body: fitText(render(sources.body.template, values), LONGEST_PART),
    url: url.length > LONGEST_PART ? '' : url,
    tags: [...new Set([...composition.tags, ...voice.tags])],
    objectType,
    typeName: composition.typeName,
    id: values['id'] ?? '',
    activity: name,
    activityCode: entry?.code ?? 0,
    actor: entry?.actor ?? '',
    actorLogin: entry?.actorLogin ?? '',
    actorEmail: entry?.actorEmail ?? '',
    fields: shownFields(values, composition.shown),
    happened: entry !== undefined && isMoment(entry.time) ? { wallClock: entry.time, timeZone } : utcTime(nowMs),
  };
  return { message, sources };
}

/** The activity's name as the CRM lists it, else the baseline name of its code, else the code. */
export function activityName(
  { listName, code }: Pick<ActivityEntry, 'listName' | 'code'>,
  names: Readonly<Record<number, string>>,
): string {
  return listName.trim() === '' ? (names[code] ?? `Activity ${code}`) : listName;
}

function placeholders(
  { objectType, objid, fields, entry }: Activity,
  request: Request,
  { typeName, agentUrl, locale, activityNames }: Composition,
): Readonly<Record<string, string>> {
  const spelled = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, value.trim() === '' ? '' : spellForReaders(value, locale)]),
    );
  const filled = spelled(fields);
  const together = (...names: readonly string[]) =>
    names
      .map((name) => filled[name])
      .filter(Boolean)
      .join(' ');
  const common: Record<(typeof COMMON_PLACEHOLDERS)[number], string> = {
    objectType,
    typeName,
    objid: String(objid),
    contact: together('firstName', 'lastName'),
    ownerName: together('ownerFirstName', 'ownerLastName') || (filled['owner'] ?? ''),
    product: together('partNumber', 'revision'),
    queue: filled['queue'] ?? '',
    status: filled['status'] ?? '',
    activity: entry === undefined ? '' : activityName(entry, activityNames),
    activityCode: entry === undefined ? '' : String(entry.code),
    activityObjid: entry === undefined ? '' : String(entry.objid),
    actor: entry?.actor ?? '',
    actorLogin: entry?.actorLogin ?? '',
    rule: request.rule,
    agentUrl,
    oldStatus: '',
    newStatus: '',
    resolution: '',
    commitmentDue: '',
    ...spelled(entry?.details ?? {}),
  };
  return { ...filled, ...common, title: filled['title'] || '(no title)' };
}

function shownFields(values: Readonly<Record<string, string>>, shown: Composition['shown']): readonly MessageField[] {
  const fields = Object.entries(shown).map(([name, label]) => ({ name, label, value: values[name] ?? '' }));
  return fields.filter(({ value }) => value !== '');
}
