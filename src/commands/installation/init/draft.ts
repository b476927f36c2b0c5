// A configuration while it is being made: what it says so far, and the secrets that will stand in files beside it. Pure.

import { isRecord } from '../../../core/shape';

/** What a configuration says, key by key. */
export type Raw = Readonly<Record<string, unknown>>;

/** A configuration that is not written yet. */
export interface Draft {
  readonly config: Raw;
  /** The texts of secret files by their names, beside the configuration. */
  readonly secretFiles: Readonly<Record<string, string>>;
}

/** The keys from the top of the file to an object in it. */
export type Path = readonly string[];

/** The configuration with more keys in the object under a path; what is on the way is made. */
export function withKeys(config: Raw, [first, ...rest]: Path, keys: Raw): Raw {
  if (first === undefined) return { ...config, ...keys };
  const below = config[first];
  return { ...config, [first]: withKeys(isRecord(below) ? below : {}, rest, keys) };
}

/** A reference of the command line, `env:NAME` or `file:PATH`, as the configuration spells it; `undefined` for anything else. */
export function secretReference(text: string, resolve: (path: string) => string): Raw | undefined {
  const [, kind, rest = ''] = /^(env|file):(.+)$/s.exec(text) ?? [];
  if (kind === undefined) return undefined;
  return kind === 'env' ? { env: rest } : { file: resolve(rest) };
}
