// The checks of what the administrator installed: the configuration, the rights of its files, Node, the log.

import { dirname } from 'node:path';
import { UserError } from '../../../core/errors';
import { fail, ok, skip, toBeWritable, warn, type Finding, type Look } from './check';
import type { Site } from './site';

/** Where the configuration was found, and all that is wrong with it. */
export const configuration: Look = async (site) => {
  const { file, how } = await site.found();
  await site.config();
  const elsewhere = await otherForRules(site, file);
  return [ok(`${file}, ${how}`), ...(elsewhere === undefined ? [] : [elsewhere])];
};

/** A rule engine has no terminal, and does not look where an administrator stands. */
async function otherForRules(site: Site, file: string): Promise<Finding | undefined> {
  const theirs = await site.foundByRules().catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (theirs?.file === file) return undefined;
  const message = `without a terminal, as rules call it, the program would ${theirs === undefined ? 'find none' : `use ${theirs.file}`}`;
  return warn(
    message,
    'put it into the machine-wide folder, or name it with --config or PUBLISH_ACTIVITY_CONFIG in the rules, too',
  );
}

const OTHERS_READ = 0o004;
const OTHERS_WRITE = 0o002;

/** Who else can read the secrets, and who can change the configuration. */
export const rights: Look = async (site) => {
  const { file } = await site.found();
  const secret = await site.secretFiles();
  const all = [...new Set([file, ...secret])];
  if (site.world.platform === 'win32') {
    return [
      skip('Windows keeps rights in access lists', `see who may read: ${all.map((path) => `icacls "${path}"`).join('; ')}`),
    ];
  }
  const open = all.flatMap((path) => {
    const mode = site.files.fileFacts(path)?.mode ?? 0;
    const verbs = [
      ...(secret.includes(path) && (mode & OTHERS_READ) !== 0 ? ['read the secret in it'] : []),
      ...((mode & OTHERS_WRITE) !== 0 ? ['change it'] : []),
    ];
    const words = `${path}: every account of this machine can ${verbs.join(' and ')} (mode ${mode.toString(8)})`;
    return verbs.length === 0 ? [] : [warn(words, `chmod o-rw "${path}"`)];
  });
  return open.length > 0 ? open : [ok(`by their modes, no account outside of their group can read a secret or change ${file}`)];
};

/** The version of Node. */
export const node: Look = (site) => {
  const { world, neededNode } = site;
  const version = world.nodeVersion;
  const [have, need] = [version, neededNode].map((spelling) => spelling.replace(/^\D+/, '').split('.').map(Number));
  const [major = 0, minor = 0] = have ?? [];
  const [leastMajor = 0, leastMinor = 0] = need ?? [];
  const isEnough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return Promise.resolve([
    isEnough
      ? ok(`${version} on ${world.platform}`)
      : fail('configuration', `${version}, and ${neededNode} is needed`, 'install a newer Node.js from https://nodejs.org'),
  ]);
};

/** Whether the log can be written. */
export const log: Look = async (site) => {
  const config = await site.config();
  if (config.log === false) return [ok('none is kept (log is false)')];
  const why = site.files.whyNotWritable(config.log.file);
  if (why === undefined) return [ok(`${config.log.file} can be written`)];
  const words = 'name another file with log, or give the account of the rules the right to write this one';
  return [warn(`${config.log.file} ${why}`, toBeWritable(dirname(config.log.file), site.world.platform, words))];
};
