// The style and the script of the pages: real files, which the bundler takes in as texts. They stand beside the pages and not in them,
// so that a server may forbid what is inline.

import { createHash } from 'node:crypto';
import script from './stream.js' with { type: 'text' };
import style from './stream.css' with { type: 'text' };

/** A file that all pages use. */
export interface Asset {
  readonly file: string;
  readonly text: string;
  /** Where a page finds it: another text has another address, so that a page never meets one that the browser kept from before. */
  readonly address: string;
}

export const STYLE = asset('stream.css', style);
export const SCRIPT = asset('stream.js', script);

function asset(file: string, text: string): Asset {
  return { file, text, address: `${file}?v=${createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 8)}` };
}
