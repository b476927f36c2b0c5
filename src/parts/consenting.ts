// What users agreed to, and how they agree, opened as the configuration says.

import type { Consenting } from '../commands/groupware/consent-parts';
import type { Config } from '../config/schema';
import type { World } from '../world';
import { listingOf, openGroupwares } from './groupwares';
import { noGroupware, type OpenLinks } from './syncing';

/** Opens it; `open` opens what is kept. Rejects with a UserError of the kind `configuration` where no groupware is configured. */
export async function openConsenting(
  { groupware, clarify: { timeZone } }: Pick<Config, 'groupware' | 'clarify'>,
  open: () => Promise<OpenLinks>,
  world: World,
): Promise<Consenting> {
  if (groupware === undefined) throw noGroupware();
  const { consents, links } = await open();
  const groupwares = await openGroupwares(groupware, { now: () => world.now(), consents, timeZone });
  return { groupwares, listing: listingOf(groupware), consents: await consents(), links };
}
