// The part of the dialogue about a groupware, which a configuration can do without.

import type { Comments } from './config-text';
import { choose, readSettings, unknownType } from './choice';
import type { InitOptions } from './desk';
import { withKeys } from './draft';
import { interview, type Interview, type Setting } from './interview';
import { askForLogins, isOfLogin } from './logins';
import { groupwareQuestions, waysOf } from './questions';

const NONE = 'none';

/** What stands above the key, and above what a pilot begins with. */
export const GROUPWARE_COMMENTS: Comments = {
  groupware: 'Calendars and tasks in step, by publish-activity sync; docs/groupware.md tells more.',
  'groupware.vault':
    'The key that tokens are sealed with. Keep a copy of it where the backups of the ledger are not: without it every user has to agree anew.',
  'groupware.write':
    'Nothing is written into the CRM yet. Look at publish-activity sync --dry-run first, then name logins here, or true for all.',
};

/**
 * Offers to keep calendars and tasks in step, with writing into the CRM off. Whoever names the activity stream by a flag knows what the
 * configuration shall have, and is not asked.
 */
export async function askForGroupware(start: Interview, options: InitOptions, setting: Setting): Promise<Interview> {
  const { desk } = setting;
  const names = desk.groupwareNames;
  const isOffered = options.destinationType === undefined;
  const words = 'Calendars and tasks, kept in step with';
  const type = options.groupwareType ?? (isOffered ? await choose(words, [NONE, ...names], setting, NONE) : undefined);
  if (type === undefined && options.groupwareSet !== undefined)
    return { ...start, missing: [...start.missing, '--groupware-type'] };
  if (type === undefined || type === NONE) return start;
  if (!names.includes(type)) throw unknownType('--groupware-type', type, names);
  const known = await desk.groupwareType(type);
  const { schema, logins } = known;
  const said = readSettings('--groupware-set', options.groupwareSet ?? []);
  const ofLogins = new Map([...said].filter(([key]) => isOfLogin(key, logins)));
  const others = new Map([...said].filter(([key]) => !ofLogins.has(key)));
  const config = withKeys(start.draft.config, ['groupware'], { type, write: false });
  const begun = { ...start, draft: { ...start.draft, config } };
  const asked = await interview(begun, groupwareQuestions(waysOf(schema)[0] ?? [], schema, others), setting);
  return logins.length === 0 ? asked : askForLogins(asked, known, ofLogins, setting);
}
