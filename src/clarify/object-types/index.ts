// The CRM's object types as data, one row each. A site adds its own in its configuration, in the same shape.

import { interaction, dialogue, contract, actionItem, opportunity } from './sales';
import { partRequest, partRequestHeader, productRevision, stockingLevel } from './logistics';
import { account, contact, site } from './people';
import { changeRequest, solution, subcase, supportCase } from './support';
import type { ObjectType } from '../object-type';

export type { ObjectType };

/** Every object type that the program brings along. */
export const objectTypes: readonly ObjectType[] = [
  supportCase,
  subcase,
  solution,
  changeRequest,
  partRequest,
  partRequestHeader,
  contract,
  actionItem,
  opportunity,
  interaction,
  dialogue,
  contact,
  site,
  account,
  productRevision,
  stockingLevel,
];

/** The object type of a canonical name. */
export function objectTypeNamed(name: string, types: readonly ObjectType[] = objectTypes): ObjectType {
  const found = types.find((type) => type.name === name);
  if (found === undefined) throw new Error(`no object type is called ${name}`);
  return found;
}
