// Answers to batches as texts: of every form that is allowed, and from somebody who means no good.

import * as fc from 'fast-check';
import { outcomesOf, type CallOutcome } from '../../src/groupware/google/calls/batch-answer';
import { boundaryOf } from '../../src/groupware/google/calls/multipart';
import { reasonsOf } from '../../src/groupware/google/calls/error-reasons';
import type { HttpResult } from '../../src/io/http-contract';

const callIds = new Map([
  ['0.tok', 'first'],
  ['1.tok', 'second'],
]);

function answer(body: string, changed: Partial<Extract<HttpResult, { kind: 'answer' }>> = {}): HttpResult {
  return {
    kind: 'answer',
    status: 200,
    headers: { 'content-type': 'multipart/mixed; boundary=b' },
    body,
    complete: true,
    ...changed,
  };
}

const part = (id: string, nested: string) =>
  `--b\r\nContent-Type: application/http\r\nContent-ID: <response-${id}>\r\n\r\n${nested}\r\n`;
const OK = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"a":1}';
const END = '--b--\r\n';

/** What became of both calls: a status, or the word for none. */
function became(result: HttpResult): readonly unknown[] {
  const { outcomes } = outcomesOf({ callIds }, result, 0);
  return ['first', 'second'].map((id) => shortly(outcomes.get(id)));
}

function shortly(outcome: CallOutcome | undefined): unknown {
  return outcome?.kind === 'answer' ? ('json' in outcome ? [outcome.status, outcome.json] : [outcome.status]) : outcome?.kind;
}

const FINE = [200, { a: 1 }];

describe('An answer to a batch', () => {
  it.each<[string, string, readonly unknown[]]>([
    ['parts in brackets', part('0.tok', OK) + part('1.tok', OK) + END, [FINE, FINE]],
    ['an id without response-', part('0.tok', OK).replace('response-', '') + part('1.tok', OK) + END, [FINE, FINE]],
    [
      'an id without brackets',
      part('0.tok', OK).replace('<response-0.tok>', 'response-0.tok') + part('1.tok', OK) + END,
      [FINE, FINE],
    ],
    [
      'brackets within',
      part('0.tok', OK).replace('<response-0.tok>', 'response-<0.tok>') + part('1.tok', OK) + END,
      [FINE, FINE],
    ],
    ['names in any case', part('0.tok', OK).replace('Content-ID', 'cOnTeNt-Id') + part('1.tok', OK) + END, [FINE, FINE]],
    ['a header on two lines', part('0.tok', OK).replace('ID: ', 'ID:\r\n ') + part('1.tok', OK) + END, [FINE, FINE]],
    [
      'blanks behind a delimiter',
      (part('0.tok', OK) + part('1.tok', OK)).replaceAll('--b\r\n', '--b \t\r\n') + END,
      [FINE, FINE],
    ],
    ['an empty line before the status', part('0.tok', `\r\n${OK}`) + part('1.tok', OK) + END, [FINE, FINE]],
    ['another version of HTTP', part('0.tok', OK.replace('1.1 200 OK', '2 200')) + part('1.tok', OK) + END, [FINE, FINE]],
    ['no line end at its end', `${part('0.tok', OK)}${part('1.tok', OK)}--b--`, [FINE, FINE]],
    ['an epilogue', `${part('0.tok', OK)}${part('1.tok', OK)}${END}${part('0.tok', OK)}`, [FINE, FINE]],
    [
      'nothing below the header',
      part('0.tok', 'HTTP/1.1 204 No Content\r\nDate: x') + part('1.tok', 'HTTP/1.1 204') + END,
      [[204], [204]],
    ],
    ['an error without JSON', part('0.tok', 'HTTP/1.1 502 Bad\r\n\r\n<html>') + part('1.tok', OK) + END, [[502], FINE]],
    ['a longer boundary within', part('0.tok', OK.replace('1}', '1\r\n--bb\r\n}')) + part('1.tok', OK) + END, ['unknown', FINE]],
  ])('is understood with %s', (_, body, expected) => {
    expect(became(answer(body))).toEqual(expected);
  });

  it('keeps a body of several lines to the letter', () => {
    const body = '{"a": "--b",\r\n\r\n\n "b": "x"}\r\n';
    expect(became(answer(part('0.tok', `HTTP/1.1 200 OK\r\n\r\n${body}`) + part('1.tok', OK) + END))).toEqual([
      [200, { a: '--b', b: 'x' }],
      FINE,
    ]);
  });

  it.each<[string, string]>([
    ['a status that is no number', part('0.tok', OK.replace('200', '2OO'))],
    ['a status of too many digits', part('0.tok', OK.replace('200', '2000'))],
    ['a status that is none of an answer', part('0.tok', OK.replace('200', '100'))],
    ['a status below all', part('0.tok', OK.replace('200', '-20'))],
    ['no status', part('0.tok', '{"a":1}')],
    ['nothing', part('0.tok', '')],
    ['something done whose JSON is cut', part('0.tok', OK.replace('1}', ''))],
    ['something done with a page', part('0.tok', OK.replace('{"a":1}', '<html>'))],
    ['one id twice', part('0.tok', OK) + part('0.tok', OK)],
    ['one id three times', part('0.tok', OK) + part('0.tok', OK) + part('0.tok', OK)],
    ['one id twice, once as nonsense', part('0.tok', 'x') + part('0.tok', OK)],
    ['two ids in one part', part('0.tok', OK).replace('\r\n\r\n', '\r\nContent-ID: <response-0.tok>\r\n\r\n')],
    ['no id', `--b\r\n\r\n${OK}\r\n`],
    ['an id nobody asked for', part('2.tok', OK)],
    ['the id of another batch', part('0.tik', OK)],
    ['an id in another case', part('0.TOK', OK)],
    ['a name of every object', part('__proto__', OK) + part('constructor', OK)],
    ['another part within its own', part('0.tok', `--b \r\n${OK}`)],
    ['a delimiter as its header', '--b\r\n--b\r\n--b\r\n'],
  ])('leaves the call unknown with %s, and no other one', (_, first) => {
    expect(became(answer(first + part('1.tok', OK) + END))).toEqual(['unknown', FINE]);
  });

  it('that is cut off anywhere counts as far as it is whole', () => {
    const [first, second] = [part('0.tok', OK), part('1.tok', OK)];
    const whole = first + second + END;
    const firstEnds = first.length + '--b\r\n'.length;
    for (let length = 0; length < whole.length; length += 1) {
      expect([length, ...became(answer(whole.slice(0, length), { complete: false }))]).toEqual([
        length,
        length < firstEnds ? 'unknown' : FINE,
        'unknown',
      ]);
    }
    expect(became(answer(whole, { complete: false }))).toEqual([FINE, FINE]);
  });

  it('that ends without its last delimiter counts as far as parts are closed', () => {
    expect(became(answer(part('0.tok', OK) + part('1.tok', OK)))).toEqual([FINE, 'unknown']);
  });

  it.each<[string, string]>([
    ['a part without end', `${part('0.tok', OK)}${part('1.tok', 'HTTP/1.1 200 OK\r\n\r\n')}${'x'.repeat(8_000_000)}`],
    ['beginnings of delimiters without end', `${part('0.tok', OK)}--b\r\n${'--b'.repeat(2_000_000)}`],
    ['lines that nearly are delimiters', `${part('0.tok', OK)}--b\r\n${'--bx\n'.repeat(300_000)}`],
    ['a delimiter with blanks without end', `${part('0.tok', OK)}--b\r\n${`--b${' '.repeat(300_000)}x\n`.repeat(5)}`],
    ['a header without end', `${part('0.tok', OK)}--b\r\nA:${' '.repeat(4_000_000)}x`],
    ['lines of a header without end', `${part('0.tok', OK)}--b\r\nA: b\r\n${' c\r\n'.repeat(200_000)}\r\n${OK}\r\n`],
    ['line ends without end', `${part('0.tok', OK)}--b\r\n${'\r\n'.repeat(2_000_000)}`],
    ['one header without end', `${part('0.tok', OK)}--b\r\n${'A: b\r\n'.repeat(200_000)}\r\n${OK}\r\n`],
    ['an id without end', `${part('0.tok', OK)}--b\r\nContent-ID: ${'<'.repeat(2_000_000)}\r\n\r\n${OK}\r\n`],
  ])('costs no time without end: %s', (_, body) => {
    expect(became(answer(`${body}\r\n${END}`))).toEqual([FINE, 'unknown']);
  });

  it('with JSON that is deeper than anybody means takes nothing down', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const { outcomes } = outcomesOf({ callIds }, answer(part('0.tok', OK.replace('{"a":1}', deep)) + part('1.tok', OK) + END), 0);
    expect(outcomes.get('first')?.kind).toBe('answer');
    expect(shortly(outcomes.get('second'))).toEqual(FINE);
  });

  it('with parts without end says nothing of any', () => {
    const most = part('0.tok', OK) + '--b\r\n\r\n'.repeat(100) + part('1.tok', OK) + END;
    expect(became(answer(most))).toEqual([FINE, FINE]);
    expect(became(answer(part('0.tok', OK) + '--b\r\n\r\n'.repeat(1_000_000) + part('1.tok', OK) + END))).toEqual([
      'unknown',
      'unknown',
    ]);
  });

  it('counts the parts that nobody asked for', () => {
    const body = part('0.tok', OK) + part('7.tok', OK) + `--b\r\n\r\n${OK}\r\n` + part('1.tok', OK) + END;
    expect(outcomesOf({ callIds }, answer(body), 0).surplus).toBe(2);
  });
});

describe('Any answer', () => {
  const bodies = fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 });
  const idsOf = (count: number) => new Map(Array.from({ length: count }, (_, at) => [`${at}.tok`, String(at)]));
  /** Each call's answer in JSON, in reverse order. */
  const written = (values: readonly unknown[]) =>
    [...values.keys()]
      .reverse()
      .map((at) => part(`${at}.tok`, `HTTP/1.1 200 OK\r\n\r\n${JSON.stringify(values[at], undefined, 1)}`));

  it('comes to the call that it is for, or to none, wherever it is cut and whatever is changed in it', () => {
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      digit: fc.constantFrom('', '\n', '\r\n', '-', '--b', '<', '9'),
    });
    fc.assert(
      fc.property(bodies, change, fc.boolean(), (values, { at, digit }, isCut) => {
        const whole = written(values).join('') + END;
        const place = Math.floor(whole.length * at);
        const body = isCut ? whole.slice(0, place) : whole.slice(0, place) + digit + whole.slice(place);
        const { outcomes } = outcomesOf({ callIds: idsOf(values.length) }, answer(body, { complete: !isCut }), 0);
        expect([...outcomes.keys()]).toEqual(values.map((_, call) => String(call)));
        if (isCut) for (const [call, outcome] of outcomes) expectOwn(outcome, values[Number(call)]);
      }),
    );
  });

  it('that is whole comes to the call that it is for', () => {
    fc.assert(
      fc.property(bodies, (values) => {
        const { outcomes, surplus } = outcomesOf({ callIds: idsOf(values.length) }, answer(written(values).join('') + END), 0);
        expect(surplus).toBe(0);
        for (const [call, outcome] of outcomes)
          expect(outcome).toEqual({ kind: 'answer', status: 200, headers: {}, json: asJson(values[Number(call)]) });
      }),
    );
  });

  function expectOwn(outcome: CallOutcome, value: unknown): void {
    if (outcome.kind === 'unknown') return;
    expect(outcome).toEqual({ kind: 'answer', status: 200, headers: {}, json: asJson(value) });
  }

  function asJson(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value));
  }
});

describe('A batch that is answered as a whole', () => {
  const RATE = '{"error":{"errors":[{"reason":"rateLimitExceeded"}]}}';
  it.each<[string, HttpResult, object]>([
    ['429', answer('', { status: 429, headers: { 'retry-after': '5' } }), { kind: 'retry', tooFast: true, afterMs: 5_000 }],
    ['403, too fast', answer(RATE, { status: 403 }), { kind: 'retry', tooFast: true }],
    ['403, too fast, cut off', answer(RATE.slice(0, 30), { status: 403, complete: false }), { kind: 'retry', tooFast: false }],
    [
      '403',
      answer('{"error":{"status":"PERMISSION_DENIED"}}', { status: 403 }),
      { kind: 'refused', status: 403, reason: 'the batch was answered 403 (PERMISSION_DENIED)' },
    ],
    ['401, as without a login outside', answer('', { status: 401 }), { kind: 'refused', status: 401 }],
    ['400', answer('Failed to parse batch', { status: 400 }), { kind: 'refused', reason: 'the batch was answered 400' }],
    ['404', answer('', { status: 404 }), { kind: 'refused', status: 404 }],
    ['302', answer('', { status: 302, headers: { location: 'https://evil.example' } }), { kind: 'refused', status: 302 }],
    ['303', answer('', { status: 303 }), { kind: 'unknown' }],
    ['408', answer('', { status: 408 }), { kind: 'unknown' }],
    ['500', answer(part('0.tok', OK) + part('1.tok', OK) + END, { status: 500 }), { kind: 'unknown' }],
    [
      'another type',
      answer(part('0.tok', OK) + END, { headers: { 'content-type': 'multipart/related; boundary=b' } }),
      { kind: 'unknown' },
    ],
    ['no type', answer(part('0.tok', OK) + END, { headers: {} }), { kind: 'unknown' }],
    [
      'nothing that went out',
      { kind: 'failure', sent: false, code: 'ENOTFOUND', message: 'm' },
      { kind: 'retry', tooFast: false, reason: 'm (ENOTFOUND)' },
    ],
    ['silence', { kind: 'failure', sent: true, code: 'ETIMEDOUT', message: 'm' }, { kind: 'unknown', reason: 'm (ETIMEDOUT)' }],
  ])('has one outcome for all: %s', (_, result, expected) => {
    const { outcomes } = outcomesOf({ callIds }, result, 0);
    expect([...outcomes.values()]).toEqual([expect.objectContaining(expected), expect.objectContaining(expected)]);
  });

  it('is told without a word that somebody else chose', () => {
    const echo = JSON.stringify({
      error: { message: 'Bearer ya29.secret', errors: [{ reason: 'ya29.secret' }], status: 'x'.repeat(61) },
    });
    const { outcomes } = outcomesOf({ callIds }, answer(echo, { status: 400 }), 0);
    expect(outcomes.get('first')).toEqual({ kind: 'refused', status: 400, reason: 'the batch was answered 400' });
  });
});

describe('A boundary', () => {
  it.each<[string, string | undefined]>([
    ['multipart/mixed; boundary=batch_x', 'batch_x'],
    ['multipart/mixed;boundary=batch_x;', 'batch_x'],
    ['Multipart/Mixed; charset=UTF-8; BOUNDARY=batch_x', 'batch_x'],
    ['multipart/mixed; boundary="batch x;=\\"y\\\\"', 'batch x;="y\\'],
    ['multipart/mixed; boundary="batch_x"; charset="UTF-8"', 'batch_x'],
    ['multipart/mixed; boundary=a; boundary=b', undefined],
    ['multipart/mixed; boundary=""', undefined],
    ['multipart/mixed; boundary=', undefined],
    ['multipart/mixed', undefined],
    ['multipart/form-data; boundary=b', undefined],
    ['application/json', undefined],
    [`multipart/mixed; boundary="${'\\'.repeat(100_001)}`, undefined],
  ])('is read: %s', (contentType, boundary) => {
    expect(boundaryOf(contentType)).toBe(boundary);
  });
});

describe('The reasons of an error', () => {
  it.each<[string, unknown, readonly string[]]>([
    [
      'of an older service',
      { error: { code: 403, errors: [{ domain: 'usageLimits', reason: 'userRateLimitExceeded' }] } },
      ['userRateLimitExceeded'],
    ],
    [
      'of a newer one',
      { error: { status: 'INVALID_ARGUMENT', details: [{ '@type': 'x', reason: 'EXPIRED_SYNC_TOKEN' }, { other: 1 }] } },
      ['EXPIRED_SYNC_TOKEN', 'INVALID_ARGUMENT'],
    ],
    [
      'of the token endpoint',
      { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
      ['invalid_grant'],
    ],
    ['none in a list', [1], []],
    ['none in nothing', undefined, []],
    ['none in null', { error: null }, []],
    ['none in a sentence', { error: { status: 'two words', errors: 'x' } }, []],
  ])('are read: %s', (_, json, reasons) => {
    expect(reasonsOf(json)).toEqual(reasons);
  });
});
