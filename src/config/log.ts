// Where the log is and how large it may grow: the key `log`.

import {
  filePath,
  integer,
  isRecord,
  object,
  optional,
  problem,
  size,
  withDefault,
  type Shape,
  type Source,
} from '../core/shape';

/** Where the log is and how large it may grow. */
export interface LogConfig {
  /** An absolute path. */
  readonly file: string;
  /** Bytes after which a new file is begun. */
  readonly maxBytes: number;
  /** How many full files are kept beside the current one. */
  readonly keep: number;
}

/** The name of the log where none is given. It is next to the configuration. */
export const LOG_FILE = 'publish-activity.log';
const MAX_BYTES = 10 * 1024 ** 2;
const KEEP = 5;

/**
 * The log of a configuration file, from what was read of it. It is known also where the file is refused, because nobody may see
 * the refusal but in the log; the default stands in for a key `log` that is wrong itself.
 */
export function logOf(raw: unknown, source: Source): LogConfig | false {
  const written = isRecord(raw) && Object.hasOwn(raw, 'log') ? raw['log'] : undefined;
  if (written === undefined || written === null) return defaultLog(source);
  return logShape().parse(written, { path: ['log'], source: { ...source, problems: [] } }) ?? defaultLog(source);
}

/** The log of a configuration that says nothing about it. */
export function defaultLog(source: Pick<Source, 'resolvePath'>): LogConfig {
  return { file: source.resolvePath(LOG_FILE), maxBytes: MAX_BYTES, keep: KEEP };
}

/** `false`, the path of a file, or an object. */
export function logShape(): Shape<LogConfig | false> {
  const file = filePath();
  const settings = object({
    file: optional(file, `The file; ${LOG_FILE} next to the configuration if left out.`),
    maxSize: withDefault(size(1024, 1024 ** 3), MAX_BYTES, 'The size at which a new file is begun; "10MB" if left out.'),
    keep: withDefault(integer(0, 1_000), KEEP, 'How many full files are kept.'),
  });
  return {
    schema: { anyOf: [{ const: false }, file.schema, settings.schema] },
    parse: (raw, place) => {
      if (raw === false) return false;
      if (raw === true) return problem(place, 'is true; leave it out, or name the file');
      if (typeof raw === 'string') {
        const named = file.parse(raw, place);
        return named === undefined ? undefined : { ...defaultLog(place.source), file: named };
      }
      const written = settings.parse(raw, place);
      if (written === undefined) return undefined;
      return { file: written.file ?? defaultLog(place.source).file, maxBytes: written.maxSize, keep: written.keep };
    },
  };
}
