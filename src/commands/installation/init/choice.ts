// What flags and people choose: a type by its name, and settings as `key=value`.

import { UserError } from '../../../core/errors';
import { nearest } from '../../../core/nearest';
import { visibleStart } from '../../../core/visible';
import type { Setting } from './interview';

/** The error about a type that nobody knows. */
export function unknownType(flag: string, type: string, names: readonly string[]): UserError {
  const near = nearest(type, names);
  const hint = near === undefined ? `there is ${names.join(', ')}` : `did you mean ${near}?`;
  return new UserError('usage', `${flag}: no type is called "${visibleStart(type, 60)}"`, hint);
}

/** `key=value` of every flag, `object.key=value` or `people.LOGIN.key=value`, the last one of a key. Throws a UserError of the kind `usage`. */
export function readSettings(flag: string, settings: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    settings.map((setting) => {
      const [, key, value] = /^([A-Za-z]\w*(?:\.(?:[^=]+\.)?[A-Za-z]\w*)?)=(.*)$/s.exec(setting) ?? [];
      if (key !== undefined && value !== undefined) return [key, value] as const;
      throw new UserError('usage', `${flag}: "${visibleStart(setting.split('=')[0] ?? '', 60)}" is not written like key=value`);
    }),
  );
}

/** Lets a person choose by number or name, or by no answer at all (`fallback`); `undefined` where nobody can be asked. */
export async function choose(
  words: string,
  names: readonly string[],
  { desk, mayAsk }: Setting,
  fallback?: string,
): Promise<string | undefined> {
  if (!mayAsk) return undefined;
  const list = names.map((name, index) => `  ${index + 1}  ${name}\n`).join('');
  const prompt = `${words}:\n${list}Number or name${fallback === undefined ? '' : ` [${fallback}]`}: `;
  for (;;) {
    const typed = await desk.world.ask(prompt);
    if (typed === undefined) throw new UserError('usage', 'nothing was written, because the answers ended');
    const answer = typed.trim() || fallback;
    const chosen = names.find((name, index) => [name, String(index + 1)].includes(answer ?? ''));
    if (chosen !== undefined) return chosen;
  }
}
