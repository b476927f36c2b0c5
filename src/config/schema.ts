// The one description of the configuration: the check of a file and the JSON Schema for editors both follow from it.

import {
  andThen,
  duration,
  flag,
  httpUrl,
  list,
  object,
  optional,
  problem,
  record,
  refine,
  required,
  text,
  textAs,
  variant,
  withDefault,
  type Checked,
  type JsonSchema,
  type Shape,
} from '../core/shape';
import type { Secret } from '../core/secret';
import type { ReadConnectionString } from '../io/connection-string';
import { databaseShape, type DatabaseConfig } from './database';
import { LOG_FILE, logShape, type LogConfig } from './log';
import { timeZoneShape } from './time-zone';

export type { DatabaseConfig, LogConfig };

/** A checked configuration. */
export interface Config {
  /** The absolute path of the file that it came from. */
  readonly file: string;
  readonly clarify: {
    readonly database: DatabaseConfig;
    /** The IANA name of the zone whose local time the database holds. */
    readonly timeZone: string;
    /** The address of the CRM's web client, without a slash at its end. */
    readonly agentUrl: string;
    /** Whether solutions that are not public are left out. */
    readonly publicSolutionsOnly: boolean;
  };
  /** Without the leading `#`. */
  readonly tags: readonly string[];
  /** By name; at least one. */
  readonly destinations: Readonly<Record<string, DestinationConfig>>;
  /** The time that a whole run may take, in ms. */
  readonly deadline: number;
  readonly log: LogConfig | false;
  readonly templates: TemplatesConfig;
  /** Every secret in it. */
  readonly secrets: readonly Secret[];
}

/** A configured destination. */
export interface DestinationConfig {
  /** The name of the destination type. */
  readonly type: string;
  /** What the options of that type yield. */
  readonly options: unknown;
}

/** Liquid templates by object type, then by activity: its name, its code, `none` or `*`. */
export type TemplatesConfig = Readonly<Record<string, Readonly<Record<string, TemplateConfig>>>>;

/** The templates of one message; `undefined` means the standard wording, an empty text an empty part. */
export interface TemplateConfig {
  readonly title: string | undefined;
  readonly body: string | undefined;
  readonly link: string | undefined;
}

/** The option shapes of destination types by name. They come in, because a run loads only those that it uses. */
export type OptionShapes = Readonly<Record<string, Shape<unknown>>>;

/** What the file says. */
export type CheckedFile = Checked<ReturnType<typeof configShape>>;

/** The shape of the whole file. */
export function configShape(destinationTypes: OptionShapes, readConnectionString: ReadConnectionString) {
  return object({
    $schema: optional(text(), 'Where an editor finds the description of these keys. The program does not read it.'),
    clarify: required(clarifyShape(readConnectionString), 'The CRM that the activities come from.'),
    tags: withDefault(
      list(textAs(readTag, 'a tag: one word without blanks and commas', { pattern: TAG.source })),
      ['dovetailCRM'],
      'Tags that every message carries, with or without the leading #.',
    ),
    destinations: required(
      destinationsShape(destinationTypes),
      'The activity streams to post to, each under a name of its own. The name is a part of what makes a post the same post: ' +
        'under a new name everything counts as not yet posted.',
    ),
    deadline: withDefault(
      duration(500, 600_000),
      10_000,
      'The time that a whole run may take, from "500ms" to "10m"; "10s" if left out.',
    ),
    log: optional(logShape(), `Where every run leaves a line, or false for nowhere; ${LOG_FILE} next to this file if left out.`),
    templates: withDefault(
      record(record(templateShape(), /\S/, 'the name or the code of an activity, none or *'), /\S/, 'an object type'),
      {},
      'Wording by object type, then by activity: its name, its code, none (a message about the object itself) or * (any other).',
    ),
  });
}

/** The JSON Schema of the file, for all destination types. */
export function configSchema(destinationTypes: OptionShapes): JsonSchema {
  const neverAsked: ReadConnectionString = () => {
    throw new Error('a schema reads no connection string');
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:publish-activity:configuration',
    title: 'Configuration of publish-activity',
    description: 'Publishes an activity of a Clarify / Dovetail CRM in activity streams.',
    ...configShape(destinationTypes, neverAsked).schema,
  };
}

function clarifyShape(readConnectionString: ReadConnectionString): Shape<Config['clarify']> {
  return object({
    database: required(databaseShape(readConnectionString), 'The database of the CRM, which is only read.'),
    timeZone: required(
      timeZoneShape(),
      'The time zone of the database server, whose local time the CRM stores: an IANA name such as America/Chicago.',
    ),
    agentUrl: required(httpUrl(), "The address of the CRM's web client, which the links in messages start with."),
    publicSolutionsOnly: withDefault(flag(), false, 'Whether solutions that are not public are left out.'),
  });
}

const TAG = /^#?[^\s,#]+$/;

function readTag(tag: string): string | undefined {
  return TAG.test(tag) ? tag.replace(/^#/, '') : undefined;
}

const DESTINATION_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

function destinationsShape(types: OptionShapes): Shape<Config['destinations']> {
  const one: Shape<DestinationConfig> = andThen(variant('type', types), ({ type, ...options }) => ({ type, options }));
  const named = record(one, DESTINATION_NAME, 'a name of at most 40 letters, digits, _ and -, the first a letter or a digit');
  const some = refine(named, (destinations, place) => {
    if (Object.keys(destinations).length === 0) problem(place, 'is empty; at least one destination is needed');
  });
  return { ...some, schema: { ...some.schema, minProperties: 1 } };
}

function templateShape(): Shape<TemplateConfig> {
  // An empty template is legal: it leaves a part of the message out.
  const template = textAs((liquid) => liquid, 'a Liquid template');
  return object({
    title: optional(template, 'The title, as a Liquid template.'),
    body: optional(template, 'The body, as a Liquid template.'),
    link: optional(template, 'The address that the message links to, as a Liquid template.'),
  });
}
