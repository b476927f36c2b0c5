// Deliveries and tools for the tests of the feed.

import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliveryOf, type Delivery } from '../../src/core/delivery';
import type { Message } from '../../src/core/message';
import type { Tools } from '../../src/destinations/destination';
import { postOf, type PostedPost, type Stream } from '../../src/destinations/feed/post';
import { addToStream, type ArchivePage } from '../../src/io/stream-folder';

/** Texts that break careless markup. */
export const HOSTILE = [
  ']]>',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style></title><script>alert(1)</script>',
  '&amp; &lt; &copy; & <![CDATA[ x ]]> <!-- --> <?php ?>',
  'NUL \u0000 bell \u0007 escape \u001B noncharacter \uFFFE\uFFFF',
  'lone \uD800 and \uDC00 surrogates',
  'right to left \u202E override \u05E9\u05DC\u05D5\u05DD',
  'emoji 👩‍👩‍👧 🚀 and Zürich',
  '${title} {{ title }} $& $1 %s \\u003c',
];

/** The delivery number `n`, about the case `n`. */
export function delivery(n: number, message: Partial<Message> = {}): Delivery {
  const id = createHash('sha256').update(String(n)).digest('hex').slice(0, 32);
  return deliveryOf(
    { id, destination: 'feed', objectType: 'case', objid: n },
    {
      title: `Created Case for Nora O'Dell at Calder, number ${n}`,
      body: 'Case Title: Dock door does not open',
      url: `http://server/dovetail/Cases/Summary/${n}`,
      tags: ['dovetailCRM'],
      objectType: 'case',
      typeName: 'Case',
      id: String(n),
      activity: 'Create',
      activityCode: 600,
      actor: 'Pat Morales',
      actorLogin: 'bagent',
      actorEmail: 'bob.agent@example.com',
      fields: [{ name: 'priority', label: 'Priority', value: 'High' }],
      happened: { wallClock: '2010-06-14T09:12:00', timeZone: 'America/Chicago' },
      ...message,
    },
  );
}

/** The post of that delivery, posted on the day `n` of a month, which is also its page. */
export function posted(n: number, message: Partial<Message> = {}): PostedPost {
  return { ...postOf(delivery(n, message)), postedAt: new Date(Date.UTC(2010, 6, n, 8)).toISOString(), page: '2010-07' };
}

/** A stream of the posts, the newest first, all in one page of the archive unless others are given. */
export function stream(posts: readonly PostedPost[], link?: string, pages = [archivePage('2010-07', posts.length)]): Stream {
  return { id: '0b5d7f0a-2f0e-4f5e-9a39-3f1f0a5a9d11', title: 'Activity stream', link, posts, pages, version: '1.2.3' };
}

/** A page of the archive by its name. */
export function archivePage(name: string, entries: number): ArchivePage {
  return { name, month: name.slice(0, 7), part: Number(name.split('-p')[1] ?? 1), entries, drawnFrom: '' };
}

/** The tools that a feed uses, with the real folder behind them; `now` is the moment of posting, else the real one. */
export function feedTools(now?: number): Tools {
  const refuse = () => Promise.reject(new Error('a feed uses nothing but its folder'));
  return {
    http: refuse,
    streamFolder: () => Promise.resolve(addToStream),
    files: async () => (await import('../../src/io/file-access')).fileAccess({}, process.platform),
    mail: refuse,
    processes: refuse,
    now: () => now ?? Date.now(),
    version: '1.2.3',
  };
}

/** A new, empty folder. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'publish-activity-feed-'));
}
