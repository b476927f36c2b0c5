// Liquid templates through liquidjs. Only the configuration and the program write templates; what comes from the CRM is always a value.

import { AssertionError, Context, Liquid, RenderError, UndefinedVariableError, type Template } from 'liquidjs';
import { messageOf, UserError } from '../core/errors';
import type { Render } from '../core/compose';
import { nearest } from '../core/nearest';
import { visibleStart } from '../core/visible';

/** Rendering and checking with one engine, whose parsed templates are kept. */
export interface Templates {
  /** Throws a UserError of the kind `configuration` where a template cannot be filled with these values. */
  readonly render: Render;
  /** What is wrong with a template, in words; `undefined` where it is fine. */
  readonly check: (template: string, placeholders: readonly string[]) => string | undefined;
}

/** Ten million characters are a mistake in a template, not a post. */
const LIMITS = { parseLimit: 1_000_000, memoryLimit: 10_000_000 };
/**
 * So many parts of a template are rendered at most, those of a loop anew at each turn. The engine's own limit is one of time, in which the
 * process may merely have waited for its turn.
 */
const MOST_STEPS = 1_000_000;
/** How much of a part of a template an error shows. */
const SHOWN = 100;

/** Counts the parts that are rendered: the engine looks at its limit before each. */
class StepLimit {
  #steps = 0;

  check(): void {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS) throw new AssertionError('template steps limit exceeded');
  }

  use(): void {
    throw new Error('steps are counted by looking');
  }
}

/** Makes the engine. */
export function makeTemplates(): Templates {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    // Without a locale, the engine asks Intl for one, which costs a process some 15 ms; no template of ours depends on it.
    locale: 'en-US',
    // Templates come from the configuration alone: nothing is ever included from a file.
    templates: {},
    ...LIMITS,
  });
  // Half of a pair of surrogates, as a cut column may end in, has no spelling in an address.
  liquid.registerFilter('path_part', (value: unknown) => encodeURIComponent(String(value).toWellFormed()));
  const parsed = new Map<string, Template[]>();
  const parse = (template: string): Template[] => {
    const known = parsed.get(template) ?? liquid.parse(template);
    parsed.set(template, known);
    return known;
  };
  const fill = (template: string, values: Readonly<Record<string, string>>): string => {
    const limits = { liquid, renderLimit: new StepLimit() as unknown as Context['renderLimit'] };
    return String(liquid.renderSync(parse(template), new Context(values, liquid.options, { sync: true }, limits)));
  };
  return {
    render: (template, values) => {
      try {
        return fill(template, values);
      } catch (error) {
        throw unfillable(error, template);
      }
    },
    check: (template, placeholders) => {
      try {
        const unknown = liquid.globalVariablesSync(parse(template)).find((name) => !placeholders.includes(name));
        if (unknown === undefined) {
          fill(template, Object.fromEntries(placeholders.map((name) => [name, ''])));
          return undefined;
        }
        const near = nearest(unknown, placeholders);
        return `{{ ${unknown} }} is no placeholder; ${near === undefined ? `known are ${placeholders.join(', ')}` : `did you mean ${near}?`}`;
      } catch (error) {
        return `is no valid template: ${messageOf(error).split('\n')[0] ?? ''}`;
      }
    },
  };
}

/** The engine's own words may hold the value that a filter stumbled over, so only the template is shown; of a limit, which one. */
function unfillable(error: unknown, template: string): UserError {
  const [part, cause] = error instanceof RenderError ? [error.token.getText(), error.originalError] : [template, error];
  const limit = /(\w+ )+limit exceeded/.exec(cause instanceof AssertionError ? cause.message : '')?.[0];
  const why =
    limit ?? (error instanceof UndefinedVariableError ? 'a name in it has no value' : 'a filter cannot take what the CRM has');
  const message = `the template ${visibleStart(part, SHOWN)} cannot be filled: ${why}`;
  return new UserError('configuration', message, 'nothing was posted; correct the template in the configuration');
}
