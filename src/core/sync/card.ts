// What stands on a contact's card beside the name as people read it. Pure.

/** The fields of a card, which are compared, merged and written one by one, and the texts that make up each. */
export const CARD_PARTS = {
  name: ['given', 'family'],
  company: ['company'],
  title: ['title'],
  phone: ['phone'],
  mobile: ['mobile'],
  fax: ['fax'],
  email: ['email'],
  otherEmail: ['otherEmail'],
  address: ['street', 'city', 'region', 'postcode', 'country'],
} as const;

export type CardField = keyof typeof CARD_PARTS;
export type CardPart = (typeof CARD_PARTS)[CardField][number];

export const CARD_FIELDS = Object.keys(CARD_PARTS) as readonly CardField[];
export const ALL_CARD_PARTS: readonly CardPart[] = Object.values(CARD_PARTS).flat();

/** The texts of a card: what somebody has at work. What is private stands on lines of a card that nobody here reads. */
export type Card = Readonly<Record<CardPart, string>>;

/** A card of some texts; the others are empty. */
export function cardOf(texts: Readonly<Partial<Record<CardPart, string>>>): Card {
  return Object.fromEntries(ALL_CARD_PARTS.map((part) => [part, texts[part] ?? ''])) as Card;
}

/** Whether it is a field of a card. */
export function isCardField(field: string): field is CardField {
  return Object.hasOwn(CARD_PARTS, field);
}

/** A field in a spelling that is the same for the same value: a line for each of its texts, and none where all are empty. */
export function spelledCard(card: Card, field: CardField): string {
  const texts = CARD_PARTS[field].map((part) => card[part]);
  return texts.some((text) => text !== '') ? texts.join('\n') : '';
}

/** A card with some fields of another one. */
export function withCardFields(card: Card, other: Card, fields: readonly CardField[]): Card {
  return { ...card, ...Object.fromEntries(fields.flatMap((field) => CARD_PARTS[field]).map((part) => [part, other[part]])) };
}

/** Whether what was kept is a card. */
export function isCard(value: unknown): value is Card {
  const texts = Object(value) as Readonly<Record<string, unknown>>;
  return ALL_CARD_PARTS.every((part) => typeof texts[part] === 'string');
}
