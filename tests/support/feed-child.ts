// A process of its own that publishes to a feed, for the tests that need many of them or one to kill.
//   publish FOLDER N        sends the delivery number N and writes the outcome as JSON
//   hold FOLDER             takes the lock, writes "locked" and keeps it until it is killed

import { writeSync } from 'node:fs';
import { startDeadline } from '../../src/core/deadline';
import { feed } from '../../src/destinations/feed/index';
import { addToStream } from '../../src/io/stream-folder';
import { delivery, feedTools } from './feed';

const [verb, folder = '', n] = process.argv.slice(2);

async function publish(): Promise<void> {
  const deadline = startDeadline(30_000, () => 0);
  const options = { folder, title: 'Activity stream', link: undefined, keep: 200 };
  const outcome = await feed.send(feed.encode(delivery(Number(n)), options), options, feedTools(), deadline);
  deadline.end();
  writeSync(1, JSON.stringify(outcome));
}

async function hold(): Promise<void> {
  const draw = () => {
    writeSync(1, 'locked');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    return {};
  };
  const addition = { folder, id: 'never', record: '{}', newest: 1, now: Date.now, look: '', fileOf: String, draw };
  await addToStream(addition, new AbortController().signal);
}

(verb === 'hold' ? hold() : publish()).catch((error: unknown) => {
  writeSync(2, String(error));
  process.exitCode = 1;
});
