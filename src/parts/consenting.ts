// What users agreed to, and how they agree, opened as the configuration says.

import type { Consenting } from '../commands/groupware/consent-parts';
import type { GroupwareConfig } from '../config/schema';
import { loadGroupwareType } from '../groupware/index';
import type { World } from '../world';
import { groupwareTools } from './groupware';
import { kindsOf, noGroupware, type OpenLinks } from './syncing';

/** Opens it; `open` opens what is kept. Rejects with a UserError of the kind `configuration` where no groupware is configured. */
export async function openConsenting(
  config: GroupwareConfig | undefined,
  open: () => Promise<OpenLinks>,
  world: World,
): Promise<Consenting> {
  if (config === undefined) throw noGroupware();
  const type = await loadGroupwareType(config.type);
  if (type === undefined) throw new Error(`the check let the groupware type ${config.type} through`);
  const kept = await open();
  const flow = type.consent?.(
    config.options,
    groupwareTools({ now: () => world.now(), kinds: kindsOf(type, config), consents: kept.consents }),
  );
  return { called: type.called, ...(flow === undefined ? {} : { flow }), consents: await kept.consents(), links: kept.links };
}
