// Preloaded into the program (node --require): everything below a folder called `dead-share` is on a network share that is dead. Who asks
// for it in the background never hears, and one thread of Node's pool hangs for it, as it does there: it opens a pipe that nobody writes
// into, which the folder has. Who asks for it in the foreground would hang for ever; here the test hears of it.

'use strict';

const fs = require('node:fs');

const SHARE = /^(.*[\\/]dead-share)[\\/]/;
const { open } = fs.promises;

for (const name of ['stat', 'access', 'open', 'readFile', 'readdir']) {
  const call = fs.promises[name];
  fs.promises[name] = (path, ...more) => {
    const [, share] = SHARE.exec(String(path)) ?? [];
    return share === undefined ? call(path, ...more) : open(`${share}.pipe`, 'r');
  };
}

for (const name of ['stat', 'open']) {
  const call = fs[name];
  fs[name] = (path, ...more) => {
    const [, share] = SHARE.exec(String(path)) ?? [];
    if (share === undefined) call(path, ...more);
    else open(`${share}.pipe`, 'r');
  };
}

for (const name of Object.keys(fs).filter((key) => key.endsWith('Sync'))) {
  const call = fs[name];
  fs[name] = (path, ...more) => {
    if (SHARE.test(String(path))) throw new Error(`${name} hangs for ever`);
    return call(path, ...more);
  };
}
