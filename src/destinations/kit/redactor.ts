// What is secret about a destination: whatever its options hold as a Secret, however deep. So no destination can forget one.

import { makeRedactor } from '../../core/redact';
import { keysWithin, passwordIn, Secret } from '../../core/secret';

/** A filter for what others say: it masks every secret in the options of a destination, with the keys and the passwords in addresses. */
export function redactorFor(options: unknown): (text: string) => string {
  return makeRedactor(secretsIn(options));
}

function secretsIn(value: unknown): readonly Secret[] {
  if (value instanceof Secret) return [value, ...keysWithin(value), ...passwordIn(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : [];
}
