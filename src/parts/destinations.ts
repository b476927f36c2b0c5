// The destinations of a configuration with what they need of the world, each loaded only when it is used.

import { version } from '../../package.json';
import type { ReadyDestination } from '../commands/outbox/deliver';
import { spellProblems } from '../config/check';
import type { Config, DestinationConfig } from '../config/schema';
import type { Delivery } from '../core/delivery';
import { messageOf, NothingSent, UserError } from '../core/errors';
import type { Preview, Tools } from '../destinations/destination';
import { loadDestinationType } from '../destinations/index';
import type { SendHttp } from '../io/http-contract';
import { maskingProxyLogins } from '../io/proxy-logins';
import type { World } from '../world';

/** The destinations of a configuration, ready for use. */
export function readyDestinations(config: Config, world: World): Promise<readonly ReadyDestination[]> {
  const tools = toolsOf(world);
  return Promise.all(
    Object.entries(config.destinations).map(([name, configured]) =>
      makeReady(name, configured, tools).catch((error: unknown) => unusable(name, configured, error)),
    ),
  );
}

/** What stands for a destination that cannot be used, lest it keep the others from being used: whatever it is asked, it fails. */
function unusable(name: string, { type, concurrency, maxPerSecond }: DestinationConfig, error: unknown): ReadyDestination {
  const fail = () => {
    throw error;
  };
  return {
    ...{ name, type, repeat: 'unsafe', concurrency, maxPerSecond, needsFirstPost: false, unusable: messageOf(error) },
    preview: fail,
    send: async () => Promise.resolve().then(fail),
    probe: async () => Promise.resolve().then(fail),
  };
}

async function makeReady(
  name: string,
  { type, options, concurrency, maxPerSecond, unusable: problems }: DestinationConfig,
  tools: Tools,
): Promise<ReadyDestination> {
  if (problems !== undefined)
    throw new UserError('configuration', spellProblems(problems), 'mend that; what is kept for it is posted by the next rerun');
  const loaded = await loadDestinationType(type);
  if (loaded === undefined) throw new Error(`the check let the destination type ${type} through`);
  const repeat = typeof loaded.repeat === 'object' ? loaded.repeat.of(options) : loaded.repeat;
  const find = repeat === 'findable' ? loaded.find?.bind(loaded) : undefined;
  const server = loaded.server?.(options);
  const probe = loaded.probe?.bind(loaded);
  const encoded = (delivery: Delivery) => {
    try {
      return loaded.encode(delivery, options);
    } catch (error) {
      throw new NothingSent(error);
    }
  };
  return {
    name,
    type,
    repeat,
    concurrency,
    maxPerSecond,
    uniqueReceipts: loaded.uniqueReceipts ?? false,
    ...(loaded.setupUrl === undefined ? {} : { setupUrl: loaded.setupUrl }),
    needsFirstPost: loaded.needsFirstPost?.(options) ?? false,
    preview: (delivery) => spellPreview(loaded.preview(loaded.encode(delivery, options), options)),
    send: async (delivery, deadline) => loaded.send(encoded(delivery), options, tools, deadline),
    ...(find === undefined
      ? {}
      : { find: (delivery, sinceMs, deadline) => find(loaded.encode(delivery, options), options, tools, sinceMs, deadline) }),
    ...(server === undefined ? {} : { server }),
    ...(probe === undefined ? {} : { probe: (deadline) => probe(options, tools, deadline) }),
  };
}

function spellPreview({ line, headers, body }: Preview): string {
  return [line, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', body].join('\n');
}

/** The HTTP of this process, once something uses it. */
let http: Promise<typeof import('../io/http')> | undefined;

/** Loads HTTP at its first use. */
export async function loadHttp(): Promise<SendHttp> {
  return (await (http ??= import('../io/http'))).sendHttp;
}

/** Lets go of the connections that are kept between requests. Never waits. */
export function closeHttp(): void {
  http?.then(
    ({ closeConnections }) => closeConnections(),
    () => undefined,
  );
}

function toolsOf(world: World): Tools {
  return {
    http: async () => maskingProxyLogins(await loadHttp(), world.env),
    streamFolder: async () => (await import('../io/stream-folder')).addToStream,
    files: async () => (await import('../io/file-access')).fileAccess(world.env, world.platform),
    mail: async () => (await import('../io/mail')).sendMail,
    processes: async () => (await import('../io/process')).processRunner(world),
    now: () => world.now(),
    version,
  };
}
