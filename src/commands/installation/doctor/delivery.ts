// The checks of what happens to a post: the destinations, the ledger, and the schedule of the rerun.

import { dirname } from 'node:path';
import type { Deadline } from '../../../core/deadline';
import { DatabaseError } from '../../../core/database-error';
import { visible } from '../../../core/visible';
import type { LedgerConfig } from '../../../config/ledger';
import type { Config } from '../../../config/schema';
import { codeOf } from '../../../core/errors';
import { whyUnreadable } from '../../../core/unreadable';
import type { Probe } from '../../../destinations/destination';
import type { ReadyDestination } from '../../outbox/deliver';
import { deliveryOfError, ledgerHint, ONE_BUG_HINT } from '../../error-report';
import { FORGOTTEN_HINT, forgottenBy, forgottenWords } from '../../outbox/forgotten';
import { readStatus, type LedgerStatus } from '../../looking/ledger-status';
import { counted, momentWords, relativeWords, spanWords } from '../../looking/ledger-words';
import { fail, ok, skip, toBeWritable, warn, type Finding, type Look } from './check';
import type { Site } from './site';

/** Whether each destination lets us in, as far as that can be known without posting. */
export const destinations: Look = async (site, deadline) => {
  const ready = await site.destinations();
  return Promise.all(ready.map((each) => tryDestination(each, site, deadline)));
};

async function tryDestination(
  { name, probe, setupUrl }: ReadyDestination,
  { world }: Site,
  deadline: Deadline,
): Promise<Finding> {
  const found = await Promise.resolve(probe?.(deadline)).catch((error: unknown) => deliveryOfError(error));
  if (found !== undefined && 'result' in found) {
    const { result, reason, stack } = found;
    const remedy = stack === undefined ? 'mend that in the configuration' : `${ONE_BUG_HINT}\n${stack}`;
    return fail(result, `${name}: ${visible(reason)}`, remedy);
  }
  if (found !== undefined && found.kind !== 'untried') return probeFinding(name, found, world.platform, setupUrl);
  const words = found === undefined ? '' : `; ${visible(found.words)}`;
  return skip(`${name}: cannot be tried without posting${words}`, `publish-activity test ${name}   posts a test message`);
}

function probeFinding(
  name: string,
  found: Exclude<Probe, { readonly kind: 'untried' }>,
  platform: NodeJS.Platform,
  setupUrl: string | undefined,
): Finding {
  if (found.kind === 'works') return ok(`${name}: ${visible(found.words)}`);
  const message = `${name}: ${visible(found.reason)}`;
  if (found.folder !== undefined) {
    const words =
      'what is posted meanwhile is kept; give the account of the rules the right to write the folder and all that is in it';
    return fail('later', message, toBeWritable(found.folder, platform, words));
  }
  if (found.kind === 'retry' && found.needsRepair === true) {
    const remedy = `mend that there, or destinations.${name} in the configuration; what is posted meanwhile is kept`;
    return fail('later', message, remedy);
  }
  if (found.kind !== 'rejected') return fail('later', message, 'what is posted meanwhile is kept; see dns, proxy and tls');
  const source = setupUrl === undefined ? '' : `; ${setupUrl} says where it comes from`;
  return found.loginRefused === true
    ? fail('login-refused', message, `check the login of destinations.${name} in the configuration${source}`)
    : fail('rejected', message, `check destinations.${name} in the configuration`);
}

const MEGABYTE = 1024 ** 2;
const LITTLE_SPACE = 100 * MEGABYTE;
const NO_SPACE = 10 * MEGABYTE;

/** Whether the ledger can keep what it is given, and how it stands. */
export const ledger: Look = async (site, { signal }) => {
  const config = await site.config();
  const settings = config.ledger;
  const disk = settings.type === 'sqlite' ? lookAtFile(settings.file, site) : [];
  if (disk.some(({ status }) => status === 'fail')) return disk;
  const look = (known: Known) => lookIntoLog(config, site, known);
  if (settings.type === 'sqlite' && site.files.fileFacts(settings.file) === undefined)
    return [...disk, ok(`${settings.file} is not there yet; the first request makes it`), ...(await look(() => []))];
  const place = settings.type === 'sqlite' ? settings.file : `the database ${settings.database} on ${settings.server}`;
  try {
    const examined = await site.ledger();
    const { version, newest } = await examined.version(signal);
    if (version > newest) {
      const message = `${place} is of version ${version}, and this program knows none after ${newest}`;
      return [...disk, fail('not-kept', message, 'use the publish-activity that wrote it, or a newer one')];
    }
    const missing = (await examined.missingRights?.(version, signal)) ?? [];
    if (missing.length > 0) return [...disk, lackingFinding(place, settings, missing)];
    if (version < newest) {
      const older = ok(`${place} is of version ${version}; the next run brings it to version ${newest}`);
      return [...disk, older, ...(version === 0 ? await look(() => []) : [])];
    }
    const now = site.world.now();
    const standing = await readStatus(examined.ledger, Object.keys(config.destinations), now, signal);
    const known = async (ids: readonly string[]) => {
      const found = await examined.ledger.deliveries({ ids }, ids.length, signal);
      return found.map(({ id }) => id);
    };
    const itself = ok(`${place}, version ${version}${sizeWords(settings, site)}`);
    return [...disk, itself, standingFinding(standing, now), ...(await look(known))];
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const isServer = settings.type === 'sqlserver';
    const whole = ['SELECT, INSERT, UPDATE ON SCHEMA::dbo'];
    if (isServer && error.table === 'denied') return [...disk, lackingFinding(place, settings, whole, error.message)];
    return [...disk, fail('not-kept', `the ledger cannot be used: ${error.message}`, ledgerHint(error.problem))];
  }
};

type Known = (ids: readonly string[]) => readonly string[] | Promise<readonly string[]>;

/** Whether the ledger knows what the log tells of. */
async function lookIntoLog({ log, file }: Config, { files }: Site, known: Known): Promise<readonly Finding[]> {
  if (log === false) return [];
  let lines: readonly string[];
  try {
    lines = files.logEnds(log.file);
  } catch (error) {
    if (codeOf(error) === '') throw error;
    const message = `whether the ledger was emptied or restored cannot be told: the log ${log.file}: ${whyUnreadable(error)}`;
    return [skip(message)];
  }
  const forgotten = await forgottenBy(async (ids) => known(ids), lines, file);
  return forgotten === undefined ? [] : [warn(forgottenWords(forgotten), FORGOTTEN_HINT)];
}

/** Without these rights every call ends with 74, and the same call again posts again. */
function lackingFinding(
  place: string,
  settings: LedgerConfig,
  missing: readonly string[],
  reason = `${place}: its login may not ${missing.join('; ')}; it was tried, and taken back`,
): Finding {
  const user = settings.type === 'sqlserver' ? settings.user : '';
  const grants = missing.map((right) => `GRANT ${right} TO [${user.replaceAll(']', ']]')}];`).join(' ');
  return fail('not-kept', reason, `let the administrator of the database run: ${grants}`);
}

/** SQLite makes files beside its own, so the folder has to be writable, too. */
function lookAtFile(file: string, { files, world }: Site): readonly Finding[] {
  const paths = files.fileFacts(file) === undefined ? [file] : [file, `${file}-wal`];
  const refused = paths.map((path) => ({ path, why: files.whyNotWritable(path) })).find(({ why }) => why !== undefined);
  if (refused !== undefined) {
    const words = 'name another file with ledger, or give the account of the rules the right to write this one and its folder';
    const remedy = toBeWritable(dirname(file), world.platform, words);
    return [fail('not-kept', `${refused.path} ${refused.why ?? ''}`, remedy)];
  }
  const { free, onNetwork } = files.diskFacts(file);
  if (onNetwork) {
    const message = `${file} is on the network, where the write-ahead log of SQLite fails`;
    return [fail('not-kept', message, 'name a file on a disk of this machine with ledger')];
  }
  const left = `${Math.floor(free / MEGABYTE)} MB are left on the disk of ${file}`;
  if (free < NO_SPACE) return [fail('not-kept', left, 'make room')];
  return free < LITTLE_SPACE ? [warn(left, 'make room')] : [];
}

function sizeWords(settings: { readonly type: string; readonly file?: string }, { files }: Site): string {
  if (settings.file === undefined) return '';
  const { size } = files.fileFacts(settings.file) ?? { size: 0 };
  return `, ${(size / MEGABYTE).toFixed(1)} MB, ${Math.floor(files.diskFacts(settings.file).free / MEGABYTE)} MB left on its disk`;
}

function standingFinding({ destinations: all, accepted, abandoned }: LedgerStatus, now: number): Finding {
  const total = (state: 'due' | 'in-doubt' | 'held' | 'abandoned') => all.reduce((sum, { counts }) => sum + counts[state], 0);
  const oldest = Math.min(...all.map(({ oldestDueAt }) => oldestDueAt).filter((at) => at > 0));
  const figures = [
    `${total('due')} due${oldest === Infinity ? '' : ` (the oldest of ${momentWords(oldest, now)})`}`,
    `${total('in-doubt')} in doubt`,
    `${total('held')} held`,
    `${total('abandoned') + abandoned.count} abandoned`,
    `${counted(accepted.count, 'request', 'requests')} without a message yet`,
  ].join(', ');
  const waitsForPeople = total('held') + total('abandoned') + abandoned.count > 0;
  return waitsForPeople ? warn(figures, 'publish-activity status   says what to do') : ok(figures);
}

/** How long something may have been due; a scheduler comes every few minutes. */
const PATIENCE_MS = 30 * 60_000;

/** Whether anybody runs `rerun`. Only what is due and stays there tells. */
export const schedule: Look = async (site, { signal }) => {
  const { ledger: settings } = await site.config();
  const nothing = 'nothing waits, so nothing tells whether rerun is scheduled';
  if (settings.type === 'sqlite' && site.files.fileFacts(settings.file) === undefined) return [skip(nothing)];
  const examined = await site.ledger();
  const { version, newest } = await examined.version(signal);
  if (version !== newest) return [skip(nothing)];
  const now = site.world.now();
  const { count, since, lastRerunAt } = await examined.overdue(now - PATIENCE_MS, signal);
  if (count === 0)
    return [lastRerunAt > now - PATIENCE_MS ? ok(`rerun was at work ${relativeWords(lastRerunAt, now)}`) : skip(nothing)];
  const overdue = `${counted(count, 'post has', 'posts have')} been due for up to ${spanWords(now - since)}`;
  if (lastRerunAt >= now - PATIENCE_MS) return [ok(`${overdue}, and rerun was at work ${relativeWords(lastRerunAt, now)}`)];
  const remedy = 'schedule publish-activity rerun, every few minutes, as the account of the rules (the README says how)';
  return [fail('configuration', `nobody runs rerun: ${overdue}`, remedy)];
};
