// The pages of a feed in a real browser: from a server with a strict policy and as files, with the script and without.

import AxeBuilder from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { CHROMIUM, serveFolder, type FolderServer } from '../support/browser';
import { delivery, HOSTILE } from '../support/feed';
import { feedFolder, sendTo } from '../support/feed-folder';
import { madeUp } from '../support/made-up';

const ARTIFACTS = join(__dirname, '..', '..', 'artifacts');
const WIDTHS = [1280, 390];
const SCHEMES = ['light', 'dark'] as const;

/** Texts that would leave a trace if they ran, in every place where a post has a text, and one in an address. */
const LOADED = [
  ...HOSTILE,
  '<img src=x onerror="window.hacked=1">',
  '<svg/onload=window.hacked=1>',
  '"><script>window.hacked=1</script>',
];

// Jest says only how many tests it skipped.
const WHY =
  'SKIPPED: there is no Chromium for the tests of the pages; install one, or name it with the environment variable CHROMIUM';
if (CHROMIUM === undefined) process.stderr.write(`${WHY}\n`);

(CHROMIUM === undefined ? describe.skip : describe)('The pages of a feed', () => {
  let browser: Browser;
  let server: FolderServer;
  let folder: string;
  let hostileFolder: string;
  /** With a few posts only, because the checks of accessibility take long with many. */
  let smallFolder: string;
  /** With a post that came late, between two that did not. */
  let lateFolder: string;
  /** What went wrong in any page, and what any page asked for. */
  const problems: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    mkdirSync(ARTIFACTS, { recursive: true });
    folder = await feedFolder(Array.from({ length: 2_000 }, (_, n) => madeUp(n)));
    smallFolder = await feedFolder(
      Array.from({ length: 30 }, (_, n) => madeUp(n * 40)),
      { keep: 12 },
    );
    const june = (n: number, wallClock: string) => delivery(n, { happened: { wallClock, timeZone: 'UTC' } });
    lateFolder = await feedFolder([june(1, '2010-06-16T09:00:00')]);
    await sendTo(lateFolder, june(2, '2010-05-02T09:00:00'), {}, Date.UTC(2010, 5, 16, 10));
    await sendTo(lateFolder, june(3, '2010-06-16T11:00:00'));
    hostileFolder = await feedFolder(
      LOADED.map((text, n) => {
        const fields = [{ name: 'owner', label: text, value: text }];
        const texts = { title: text, body: text, actor: text, activity: text, tags: [text], typeName: text, id: text };
        return delivery(n, { ...texts, objectType: text, fields, url: `javascript:window.hacked=1//${n}` });
      }),
    );
    server = await serveFolder(folder);
    browser = await chromium.launch({
      ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
      // The sandbox of Chromium does not work for root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
  });

  afterAll(async () => {
    await browser.close();
    await server.close();
    for (const made of [folder, smallFolder, lateFolder, hostileFolder]) await rm(made, { recursive: true, force: true });
  });

  beforeEach(() => {
    problems.length = 0;
    requests.length = 0;
  });

  // Whatever a test is about: nothing is refused by a policy, fails, or leaves the folder.
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(problems).toEqual([]);
    const inside = [
      server.address,
      ...[folder, smallFolder, lateFolder, hostileFolder].map((each) => pathToFileURL(each).href),
      'data:',
    ];
    expect(requests.filter((url) => !inside.some((start) => url.startsWith(start)))).toEqual([]);
  });

  async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('requestfailed', (request) => problems.push(`${request.url()} failed`));
    page.on('dialog', (dialog) => {
      problems.push(`a dialog says ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(address);
    return page;
  }

  const served = (name = 'index.html') => `${server.address}/${name}`;
  const asFile = (name = 'index.html', from = folder) => pathToFileURL(join(from, name)).href;
  const shown = (page: Page) => page.locator('.post:not([hidden])');
  const idsOf = (page: Page) => page.evaluate<string[]>("Array.from(document.querySelectorAll('.post'), (post) => post.id)");
  const textsOf = (page: Page, part: string) => shown(page).locator(part).allInnerTexts();

  describe.each([
    ['from a server with a strict policy', served],
    ['as a file', asFile],
  ] as const)('%s', (_, address) => {
    it('ask for their style and their script, and for nothing else', async () => {
      const page = await open(address());
      expect(
        requests
          .map((url) =>
            url
              .replace(/.*\//, '')
              .replace(/\?.*/, '')
              .replace(/^data:.*|^svg.*/, 'icon'),
          )
          .sort(),
      ).toEqual(['index.html', 'stream.css', 'stream.js']);
      expect(await page.locator('#tools').isVisible()).toBe(true);
      expect(await page.locator('.post').count()).toBe(200);
      expect(await page.evaluate("getComputedStyle(document.querySelector('.avatar')).borderRadius")).toBe('50%');
    });

    it('find posts by words, whatever their accents and capitals', async () => {
      const page = await open(address());
      await page.getByRole('searchbox').fill('ZURICH freezer');
      const texts = await textsOf(page, 'h3 + .body');
      expect(texts.length).toBeGreaterThan(0);
      expect(texts.every((text) => text.includes('Freezer'))).toBe(true);
      expect((await textsOf(page, 'h3')).every((text) => text.includes('Zürich'))).toBe(true);
      expect(await page.getByRole('status').innerText()).toBe(`${texts.length} of 200 posts`);
      expect(await page.locator('.day:visible').count()).toBeLessThanOrEqual(texts.length);
      await page.reload();
      expect(await shown(page).count()).toBe(texts.length);
      await page.getByRole('button', { name: 'Show all', exact: true }).click();
      expect(await shown(page).count()).toBe(200);
    });

    it('lead from the first page to every post and to all that is older', async () => {
      const page = await open(address());
      const oldest = page.locator('.post').last();
      const title = await oldest.locator('h3').innerText();
      await oldest.locator('.when').click();
      await page.waitForURL(/\/\d{4}-\d\d(-p\d+)?\.html#post-/);
      expect(await page.locator(':target h3').innerText()).toBe(title);
      expect(await page.evaluate("document.querySelector(':target').getBoundingClientRect().top")).toBeGreaterThanOrEqual(0);
      const seen = new Set<string>();
      await page.goto(address('index.html'));
      for (let pages = 0; pages < 40; pages += 1) {
        for (const id of await idsOf(page)) seen.add(id);
        const next = page.locator('a[rel=next]');
        if ((await next.count()) === 0) break;
        await next.click();
        await page.waitForLoadState();
      }
      expect(seen.size).toBe(2_000);
    });
  });

  it('say everything without the script', async () => {
    const page = await open(served(), { javaScriptEnabled: false });
    expect(await page.locator('.post:visible').count()).toBe(200);
    for (const hidden of ['#tools', '#theme', '.keys']) expect(await page.locator(hidden).isHidden()).toBe(true);
    expect(await page.locator('.when').first().innerText()).toMatch(/^\d\d:\d\d UTC$/);
  });

  it('filter by type and by tag', async () => {
    const page = await open(served());
    const all = await page.locator('.post').count();
    await page.getByLabel('Object type').selectOption('Solution');
    const solutions = await shown(page).count();
    expect(await page.getByLabel('Object type').locator('option').allInnerTexts()).toContain(`Solution (${solutions})`);
    expect((await textsOf(page, '.object')).every((name) => name.startsWith('Solution '))).toBe(true);
    await page.getByRole('button', { name: 'Show all', exact: true }).click();
    await shown(page).getByRole('button', { name: '#cold chain' }).first().click();
    const tagged = await shown(page).count();
    expect(tagged).toBeGreaterThan(0);
    expect(tagged).toBeLessThan(all);
    expect((await textsOf(page, '.tags')).every((tags) => tags.includes('#cold chain'))).toBe(true);
    expect(new URL(page.url()).searchParams.get('tag')).toBe('cold chain');
    expect(await page.locator('#tag').inputValue()).toBe('cold chain');
    await shown(page).getByRole('button', { name: '#cold chain' }).first().click();
    expect(await shown(page).count()).toBe(all);
  });

  it('keep the filter on the way to older posts', async () => {
    const page = await open(served());
    await page.getByRole('searchbox').fill('zurich');
    await page.locator('a[rel=next]').click();
    await page.waitForURL(/\?q=zurich/);
    expect(await page.getByRole('searchbox').inputValue()).toBe('zurich');
    expect(await page.getByRole('status').innerText()).toMatch(/^\d+ of \d+ posts$/);
  });

  it('show all posts about one object', async () => {
    const page = await open(served());
    const hint = page.locator('.thread').first();
    const [, count = '', object = ''] = /^(\d+) posts about (.*)$/.exec(await hint.innerText()) ?? [];
    await hint.click();
    expect(await textsOf(page, '.object')).toEqual(Array(Number(count)).fill(object));
    await page.getByRole('button', { name: `About ${object} only` }).click();
    expect(await shown(page).count()).toBe(200);
  });

  it('say when, from now and exactly', async () => {
    const page = await open(served());
    const when = page.locator('.when').first();
    expect(await when.innerText()).toMatch(/^(just now|(in )?\d+ \w+( ago)?)\s· \d\d:\d\d UTC$/);
    expect(await when.getAttribute('title')).toBe('22 Nov 2026 09:26 UTC: link to this post');
  });

  it('say of what came late on which day it was posted, and once only how long ago it happened', async () => {
    const page = await open(asFile('index.html', lateFolder));
    const ages = () => page.locator('.who .ago').count();
    expect(await page.locator('h2').allInnerTexts()).toEqual(['Wednesday, 16 June 2010', 'Sunday, 2 May 2010']);
    expect(await page.locator('.late').allInnerTexts()).toEqual(['(posted 16 June 2010)']);
    expect(await ages()).toBe(3);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    for (const key of ['j', 'j', 'j']) await page.keyboard.press(key);
    expect(await page.locator(':focus .late').count()).toBe(1);
    await page.getByRole('searchbox').fill('number 2');
    expect(await page.locator('h2:visible').allInnerTexts()).toEqual(['Sunday, 2 May 2010']);
  });

  it('fold a long body until somebody wants all of it', async () => {
    const page = await open(served());
    const folded = page.locator('.post', { has: page.locator('.folded') }).first();
    const post = page.locator(`[id="${(await folded.getAttribute('id')) ?? ''}"]`);
    const height = async () => (await post.locator('.body').boundingBox())?.height ?? 0;
    const before = await height();
    await post.getByRole('button', { name: 'Show all of it' }).click();
    expect(await height()).toBeGreaterThan(before * 1.5);
    await post.getByRole('button', { name: 'Show less' }).click();
    expect(await height()).toBe(before);
  });

  it('can be gone through with keys, of which letters count in the posts only', async () => {
    const page = await open(served());
    const focused = () => page.evaluate<string>("document.activeElement?.id ?? ''");
    const ids = await idsOf(page);
    await page.keyboard.press('j');
    expect(await focused()).toBe('');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the posts');
    await page.keyboard.press('Enter');
    for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
    expect(await focused()).toBe(ids[1]);
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Tab');
    expect(await page.evaluate("document.activeElement?.closest('.post')?.id")).toBe(ids[1]);
    await page.keyboard.press('/');
    expect(await focused()).toBe('q');
    await page.keyboard.type('jk/');
    expect(await page.getByRole('searchbox').inputValue()).toBe('jk/');
    expect(await page.locator('.nothing').isVisible()).toBe(true);
  });

  it('remember a theme', async () => {
    const page = await open(served(), { colorScheme: 'light' });
    const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    for (const name of ['Theme: system', 'Theme: light']) await page.getByRole('button', { name }).click();
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.goto(served('2026-11.html'));
    expect(await ground()).toBe(dark);
    await page.getByRole('button', { name: 'Theme: dark' }).click();
    expect(await ground()).toBe(light);
  });

  it('never run a text from the CRM, nor one from the address', async () => {
    const query = new URLSearchParams(['q', 'type', 'tag', 'about'].map((name): [string, string] => [name, LOADED.at(-1) ?? '']));
    for (const search of ['', `?${query.toString()}`]) {
      const page = await open(asFile('index.html', hostileFolder) + search);
      for (const button of await page.locator('.tags button').all()) if (await button.isVisible()) await button.click();
      expect(await page.evaluate("'hacked' in window")).toBe(false);
      expect(await page.locator('main img, main script, main svg').count()).toBe(0);
    }
    const page = await open(asFile('index.html', hostileFolder));
    expect(await page.locator('h3').allTextContents()).toContain('<img src=x onerror="window.hacked=1">');
    expect(await page.locator('a.object').count()).toBe(0);
  });

  describe.each(SCHEMES)('in the %s theme', (colorScheme) => {
    it.each(WIDTHS)('can be used by everybody, %d pixels wide, and look like this', async (width) => {
      const page = await open(served(), { colorScheme, viewport: { width, height: 900 } });
      await page.screenshot({ path: join(ARTIFACTS, `feed-${colorScheme}-${width}.png`) });
      const violations = async () => {
        const { violations: found } = await new AxeBuilder({ page }).options({ preload: false }).analyze();
        return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
      };
      await page.goto(asFile('index.html', smallFolder));
      expect(await violations()).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      await page.getByRole('searchbox').fill('case');
      expect(await violations()).toEqual([]);
      await page.goto(asFile('index.html', lateFolder));
      expect(await violations()).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      await page.screenshot({ path: join(ARTIFACTS, `feed-late-${colorScheme}-${width}.png`) });
      await page.goto(asFile('2026-11.html', smallFolder));
      expect(await violations()).toEqual([]);
      await page.screenshot({ path: join(ARTIFACTS, `feed-month-${colorScheme}-${width}.png`) });
    });
  });
});
