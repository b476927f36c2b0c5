// The one file of windows-iana that is bundled: its own entry chooses between two when it runs, so both would be. It comes without types.

declare module 'windows-iana/dist/windows-iana.cjs.production.min.js' {
  export function findIana(windowsTimeZone: string): readonly string[];
}
