// The streams of the fault suite: of each kind one in memory, and the real Socialcast over a stand-in.

import type { ReadyDestination } from '../../src/commands/outbox/deliver';
import type { Delivery } from '../../src/core/delivery';
import type { Outcome } from '../../src/core/outcome';
import { Secret } from '../../src/core/secret';
import type { Repeat } from '../../src/destinations/destination';
import { socialcast } from '../../src/destinations/socialcast/index';
import { sendHttp } from '../../src/io/http';
import { startSocialcast } from '../support/socialcast-server';
import { faultyHttp, type Failing } from './seams';

/** A stream that records its posts. */
export interface Stream {
  /** The objids of the activities that it has, in their order. */
  posts(): readonly number[];
  /** What a run sees of it. */
  ready(failing: Failing): ReadyDestination;
  close(): Promise<void>;
}

/** A stream in memory. */
export function memoryStream(repeat: Repeat): Stream {
  const posts: Delivery[] = [];
  const receiptOf = (post: Delivery) => ({ id: `post ${posts.indexOf(post)}` });
  const post = (delivery: Delivery): Outcome => {
    const known = repeat === 'safe' ? posts.find(({ id }) => id === delivery.id) : undefined;
    if (known === undefined) posts.push(delivery);
    return { kind: 'delivered', receipt: receiptOf(known ?? delivery) };
  };
  const common = {
    name: 'stream',
    type: 'stream',
    concurrency: 4,
    maxPerSecond: 0,
    needsFirstPost: false,
    preview: () => '',
    repeat,
  };
  return {
    posts: () => posts.map(({ message }) => Number(message.title)),
    ready: (failing) => ({
      ...common,
      send: async (delivery) => {
        await new Promise((resolve) => setImmediate(resolve));
        const way = failing.strike('stream');
        if (way === 'not sent') return { kind: 'retry', reason: way };
        const outcome = way === 'sent' ? undefined : post(delivery);
        return way === undefined && outcome !== undefined ? outcome : { kind: 'unknown', reason: 'no answer in time' };
      },
      ...(repeat !== 'findable'
        ? {}
        : {
            find: ({ message }) => {
              const same = posts.filter(({ message: { title } }) => title === message.title);
              return Promise.resolve(
                failing.strike('stream') === undefined
                  ? { kind: 'candidates', receipts: same.map(receiptOf).reverse() }
                  : { kind: 'unknown', reason: 'no answer in time' },
              );
            },
          }),
    }),
    close: () => Promise.resolve(),
  };
}

/** The real type `socialcast` over a stand-in, whose clock is the true one. */
export async function socialcastStream(clock: { readonly now: number }): Promise<Stream> {
  const server = await startSocialcast({ now: () => clock.now });
  const options = {
    ...{ url: server.url, username: 'crm@example.com', password: new Secret('pa:ß wörd/+&=100%'), proxy: false as const },
    ...{ path: '/api/messages.xml', accountPath: '/api/userinfo.xml', ownMessagesPath: '/api/users/{id}/messages.xml' },
    ...{ threads: false, commentsPath: '/api/messages/{id}/comments.xml' },
    ...{ groupId: undefined, messageType: undefined, caFile: undefined, minTlsVersion: undefined },
  };
  const { encode, send, find } = socialcast;
  const repeat = 'findable';
  return {
    posts: () => server.posts.map(({ title }) => Number(title)),
    ready: (failing) => {
      const refuse = () => Promise.reject(new Error('Socialcast uses HTTP alone'));
      const tools = {
        http: () => Promise.resolve(faultyHttp(sendHttp, failing)),
        streamFolder: refuse,
        files: refuse,
        mail: refuse,
        processes: refuse,
        now: () => clock.now,
        version: 'test',
      };
      return {
        ...{
          name: 'stream',
          type: 'socialcast',
          repeat,
          concurrency: 4,
          maxPerSecond: 0,
          needsFirstPost: false,
          preview: () => '',
        },
        send: (delivery, deadline) => send(encode(delivery, options), options, tools, deadline),
        ...(find && { find: (delivery, since, deadline) => find(encode(delivery, options), options, tools, since, deadline) }),
      };
    },
    close: () => server.close(),
  };
}
