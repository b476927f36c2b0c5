// Generated text that is committed: written anew, or with --check compared with what stands there.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** Writes the file, or checks it where the command line says `--check`: then a difference is shown and fails the process. */
export function keepInStep(file, text, command) {
  const present = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : '';
  if (present === text) return;
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
    return;
  }
  console.error(`${relative(process.cwd(), file)} is out of step; ${command} brings it back:\n${difference(present, text)}`);
  process.exitCode = 1;
}

/** The lines between what both texts begin and end with, at most ten of each. */
function difference(present, wanted) {
  const [before, after] = [present.split('\n'), wanted.split('\n')];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const lines = (mark, all) => {
    const changed = all.slice(start, all.length - end).map((line) => `${mark} ${line}`);
    return changed.length > 10 ? [...changed.slice(0, 10), `${mark} … ${changed.length - 10} more`] : changed;
  };
  return [`@ line ${start + 1}`, ...lines('-', before), ...lines('+', after)].join('\n');
}
