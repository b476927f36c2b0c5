// The one description of the configuration: the check of a file and the JSON Schema for editors both follow from it.

import {
  choice,
  duration,
  filePath,
  flag,
  httpUrl,
  lazily,
  list,
  object,
  optional,
  record,
  required,
  text,
  textAs,
  withDefault,
  type Checked,
  type JsonSchema,
  type Shape,
} from '../core/shape';
import type { Routing, Words } from '../core/routing';
import type { Secret } from '../core/secret';
import { alertsShape, type AlertsConfig } from './alerts';
import { databaseShape, type DatabaseConfig } from './database';
import { destinationsShape, type DestinationConfig, type OptionShapes } from './destinations';
import { LEDGER_FILE, ledgerShape, type LedgerConfig } from './ledger';
import { LOG_FILE, logShape, type LogConfig } from './log';
import { groupwareShape, type GroupwareConfig } from './groupware';
import { localeShape } from './locale';
import { siteTypesShape, type SiteTypes } from './object-types';
import { reconcileShape, type ReconcileConfig } from './reconcile';
import { routesShape, rulesShape, wordsShape } from './routing';
import { scanShape, DEFAULT_SCAN, type ScanConfig } from './scan';
import { timeZoneShape } from './time-zone';

export type {
  AlertsConfig,
  DatabaseConfig,
  DestinationConfig,
  GroupwareConfig,
  LedgerConfig,
  LogConfig,
  OptionShapes,
  ReconcileConfig,
  ScanConfig,
  SiteTypes,
};

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
    /** How cases and solutions read: as the script of 2010 wrote them, or in sentences as everything else. */
    readonly wording: '2010' | 'sentences';
    /** The language of dates in posts. */
    readonly locale: string;
    readonly objectTypes: SiteTypes;
    /** Logins whose doings are not posted, in lower case. */
    readonly ignoreUsers: readonly string[];
  };
  /** Without the leading `#`. */
  readonly tags: readonly string[];
  /** By name; at least one. */
  readonly destinations: Readonly<Record<string, DestinationConfig>>;
  /** The time that a whole run may take, in ms. */
  readonly deadline: number;
  readonly log: LogConfig | false;
  /** Where requests and deliveries are kept. */
  readonly ledger: LedgerConfig;
  /** The folder of the requests that the ledger could not take: an absolute path. */
  readonly spool: string;
  /** How long the messages of delivered posts are kept, in ms. Their ids are kept for ever. */
  readonly keepMessages: number;
  /** What becomes of a post that may have arrived, at a destination that can neither be asked nor drops a repeat. */
  readonly whenInDoubt: 'hold' | 'resend';
  /** Whether the exit code is 0, not 75, for what is kept and tried again. */
  readonly exitZeroWhenKept: boolean;
  /** Who is told of trouble; nobody without it. */
  readonly alerts: AlertsConfig | undefined;
  /** What rules pass on; empty where nobody said. */
  readonly reconcile: ReconcileConfig;
  /** What `scan` looks for. */
  readonly scan: ScanConfig;
  /** What is kept in step with a groupware; nothing without it. */
  readonly groupware: GroupwareConfig | undefined;
  readonly templates: TemplatesConfig;
  readonly routing: Routing;
  /** Every secret in it. */
  readonly secrets: readonly Secret[];
}

/** Liquid templates by object type, then by activity: its name, its code, `none` or `*`. */
export type TemplatesConfig = Readonly<Record<string, Readonly<Record<string, Words>>>>;

/** What the file says. */
export type CheckedFile = Checked<ReturnType<typeof configShape>>;

/** The option shapes of the types of destinations, and of groupware. */
export interface TypeShapes {
  readonly destinations: OptionShapes;
  readonly groupware: OptionShapes;
}

/** The shape of the whole file. */
export function configShape({ destinations: destinationTypes, groupware: groupwareTypes }: TypeShapes) {
  return object({
    $schema: optional(text(), 'Where an editor finds the description of these keys. The program does not read it.'),
    clarify: required(clarifyShape(), 'The CRM that the activities come from.'),
    tags: withDefault(tagsShape(), ['dovetailCRM'], 'Tags that every message carries, with or without the leading #.'),
    destinations: required(
      destinationsShape(destinationTypes),
      'The activity streams to post to, each under a name of its own. The name is a part of what makes a post the same post: ' +
        'under a new name everything counts as not yet posted.',
    ),
    deadline: withDefault(
      deadlineShape(),
      DEFAULT_DEADLINE_MS,
      'The time that a whole run may take, from "500ms" to "10m"; "10s" if left out.',
    ),
    log: optional(logShape(), `Where every run leaves a line, or false for nowhere; ${LOG_FILE} next to this file if left out.`),
    ledger: optional(
      ledgerShape(),
      `Where what was accepted is kept until it is delivered: a SQLite file, ${LEDGER_FILE} next to this file if left out, or a ` +
        'database on a SQL Server that several hosts share, whose login may make and change tables there.',
    ),
    spool: optional(
      filePath(),
      'The folder where this host keeps what the ledger cannot take at the moment, until a rerun takes it in; if left out, the ' +
        "ledger's file with .spool at its end, or, for a ledger on a SQL Server, publish-activity.spool beside the log.",
    ),
    keepMessages: withDefault(
      duration(86_400_000, 3_650 * 86_400_000),
      90 * 86_400_000,
      'How long the ledger keeps the messages of delivered posts; "90d" if left out. It knows for ever that they were delivered.',
    ),
    whenInDoubt: withDefault(
      choice(['hold', 'resend']),
      'hold',
      'What becomes of a post that may have arrived, at a destination that can neither be asked nor drops a repeat.',
    ),
    exitZeroWhenKept: withDefault(
      flag(),
      false,
      'Whether the exit code is 0, not 75, for what is kept and tried again: for rule engines that alarm on any other code.',
    ),
    alerts: optional(alertsShape(), 'Who is told, once a day, of what was abandoned, is held in doubt or waits for long.'),
    reconcile: withDefault(
      reconcileShape(),
      [],
      'What the business rules pass on, for the command `reconcile` and for alerts of silence.',
    ),
    groupware: optional(
      lazily(() => groupwareShape(groupwareTypes)),
      'The groupware with which the users’ calendars, tasks and contacts are kept in step, by the command `sync`.',
    ),
    scan: withDefault(scanShape(), DEFAULT_SCAN, 'What the command `scan` looks for; a scheduler runs it.'),
    rules: withDefault(
      rulesShape(tagsShape()),
      {},
      'What is different about the messages of a rule: by what --rule says, for example "SLA warning".',
    ),
    routes: withDefault(
      routesShape(tagsShape()),
      [],
      'Which messages go where. Without routes every destination gets every message; with routes, what none of them takes goes nowhere.',
    ),
    routing: withDefault(choice(['first', 'all']), 'first', 'Whether only the first route that fits counts, or all of them.'),
    templates: withDefault(
      record(record(wordsShape(), /\S/, 'the name or the code of an activity, none or *'), /\S/, 'an object type'),
      {},
      'Wording by object type, then by activity: its name, its code, none (a message about the object itself) or * (any other).',
    ),
  });
}

/** The time that a whole run may take, in ms, where the file does not say. */
export const DEFAULT_DEADLINE_MS = 10_000;

/** The time that a whole run may take. */
export function deadlineShape(): Shape<number> {
  return duration(500, 600_000);
}

/** The JSON Schema of the file, for all types of destinations and groupware. */
export function configSchema(types: TypeShapes): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:publish-activity:configuration',
    title: 'Configuration of publish-activity',
    description: 'Publishes an activity of a Clarify / Dovetail CRM in activity streams.',
    ...configShape(types).schema,
  };
}

function clarifyShape(): Shape<Config['clarify']> {
  return object({
    database: required(databaseShape(), 'The database of the CRM, which is only read.'),
    timeZone: required(
      timeZoneShape(),
      'The time zone of the database server, whose local time the CRM stores: an IANA name such as America/Chicago.',
    ),
    agentUrl: required(httpUrl(), "The address of the CRM's web client, which the links in messages start with."),
    publicSolutionsOnly: withDefault(flag(), false, 'Whether solutions that are not public are left out.'),
    wording: withDefault(
      choice(['2010', 'sentences']),
      '2010',
      'How cases and solutions read: as the script of 2010 wrote them, or in sentences as all other object types.',
    ),
    locale: withDefault(localeShape(), 'en-GB', 'The language of dates in posts: a tag such as en-US or de-CH.'),
    ignoreUsers: withDefault(
      list(textAs((login) => login.trim().toLowerCase() || undefined, 'a login name')),
      [],
      "The logins of the CRM's own robots: what they do is not posted. Upper and lower case make no difference.",
    ),
    objectTypes: withDefault(
      siteTypesShape(),
      {},
      "The site's own object types, and what is different about those that the program knows: by name, for example tower or case.",
    ),
  });
}

function tagsShape(): Shape<readonly string[]> {
  return list(textAs(readTag, 'a tag: one word without blanks and commas', { pattern: TAG.source }));
}

const TAG = /^#?[^\s,#]+$/;

function readTag(tag: string): string | undefined {
  return TAG.test(tag) ? tag.replace(/^#/, '') : undefined;
}
