// A person who writes into a folder of vCards with an editor.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Person } from '../groupware/suite';
import { CARD_DECORATIONS, cardText, editedCard, respelledCard, turnedCard, withCardLines } from './card-text';

/** Somebody with this folder open. */
export function cardEditor(path: string): Person {
  const fileOf = (id: string) =>
    readdirSync(path)
      .map((name) => join(path, name))
      .find((file) => readFileSync(file, 'utf8').includes(`\r\nUID:${id}\r\n`)) ?? '';
  const change = (id: string, work: (text: string) => string) =>
    Promise.resolve().then(() => writeFileSync(fileOf(id), work(readFileSync(fileOf(id), 'utf8'))));
  return {
    add: (entry) => {
      writeFileSync(join(path, 'any name.vcf'), cardText(entry));
      return Promise.resolve('theirs@phone');
    },
    edit: (id, entry) => change(id, (text) => editedCard(text, entry)),
    remove: (id) => Promise.resolve(rmSync(fileOf(id))),
    turn: (id, into) =>
      change(id, (text) => {
        if (into === 'series') throw new Error('no card is a series');
        return into === 'unreadable' ? text.slice(0, text.indexOf('END:VCARD')) : turnedCard(text, into);
      }),
    decorate: (id) => change(id, (text) => withCardLines(text, CARD_DECORATIONS)),
    decorations: (id) => {
      const lines = readFileSync(fileOf(id), 'utf8').replace(/\r\n /g, '').split('\r\n');
      return Promise.resolve(lines.filter((line) => CARD_DECORATIONS.includes(line)));
    },
    respell: (id) => change(id, respelledCard),
  };
}
