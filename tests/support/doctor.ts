// The command `doctor` in a test: over a real installation and a clock of the test's own.

import { doctor } from '../../src/commands/installation/doctor/index';
import type { CheckReport, Report } from '../../src/core/report';
import { configurationSource, findConfiguration } from '../../src/parts/configuration';
import { buildSite } from '../../src/parts/site';
import { realWorld, type World } from '../../src/world';
import { plenty } from './ledger-context';

/** Makes checks of the installation that a configuration file makes. */
export async function examine(
  file: string,
  names: readonly string[],
  change: Partial<World> = {},
  deadline = plenty(),
): Promise<Report> {
  const world: World = { ...realWorld(), env: {}, terminal: false, ...change };
  const find = async () => ({ loaded: await findConfiguration(file, world), source: configurationSource(file, world) });
  const site = buildSite(file, world, find);
  try {
    return await doctor({
      words: names,
      options: {},
      deadline,
      progress: () => undefined,
      emit: () => undefined,
      parts: { site },
    });
  } finally {
    deadline.end();
    site.close();
  }
}

/** One check, as short lines: the status, and the message. */
export async function lines(file: string, name: string, change: Partial<World> = {}): Promise<readonly string[]> {
  return linesOf((await examine(file, [name], change)).checks ?? []);
}

/** Findings as short lines. */
export function linesOf(checks: readonly CheckReport[]): readonly string[] {
  return checks.map(({ status, message }) => `${status}: ${message}`);
}
