// A wait that a destination asks for, over the built program: it belongs to the place, and not to the message that met it.

import { passTime } from '../support/pass-time';
import { install, sampleConfig } from '../support/program';
import { startWebhook } from '../support/webhook-server';

const [CASE, SOLUTION] = [
  ['Case', '268435457', '268435457'],
  ['Solution', '268435457', '268435464'],
];

it.each([429, 503])('After %i with Retry-After a call about another object sends nothing, and is kept', async (status) => {
  const [hook, other] = [await startWebhook(), await startWebhook()];
  try {
    const webhook = (url: string) => ({ type: 'webhook', url, proxy: false });
    const installed = install(sampleConfig({ hook: webhook(hook.address), other: webhook(other.address) }));
    hook.answer({ status, headers: { 'Retry-After': '3600' } });
    expect(await installed.run(CASE)).toMatchObject({ code: 75 });
    const second = await installed.run(SOLUTION);
    expect(second.code).toBe(75);
    expect(second.stderr).toMatch(/hook: kept, and not posted yet: hook asked for a wait until \d{4}-\d\d-\d\dT[\d:]{8}Z/);
    expect([hook.requests.length, other.requests.length]).toEqual([1, 2]);

    const rerun = await installed.run(['rerun']);
    expect(rerun).toMatchObject({ code: 75, stderr: expect.stringContaining('hook asked for a wait until') as string });
    expect(hook.requests).toHaveLength(1);

    await passTime(installed.folder, 3_700_000);
    expect(await installed.run(['rerun'])).toMatchObject({ code: 0 });
    expect(hook.events.size).toBe(2);
    expect(await installed.run([...CASE, '--rule', 'another'])).toMatchObject({ code: 0 });
  } finally {
    await Promise.all([hook.close(), other.close()]);
  }
});

it('Without Retry-After only the delivery waits', async () => {
  const hook = await startWebhook();
  try {
    const installed = install(sampleConfig({ hook: { type: 'webhook', url: hook.address, proxy: false } }));
    hook.answer({ status: 503 });
    expect(await installed.run(CASE)).toMatchObject({ code: 75 });
    expect(await installed.run(SOLUTION)).toMatchObject({ code: 0 });
  } finally {
    await hook.close();
  }
});
