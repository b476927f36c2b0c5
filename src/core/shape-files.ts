// Configuration values that stand outside the configuration: files, and secrets in files and environment variables.
// Import them from core/shape.

import { Secret } from './secret';
import { isRecord, problem, type Place, type Shape } from './shape-base';
import { text } from './shape-values';
import { whyUnreadable } from './unreadable';

/** The path of a file or folder, relative to the configuration file; it becomes absolute. */
export function filePath(): Shape<string> {
  const plain = text();
  return {
    schema: plain.schema,
    parse: (raw, place) => {
      const path = plain.parse(raw, place);
      if (path === undefined) return undefined;
      // "C:\temp" is a tabulator and "emp": a path that no file has, and that nobody can see in a message.
      if (/\p{Cc}/u.test(path)) return problem(place, 'holds a control character; a backslash is written twice, or as /');
      return place.source.resolvePath(path);
    },
  };
}

/** The path of a text file, which is read at once; the value is the file's text. */
export function fileText(): Shape<string> {
  const path = filePath();
  return {
    schema: path.schema,
    parse: (raw, place) => {
      const absolute = path.parse(raw, place);
      return absolute === undefined ? undefined : readNamedFile(absolute, place);
    },
  };
}

/** The path of a file with certificates, which is read at once; the value is its text (PEM). */
export function certificateFile(): Shape<string> {
  const file = fileText();
  return {
    schema: file.schema,
    parse: (raw, place) => {
      const pem = file.parse(raw, place);
      if (pem === undefined || pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
      return problem(place, 'names a file that holds no certificate in PEM form');
    },
  };
}

/** A secret: `{ "env": NAME }`, `{ "file": PATH }` or the text itself. Line ends at the end of a file do not belong to it. */
export function secret(): Shape<Secret> {
  const name = text();
  const reference = (key: string) => ({
    type: 'object',
    properties: { [key]: name.schema },
    required: [key],
    additionalProperties: false,
  });
  return {
    schema: { anyOf: [name.schema, reference('env'), reference('file')] },
    parse: (raw, place) => {
      const value = secretText(raw, place);
      if (value === undefined) return undefined;
      const found = new Secret(value);
      place.source.secrets.push(found);
      return value.trim() === '' ? problem(place, 'is an empty secret') : found;
    },
  };
}

function secretText(raw: unknown, place: Place): string | undefined {
  if (typeof raw === 'string') return raw;
  const wanted = 'must be { "env": "NAME" }, { "file": "PATH" } or a text in quotes';
  if (!isRecord(raw) || Object.keys(raw).length !== 1) return problem(place, wanted);
  if (typeof raw['env'] === 'string') return variableText(raw['env'], place);
  if (typeof raw['file'] !== 'string') return problem(place, wanted);
  const path = filePath().parse(raw['file'], place);
  return path === undefined ? undefined : readNamedFile(path, place)?.replace(/[\r\n]+$/, '');
}

/** Somebody may have written the secret itself where its name belongs: what cannot be a name is not shown. */
function variableText(name: string, place: Place): string | undefined {
  const shown = /^[A-Za-z_]\w*$/.test(name) ? ` ${name}` : ' of this name';
  return place.source.env[name] || problem(place, `the environment variable${shown} is not set`);
}

function readNamedFile(path: string, place: Place): string | undefined {
  try {
    return place.source.readFile(path);
  } catch (error) {
    return problem(place, `the file ${path} cannot be read: ${whyUnreadable(error)}`);
  }
}
