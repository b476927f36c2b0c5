// Preloaded into the program under torture (node --require): counts its steps, which are its calls to the world outside the process,
// and kills it right before the n-th, or, if it writes a text, in the middle. Between two steps nothing outside can change, so this strikes
// at every moment that matters.
// Where the disk is full instead, only steps that take space count.
//
// TORTURE_STEP: the n. TORTURE_LOG: a file that gets the name of the step. TORTURE_DISK: the disk is full "once" or "from then on".
// TORTURE_ONLY: a pattern of the steps that count, in which those of a socket are followed by the path of their request; all if left out.
// TORTURE_AHEAD: how far its clock is ahead, in ms.

'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const net = require('node:net');

const nth = Number(process.env.TORTURE_STEP ?? 0);
const disk = process.env.TORTURE_DISK;
const only = process.env.TORTURE_ONLY === undefined ? undefined : new RegExp(process.env.TORTURE_ONLY);
const TAKES_SPACE = /^fs (write|writeFile|appendFile|mkdir|open to write)$|^sqlite (CREATE|INSERT|UPDATE|COMMIT)/;

const { writeSync } = fs;
const log = nth === 0 ? undefined : fs.openSync(process.env.TORTURE_LOG, 'w');
let count = 0;

/** A step. Whoever is killed in it has done half of what can be done by half. */
function step(name, half = () => undefined, path = '') {
  const isOther = only?.test(`${name}${path}`) === false;
  if (log === undefined || (disk !== undefined && !TAKES_SPACE.test(name)) || isOther) return;
  count += 1;
  if (count < nth || (count > nth && disk !== 'from then on')) return;
  if (count === nth) writeSync(log, name);
  if (disk === undefined) {
    half();
    process.kill(process.pid, 'SIGKILL');
  }
  const code = name.startsWith('fs') ? { code: 'ENOSPC', syscall: 'write' } : { errcode: 13 };
  throw Object.assign(new Error('database or disk is full'), code);
}

/** Of a text that is written, the first half may be there. */
function writeHalf(name, call, [target, data, ...more]) {
  if (!/^(write|writeFile|appendFile)Sync$/.test(name) || data?.length === undefined) return;
  call.call(fs, target, data.slice(0, data.length >> 1), ...(name === 'writeSync' ? [] : more));
}

/** Makes a step of every call of some methods. */
function mark(object, names, nameOf) {
  for (const name of names) {
    const call = object[name];
    const value = function (...given) {
      const [named, path] = [nameOf(name, given, this)].flat();
      step(named, () => writeHalf(name, call, given), path);
      return call.apply(this, given);
    };
    // What a library made read-only cannot be assigned to.
    Object.defineProperty(object, name, { value, writable: true, configurable: true });
  }
}

const FILES = ['open', 'write', 'writeFile', 'appendFile', 'mkdir', 'link', 'rename', 'rm', 'unlink', 'fchmod', 'close'];
const { O_WRONLY, O_RDWR } = fs.constants;
const named = (name, [, flags = 'r']) => {
  if (!name.startsWith('open')) return `fs ${name.replace('Sync', '')}`;
  const isWriting = typeof flags === 'number' ? (flags & (O_WRONLY | O_RDWR)) !== 0 : !flags.startsWith('r');
  return `fs open${isWriting ? ' to write' : ''}`;
};
mark(
  fs,
  FILES.map((name) => `${name}Sync`),
  named,
);
mark(
  fs.promises,
  FILES.filter((name) => name in fs.promises),
  named,
);

/** The method and the path of the HTTP request that each socket sent last, where they can be read. */
const requests = new WeakMap();
mark(net.Socket.prototype, ['connect', '_write', '_writev', 'push'], (name, [chunk], socket) => {
  const [first] = Array.isArray(chunk) ? chunk : [{ chunk }];
  const request = name.startsWith('_write') ? /^([A-Z]+) (\/[^ ?]*)/.exec(String(first.chunk).slice(0, 200)) : null;
  if (request !== null) requests.set(socket, request);
  if (name === 'connect' || chunk === null) return name === 'connect' ? 'socket connect' : 'socket end';
  const [, method = '', path = ''] = requests.get(socket) ?? [];
  return [`socket ${name === 'push' ? 'answer' : 'write'} ${method}`.trimEnd(), path];
});

/** What a statement does, and to what. */
function sqlName(sql) {
  const [, verb, table = ''] = /^\s*(\w+)(?:\s(?:[^]*?\b(?:INTO|FROM|TABLE|INDEX)\s)?(?:IF NOT EXISTS\s)?\[?(\w+))?/.exec(sql);
  return `sqlite ${verb} ${table}`.trim();
}

/** The library of SQLite is the one that is not in the bundle. */
const load = Module._load;
Module._load = function (id, ...more) {
  const loaded = load.call(this, id, ...more);
  if (id !== '@photostructure/sqlite' || loaded.isMarked) return loaded;
  class DatabaseSync extends loaded.DatabaseSync {
    constructor(...given) {
      step('sqlite open');
      super(...given);
    }

    prepare(sql) {
      const statement = super.prepare(sql);
      mark(statement, ['all', 'get', 'run'], () => sqlName(sql));
      return statement;
    }

    exec(sql) {
      step(sqlName(sql));
      return super.exec(sql);
    }

    close() {
      step('sqlite close');
      return super.close();
    }
  }
  return { ...loaded, DatabaseSync, isMarked: true };
};

process.on('exit', () => step('exit'));

const ahead = Number(process.env.TORTURE_AHEAD ?? 0);
const now = Date.now;
Date.now = () => now() + ahead;
