// What a new configuration has to be told: each question with its flag, its place and how an answer becomes a value. Pure.

import { isRecord } from '../../../core/shape';
import type { InitOptions } from './desk';
import type { Path, Raw } from './draft';
import type { OldSettings } from './old-config';

/** A question. */
export interface Question {
  /** The flag that answers it, for example `--server`. */
  readonly flag: string;
  /** What the flag or an old file says; `undefined` where nobody has said anything. */
  readonly given?: string | undefined;
  /** What is asked, without a question mark. */
  readonly words: string;
  /** What an empty answer means. */
  readonly fallback?: string;
  /** The object that the answer belongs into, and its key there. */
  readonly path: Path;
  readonly key: string;
  /** The name of the file that keeps the answer, for a secret. */
  readonly secretFile?: string;
  /** Whether the secret lies in a file already, whose path is what somebody types. */
  readonly isFile?: boolean;
  /** Whether what is given is the secret itself, of an old file, and not a reference to it. */
  readonly isPlain?: boolean;
  /** The keys that the answer means; the text itself under `key` if left out. */
  readonly read?: (answer: string) => Raw;
}

/** The questions about the CRM. */
export function crmQuestions(options: InitOptions, old: OldSettings | undefined, ownZone: string): readonly Question[] {
  const database: Path = ['clarify', 'database'];
  const said = (text: string | undefined) => (text === undefined || text === '' ? undefined : text);
  const place = old === undefined ? undefined : said(old.server) && serverText(old);
  return [
    {
      flag: '--server',
      given: options.server ?? place,
      words: 'The host of the SQL Server; host\\instance or host,port will do',
      path: database,
      key: 'server',
      read: serverKeys,
    },
    {
      flag: '--database',
      given: options.database ?? said(old?.database),
      words: 'The name of the database',
      path: database,
      key: 'database',
    },
    {
      flag: '--user',
      given: options.user ?? said(old?.user),
      words: 'The SQL Server login, which needs to read the tables and nothing else',
      path: database,
      key: 'user',
    },
    {
      flag: '--password',
      given: options.password ?? said(old?.password),
      words: 'Its password',
      path: database,
      key: 'password',
      secretFile: 'clarify-password.txt',
      isPlain: options.password === undefined,
    },
    {
      flag: '--time-zone',
      given: options.timeZone,
      words: 'The time zone of the database server, for example America/Chicago',
      fallback: ownZone,
      path: ['clarify'],
      key: 'timeZone',
    },
    {
      flag: '--agent-url',
      given: options.agentUrl,
      words: "The address of the CRM's web client, where links start, for example http://server/dovetail",
      path: ['clarify'],
      key: 'agentUrl',
    },
  ];
}

function serverText({ server, instance, port }: OldSettings): string {
  return `${server}${instance === undefined ? '' : `\\${instance}`}${port === undefined ? '' : `,${port}`}`;
}

/** `host`, `host\instance` or `host,port`, as administrators write it, in the keys of the configuration. */
function serverKeys(answer: string): Raw {
  const [whole, server, instance, port] = /^(?:tcp:)?([^\\,\s]+)(?:\\([^\\,\s]+))?(?:\s*,\s*(\d{1,5}))?$/i.exec(answer) ?? [];
  if (whole === undefined) return { server: answer };
  return { server, ...(port === undefined ? {} : { port: Number(port) }), ...(instance === undefined ? {} : { instance }) };
}

/** A way to reach a destination: the keys that it cannot do without. */
export type Way = readonly string[];

/** The ways that the JSON Schema of a destination type's options knows; several where one key takes the place of others. */
export function waysOf(schema: Raw): readonly Way[] {
  const needed = (each: unknown): Way => (isRecord(each) && Array.isArray(each['required']) ? (each['required'] as Way) : []);
  const alternatives = Array.isArray(schema['oneOf']) ? schema['oneOf'].map(needed) : [];
  return alternatives.length > 0 ? alternatives : [needed(schema)];
}

/** The questions about a destination. `said` are the answers of `--set`, by key. */
export function destinationQuestions(
  name: string,
  way: Way,
  schema: Raw,
  said: ReadonlyMap<string, string>,
): readonly Question[] {
  return optionQuestions({ path: ['destinations', name], flag: '--set', file: name }, way, schema, said);
}

const GROUPWARE = { path: ['groupware'], flag: '--groupware-set', file: 'groupware' } as const;

/** The questions about a groupware, likewise; and whose entries are kept in step. */
export function groupwareQuestions(way: Way, schema: Raw, said: ReadonlyMap<string, string>): readonly Question[] {
  const about = GROUPWARE;
  const users: Question = {
    flag: `${about.flag} users=`,
    given: said.get('users'),
    words: 'Whose calendars and tasks: logins with commas between them, or all',
    path: about.path,
    key: 'users',
    read: (answer) => ({ users: answer === 'all' ? answer : answer.split(',').map((login) => login.trim()) }),
  };
  const others = new Map([...said].filter(([key]) => key !== 'users'));
  return [...optionQuestions(about, way, schema, others), users];
}

/** The questions about a login for all, or about whatever else is said. Of `files`, the paths are asked for. */
export function loginQuestions(
  way: Way,
  schema: Raw,
  said: ReadonlyMap<string, string>,
  files: readonly string[] = [],
): readonly Question[] {
  return optionQuestions(GROUPWARE, way, schema, said).map((question) =>
    files.includes(question.key) ? { ...question, isFile: true } : question,
  );
}

/** The questions about one of the people. `said` are the answers of `--groupware-set people.LOGIN.key=`, by key. */
export function personQuestions(login: string, way: Way, schema: Raw, said: ReadonlyMap<string, string>): readonly Question[] {
  const people = propertyOf(schema, 'people');
  const person = isRecord(people['additionalProperties']) ? people['additionalProperties'] : {};
  // No two logins make one name, and none a path or what Windows does not allow.
  const spelled = encodeURIComponent(login).replaceAll('*', '%2A');
  const about = { path: [...GROUPWARE.path, 'people', login], flag: GROUPWARE.flag, file: `${GROUPWARE.file}-${spelled}` };
  return optionQuestions(about, way, person, said).map((question) => ({
    ...question,
    flag: `${about.flag} people.${login}.${question.key}=`,
    words: `${login}, ${question.words}`,
  }));
}

function propertyOf(schema: Raw, key: string): Raw {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  return isRecord(properties[key]) ? properties[key] : {};
}

/** Where answers belong, the flag that gives them, and what the files of secrets are called after. */
interface About {
  readonly path: Path;
  readonly flag: string;
  readonly file: string;
}

function optionQuestions(
  { path, flag, file }: About,
  way: Way,
  schema: Raw,
  said: ReadonlyMap<string, string>,
): readonly Question[] {
  // What nobody asks for is said to change how the rest is judged, as `insecure` does with an address.
  const beside = [...said.keys()].filter((key) => !way.includes(key));
  return [...beside, ...way].map((key): Question => {
    const steps = key.split('.');
    const property = steps.reduce(propertyOf, schema);
    const own = steps.at(-1) ?? key;
    const described = typeof property['description'] === 'string' ? property['description'] : key;
    const secret = isSecret(property) ? { secretFile: `${file}-${spelledKey(key)}.txt` } : {};
    return {
      flag: `${flag} ${key}=`,
      given: said.get(key),
      words: `${key}: ${described}`,
      path: [...path, ...steps.slice(0, -1)],
      key: own,
      read: (answer) => ({ [own]: valueFor(property, answer) }),
      ...secret,
    };
  });
}

/** `webhook-url` for `webhookUrl`, and `vault-key` for `vault.key`, as names of files are spelled. */
function spelledKey(key: string): string {
  return key.replaceAll('.', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A secret is the only kind of value that may stand in the environment. */
function isSecret({ anyOf }: Raw): boolean {
  const kinds: readonly unknown[] = Array.isArray(anyOf) ? anyOf : [];
  return kinds.some((kind) => isRecord(kind) && isRecord(kind['properties']) && kind['properties']['env'] !== undefined);
}

/** What is typed is a text; the check says so where a number or a flag was wanted and this is none. */
function valueFor({ type }: Raw, answer: string): unknown {
  if (type === 'integer' && /^-?\d{1,15}$/.test(answer)) return Number(answer);
  if (type === 'boolean' && /^(true|false)$/.test(answer)) return answer === 'true';
  return type === 'array' ? answer.split(',').map((item) => item.trim()) : answer;
}
