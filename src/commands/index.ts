// The commands: one record each, from which the command line, its help, the pages and the run follow. A run loads only the one that it is.

import type { Command, SetupCommand } from './command';
import type { CompletionParts } from './installation/completion/index';
import { CHECK_NAMES } from './installation/doctor/check-names';
import type { Site } from './installation/doctor/site';
import type { Desk } from './installation/init/desk';
import { FILTERS, GLOBAL_OPTIONS, OPTIONS, type OptionName, type OptionsOf } from './options';
import type { CallParts, PublishParts } from './outbox/publish/parts';
import type { ReconcileParts } from './outbox/reconcile/index';
import type { RuleParts } from './installation/rule/index';
import type { ScanParts } from './outbox/scan/parts';
import type { ConnectParts } from './groupware/consent-parts';
import type { SyncParts } from './groupware/sync/parts';
import type { ShowParts } from './looking/show';

/** The parts of all commands that work with a checked configuration; each takes what it needs. */
export type AllParts = PublishParts & CallParts & ShowParts & RuleParts & ScanParts & ReconcileParts & SyncParts & ConnectParts;

/** The parts of the commands about the installation. */
export interface SetupParts extends CompletionParts {
  readonly site: Site;
  readonly desk: Desk;
}

/** Checks that a command knows no option but its own. */
const command = <const Name extends OptionName>(record: Command<Name, AllParts>) => record;
const setup = <const Name extends OptionName>(record: SetupCommand<Name, SetupParts>) => record;

const always = () => true;

/** Every command by its name, in the order of the help. The first one needs no name. Rules can never use a name for an object type. */
export const commands = {
  publish: command({
    needs: 'configuration',
    usage: '<objectType> <dbId> [<activityObjid>] [options]',
    summary: 'publish one activity; the word "publish" may be left out',
    description:
      'Publishes one activity. <dbId> is the objid of the CRM object, <activityObjid> the objid of its table_act_entry row.\n' +
      'Without an activity (or with 0) it is the newest one of the last 10 minutes, else the object itself.',
    options: ['rule', 'dryRun'],
    keeps: true,
    callOf: ({ dryRun }) => (dryRun === true ? undefined : 'publish'),
    load: async () => (await import('./outbox/publish/index')).publishCommand,
  }),
  rerun: command({
    needs: 'configuration',
    usage: '[options]',
    summary: 'send what is due; a scheduler runs it every few minutes',
    description: 'Sends everything that is due, and looks into what is in doubt. Two runs at once share the work.',
    options: [...FILTERS, 'failed', 'abandoned', 'dryRun'],
    exit: 'that of the worst end among what it took up; 75 if something of it waits for the next rerun',
    isLong: always,
    keeps: true,
    load: async () => (await import('./outbox/rerun/index')).rerun,
  }),
  reconcile: command({
    needs: 'configuration',
    usage: '--since <when> [--until <when>] [--publish] [options]',
    summary: 'list what the CRM logged and no rule passed on; --publish posts it',
    description:
      'Compares the CRM’s own log of activities with the ledger, for what `reconcile` in the configuration names.\n' +
      'The last 15 minutes are left to the rules, unless --until says something else. Nothing is posted without --publish.',
    options: ['since', 'until', 'publish', 'limit', 'dryRun'],
    exit: '0 if nothing is missing, or if what is missing was only to be listed; with --publish as for rerun',
    isLong: always,
    load: async () => (await import('./outbox/reconcile/index')).reconcile,
  }),
  preview: command({
    needs: 'configuration',
    usage: '<objectType> <dbId> [<activityObjid>] | --since <when> [--until <when>] [options]',
    summary: 'the posts that one activity gives, or how many a span of the past would have given',
    description:
      'Shows the posts of one activity, each with the route that takes it to its destination. With --since it is a forecast of noise:\n' +
      'the posts that the activities of that time would have given, by destination, and the busiest hour of each.\n' +
      'The activities are those that `reconcile` names, else all of them. Nothing is sent, and the ledger is not looked at.',
    options: ['rule', 'since', 'until'],
    isLong: ({ since }) => since !== undefined,
    load: async () => (await import('./looking/preview')).preview,
  }),
  status: command({
    needs: 'configuration',
    usage: '[options]',
    summary: 'what is due, in doubt, held and abandoned, and the last success of each destination',
    description:
      'Shows how the ledger stands, destination by destination. --openmetrics is for the textfile collector of Prometheus:\n' +
      'publish-activity status --openmetrics > publish_activity.prom.tmp, which is then renamed.',
    options: ['openmetrics', 'check'],
    exit: '0, whatever it shows; with --check 69 if something waits for a person, 75 if turns of users have failed for long',
    load: async () => (await import('./looking/status')).status,
  }),
  list: command({
    needs: 'configuration',
    usage: '[options]',
    summary: 'the deliveries in the ledger, one a line',
    description:
      'Lists deliveries, and the requests that have none, in the order of their acceptance.\n' +
      'With --json a line has every field but the body of the message.',
    options: [...FILTERS, 'state', 'entries', 'conflicts', 'user'],
    load: async () => (await import('./looking/list')).list,
  }),
  why: command({
    needs: 'configuration',
    usage: '<id> | <objectType> <dbId> [<activityObjid>] | <entryType> <dbId> [options]',
    summary: 'the whole story of one activity in plain words',
    description:
      'Tells what became of one activity, destination by destination; and of an entry that is kept in step, as in:\n' +
      'publish-activity why appointment 268435457',
    options: [],
    load: async () => (await import('./looking/why')).why,
  }),
  resolve: command({
    needs: 'configuration',
    usage: '<id> --as <delivered|undelivered|crm|groupware|both> [options]',
    summary: 'say what became of a post that is held in doubt, or which side of a held entry is right',
    description:
      'Ends the doubt about a delivery: as delivered it is never sent again, as undelivered it is sent by the next rerun.\n' +
      'An entry that is held becomes as it is in the crm, or in the groupware; or both stay as they are. Of a user whose entries are\n' +
      'only adopted, the login stands in place of the id: what the ledger knew nothing of is left alone, and the rest goes on.',
    options: ['as'],
    load: async () => (await import('./outbox/resolve')).resolve,
  }),
  discard: command({
    needs: 'configuration',
    usage: '<id>... [options]',
    summary: 'never send these deliveries; asks first',
    description: 'Takes deliveries out of the ledger’s work. Their ids stay, so that nothing posts them by mistake.',
    options: ['yes'],
    load: async () => (await import('./outbox/discard')).discard,
  }),
  test: command({
    needs: 'configuration',
    usage: '<destination> [options]',
    summary: 'post one clearly marked message through the real path',
    description: 'Posts one message that says that it is a test. Nothing of the CRM is read, and the ledger is not touched.',
    options: ['dryRun'],
    load: async () => (await import('./installation/test')).test,
  }),
  show: command({
    needs: 'configuration',
    usage: '<objectType> <dbId> [<activityObjid>] [options]',
    summary: 'the values behind the placeholders of one activity, and the words that apply',
    description:
      'Shows every placeholder with its value and where in the CRM that comes from, and the post that it gives.\n' +
      'It opens no ledger and sends nothing. As in: publish-activity show Case 268435457 268435457',
    options: ['rule'],
    exit: '0 also for an activity of which nothing would be posted; 66 if there is none',
    load: async () => (await import('./looking/show')).show,
  }),
  rule: command({
    needs: 'configuration',
    usage: '[<objectType>...] [options]',
    summary: 'the business rules to enter; with --check, what is wrong with those that the CRM has',
    description:
      'Prints the rule to enter and the rule property that it needs, for some object types or for all.\n' +
      'With --check it reads the rules of the CRM that call publish-activity and tells which pass wrong arguments.\n' +
      'As in: publish-activity rule case "change request" --rule "SLA warning"',
    options: ['rule', 'check'],
    exit: 'with --check 78 if a rule has to be mended',
    load: async () => (await import('./installation/rule/index')).rule,
  }),
  scan: command({
    needs: 'configuration',
    usage: '[options]',
    summary: 'publish what no rule can fire on: new product revisions, stock that runs low; for a scheduler',
    description:
      'Looks for new product revisions, and for stock that fell to its reorder level, and publishes each once.\n' +
      'The first time it takes stock and publishes nothing. As in: publish-activity scan --dry-run',
    options: ['limit', 'dryRun'],
    exit: 'as for rerun',
    isLong: always,
    keeps: true,
    load: async () => (await import('./outbox/scan/index')).scan,
  }),
  sync: command({
    needs: 'configuration',
    usage: '[<entryType> <dbId> [<activityObjid>]] [options]',
    summary: 'keep calendars, tasks and contacts in step with a groupware, both ways; for a scheduler, and for rules',
    description:
      'Takes every user’s turn, the one first that waited longest: what changed in the CRM goes to the groupware, and what people\n' +
      'changed there comes back, where groupware.write says so. It goes on where the last run stopped.\n' +
      'With words it is what a business rule calls: the call is kept, and whoever owns this row (and owned it) has a turn at once.\n' +
      'As in: publish-activity sync --dry-run, or publish-activity sync appointment 268435457',
    options: ['rule', 'user', 'dryRun'],
    exit:
      '0 if all turns ended well; 75 if some have to be tried again, 69 in the run that finds one refused for good. ' +
      'A call ends with 75, too, where another run is at its user',
    isLong: (_, words) => words.length === 0,
    callOf: ({ dryRun, user }, words) => (words.length === 0 || dryRun === true || user !== undefined ? undefined : 'sync'),
    load: async () => (await import('./groupware/sync/index')).sync,
  }),
  connect: command({
    needs: 'configuration',
    usage: '<login>... | --all | --list [options]',
    summary: 'let users agree that the groupware is kept in step; --list shows who did',
    description:
      'Prints an address at the groupware (Google) that the user opens and agrees on, waits 5 minutes or --timeout for the answer,\n' +
      'and keeps what was agreed to, sealed. The browser has to run on this computer, or the answer comes through a proxy of yours:\n' +
      '--callback https://crm.example.com/consent --port 8400. The account has to be that of the user’s e-mail address in the CRM.\n' +
      'Of several users, or everybody who is left (--all), each has an address, which can be opened again until it did.\n' +
      'As in: publish-activity connect pmorales',
    options: ['list', 'all', 'asIs', 'open', 'callback', 'port'],
    exit:
      '0 if all who were asked agreed, or nobody has to; 77 if the one user did not, not to everything, or with another account; ' +
      '75 if somebody did not answer in time; 78 if the program is not let in at all. Of whoever did not agree nothing is kept',
    isLong: always,
    load: async () => (await import('./groupware/connect')).connect,
  }),
  disconnect: command({
    needs: 'configuration',
    usage: '<login> [options]',
    summary: 'keep a user who leaves in step no more; nothing is deleted without --remove-entries',
    description:
      'Ends the turns of a user until somebody resolves it: publish-activity resolve <login> --as both. Nothing is deleted. With\n' +
      '--remove-entries, what was made in the groupware for the CRM is deleted there; it asks first. What the user made, or changed,\n' +
      'stays, and so does everything in the CRM. What the user agreed to (connect) is revoked at the end, and forgotten.',
    options: ['removeEntries', 'yes'],
    exit:
      '0 if nothing is left to be deleted; 75 if the same command has to be run again; ' +
      '69 if what the user agreed to is forgotten here and could not be revoked',
    isLong: always,
    load: async () => (await import('./groupware/disconnect')).disconnect,
  }),
  export: command({
    needs: 'configuration',
    usage: '<login> | contact <objid> [options]',
    summary: 'print everything that the ledger holds about a person',
    description:
      'Prints what is kept about a user of the CRM: whose turn it is, entries in step with all texts, values that gave way, what was\n' +
      'written into the CRM, and the deliveries whose messages tell of the person. Of a contact, or another row, what is kept about it.\n' +
      'As in: publish-activity export pmorales --json',
    options: [],
    isLong: always,
    load: async () => (await import('./groupware/export')).exportPerson,
  }),
  forget: command({
    needs: 'configuration',
    usage: '<login> | contact <objid> [options]',
    summary: 'take the texts about a person out of the ledger; asks first',
    description:
      'Empties what `export` prints: the texts go, ids and states stay, so that nothing is posted or made twice. A message that may be\n' +
      'sent yet is kept, and named. Of a user who is kept in step the next sync keeps texts again: take the login out of\n' +
      'groupware.users first.',
    options: ['yes'],
    isLong: always,
    load: async () => (await import('./groupware/forget')).forget,
  }),
  rekey: command({
    needs: 'configuration',
    usage: '[options]',
    summary: 'seal what users agreed to under the newest key, so that older keys can go',
    description:
      'Wraps the tokens of all users again, under groupware.vault.key, and says whether an older key is still needed. Runs of sync may go\n' +
      'on meanwhile, and it can be broken off anywhere and run again.',
    options: [],
    exit: '0 if no older key is needed any more; 69 if something cannot be opened; 75 if it has to be run again',
    isLong: always,
    load: async () => (await import('./groupware/rekey')).rekey,
  }),
  init: setup({
    needs: 'nothing',
    usage: '[options]',
    summary: 'write a first configuration, from answers or flags',
    description:
      'Asks for what no option says, and writes a configuration that has passed the check. A password is never an option: it is typed\n' +
      'unseen, and goes into a file of its own. --from takes server, database and login from the dovetail.config of the old script.\n' +
      'Example: publish-activity init --from dovetail.config',
    options: [
      'from',
      'output',
      'server',
      'database',
      'user',
      'password',
      'timeZone',
      'agentUrl',
      'destinationType',
      'destinationName',
      'set',
      'groupwareType',
      'groupwareSet',
      'yes',
    ],
    load: async () => (await import('./installation/init/index')).init,
  }),
  doctor: setup({
    needs: 'nothing',
    usage: '[<check>...] [options]',
    summary: 'look at everything that publishing depends on, and say what to mend',
    description:
      'Makes all checks, or those that are named, and posts nothing. Run it as the account of the rules. The checks are\n' +
      `${CHECK_NAMES.join(', ')}.\n` +
      'Example: publish-activity doctor database tables',
    options: [],
    exit: 'that of the worst check that failed; 0 if none did',
    load: async () => (await import('./installation/doctor/index')).doctor,
  }),
  completion: setup({
    needs: 'nothing',
    usage: '<shell> [options]',
    summary: 'print the script with which bash, zsh, fish or powershell completes what you type',
    description:
      'Prints a script for bash, zsh, fish or powershell. It offers commands, options, object types, destinations, kinds of entries\n' +
      'and users, by the names that the configuration has when it is printed; without one that can be read, no names.\n' +
      'Example: source <(publish-activity completion bash)',
    options: [],
    load: async () => (await import('./installation/completion/index')).completion,
  }),
} as const;

/** What the command line is made of. */
export const vocabulary = { commands, options: OPTIONS, globalOptions: GLOBAL_OPTIONS };

/** The name of a command. */
export type CommandName = keyof typeof commands;

/** What all options may be: more than any command sees. */
export type AllOptions = OptionsOf<OptionName>;
