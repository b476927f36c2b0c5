// What a ledger keeps as it is, and what it forgets or cuts off.

import { LEASE_SLACK_MS } from '../../../src/core/lease';
import { draft, leaseOf, MESSAGE, NOW, request } from '../../support/ledger';
import { type LedgerHands, NEVER, settle } from './hands';

export function describeKeeping({ ledger, accept, requestNow, deliveryNow, finish, claim, inState }: LedgerHands): void {
  it('forgets messages and never a delivery', async () => {
    const old = await inState(draft(1, 5), 'delivered', { now: NOW, receipt: { id: '1' } });
    await inState(draft(2, 6), 'delivered', { now: NOW + 1 });
    await inState(draft(3, 7), 'rejected', { now: NOW - 1 });
    expect(await ledger().forgetMessages(NOW + 1, NEVER)).toBe(1);
    expect(await ledger().forgetMessages(NOW + 1, NEVER)).toBe(0);
    const { message, ...rest } = old;
    expect(message).toEqual(MESSAGE);
    expect(await deliveryNow(old.id)).toStrictEqual(rest);
    const messages = await ledger().deliveries({ ids: [draft(2, 6).id, draft(3, 7).id] }, 2, NEVER);
    expect(messages.map((kept) => kept.message)).toEqual([MESSAGE, MESSAGE]);
    expect(await claim(draft(1, 5), leaseOf('again'))).toMatchObject({ state: 'delivered', leaseOwner: '' });
  });

  it('empties the messages of some deliveries, but of none that may be sent', async () => {
    const states = ['delivered', 'discarded', 'due', 'in-doubt', 'held', 'rejected', 'abandoned'] as const;
    const kept = [];
    for (const [n, state] of states.entries()) kept.push(await inState(draft(1 + n, 5), state, { now: NOW }));
    const other = await inState(draft(9, 5), 'delivered', { now: NOW });
    const ids = [...kept.map(({ id }) => id), 'x'];
    expect(await ledger().emptyMessages(ids, NEVER)).toBe(2);
    expect(await ledger().emptyMessages(ids, NEVER)).toBe(0);
    for (const [n, { message, ...rest }] of kept.entries()) {
      expect(message).toEqual(MESSAGE);
      expect(await deliveryNow(rest.id)).toStrictEqual(n < 2 ? rest : { ...rest, message });
    }
    expect(await deliveryNow(other.id)).toEqual(other);
    expect(await ledger().forgetMessages(NOW + 1, NEVER)).toBe(1);
  });

  it('keeps whole milliseconds, and answers with what it keeps', async () => {
    const claimed = await claim(draft(1, 5), { owner: 'run', now: NOW, workMs: 1_234.5 });
    expect(claimed).toEqual(await deliveryNow(claimed.id));
    expect(claimed).toMatchObject({ attemptMs: 1_235, leaseUntil: NOW + 1_235 + LEASE_SLACK_MS });
    expect(await ledger().amend(claimed, settle({ dueAt: NOW + 0.5 }), NEVER)).toBe(true);
    expect(await deliveryNow(claimed.id)).toMatchObject({ dueAt: NOW + 1 });
    const id = await accept(request(1, 6));
    await ledger().settleRequest(id, 'accepted', '', NOW + 0.5, NEVER);
    expect(await requestNow(id)).toMatchObject({ dueAt: NOW + 1 });
    expect(await ledger().takeRequest(await requestNow(id), leaseOf('run'), NEVER)).toBe(true);
  });

  it.each([
    ['quotes', `it's "quoted" \`so\` [and] so]; DROP TABLE [publish_activity_delivery]; --`],
    ['parameters', '@id @state0 @@ROWCOUNT $1 :x ?'],
    ['emoji and other scripts', '👩‍👩‍👧 Zürich 你好 \u202Eright to left'],
    ['line ends', 'one\r\ntwo\tthree'],
    ['percent signs and blanks', ' 100 % _ '],
    ['control characters', 'bell \u0007 escape \u001B'],
  ])('keeps texts as they are: %s', async (_, text) => {
    const drafted = draft(1, 5, { rule: text, destination: text, message: { ...MESSAGE, title: text, tags: [text, text] } });
    await claim(drafted, leaseOf(text));
    expect(await ledger().deliveries({ destination: text }, 2, NEVER)).toMatchObject([{ ...drafted, leaseOwner: text }]);
    expect(await finish(drafted.id, { state: 'delivered', reason: text, receipt: { id: text, permalink: text } }, text)).toBe(
      true,
    );
    expect(await deliveryNow(drafted.id)).toMatchObject({ reason: text, receipt: { id: text, permalink: text } });
    expect(await ledger().knownReceipts(text, [text], NEVER)).toEqual(new Set([text]));
  });

  it('keeps NUL and lone surrogates in a message, and what it can of them elsewhere', async () => {
    const text = 'NUL \0 and \uD800';
    const drafted = draft(1, 5, { message: { ...MESSAGE, body: text } });
    await claim(drafted);
    await finish(drafted.id, { state: 'due', reason: text });
    expect(await deliveryNow(drafted.id)).toMatchObject({ message: { body: text }, reason: 'NUL \uFFFD and \uFFFD' });
  });

  it('keeps a message of a megabyte', async () => {
    const body = 'ü'.repeat(1_000_000);
    const { id } = await claim(draft(1, 5, { message: { ...MESSAGE, body } }));
    expect((await deliveryNow(id)).message?.body).toBe(body);
  });

  it('cuts off a reason that is too long', async () => {
    const due = await inState(draft(1, 5), 'due', { reason: 'r'.repeat(4_000) });
    expect(due.reason).toBe(`${'r'.repeat(999)}…`);
    const id = await accept(request(9, 9));
    await ledger().settleRequest(id, 'abandoned', 's'.repeat(4_000), NOW, NEVER);
    expect((await requestNow(id)).reason).toBe(`${'s'.repeat(999)}…`);
  });
}
