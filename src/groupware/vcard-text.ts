// Texts with vCards as items of a groupware. Pure.

import type { VCards } from '../io/vcard-contract';
import { itemOfBroken, notChanged, type ItemTexts, type TextItem } from './text-item';
import { itemOfCards } from './vcard-item';
import { cardChange, newCard, whyNoCard } from './vcard-write';

/** More than a card has, with a photograph in it, in bytes. */
const LARGEST = 8 * 1024 ** 2;

/** How contacts are read and written. `now` is ms since 1970 UTC. */
export function vcardTexts({ vcards, now }: { readonly vcards: VCards; readonly now: () => number }): ItemTexts {
  const understood = (text: string) => {
    const cards = vcards.read(text);
    const item: TextItem = itemOfCards(cards);
    return { cards, item: cards === undefined ? itemOfBroken(text, item.content) : item };
  };
  return {
    suffix: '.vcf',
    largest: LARGEST,
    read: (text) => understood(text).item,
    make: (step) => {
      const reason = whyNoCard(step.entry);
      return reason === undefined ? { kind: 'text', text: vcards.write(newCard(step, now())) } : { kind: 'rejected', reason };
    },
    change: (text, { entry, fields }) => {
      const { cards: [card] = [], item } = understood(text);
      if (item.content.kind !== 'entry' || card === undefined) return notChanged(item.content);
      const reason = fields.includes('subject') ? whyNoCard(entry) : undefined;
      if (reason !== undefined) return { kind: 'rejected', reason };
      const change = cardChange(card, entry, fields, now());
      return change === undefined ? { kind: 'same' } : { kind: 'text', text: vcards.change(text, change) };
    },
  };
}
