// Starts a Socialcast in a process of its own that does nothing but answer, so that what is measured is whoever posts.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Starts one that answers after `latency` ms. `posts()` says how many it has taken. */
export async function startStream(latency) {
  const child = fork(join(import.meta.dirname, 'stream-process.mjs'), [String(latency)]);
  const [{ url }] = await once(child, 'message');
  const posts = async () => {
    child.send('posts');
    const [answer] = await once(child, 'message');
    return answer.posts;
  };
  return { url, posts, stop: () => child.disconnect() };
}
