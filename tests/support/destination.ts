// What the tests of destinations hold in their hands: options, a delivery, tools, a deadline, and stand-ins that are closed in the end.

import { readFileSync } from 'node:fs';
import { startDeadline, type Deadline } from '../../src/core/deadline';
import { deliveryId, deliveryOf, type Delivery } from '../../src/core/delivery';
import type { Message } from '../../src/core/message';
import type { Outcome, Receipt } from '../../src/core/outcome';
import type { Secret } from '../../src/core/secret';
import type { Problem, Source } from '../../src/core/shape';
import type { DestinationType, Finding, Tools } from '../../src/destinations/destination';
import { realWorld } from '../../src/world';

/** Options and secrets as the configuration would yield them, or what is wrong with it. */
export function checkOptions<Options>(
  type: DestinationType<Options, unknown>,
  raw: unknown,
  env: Readonly<Record<string, string>> = {},
): { readonly options: Options | undefined; readonly secrets: readonly Secret[]; readonly problems: readonly Problem[] } {
  const source: Source = {
    env,
    resolvePath: (path) => path,
    readFile: (path) => readFileSync(path, 'utf8'),
    problems: [],
    secrets: [],
  };
  const options = type.options.parse(raw, { path: [], source });
  return { options, secrets: source.secrets, problems: source.problems };
}

/** Valid options, as the configuration would yield them. */
export function optionsOf<Options>(
  type: DestinationType<Options, unknown>,
  raw: unknown,
  env: Readonly<Record<string, string>> = {},
): Options {
  const { options, problems } = checkOptions(type, raw, env);
  if (options === undefined || problems.length > 0) throw new Error(`the options are not valid: ${JSON.stringify(problems)}`);
  return options;
}

/** A delivery about a case, with some of its message changed; `first` is what the first post about the case gave back. */
export function sampleDelivery(changes: Partial<Message> = {}, first?: Receipt): Delivery {
  const identity = { objectType: 'case', objid: 268435457, activityObjid: 268435999, rule: '', destination: 'stream' };
  return deliveryOf(
    { ...identity, id: deliveryId(identity) },
    {
      title: 'Created Case for Ann Example at Example Ltd',
      body: 'Case Title: The printer is on fire',
      url: 'http://server/dovetail/Cases/Summary/10042',
      tags: ['dovetailCRM'],
      objectType: 'case',
      typeName: 'Case',
      id: '10042',
      activity: 'Create',
      activityCode: 600,
      actor: 'Bob Agent',
      actorLogin: 'bagent',
      actorEmail: 'bob.agent@example.com',
      fields: [{ name: 'priority', label: 'Priority', value: 'High' }],
      happened: { wallClock: '2026-03-02T09:30:00', timeZone: 'UTC' },
      ...changes,
    },
    first,
  );
}

/** Tools with the real HTTP, at a fixed version. */
export const tools: Tools = {
  http: async () => (await import('../../src/io/http')).sendHttp,
  streamFolder: async () => (await import('../../src/io/stream-folder')).addToStream,
  files: async () => (await import('../../src/io/file-access')).fileAccess(process.env, process.platform),
  mail: async () => (await import('../../src/io/mail')).sendMail,
  processes: async () => (await import('../../src/io/process')).processRunner(realWorld()),
  now: () => Date.now(),
  version: '1.2.3',
};

/** Does something that has so many milliseconds, of which loading the client of HTTP and composing take none: a busy machine needs long for it. */
export async function within<T>(ms: number, work: (deadline: Deadline) => T | Promise<T>): Promise<T> {
  await Promise.all([tools.http(), import('axios')]);
  const begin = performance.now();
  const deadline = startDeadline(ms, () => performance.now() - begin);
  try {
    return await work(deadline);
  } finally {
    deadline.end();
  }
}

/** Sends a delivery with so many milliseconds to spare. */
export function attempt<Options, Payload>(
  type: DestinationType<Options, Payload>,
  options: Options,
  { delivery = sampleDelivery(), ms = 5_000, using = tools } = {},
): Promise<Outcome> {
  const payload = type.encode(delivery, options);
  return within(ms, (deadline) => type.send(payload, options, using, deadline));
}

/** Asks whether a delivery that was tried so many ms `ago` is there, on a host whose clock is so many ms `ahead`. */
export async function ask<Options, Payload>(
  type: DestinationType<Options, Payload>,
  options: Options,
  { delivery = sampleDelivery(), ago = 0, ahead = 0, ms = 5_000 } = {},
): Promise<Finding> {
  const own = { ...tools, now: () => Date.now() + ahead };
  const payload = type.encode(delivery, options);
  const finding = await within(ms, (deadline) => type.find?.(payload, options, own, own.now() - ago, deadline));
  if (finding === undefined) throw new Error('it cannot be asked');
  return finding;
}

/** Every spelling in which a secret may slip out. */
export function spellingsOf(secret: string): string[] {
  const alignments = ['', 'x', 'xx'].map((before) =>
    Buffer.from(before + secret, 'utf8')
      .toString('base64')
      .slice(before === '' ? 0 : 4, -4),
  );
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...alignments];
}
