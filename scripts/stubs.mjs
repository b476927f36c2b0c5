// What the bundle leaves out of its libraries, and why: two tables and the esbuild plugin that follows them.
// Every row was found by measuring what a run loads and never uses; the times are what it costs a run with a code cache on Node 20.

import { readFile } from 'node:fs/promises';

/**
 * Modules that are replaced: `module` as the library imports it, `by` which library, `kind` by what.
 * `refused`: any use throws an error that names the module. `late`: loaded at its first use. `empty`: nothing in it.
 * `silent`: a maker of functions that do nothing. `native`: the part of Node that it copies.
 */
export const stubs = [
  {
    module: /^@azure\/(identity|core-auth|keyvault-keys)$/,
    by: 'tedious',
    kind: 'refused',
    why: 'Sign-in through Azure; we sign in to SQL Server with a user and a password. 16 ms, and 130 without a cache.',
  },
  {
    module: /^debug$/,
    by: '(mssql|agent-base|https-proxy-agent|follow-redirects)',
    kind: 'silent',
    why: 'Traces that an environment variable of others switches on: they could show what must stay secret. 3 ms.',
  },
  {
    module: /^@js-joda\/core$/,
    by: 'tedious',
    kind: 'refused',
    why: 'Dates as parameters of a statement; ours are texts and numbers. Dates in answers do not need it. 5 ms.',
  },
  {
    module: /^readable-stream$/,
    by: 'bl',
    kind: 'native',
    why: 'A copy of node:stream for old versions of Node. 2 ms.',
  },
  {
    module: /^\.\/(fetch|xhr)\.js$/,
    by: 'axios',
    kind: 'empty',
    why: 'The adapters for browsers. Asking for fetch wakes undici, an HTTP client that we do not use. 13 ms.',
  },
  {
    module: /^form-data$/,
    by: 'axios',
    kind: 'empty',
    why: 'Forms with files, and with them the table of all MIME types. 5 ms.',
  },
  {
    module: /^http2$/,
    by: 'axios',
    kind: 'late',
    why: 'HTTP/2 must be asked for, and we do not. 2 ms.',
  },
  {
    module: /^js-yaml$/,
    by: 'xmlbuilder2',
    kind: 'refused',
    why: 'Turns XML into YAML and back. 2 ms.',
  },
  {
    module: /^(typescript|import-fresh)$/,
    by: 'cosmiconfig',
    kind: 'refused',
    why: 'Configuration that is a program. The compiler alone weighs 10 MB.',
  },
  {
    module: /^parse-json$/,
    by: 'cosmiconfig',
    kind: 'native',
    why: 'JSON.parse with a picture of the place of an error. Only a package.json beside the bundle is read with it.',
  },
  {
    module: /^\.\.\/fetch\/index\.js$/,
    by: 'nodemailer',
    kind: 'refused',
    why: 'Reads attachments from addresses through an HTTP of its own, which no text of the CRM may ever make it do. 18 KB.',
  },
  {
    module: /^\.\/mime-types\.js$/,
    by: 'nodemailer',
    kind: 'refused',
    why: 'The table of all MIME types, for attachments. 94 KB that every run would read.',
  },
  {
    module: /^node:child_process$/,
    by: 'commander',
    kind: 'late',
    why: 'For commands that are programs of their own; we have none. 2 ms.',
  },
];

/** Single places that are replaced inside a library. The build fails when a new version no longer has them. */
export const edits = [
  {
    file: /[\\/]axios[\\/]lib[\\/]utils\.js$/,
    find: "typeof G.FormData !== 'undefined' ? G.FormData : undefined",
    replace: 'undefined',
    why: 'Only looking at the global FormData wakes undici. We send text. 12 ms, unless the adapter for fetch has paid it already.',
  },
  {
    file: /[\\/]tedious[\\/]lib[\\/]data-types[\\/]date(time(2|offset)?)?\.js$/,
    find: /const EPOCH_DATE = .*;/,
    replace: 'const EPOCH_DATE = undefined;',
    why: 'The only use of @js-joda/core (above) outside a function.',
  },
  {
    file: /[\\/]tedious[\\/]lib[\\/]debug\.js$/,
    find: '_interopRequireWildcard(require("util"))',
    replace: 'require("util")',
    why: 'Copying every member of node:util loads what stands behind them, and on Node 24 opens stderr. 3 ms.',
  },
];

const natives = { 'readable-stream': "require('node:stream')", 'parse-json': 'JSON.parse' };

const sources = {
  refused: (module) => `const refuse = (what) => { throw new Error('${module} is not part of this program: ' + what); };
  module.exports = new Proxy(function () { refuse('a call'); }, {
    get(_, member) {
      if (typeof member === 'symbol' || member === '__esModule' || member === 'default') return undefined;
      return refuse(member);
    },
  });`,
  late: (module) => `module.exports = new Proxy({}, { get: (_, member) => require('${module}')[member] });`,
  native: (module) => `module.exports = ${natives[module]};`,
  empty: () => 'module.exports = {};',
  silent: () => 'module.exports = () => Object.assign(() => undefined, { enabled: false });',
};

/** Puts the stubs and the edits into a bundle. A row that a new version of its library no longer needs is an error. */
export const stubPlugin = {
  name: 'stubs',
  setup(build) {
    const unused = new Set([...stubs, ...edits]);
    for (const stub of stubs) {
      const importers = new RegExp(`[\\\\/]node_modules[\\\\/]${stub.by}[\\\\/]`);
      build.onResolve({ filter: stub.module }, ({ path, importer, namespace }) => {
        if (namespace !== 'file' || !importers.test(importer)) return undefined;
        unused.delete(stub);
        return { path, namespace: `stub-${stub.kind}` };
      });
    }
    for (const [kind, source] of Object.entries(sources)) {
      build.onLoad({ filter: /./, namespace: `stub-${kind}` }, ({ path }) => ({ contents: source(path), loader: 'js' }));
    }
    for (const edit of edits) {
      build.onLoad({ filter: edit.file }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const contents = source.replace(edit.find, edit.replace);
        if (contents === source) throw new Error(`${path} no longer contains ${edit.find}`);
        unused.delete(edit);
        return { contents, loader: 'js' };
      });
    }
    build.onEnd(() => ({ errors: [...unused].map(({ why }) => ({ text: `scripts/stubs.mjs has a row for nothing: ${why}` })) }));
  },
};
