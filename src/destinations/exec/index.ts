// Any other program: it gets the message as JSON on its standard input, and says with its exit code what became of it. The way to a
// site's own script, and to what other tools can reach.

import { startDeadline } from '../../core/deadline';
import { Secret } from '../../core/secret';
import {
  checkVariable,
  duration,
  filePath,
  flag,
  list,
  object,
  optional,
  problem,
  record,
  required,
  secret,
  text,
  textAs,
  withDefault,
  type Checked,
  type Shape,
} from '../../core/shape';
import type { ProcessRequest } from '../../io/process-contract';
import type { DestinationType } from '../destination';
import { redactorFor } from '../kit/redactor';
import { outcomeOfProcess } from './outcome';

const DEFAULT_TIME_LIMIT = 10_000;

const options = object({
  command: required(command(), 'the program: a path, or a name that is found on the PATH; no shell is asked'),
  args: withDefault(
    list(argument()),
    [],
    'what stands behind it on the command line, word by word; always the same, since data of the CRM comes on standard input only; secrets belong into env',
  ),
  cwd: optional(filePath(), 'the folder that it runs in; the one that this program was called in if left out'),
  env: withDefault(
    record(variable(), /^[A-Za-z_]\w*$/, 'the name of an environment variable'),
    {},
    'environment variables for it, each a text or a secret; of the others it gets only those that every program needs, such as PATH and HOME',
  ),
  timeLimit: withDefault(
    duration(100, 600_000),
    DEFAULT_TIME_LIMIT,
    'when it is killed; "10s" if left out, and never later than the deadline of the run',
  ),
  dropsRepeats: withDefault(
    flag(),
    false,
    'whether it posts the same delivery once, however often it is called; then what is in doubt is simply sent again',
  ),
});

type ExecOptions = Checked<typeof options>;

/** The destination type `exec`. */
export const exec: DestinationType<ExecOptions, ProcessRequest> = {
  called: 'a program of your own',
  summary: 'hands the message as JSON to a program of your own',
  limits: {},
  repeat: { of: ({ dropsRepeats }) => (dropsRepeats ? 'safe' : 'unsafe'), when: { safe: 'with `dropsRepeats`', unsafe: '' } },
  options,

  encode: ({ id, destination, message, thread }, { command: program, args, cwd, env }) => {
    // For finding the person at a place of ours, never to leave the house.
    const shown = { ...message, actorEmail: undefined };
    return {
      command: program,
      args,
      ...(cwd === undefined ? {} : { cwd }),
      env,
      input: `${JSON.stringify({ format: 1, delivery: id, destination, thread: thread.key, message: shown })}\n`,
    };
  },

  preview: ({ command: program, args, cwd, env, input }) => ({
    line: `RUN ${[program, ...args].map((word) => (/^[\w.:\\/=-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')}`,
    headers: {
      ...(cwd === undefined ? {} : { 'In the folder': cwd }),
      // Their values may be secret, and whatever is not may be long.
      ...(Object.keys(env).length === 0 ? {} : { 'With the variables': Object.keys(env).join(', ') }),
    },
    body: JSON.stringify(JSON.parse(input), undefined, 2),
  }),

  send: async (request, execOptions, tools, deadline) => {
    const run = await tools.processes();
    const over = startDeadline(execOptions.timeLimit, () => 0);
    const end = () => over.end();
    if (deadline.remainingMs() === 0) end();
    deadline.signal.addEventListener('abort', end, { once: true });
    try {
      const result = await run(request, over.signal);
      return outcomeOfProcess(result, redactorFor(execOptions));
    } finally {
      deadline.signal.removeEventListener('abort', end);
      end();
    }
  },

  probe: async ({ command: program }, tools) => {
    const why = (await tools.files()).whyNotExecutable(program);
    return why === undefined
      ? { kind: 'untried', words: `the program ${program} is there, and may be started by its rights` }
      : { kind: 'retry', reason: `the program ${program} ${why}`, needsRepair: true };
  },
};

/** A program by its path, relative to the configuration, or by its name alone. */
function command(): Shape<string> {
  const [name, path] = [text(), filePath()];
  return {
    schema: name.schema,
    parse: (raw, place) => {
      // Node refuses them without a shell (CVE-2024-27980), and a shell would read what stands in their arguments.
      if (typeof raw === 'string' && /\.(cmd|bat)[\s.]*$/i.test(raw))
        return problem(
          place,
          'is a batch file, which only a shell can run; name the program that it calls, such as node.exe or python.exe, and its script in args (for PowerShell: powershell.exe with -File and the script)',
        );
      return typeof raw === 'string' && /[\\/]/.test(raw) ? path.parse(raw, place) : name.parse(raw, place);
    },
  };
}

function argument(): Shape<string> {
  return textAs((word) => (word.includes('\0') ? undefined : word), 'a word without a NUL character');
}

function variable(): Shape<string | Secret> {
  const hidden = secret();
  return {
    schema: hidden.schema,
    parse: (raw, place) => {
      // A plain text is no secret here: to mask every "production" would make a report unreadable.
      const value = typeof raw === 'string' ? raw : hidden.parse(raw, place);
      if (value !== undefined) checkVariable(value instanceof Secret ? value.reveal() : value, place);
      return value;
    },
  };
}
