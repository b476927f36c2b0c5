// The check of what keeps calendars and tasks in step: the users, the groupware, the kinds of entries, the rights of the logins in the CRM's
// database, and what is known of entries in the ledger.

import type { CrmUser } from '../../../clarify/entries';
import type { TypeState } from '../../../clarify/examine';
import type { GroupwareConfig } from '../../../config/schema';
import { startDeadline, type Deadline } from '../../../core/deadline';
import { visible } from '../../../core/visible';
import { groupwareOf, namedTwice } from '../../groupware/named-groupwares';
import { readStanding, standingConcern } from '../../groupware/standing';
import { counted } from '../../looking/ledger-words';
import { fail, failureOf, ok, skip, warn, type Finding, type Look } from './check';
import { askServers, consentFindings, consentsOf, serverFindings, usersLetIn } from './consents';
import { stateFindings } from './crm';
import { namesOf } from './place-words';
import { placeFindings } from './places';
import { sharedFindings } from './shared-requests';
import type { ExaminedGroupware, ExaminedOne, LoginRights, Site } from './site';

/** Looks at each part by itself; nothing where no groupware is configured. */
export const groupware: Look = async (site, deadline) => {
  const { groupware: config } = await site.config();
  const examined = await site.groupware();
  if (config === undefined || examined === undefined) return [];
  const { signal } = deadline;
  const users = examined.users(signal);
  // What hangs outside leaves time for everything to be told.
  const begin = site.world.uptime();
  const asking = startDeadline(Math.max(0, deadline.remainingMs() - TELLING_MS), () => site.world.uptime() - begin);
  signal.addEventListener('abort', () => asking.end(), { once: true });
  const parts = [
    users.then((all) => userFindings(all, config)),
    ...examined.groupwares.flatMap((each) => partsOf(each, users, examined, site, asking)),
    examined.examineKinds(signal).then((states) => stateFindings(states, kindWords(config))),
    examined.examineContacts(signal).then((states) => contactFindings(states, config)),
    rightFindings(examined, config, site, signal),
    ledgerFindings(examined, site, signal),
  ];
  const found = await Promise.all(parts.map((part) => part.catch((error: unknown) => [failureOf(error, REMEDY)])));
  asking.end();
  // Where the users cannot be read, that is said once.
  return found.flat().filter(({ message }, index, all) => all.findIndex((other) => other.message === message) === index);
};

/** One of the groupwares: its servers, the consents of its users, and the places for their entries. */
function partsOf(
  groupware: ExaminedOne,
  users: Promise<readonly CrmUser[]>,
  examined: ExaminedGroupware,
  site: Site,
  asking: Deadline,
): readonly Promise<readonly Finding[]>[] {
  const { groupwares } = examined.consenting;
  const own = users.then((all) => all.filter((user) => groupwareOf(user, groupwares).name === groupware.name));
  const consents = own.then((some) => consentsOf(some, examined, asking));
  const letIn = consents.then(async (all) => usersLetIn(await own, all));
  const heard = groupware.flow === undefined ? Promise.resolve([]) : askServers(groupware, site, asking);
  return [
    heard.then((all) => serverFindings(groupware.called, all)),
    consents.then((all) => consentFindings(all, groupware, asking)),
    letIn.then((some) => placeFindings(some, groupware, site, heard, asking)),
    letIn.then((some) => sharedFindings(some, groupware, asking)),
  ];
}

/** What has to be left of the time of the check for the findings to be told, in ms. */
const TELLING_MS = 1_500;

const REMEDY = 'see publish-activity doctor database, and the rights that docs/groupware.md lists';

/** Who is kept in step, and who is named and is not. */
function userFindings(all: readonly CrmUser[], { users, others, write }: GroupwareConfig): readonly Finding[] {
  const active = all.filter(({ isActive }) => isActive).map(({ login }) => login);
  const inactive = all.filter(({ isActive }) => !isActive).map(({ login }) => login);
  const everybody = [users, ...Object.values(others).map((other) => other.users)];
  const named = everybody.flatMap((some) => (typeof some === 'string' || 'group' in some ? [] : some));
  const twice = all.map(namedTwice).filter((words) => words !== '');
  const unknown = named.filter((login) => !all.some((user) => user.login === login));
  const writers = (Array.isArray(write) ? write : []).filter((login) => !all.some((user) => user.login === login));
  return [
    active.length > 0
      ? ok(`${counted(active.length, 'user is', 'users are')} kept in step`)
      : warn('nobody is kept in step', 'name logins, a group or "all" with groupware.users'),
    ...twice.map((words) => fail('configuration', words, 'mend the groups, or name logins')),
    ...(unknown.length > 0
      ? [warn(`the CRM has no user ${namesOf(unknown)}`, 'check the logins of groupware.users; case does not matter')]
      : []),
    ...(inactive.length > 0
      ? [
          warn(
            `not active in the CRM, and left alone: ${namesOf(inactive)}`,
            'nothing to do, if they left; else make them active',
          ),
        ]
      : []),
    ...(writers.length > 0
      ? [warn(`groupware.write names who is not kept in step: ${namesOf(writers)}`, 'name them with groupware.users, too')]
      : []),
  ];
}

function kindWords({ kinds }: GroupwareConfig): Parameters<typeof stateFindings>[1] {
  return {
    called: ['kind of entries', 'kinds of entries'],
    isConfigured: (name) => kinds[name]?.table !== undefined,
    remedy: 'give the login of clarify.database the right to read it (see the rights below)',
    unless: (name) => `nothing to do where nobody uses it, or "kinds": { "${name}": { "off": true } }`,
  };
}

/** What leads to contacts: open work, of which a site need not have every kind; or a path of the site's own, which has to be there as a whole. */
function contactFindings(states: readonly TypeState[], { contacts }: GroupwareConfig): readonly Finding[] {
  if (states.length === 0) return [];
  if (typeof contacts === 'string')
    return stateFindings(states, {
      called: ['kind of open work that leads to contacts', 'kinds of open work that lead to contacts'],
      isConfigured: () => false,
      remedy: 'give the login of clarify.database the right to read it (see the rights below)',
      unless: () => 'nothing to do where nobody uses it',
    });
  return stateFindings(
    states.map((state) => ({ ...state, name: 'groupware.contacts.path' })),
    {
      called: ['way to contacts', 'ways to contacts'],
      isConfigured: () => true,
      remedy:
        'name tables and columns that are there, and give the login of clarify.database the right to read them (see the rights below)',
      unless: () => '',
    },
  );
}

/** What the logins may do in the CRM's database, or whether its file can be written. */
async function rightFindings(
  examined: ExaminedGroupware,
  { write, newIds, database }: GroupwareConfig,
  site: Site,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const isWriting = write === true || (write !== false && write.length > 0);
  const settings = database ?? (await site.config()).clarify.database;
  const off = isWriting ? [] : [skip('nothing is written into the CRM: groupware.write is off')];
  const ids =
    isWriting && newIds === undefined
      ? [skip('what people enter in the groupware stays there: groupware.newIds is left out')]
      : [];
  const file = isWriting && settings.type === 'sqlite' ? fileFindings(settings.file, site) : [];
  return [...off, ...file, ...(await examined.rights(signal)).flatMap(loginFindings), ...ids];
}

function loginFindings({ login, grants, missing, excessive, isForLater }: LoginRights): readonly Finding[] {
  const name = visible(login);
  if (isForLater)
    return [skip(`before it is switched on, ${name} needs these rights, which were not tried:\n${grants.join('\n')}`)];
  const have =
    missing.length === 0
      ? ok(`${name} has the rights that it needs; each was tried, and nothing was changed:\n${grants.join('\n')}`)
      : fail(
          'configuration',
          `${name} lacks ${missing.length} of ${counted(grants.length, 'right', 'rights')}; each was tried, and nothing was changed`,
          `let the administrator of the database run:\n${missing.join('\n')}`,
        );
  return excessive.length === 0
    ? [have]
    : [
        have,
        warn(
          `${name} may change all of ${excessive.join(', ')}, which is more than it needs`,
          'take UPDATE on the whole tables, or the role that brings it, from this login; what it needs are the columns above',
        ),
      ];
}

/** SQLite keeps what it may have to take back in a file beside its own. */
function fileFindings(file: string, { files }: Site): readonly Finding[] {
  const refused = [file, `${file}-journal`].map((path) => ({ path, why: files.whyNotWritable(path) }));
  const [first] = refused.filter(({ why }) => why !== undefined);
  if (first === undefined) return [ok(`${file} can be written`)];
  const remedy = 'let the account that runs sync write the file and its folder, or switch groupware.write off';
  return [fail('configuration', `${first.path} ${first.why ?? ''}`, remedy)];
}

/** Whether the ledger can keep what is known of entries, and what of that waits for a person. */
async function ledgerFindings({ links }: ExaminedGroupware, site: Site, signal: AbortSignal): Promise<readonly Finding[]> {
  const { ledger: settings } = await site.config();
  const later = ok('the ledger has no tables for entries yet; the next run makes them');
  if (settings.type === 'sqlite' && site.files.fileFacts(settings.file) === undefined) return [later];
  const { version, newest } = await (await site.ledger()).version(signal);
  if (version > newest) return [skip('the ledger is of a newer program', 'see publish-activity doctor ledger')];
  if (version < newest) return [later];
  // Of consents there is a check of its own.
  const standing = await readStanding(links, signal);
  const concern = standingConcern(standing);
  const known = counted(standing.users.length, 'user', 'users');
  return [concern === '' ? ok(`the ledger knows ${known}`) : warn(concern, 'publish-activity status   says more')];
}
