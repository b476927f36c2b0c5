// A ledger full of what is due to one stream, and the program's rerun over it.

import { join } from 'node:path';
import { fillLedger } from './ledger.mjs';
import { measure } from './process.mjs';
import { startStream } from './stream.mjs';

const root = join(import.meta.dirname, '..');
const ours = join(root, 'dist', 'publish-activity.js');

/** As many at once as a destination gets where its configuration does not say. */
export const CONCURRENCY = 4;

/**
 * Sends `count` due deliveries to a stream that answers after `latency` ms, and does `beside` with the stream's address before it is
 * stopped. Answers what the rerun has used, and what `beside` answered.
 */
export async function rerunOf(count, latency, { node, folder, configurationFile }, beside = () => undefined) {
  const stream = await startStream(latency);
  try {
    const config = await configurationFile(`due-${count}`, {
      clarify: {
        database: { type: 'sqlite', file: join(root, 'sample', 'clarify-sample.sqlite') },
        timeZone: 'America/Chicago',
        agentUrl: 'http://server/dovetail',
      },
      destinations: {
        stream: {
          type: 'socialcast',
          url: stream.url,
          username: 'crm@example.com',
          password: 'only-for-the-bench',
          proxy: false,
          concurrency: CONCURRENCY,
        },
      },
      ledger: { type: 'sqlite', file: `due-${count}.ledger` },
    });
    await measure(node, [ours, '--config', config, 'Case', '268435457', '268435457']);
    fillLedger(join(folder, `due-${count}.ledger`), count, 'due');
    const before = await stream.posts();
    const used = await measure(node, [ours, 'rerun', '--config', config, '--quiet']);
    const posted = (await stream.posts()) - before;
    if (posted !== count) throw new Error(`${posted} of ${count} were posted`);
    return { used, beside: await beside(stream.url) };
  } finally {
    stream.stop();
  }
}
