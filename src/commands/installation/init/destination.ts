// The part of the dialogue about the activity stream.

import { UserError } from '../../../core/errors';
import { choose, readSettings, unknownType } from './choice';
import type { InitOptions } from './desk';
import { withKeys } from './draft';
import { interview, type Interview, type Setting } from './interview';
import { destinationQuestions, waysOf, type Way } from './questions';
import type { Comments } from './config-text';

/**
 * Asks which activity stream it shall be, and what that needs: the questions follow from the shape of its options. The comment is what
 * stands above it in the file.
 */
export async function askForDestination(
  start: Interview,
  options: InitOptions,
  setting: Setting,
): Promise<{ readonly interview: Interview; readonly comment: Comments }> {
  const { desk } = setting;
  const type = options.destinationType ?? (await choose('The activity stream', desk.typeNames, setting));
  if (type === undefined) return { interview: { ...start, missing: [...start.missing, '--destination-type'] }, comment: {} };
  if (!desk.typeNames.includes(type)) throw unknownType('--destination-type', type, desk.typeNames);
  const name = options.destinationName ?? type;
  const { summary, schema, setupUrl } = await desk.destinationType(type);
  const said = readSettings('--set', options.set ?? []);
  const ways = waysOf(schema);
  const way = ways.length === 1 ? ways[0] : (wayOf(ways, said) ?? (await chooseWay(ways, setting)));
  const draft = { ...start.draft, config: withKeys(start.draft.config, ['destinations', name], { type }) };
  const wrongName = (await desk.problemsOf(setting.file, draft)).find(({ path }) => path.length === 2 && path[1] === name);
  if (wrongName !== undefined) throw new UserError('usage', `--destination-name: ${JSON.stringify(name)} ${wrongName.message}`);
  const begun = { ...start, draft };
  if (way === undefined) {
    const flags = ways.map((keys) => keys.map((key) => `--set ${key}=`).join(' ')).join(', or ');
    return { interview: { ...begun, missing: [...begun.missing, flags] }, comment: {} };
  }
  const setup = setupUrl === undefined ? '' : `Where the credentials come from: ${setupUrl}`;
  if (setup !== '' && setting.mayAsk) desk.world.stderr.write(`${setup}\n`);
  const parts = [sentence(summary), 'Under another name everything would count as not yet posted.', setup];
  const comment = { [`destinations.${name}`]: parts.filter((part) => part !== '').join(' ') };
  return { interview: await interview(begun, destinationQuestions(name, way, schema, said), setting), comment };
}

/** Summaries are written with and without a capital and a full stop. */
function sentence(summary: string): string {
  return `${summary.slice(0, 1).toUpperCase()}${summary.slice(1).replace(/\.$/, '')}.`;
}

/** The way whose own keys were set. */
function wayOf(ways: readonly Way[], said: ReadonlyMap<string, string>): Way | undefined {
  return ways.find((way) => way.some((key) => said.has(key) && ways.every((other) => other === way || !other.includes(key))));
}

async function chooseWay(ways: readonly Way[], setting: Setting): Promise<Way | undefined> {
  const names = ways.map((way) => way.join(' + '));
  const chosen = await choose('How it is reached, by', names, setting);
  return ways[names.indexOf(chosen ?? '')];
}
