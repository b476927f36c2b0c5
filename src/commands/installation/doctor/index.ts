// The command `doctor`: looks at everything that publishing depends on, check by check. It posts nothing, and what it
// writes on trial is taken back at once: what was not tried is not OK.

import { startDeadline, untilAborted, type Deadline } from '../../../core/deadline';
import { UserError, worstOf } from '../../../core/errors';
import { nearest } from '../../../core/nearest';
import type { CheckReport, Report } from '../../../core/report';
import { visibleStart } from '../../../core/visible';
import type { SetupFunction } from '../../command';
import { failureOf, skip, type Finding, type Look } from './check';
import { CHECK_NAMES, type CheckName } from './check-names';
import { clock, database, rules, tables } from './crm';
import { destinations, ledger, schedule } from './delivery';
import { groupware } from './groupware';
import { configuration, log, node, rights } from './installation';
import { dns, proxy, tls } from './network';
import type { Site } from './site';
import { spool } from './spool';
import { counted } from '../../looking/ledger-words';

/** A check: what it looks at, which earlier one has to go well for it to make sense, and what to do where it is refused an answer. */
interface Check {
  readonly look: Look;
  readonly needs: CheckName | '';
  readonly remedy: string;
}

const READ_IT = 'correct the configuration, and run publish-activity doctor configuration';
const DATABASE = 'check clarify.database, the rights of its login, the network in between, and that the server runs';
const SYSTEM = 'check the rights of the account that runs this';

/** Every check by its name. A new one is a line here, and its name where the help has it from. */
const CHECKS: Readonly<Record<CheckName, Check>> = {
  configuration: { look: configuration, needs: '', remedy: READ_IT },
  rights: { look: rights, needs: '', remedy: SYSTEM },
  node: { look: node, needs: '', remedy: SYSTEM },
  database: { look: database, needs: 'configuration', remedy: DATABASE },
  tables: { look: tables, needs: 'database', remedy: DATABASE },
  clock: { look: clock, needs: 'database', remedy: DATABASE },
  dns: { look: dns, needs: 'configuration', remedy: SYSTEM },
  proxy: { look: proxy, needs: 'configuration', remedy: SYSTEM },
  tls: { look: tls, needs: 'configuration', remedy: SYSTEM },
  destinations: { look: destinations, needs: 'configuration', remedy: SYSTEM },
  ledger: { look: ledger, needs: 'configuration', remedy: SYSTEM },
  spool: { look: spool, needs: 'configuration', remedy: SYSTEM },
  schedule: { look: schedule, needs: 'ledger', remedy: 'see publish-activity doctor ledger' },
  rules: { look: rules, needs: 'database', remedy: DATABASE },
  groupware: { look: groupware, needs: 'configuration', remedy: 'see publish-activity doctor database ledger' },
  log: { look: log, needs: 'configuration', remedy: SYSTEM },
};

/** How long a check may take, in ms: one that hangs holds up neither the others nor the administrator. */
const LONGEST_MS = 10_000;

/** Runs the checks that are named, or all of them. The exit code is that of the worst failure. */
export const doctor: SetupFunction<never, { readonly site: Site }> = async ({ words, parts: { site }, deadline, progress }) => {
  const names = namesOf(words);
  const running = new Map<CheckName | '', Promise<readonly Finding[]>>();
  let done = 0;
  for (const name of names) {
    const needed = CHECKS[name].needs;
    const before = running.get(needed);
    const look = async () => {
      const isFutile = (await before)?.some(({ status }) => status === 'fail' || status === 'skip') === true;
      const findings: Finding[] = isFutile
        ? [skip(`not looked at, because ${needed} is not OK`)]
        : [...(await examine(name, site, deadline))];
      // Of a part that is not configured nobody hears, but whoever asks.
      if (findings.length === 0 && words.length > 0) findings.push(skip('the configuration names nothing to look at'));
      progress(++done, names.length);
      return findings;
    };
    running.set(name, look());
  }
  const all = await Promise.all([...running].map(async ([check, findings]) => ({ check, findings: await findings })));
  return reportOf(all.flatMap(({ check, findings }) => findings.map((finding) => ({ check, ...finding }))));
};

function namesOf(words: readonly string[]): readonly CheckName[] {
  const known: readonly string[] = CHECK_NAMES;
  const wrong = words.find((word) => !known.includes(word));
  if (wrong === undefined) return words.length === 0 ? CHECK_NAMES : CHECK_NAMES.filter((name) => words.includes(name));
  const near = nearest(wrong, CHECK_NAMES);
  const hint = near === undefined ? `there is ${CHECK_NAMES.join(', ')}` : `did you mean ${near}?`;
  throw new UserError('usage', `no check is called "${visibleStart(wrong, 60)}"`, hint);
}

/** Makes a check within its time. */
async function examine(name: CheckName, site: Site, whole: Deadline): Promise<readonly Finding[]> {
  const check = CHECKS[name];
  const begin = site.world.uptime();
  const own = startDeadline(Math.min(LONGEST_MS, whole.remainingMs()), () => site.world.uptime() - begin);
  const stop = () => own.end();
  whole.signal.addEventListener('abort', stop, { once: true });
  try {
    return (await untilAborted(check.look(site, own), own.signal)) ?? [notInTime(begin, site)];
  } catch (error) {
    return [failureOf(error, check.remedy)];
  } finally {
    whole.signal.removeEventListener('abort', stop);
    own.end();
  }
}

function notInTime(begin: number, { world }: Site): Finding {
  const seconds = Math.round((world.uptime() - begin) / 1_000);
  return {
    status: 'fail',
    message: `no end after ${seconds} s`,
    remedy: 'something that it asks hangs; see the other checks, and run it alone',
    result: 'later',
  };
}

function reportOf(found: readonly (Finding & { readonly check: string })[]): Report {
  const failures = found.flatMap(({ status, result }) => (status === 'fail' ? [result ?? 'configuration'] : []));
  const warnings = found.filter(({ status }) => status === 'warn').length;
  const words = [
    ...(failures.length > 0 ? [counted(failures.length, 'failure', 'failures')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning', 'warnings')] : []),
  ];
  const checks = found.map(({ result: _, ...report }): CheckReport => report);
  const message = words.length === 0 ? 'nothing is wrong' : words.join(', ');
  return { result: failures.length === 0 ? 'done' : worstOf(failures), message, deliveries: [], checks };
}
