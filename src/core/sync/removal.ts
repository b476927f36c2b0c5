// The plan of taking out of a groupware what was made there for the CRM, because its user is kept in step no more. The CRM is not touched,
// and what people made there, or changed, stays. Pure.

import { asKnown } from './all-day';
import { isPrivate, type Decision, type Sides } from './decide';
import { changedFields, type Entry } from './entry';
import { emptied, type Link } from './link';
import { strangeOf, type Plan, type Situation } from './plan';
import type { SyncRules } from './sides';

/** Makes the plan. A decision without a step is about an entry that stays, and says why. Somebody asked for it, so no guard holds it up. */
export function planRemoval(situation: Situation, rules: SyncRules): Plan {
  const { links, sides, items } = situation;
  const decisions = links.flatMap((link) => removalOf(link, sides.get(link.id), rules));
  return { decisions, guarded: [], isAdopting: false, strange: strangeOf(items, new Set(), situation), left: 0 };
}

function removalOf(link: Link, sides: Sides | undefined, rules: SyncRules): readonly Decision[] {
  if (link.origin !== 'crm' || sides === undefined) return [];
  const { here, there } = sides;
  const isBegun = link.state === 'leaving' && link.cause === 'disconnected';
  if (there.kind === 'absent') return isBegun ? [decided(emptied({ ...link, state: 'gone' }), 'it is gone')] : [];
  if (there.kind === 'private') return [{ ...isPrivate(link, here), why: 'it is private there now' }];
  // One that was left alone because it is not there any more is not asked for.
  if (there.kind === 'unknown' && link.state === 'apart' && link.cause !== 'window') return [];
  const why = whyItStays(link, sides, rules);
  // What was about to be deleted, and was changed at the last moment, is as it was before.
  if (why !== '') return [decided(isBegun ? { ...link, state: 'linked', cause: '', reason: '' } : link, why)];
  if (there.kind !== 'present') return [];
  const { id: remoteId, version } = there;
  const told: Link = { ...link, state: 'leaving', cause: 'disconnected', reason: '', order: '', remoteId, version };
  return [{ ...decided(told, 'its user is kept in step no more'), remote: { do: 'delete', version } }];
}

/** Why an entry is not deleted; an empty text where it is as we made it. What nobody knows may be a change. */
function whyItStays(link: Link, { here, there }: Sides, rules: SyncRules): string {
  if (there.kind === 'series') return 'somebody made a series of it';
  if (there.kind === 'foreign') return 'it is another person’s now';
  if (there.kind === 'merged') return 'somebody merged it with another entry there';
  if (there.kind !== 'present')
    return 'words' in there && there.words !== '' ? there.words : 'the groupware did not tell how it is';
  const isAs = (entry: Entry) => changedFields(entry, there.entry, rules.fields[link.kind]).length === 0;
  const known = link.remoteBase ?? link.sent;
  if (known !== undefined) return isAs(known) ? '' : 'somebody changed it there';
  const isAsInCrm = here.kind === 'present' && isAs(asKnown(here.entry, there.entry));
  return isAsInCrm ? '' : 'nobody knows whether somebody changed it there';
}

function decided(link: Link, why: string): Decision {
  return { link, why, lost: [], waits: [] };
}
