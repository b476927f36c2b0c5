// The files of the spool as docs/formats.md fixes them.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../src/core/errors';
import { newRequestId, momentOfId } from '../../src/core/request-id';
import { openSpoolFolder } from '../../src/io/spool-folder';
import { openSpool, type SpooledRequest } from '../../src/ledger/spool';
import { temporaryFolder } from '../support/sample';

const page = readFileSync(resolve(__dirname, '..', '..', 'docs', 'formats.md'), 'utf8');
const AT = 1_795_334_400_123;
const words = ['Change Request', '268435457', '"5"'];
const request: SpooledRequest = { id: newRequestId(AT), command: 'publish', words, rule: 'SLA "rot"', at: AT };

let folder: string;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = () => openSpoolFolder(folder);

/** What the trouble that a call throws comes to. */
function resultOf(call: () => unknown): string {
  try {
    call();
    return 'nothing is thrown';
  } catch (error) {
    return error instanceof UserError ? error.result : String(error);
  }
}

it('holds the words as they were given', () => {
  const spool = openSpool(files());
  spool.keep(request);
  expect(spool.waiting()).toEqual([request.id]);
  expect(spool.read(request.id)).toEqual(request);
  expect(readFileSync(join(folder, `${request.id}.json`), 'utf8')).toBe(
    `{"format":1,"at":${AT},"rule":"SLA \\"rot\\"","words":["Change Request","268435457","\\"5\\""]}\n`,
  );
});

it('holds the command of a call that is not about publishing', () => {
  const spool = openSpool(files());
  spool.keep({ ...request, command: 'sync' });
  expect(spool.read(request.id)).toEqual({ ...request, command: 'sync' });
});

it.each([
  [
    /^\{"format":1,"at".*$/m,
    { command: 'publish', at: 1_795_334_400_123, rule: 'SLA warning', words: ['Case', '268435457', '268435459'] },
  ],
  [/^\{"format":1,"command".*$/m, { command: 'sync', at: 1_795_334_400_456, rule: '', words: ['appointment', '268435457'] }],
])('is read as docs/formats.md shows it: %s', (example, spooled) => {
  files().keep('a', example.exec(page)?.[0] ?? '');
  expect(openSpool(files()).read('a')).toEqual({ id: 'a', ...spooled });
});

it.each([
  ['empty, as a power cut may leave it', ''],
  ['full of zeros', '\0'.repeat(100)],
  ['cut off', '{"format":1,"at":1'],
  ['a list', '[]'],
  ['without words', `{"format":1,"at":${AT},"rule":""}`],
  ['with numbers for words', `{"format":1,"at":${AT},"rule":"","words":[1,2]}`],
  ['with a command that is no text', `{"format":1,"command":1,"at":${AT},"rule":"","words":["Case","1"]}`],
  ['without a moment', '{"format":1,"at":"now","rule":"","words":["Case","1"]}'],
])('that is %s holds no request', (_, text) => {
  files().keep('a', text);
  expect(resultOf(() => openSpool(files()).read('a'))).toBe('rejected');
});

it('that is a folder, or no text, holds no request', () => {
  mkdirSync(join(folder, 'a.json'));
  writeFileSync(join(folder, 'b.json'), Buffer.from([0xfc, 0x00]));
  for (const id of ['a', 'b']) expect(resultOf(() => openSpool(files()).read(id))).toBe('rejected');
});

it.each(['{"format":2,"what":"ever"}', `{"format":1,"command":"dance","at":${AT},"rule":"","words":["1"]}`])(
  'of a newer program stays for that: %s',
  (text) => {
    files().keep('a', text);
    expect(resultOf(() => openSpool(files()).read('a'))).toBe('later');
  },
);

describe('The id of a request', () => {
  it('sorts by the moment that it was made at, and tells it', () => {
    const moments = [0, 1, AT - 1, AT, AT + 1, 2 ** 48 - 1];
    const ids = moments.map(newRequestId);
    expect([...ids].sort()).toEqual(ids);
    expect(ids.map(momentOfId)).toEqual(moments);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  });

  it('is another one each time', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newRequestId(AT))).size).toBe(1_000);
  });

  it.each([-1, Number.NaN, 2 ** 60])('is one also where the clock shows %d', (moment) => {
    expect(newRequestId(moment)).toMatch(/^[0-9a-f]{32}$/);
  });
});
