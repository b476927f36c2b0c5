// The text of a new configuration: JSON with comments, which the program reads as well as any JSON. Pure.

import { isRecord } from '../../../core/shape';
import type { Raw } from './draft';

/** Comments by the path of the key that they stand above, its keys with a dot between them; the one of the file has the path ''. */
export type Comments = Readonly<Record<string, string>>;

/** The longest line of a comment, in characters. */
const WIDTH = 110;

/** The text of a configuration file. */
export function configText(config: Raw, comments: Comments): string {
  return `${commentLines(comments[''] ?? '', '')}${valueText(config, '', '', comments)}\n`;
}

function valueText(value: unknown, path: string, margin: string, comments: Comments): string {
  if (!isRecord(value)) return JSON.stringify(value);
  const inner = `${margin}  `;
  // What is small and says nothing about itself stands on one line, as people write it.
  if (path !== '' && Object.keys(value).length === 1 && Object.values(value).every((each) => typeof each !== 'object'))
    return JSON.stringify(value)
      .replace(/^\{(.*)\}$/s, '{ $1 }')
      .replace('":', '": ');
  const entries = Object.entries(value).map(([key, each]) => {
    const own = path === '' ? key : `${path}.${key}`;
    const comment = commentLines(comments[own] ?? '', inner);
    return `${comment}${inner}${JSON.stringify(key)}: ${valueText(each, own, inner, comments)}`;
  });
  return `{\n${entries.join(',\n')}\n${margin}}`;
}

function commentLines(comment: string, margin: string): string {
  if (comment === '') return '';
  const lines: string[] = [];
  for (const word of comment.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line) => `${margin}// ${line}\n`).join('');
}
