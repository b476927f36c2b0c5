// A feed's folder with many posts, made quickly: all but the last enter the store as version 1.0.0 left it.

import { join } from 'node:path';
import { startDeadline } from '../../src/core/deadline';
import type { Delivery } from '../../src/core/delivery';
import { isoSeconds } from '../../src/core/wall-clock';
import { feed } from '../../src/destinations/feed/index';
import { postOf } from '../../src/destinations/feed/post';
import { openSqliteFile } from '../../src/io/sqlite';
import { feedTools, newFolder } from './feed';

/** Fills a new folder, and answers with its path. The newest delivery comes first; each is posted 3 s after it happened. */
export async function feedFolder([newest, ...older]: readonly Delivery[], changed = {}): Promise<string> {
  const folder = newFolder();
  const connection = await openSqliteFile(join(folder, 'stream.sqlite'), { readOnly: false });
  connection.exec(`
    CREATE TABLE entry (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, posted_at TEXT NOT NULL, record TEXT NOT NULL);
    BEGIN`);
  for (const delivery of older.toReversed()) {
    const values = { id: delivery.id, postedAt: isoSeconds(postedAt(delivery)), record: JSON.stringify(postOf(delivery)) };
    connection.run('INSERT INTO entry (id, posted_at, record) VALUES (@id, @postedAt, @record)', values);
  }
  connection.exec('COMMIT');
  connection.close();
  if (newest !== undefined) await sendTo(folder, newest, changed);
  return folder;
}

/** Posts one more delivery to a folder, 3 s after it happened unless another moment (ms since 1970 UTC) is given. */
export async function sendTo(folder: string, delivery: Delivery, changed = {}, now = postedAt(delivery)): Promise<void> {
  const options = { folder, title: 'What support does', link: undefined, keep: 200, ...changed };
  const deadline = startDeadline(30_000, () => 0);
  const outcome = await feed.send(feed.encode(delivery, options), options, feedTools(now), deadline);
  deadline.end();
  if (outcome.kind !== 'delivered') throw new Error(outcome.reason);
}

function postedAt({ message }: Delivery): number {
  const { happenedAt } = postOf({ id: '', destination: '', message, thread: { key: '' } });
  return Date.parse(happenedAt) + 3_000;
}
