// Apprise (https://github.com/caronc/apprise, in Debian), a client that nobody here wrote: its posts are understood by our stand-in, and
// the script of docs/destinations.md hands it our messages.

import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exec } from '../../src/destinations/exec/index';
import { mattermost } from '../../src/destinations/mattermost/index';
import { attempt, checkOptions, sampleDelivery } from '../support/destination';
import { startJsonServer, type JsonRequest } from '../support/json-server';
import { startMattermost } from '../support/mattermost-server';
import { temporaryFolder } from '../support/sample';

const PYTHON = '/usr/bin/python3';
const MESSAGE = {
  title: 'Created Case for Ann Example',
  body: 'Zählerstand falsch, 2 < 3 & more',
  url: '',
  tags: [],
  fields: [],
};

const isThere = (() => {
  try {
    execFileSync(PYTHON, ['-c', 'import apprise'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const withApprise = isThere ? describe : describe.skip;

withApprise(isThere ? 'with Apprise' : 'with Apprise (skipped: Debian’s package apprise is not installed)', () => {
  let server: { close(): Promise<void> } | undefined;
  afterEach(() => server?.close());

  it('the stand-in of Mattermost takes what another client sends, and both say the same', async () => {
    const chat = await startMattermost();
    server = chat;
    const { port, pathname } = new URL(chat.webhookUrl);
    const address = `mmost://127.0.0.1:${port}${pathname.replace('/hooks', '')}`;
    await promisify(execFile)('apprise', ['--title', MESSAGE.title, '--body', MESSAGE.body, address]);
    const { options } = checkOptions(mattermost, { webhookUrl: chat.webhookUrl, proxy: false });
    if (options === undefined) throw new Error('the options are not valid');
    expect(await attempt(mattermost, options, { delivery: sampleDelivery(MESSAGE) })).toMatchObject({ kind: 'delivered' });
    const [theirs, ours] = chat.posts.map(({ message }) => message.replaceAll(/\*\*|&lt;|&amp;/g, (mark) => READ[mark] ?? ''));
    for (const text of [MESSAGE.title, MESSAGE.body]) for (const said of [theirs, ours]) expect(said).toContain(text);
  });

  it('the script of the guide hands a message over, and says so', async () => {
    const requests: JsonRequest[] = [];
    const service = await startJsonServer((request) => {
      requests.push(request);
      return { status: 200, body: 'ok' };
    });
    server = service;
    const folder = temporaryFolder();
    const guide = readFileSync(join(__dirname, '..', '..', 'docs', 'destinations.md'), 'utf8');
    writeFileSync(join(folder, 'notify.py'), /^~~~python\n([^]*?)^~~~$/m.exec(guide)?.[1] ?? '');
    writeFileSync(join(folder, 'apprise.yml'), `urls:\n  - ${service.url.replace('http:', 'json:')}/stream\n`);
    const env = { APPRISE_CONFIG: join(folder, 'apprise.yml') };
    const { options, problems } = checkOptions(exec, { command: PYTHON, args: [join(folder, 'notify.py')], env });
    if (options === undefined) throw new Error(JSON.stringify(problems));
    expect(await attempt(exec, options, { delivery: sampleDelivery(MESSAGE) })).toMatchObject({ kind: 'delivered' });
    await service.close();
    expect(await attempt(exec, options, { delivery: sampleDelivery(MESSAGE) })).toMatchObject({ kind: 'retry' });
    expect(requests.map(({ body }) => JSON.parse(body) as object)).toEqual([
      expect.objectContaining({ title: MESSAGE.title, message: MESSAGE.body }),
    ]);
  });
});

/** What readers of Markdown see of it. */
const READ: Readonly<Record<string, string>> = { '**': '', '&lt;': '<', '&amp;': '&' };
