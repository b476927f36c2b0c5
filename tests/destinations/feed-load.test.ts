// Many processes that publish to a feed at once.

import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from '../../src/core/outcome';
import { delivery, newFolder } from '../support/feed';
import { feedProcesses } from '../support/feed-processes';

const countOf = (text: string, part: string) => text.split(part).length - 1;

describe('feed, from many processes', () => {
  const parent = newFolder();
  const start = feedProcesses();
  afterAll(() => rm(parent, { recursive: true, force: true }));

  it('loses no post of 30 that come at once', async () => {
    const folder = join(parent, 'stream');
    const read = (name: string) => readFile(join(folder, name), 'utf8');
    const numbers = Array.from({ length: 30 }, (_, index) => index + 1);
    const running = numbers.map(async (n) => {
      const child = start('publish', folder, String(n));
      let output = '';
      child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      await once(child, 'close');
      return (JSON.parse(output) as Outcome).kind;
    });
    expect(await Promise.all(running)).toEqual(numbers.map(() => 'delivered'));
    const [page, atom] = [await read('index.html'), await read('feed.atom')];
    for (const n of numbers) {
      expect(countOf(page, `<article class="post" id="post-${delivery(n).id}"`)).toBe(1);
      expect(countOf(atom, `number ${n}<`)).toBe(1);
    }
    const files = ['feed.atom', 'index.html', 'stream.css', 'stream.js', 'stream.json', 'stream.sqlite'];
    expect((await readdir(folder)).filter((name) => !/^\d/.test(name)).sort()).toEqual(files);
  }, 60_000);
});
