// The business rules of a site: those to enter, and those that are there.

import type { Database } from '../../io/database';
import type { ObjectType } from '../object-type';
import { auditRule, type AuditedRule } from './audit';
import { guideOf, typesNamed, type RuleGuide } from './guide';
import { readRules } from './reader';

/** The rules of a site. */
export interface Rules {
  /** How the rules are entered for the object types that words name; for all without words. Throws a UserError of the kind `usage`. */
  guides(words: readonly string[]): readonly RuleGuide[];
  /** The rules in the CRM that call this program, in the order of their objids. Rejects with a DatabaseError. */
  audit(signal: AbortSignal): Promise<readonly AuditedRule[]>;
}

/** The rules of a site. `commands` are the names of this program's commands. */
export function rulesOf(types: readonly ObjectType[], commands: readonly string[], database: Database): Rules {
  return {
    guides: (words) => typesNamed(words, types).map(guideOf),
    audit: async (signal) => {
      const { rules, properties } = await readRules(database, signal);
      return rules.flatMap((rule) => auditRule(rule, { types, properties, commands }) ?? []);
    },
  };
}
