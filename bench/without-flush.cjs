// Waits for no disk, in a process that is started with `--require` of this file: for what a bench needs and does not measure.

'use strict';

const fs = require('node:fs');

const { writeFileSync } = fs;
fs.fsyncSync = () => undefined;
fs.writeFileSync = (file, text, options) => writeFileSync(file, text, { ...options, flush: false });
