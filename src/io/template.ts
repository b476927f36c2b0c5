// Liquid templates through liquidjs. Only the configuration and the program write templates; what comes from the CRM is always a value.

import { Liquid, type Template } from 'liquidjs';
import { messageOf } from '../core/errors';
import type { Render } from '../core/compose';
import { nearest } from '../core/nearest';

/** Rendering and checking with one engine, whose parsed templates are kept. */
export interface Templates {
  readonly render: Render;
  /** What is wrong with a template, in words; `undefined` where it is fine. */
  readonly check: (template: string, placeholders: readonly string[]) => string | undefined;
}

/** A second of rendering or ten million characters is a mistake in a template, not a post. */
const LIMITS = { parseLimit: 1_000_000, renderLimit: 1_000, memoryLimit: 10_000_000 };

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
  return {
    render: (template, values) => String(liquid.renderSync(parse(template), values)),
    check: (template, placeholders) => {
      try {
        const unknown = liquid.globalVariablesSync(parse(template)).find((name) => !placeholders.includes(name));
        if (unknown === undefined) {
          liquid.renderSync(parse(template), Object.fromEntries(placeholders.map((name) => [name, ''])));
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
