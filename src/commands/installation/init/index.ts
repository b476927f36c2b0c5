// The command `init`: writes a first configuration, from answers, flags and an old dovetail.config. What it writes has passed the check.

import { basename, dirname, join, posix } from 'node:path';
import { codeOf, messageOf, UserError } from '../../../core/errors';
import { whyUnreadable } from '../../../core/unreadable';
import { fromStartFolder } from '../../../core/start-folder';
import type { SetupFunction } from '../../command';
import type { Desk, InitOption, InitOptions, NewFile } from './desk';
import { withKeys, type Draft, type Raw } from './draft';
import { askForDestination } from './destination';
import { askForGroupware, GROUPWARE_COMMENTS } from './groupware';
import { interview, type Interview, type Setting } from './interview';
import { readOldConfig, type OldSettings } from './old-config';
import { crmQuestions } from './questions';
import { configText, type Comments } from './config-text';

const CONFIG_FILE = 'publish-activity.config.json';

/** Writes a configuration. Nothing is written before all of it is known and checked. */
export const init: SetupFunction<InitOption, { readonly desk: Desk }> = async ({ options, parts: { desk } }) => {
  const file = fromStartFolder(desk.world.cwd, options.output ?? join(desk.machineFolder, CONFIG_FILE));
  if (!file.endsWith('.json')) throw new UserError('usage', `--output: the name has to end in .json, and ${file} does not`);
  const setting: Setting = { desk, file, mayAsk: desk.world.canAsk && options.yes !== true };
  const old = options.from === undefined ? undefined : readOld(fromStartFolder(desk.world.cwd, options.from), desk);
  for (const note of old?.notes ?? []) desk.world.stderr.write(`${note}\n`);

  const start = withKeys(firstKeys(file, desk), ['clarify', 'database'], { type: 'sqlserver' });
  const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const aboutCrm = await interview(
    { draft: { config: start, secretFiles: {} }, missing: [] },
    crmQuestions(options, old, ownZone),
    setting,
  );
  const { interview: both, comment } = await askForDestination(aboutCrm, options, setting);
  const all = await askForGroupware(both, options, setting);
  if (all.missing.length > 0) throw missingFlags(all.missing, options);

  const { draft } = all;
  const worded = withKeys(draft.config, ['clarify'], { wording: old === undefined ? 'sentences' : '2010' });
  const config = withKeys(worded, ['clarify', 'database'], oldKeys(old));
  const text = configText(config, { ...COMMENTS, ...GROUPWARE_COMMENTS, ...comment });
  await desk.check(file, text, draft);
  const files = [...secretFilesOf(draft, file), { path: file, text, isSecret: false }];
  await refuseToReplace(files, options, setting);
  write(files, desk);
  return {
    result: 'done',
    message: `wrote ${files.map(({ path }) => path).join(', ')}`,
    hint: nextSteps(file, all, desk),
    deliveries: [],
  };
};

function readOld(file: string, desk: Desk): OldSettings {
  let xml: string;
  try {
    xml = desk.read(file);
  } catch (error) {
    throw new UserError('usage', `--from: ${file} cannot be read: ${whyUnreadable(error)}`);
  }
  const old = readOldConfig(file, xml);
  if (old.password !== '') desk.hide(old.password);
  return old;
}

/** An old file without Encrypt meant a connection that is not encrypted, and its server may not know any other. */
function oldKeys(old: OldSettings | undefined): Raw {
  if (old === undefined) return {};
  const { encrypt, trustServerCertificate, readOnlyIntent } = old;
  return {
    encrypt,
    ...(trustServerCertificate ? { trustServerCertificate } : {}),
    ...(readOnlyIntent ? { readOnlyIntent } : {}),
  };
}

/** A place for log and ledger where the account of the rules may write: the folder of the machine's configuration is root's. */
function firstKeys(file: string, { world, machineFolder }: Desk): Draft['config'] {
  const clarify = { clarify: {}, destinations: {} };
  if (world.platform === 'win32' || dirname(file) !== machineFolder) return clarify;
  const place = (folder: string, name: string) => posix.join('/', 'var', folder, 'publish-activity', name);
  return {
    ...clarify,
    log: place('log', 'publish-activity.log'),
    ledger: { type: 'sqlite', file: place('lib', 'publish-activity.ledger') },
  };
}

function missingFlags(missing: readonly string[], { yes }: InitOptions): UserError {
  const why = yes === true ? 'with --yes nobody is asked' : 'without a terminal nobody can be asked';
  return new UserError(
    'usage',
    `${why}, and these flags are missing:${missing.map((flag) => `\n  ${flag}`).join('')}`,
    'publish-activity init --help says what they mean',
  );
}

function secretFilesOf({ secretFiles }: Draft, file: string): readonly NewFile[] {
  return Object.entries(secretFiles).map(([name, text]) => ({
    path: join(dirname(file), name),
    text: `${text}\n`,
    isSecret: true,
  }));
}

async function refuseToReplace(files: readonly NewFile[], { yes }: InitOptions, { desk, mayAsk }: Setting): Promise<void> {
  const there = files.map(({ path }) => path).filter((path) => desk.exists(path));
  if (there.length === 0 || yes === true) return;
  const names = there.join(' and ');
  if (mayAsk && (await desk.world.confirm(`${names} would be replaced. Replace?`))) return;
  throw new UserError(
    'usage',
    `nothing was written: ${names} ${there.length === 1 ? 'is' : 'are'} there already`,
    '--yes replaces, --output names another file',
  );
}

function write(files: readonly NewFile[], desk: Desk): void {
  try {
    desk.write(files);
  } catch (error) {
    if (codeOf(error) === '') throw error;
    throw new UserError(
      'configuration',
      `it cannot be written: ${messageOf(error)}`,
      'run it as administrator, or name another file with --output',
    );
  }
}

function nextSteps(file: string, { draft, next = [] }: Interview, { world, machineFolder }: Desk): string {
  const { secretFiles, config } = draft;
  const isUsual = file === join(machineFolder, CONFIG_FILE);
  const run = (words: string) => `  publish-activity ${words}${isUsual ? '' : ` --config "${file}"`}`;
  const [name = ''] = Object.keys(config['destinations'] as object);
  const secrets = Object.keys(secretFiles)
    .map((secret) => basename(secret))
    .join(' and ');
  const toAccount =
    world.platform === 'win32'
      ? `close the folder of ${secrets} to everybody but the account of the rules (see README, Windows: icacls)`
      : `let the account of the rules read ${secrets} (chown it to that account)`;
  return [
    'what to do next:',
    ...(secrets === '' ? [] : [`  ${toAccount}`]),
    ...next.flatMap((each) => (typeof each === 'string' ? [`  ${each}`] : [])),
    run('doctor') + '   looks whether all is well',
    run(`test ${name}`) + '   posts a test message',
    run('rule case') + '   shows the business rule to enter',
    run('Case <dbId> <activityObjid> --dry-run') + '   shows what a rule would post',
    ...next.flatMap((each) => (typeof each === 'string' ? [] : [`${run(each.command)}   ${each.does}`])),
    ...(config['groupware'] === undefined ? [] : [run('sync --dry-run') + '   shows what would be kept in step']),
  ].join('\n');
}

const COMMENTS: Comments = {
  '': 'The configuration of publish-activity, written by its command init. Comments are fine here. The README explains every key.',
  'clarify.database': 'The database of the CRM. It is only read; the login needs no other right.',
  'clarify.timeZone':
    'The time zone of the database server: the CRM stores its local time. "publish-activity doctor clock" compares.',
  'clarify.agentUrl': 'Where the links in posts start.',
  'clarify.wording':
    'How cases and solutions read: "2010" as the script of 2010 wrote them, "sentences" as all other object types.',
  'clarify.database.encrypt': 'As in the old file. An encrypted connection is better where the server knows it.',
  destinations: 'The activity streams. There may be several; each gets every post.',
  log: 'The account of the rules has to be able to write these two, and their folders.',
};
