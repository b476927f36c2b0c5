// What trying a destination without posting finds: who the login is, or what a post would have met.

import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { DestinationType } from '../../src/destinations/destination';
import { email } from '../../src/destinations/email/index';
import { exec } from '../../src/destinations/exec/index';
import { googleChat } from '../../src/destinations/google-chat/index';
import { mattermost } from '../../src/destinations/mattermost/index';
import { slack } from '../../src/destinations/slack/index';
import { socialcast } from '../../src/destinations/socialcast/index';
import { closedLater } from '../support/closing';
import { checkOptions, optionsOf, tools, within } from '../support/destination';
import { startMailServer } from '../support/mail-server';
import { BOT_TOKEN, CHANNEL_ID, startMattermost } from '../support/mattermost-server';
import { CHANNEL, startSlack, TOKEN } from '../support/slack-server';
import { startSocialcast } from '../support/socialcast-server';

const probe = <Options>(type: DestinationType<Options, unknown>, raw: object) =>
  within(2_000, (deadline) => type.probe?.(optionsOf(type, raw), tools, deadline));

describe('a destination that is tried without posting', () => {
  it('is Slack, by its token', async () => {
    const server = await closedLater(startSlack());
    const raw = { proxy: false, apiUrl: `${server.url}/api`, channel: CHANNEL };
    expect(await probe(slack, { ...raw, token: TOKEN })).toEqual({ kind: 'works', words: 'signed in as crm-bot of Example Ltd' });
    expect(await probe(slack, { ...raw, token: 'xoxb-wrong' })).toMatchObject({ kind: 'rejected', loginRefused: true });
    const elsewhere = await probe(slack, { ...raw, token: TOKEN, channel: 'C0ELSEWHERE' });
    expect(elsewhere).toMatchObject({ kind: 'retry', needsRepair: true, reason: expect.stringContaining('no such channel') });
    server.answer({ status: 200, body: { ok: false, error: 'ratelimited' } });
    expect(await probe(slack, { ...raw, token: TOKEN })).toMatchObject({ kind: 'retry' });
    expect(await probe(slack, { webhookUrl: server.webhookUrl })).toBeUndefined();
    expect(server.posts).toEqual([]);
  });

  it('is Mattermost, by its channel', async () => {
    const server = await closedLater(startMattermost());
    const raw = { proxy: false, url: server.url, token: BOT_TOKEN, channelId: CHANNEL_ID };
    expect(await probe(mattermost, raw)).toEqual({ kind: 'works', words: 'the bot sees the channel Support' });
    expect(await probe(mattermost, { ...raw, token: 'wrong-token' })).toMatchObject({ kind: 'rejected', loginRefused: true });
    expect(await probe(mattermost, { ...raw, channelId: 'a'.repeat(26) })).toMatchObject({ kind: 'retry', needsRepair: true });
    server.answer({ status: 200, body: { id: CHANNEL_ID, name: 'support', delete_at: 1_700_000_000_000 } });
    expect(await probe(mattermost, raw)).toMatchObject({
      kind: 'retry',
      needsRepair: true,
      reason: expect.stringContaining('archived'),
    });
    expect(await probe(mattermost, { webhookUrl: server.webhookUrl })).toBeUndefined();
    expect(server.posts).toEqual([]);
  });

  it('is Socialcast, by its account', async () => {
    const server = await closedLater(startSocialcast({ username: 'crm@example.com', password: 'right password' }));
    const raw = { proxy: false, url: server.url, username: 'crm@example.com' };
    expect(await probe(socialcast, { ...raw, password: 'right password' })).toMatchObject({ kind: 'works' });
    expect(await probe(socialcast, { ...raw, password: 'wrong password' })).toMatchObject({ loginRefused: true });
    server.answer({ status: 404 });
    const reason = expect.stringContaining('accountPath');
    expect(await probe(socialcast, { ...raw, password: 'right password' })).toMatchObject({
      kind: 'retry',
      needsRepair: true,
      reason,
    });
    expect(server.posts).toEqual([]);
  });

  it('is a mail server, as far as the login', async () => {
    const login = { user: 'crm', password: 'right password' };
    const server = await closedLater(startMailServer({ login, allowInsecureAuth: true }));
    const raw = { host: '127.0.0.1', port: server.port, tls: 'none', from: 'crm@example.com', to: ['a@example.com'] };
    expect(await probe(email, { ...raw, ...login })).toEqual({ kind: 'works', words: 'signed in as crm at 127.0.0.1' });
    const wrong = await probe(email, { ...raw, user: 'crm', password: 'wrong password' });
    expect(wrong).toMatchObject({ kind: 'rejected', loginRefused: true });
    expect(JSON.stringify(wrong)).not.toContain('wrong password');
    expect(server.mails).toEqual([]);
    await server.close();
    expect(await probe(email, { ...raw, ...login })).toMatchObject({ kind: 'retry' });
  });

  it('is a program, as far as its file', async () => {
    const node = { kind: 'untried', words: expect.stringContaining('may be started') };
    expect(await probe(exec, { command: process.execPath })).toEqual(node);
    expect(await probe(exec, { command: basename(process.execPath) })).toEqual(node);
    const gone = { command: join(tmpdir(), 'no', 'such', 'program') };
    expect(await probe(exec, gone)).toMatchObject({
      kind: 'retry',
      needsRepair: true,
      reason: expect.stringMatching(/is not there$/),
    });
    expect(await probe(exec, { command: tmpdir() })).toMatchObject({ kind: 'retry', needsRepair: true });
    expect(await probe(exec, { command: 'no-such-program' })).toMatchObject({
      reason: expect.stringMatching(/is in no folder of the PATH$/),
    });
  });

  it('is no webhook, but the server of one is known without its secret', () => {
    const raw = { webhookUrl: 'https://chat.googleapis.com/v1/spaces/A/messages?key=k123&token=t12345' };
    const { options } = checkOptions(googleChat, raw);
    if (options === undefined) throw new Error('the options are not valid');
    expect(googleChat.probe).toBeUndefined();
    expect(googleChat.server?.(options)).toEqual({ origin: 'https://chat.googleapis.com', settings: {} });
  });
});
