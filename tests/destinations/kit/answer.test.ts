import type { Outcome } from '../../../src/core/outcome';
import { makeRedactor } from '../../../src/core/redact';
import { Secret } from '../../../src/core/secret';
import { outcomeOf, type AnswerReader } from '../../../src/destinations/kit/answer';
import type { HttpResult } from '../../../src/io/http-contract';

const NOW = Date.UTC(2026, 2, 2, 12, 0, 0);
const RECEIPT = { id: '90', permalink: 'https://example.com/messages/90' };

/** A destination that answers `message` for a message and `errors: …` for errors. */
const reader: AnswerReader = {
  receipt: (body) => (body.startsWith('message') ? RECEIPT : undefined),
  errors: (body) => (body.startsWith('errors: ') ? body.slice(8).split(',') : []),
};

const mask = makeRedactor([new Secret('geheimes wort')]);

function outcome(status: number, answer: { body?: string; headers?: Record<string, string>; complete?: boolean } = {}): Outcome {
  return outcomeOf({ kind: 'answer', status, headers: {}, body: '', complete: true, ...answer }, reader, NOW, mask);
}

describe('an answer', () => {
  it.each<[number, string]>([
    [100, 'unknown'],
    [200, 'delivered'],
    [201, 'delivered'],
    [202, 'delivered'],
    [204, 'delivered'],
    [206, 'delivered'],
    [300, 'place'],
    [301, 'place'],
    [302, 'place'],
    [303, 'unknown'],
    [304, 'place'],
    [307, 'place'],
    [308, 'place'],
    [400, 'rejected'],
    [401, 'rejected'],
    [402, 'place'],
    [403, 'place'],
    [404, 'place'],
    [405, 'place'],
    [406, 'place'],
    [407, 'place'],
    [408, 'retry'],
    [409, 'unknown'],
    [410, 'place'],
    [411, 'place'],
    [413, 'rejected'],
    [414, 'place'],
    [415, 'place'],
    [418, 'place'],
    [422, 'rejected'],
    [425, 'retry'],
    [429, 'retry'],
    [451, 'place'],
    [499, 'place'],
    [500, 'retry'],
    [501, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
    [504, 'unknown'],
    [522, 'retry'],
    [599, 'retry'],
    [600, 'unknown'],
    [999, 'unknown'],
  ])('%i without a body is %s', (status, kind) => {
    const found = outcome(status);
    expect('needsRepair' in found ? 'place' : found.kind).toBe(kind);
    if (found.kind !== 'delivered') expect(found.reason).toMatch(new RegExp(`^the server answered ${status}: \\w.+$`));
  });

  it('says of 401 alone that the login was refused', () => {
    expect(outcome(401)).toHaveProperty('loginRefused', true);
    expect(outcome(403)).not.toHaveProperty('loginRefused');
  });

  it.each<[string, number, { body: string; complete?: boolean }, object]>([
    ['201 with a message', 201, { body: 'message' }, { kind: 'delivered', receipt: RECEIPT }],
    ['201 with anything else', 201, { body: '<html>' }, { kind: 'delivered', receipt: {} }],
    ['201 cut off', 201, { body: '<mess', complete: false }, { kind: 'delivered', receipt: {} }],
    ['200 with a message', 200, { body: 'message' }, { kind: 'delivered', receipt: RECEIPT }],
    ['200 with a blank', 200, { body: ' \n' }, { kind: 'delivered', receipt: {} }],
    ['200 cut off before it began', 200, { body: '', complete: false }, { kind: 'unknown' }],
    ['200 with a login page', 200, { body: '<html><title>Log in</title></html>' }, { kind: 'unknown' }],
    ['200 with an error in it', 200, { body: '{"error":"no"}' }, { kind: 'unknown' }],
    ['204 with something that is no message', 204, { body: 'x' }, { kind: 'unknown' }],
    ['404 cut off', 404, { body: '<ht', complete: false }, { kind: 'retry', needsRepair: true }],
    ['400 with the page of a gateway', 400, { body: '<!DOCTYPE html>\n<title>Bad' }, { kind: 'retry', needsRepair: true }],
    ['400 with an error of its own', 400, { body: '<errors/>' }, { kind: 'rejected' }],
    ['503 cut off', 503, { body: '<ht', complete: false }, { kind: 'retry' }],
  ])('%s', (_, status, answer, expected) => {
    expect(outcome(status, answer)).toMatchObject(expected);
  });

  it.each([
    ['its errors', 'errors: Title is too long,Group is closed', 'it says "Title is too long / Group is closed"'],
    ['the title of its page', '<html>\n<TITLE lang="en">\nNot\u0007 here </TITLE>', 'it says "Not here"'],
    ['nothing of any other text', 'stack trace …', undefined],
    ['no blank error', 'errors:  , ', undefined],
    ['no invisible characters', 'errors: \u202eevil\u0000\u001b[31m\r\nline', 'it says "evil [31m line"'],
    ['no secret', 'errors: no geheimes wort here', 'it says "no *** here"'],
    ['no more than 200 characters', `errors: ${'🎈'.repeat(300)}`, `it says "${'🎈'.repeat(199)}…"`],
    ['no secret that the cut would leave half of', `errors: ${'x'.repeat(190)}geheimes wort`, `it says "${'x'.repeat(190)}***"`],
  ])('quotes %s', (_, body, said) => {
    const start = 'the server answered 422: it does not accept the message';
    expect(outcome(422, { body })).toEqual({ kind: 'rejected', reason: said === undefined ? start : `${start}; ${said}` });
  });

  it('names the server, and no more, that a redirect leads to', () => {
    const found = outcome(302, { headers: { location: 'https://sso.example.com/login?token=abc' } });
    expect(found).toMatchObject({ reason: expect.stringMatching(/; to https:\/\/sso\.example\.com$/) as string });
    for (const location of ['/login', 'file:///etc/passwd', 'javascript:alert(1)'])
      expect(outcome(302, { headers: { location } })).toEqual({
        kind: 'retry',
        needsRepair: true,
        reason: 'the server answered 302: it redirects, which is never followed with a login',
      });
  });

  it('needs no more than linear time for a hostile page', () => {
    const begin = Date.now();
    outcome(500, { body: '<title'.repeat(170_000) });
    outcome(422, { body: `errors: ${'\u0000 '.repeat(500_000)}` });
    expect(Date.now() - begin).toBeLessThan(5_000);
  });

  it.each([408, 425, 429, 500, 503])('%i carries the wait that it asks for', (status) => {
    expect(outcome(status, { headers: { 'retry-after': '120' } })).toMatchObject({ kind: 'retry', afterMs: 120_000 });
    expect(outcome(status, { headers: { 'retry-after': 'soon' } })).not.toHaveProperty('afterMs');
  });
});

describe('a failure', () => {
  const failure = (sent: boolean): HttpResult => ({
    kind: 'failure',
    sent,
    code: 'ECONNRESET',
    message: 'host: the connection was cut off',
  });

  it('before the request went out may be tried again', () => {
    expect(outcomeOf(failure(false), reader, NOW, mask)).toEqual({
      kind: 'retry',
      reason: 'host: the connection was cut off (ECONNRESET)',
    });
  });

  it('after the request went out leaves it in doubt', () => {
    expect(outcomeOf(failure(true), reader, NOW, mask)).toEqual({
      kind: 'unknown',
      reason: 'host: the connection was cut off (ECONNRESET), after the request went out',
    });
  });
});

describe('a date to come back at', () => {
  const at = { 'retry-after': 'Mon, 02 Mar 2026 12:10:00 GMT' };

  it.each<[string, Record<string, string>, number]>([
    ['by our clock, where the server tells nothing of its own', {}, 600_000],
    ["by the server's clock", { date: 'Mon, 02 Mar 2026 12:07:00 GMT' }, 180_000],
    ["by the server's clock, though ours is far ahead of it", { date: 'Sun, 01 Mar 2026 12:07:00 GMT' }, 14_400_000],
    ['by our clock, where that of the server is none', { date: 'soon' }, 600_000],
  ])('is one %s', (_, more, afterMs) => {
    expect(outcome(503, { headers: { ...at, ...more } })).toMatchObject({ kind: 'retry', afterMs });
  });
});

describe('a body that knows better than its status', () => {
  const wise: AnswerReader = {
    ...reader,
    verdict: (body) => (body === 'no' ? { kind: 'login-refused', words: 'no' } : undefined),
  };
  const said = (status: number, body: string) =>
    outcomeOf({ kind: 'answer', status, headers: {}, body, complete: true }, wise, NOW, mask);

  it.each([200, 201, 429, 500])('decides at %d, and only where it says so', (status) => {
    expect(said(status, 'no')).toEqual({ kind: 'rejected', reason: `the server answered ${status}: no`, loginRefused: true });
    expect(said(status, 'yes')).toEqual(outcome(status, { body: 'yes' }));
  });
});
