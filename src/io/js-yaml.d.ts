// js-yaml comes without types; these are the two members that are used.

declare module 'js-yaml' {
  export const CORE_SCHEMA: object;
  export function load(text: string, options: { readonly schema: object }): unknown;
}
