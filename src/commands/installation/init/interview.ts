// The dialogue: what flags and an old file do not say is asked, and what the check refuses is asked again.

import { UserError } from '../../../core/errors';
import { fromStartFolder } from '../../../core/start-folder';
import type { Desk } from './desk';
import { secretReference, withKeys, type Draft, type Raw } from './draft';
import type { Question } from './questions';

/** Where a dialogue stands. */
export interface Interview {
  readonly draft: Draft;
  /** The flags that are missing where nobody can be asked. */
  readonly missing: readonly string[];
  /** What is to be done next beside the usual: words, or a command with what it does. */
  readonly next?: readonly (string | { readonly command: string; readonly does: string })[];
}

/** Where the configuration will stand, and whether there is somebody to ask. */
export interface Setting {
  readonly desk: Desk;
  readonly file: string;
  readonly mayAsk: boolean;
}

/** Asks questions in their order. Throws a UserError of the kind `usage` for a flag that says something wrong. */
export async function interview(start: Interview, questions: readonly Question[], setting: Setting): Promise<Interview> {
  let { draft, missing } = start;
  for (const question of questions) {
    const answered = await answerOf(question, draft, setting);
    if (answered === undefined) missing = [...missing, question.flag];
    else draft = answered;
  }
  return { ...start, draft, missing };
}

async function answerOf(question: Question, draft: Draft, setting: Setting): Promise<Draft | undefined> {
  const { flag, given } = question;
  if (given !== undefined) {
    const said = applied(question, given, question.isPlain === true, draft, setting);
    const wrong = await problemWith(question, given, said, setting);
    if (wrong === undefined) return said;
    throw new UserError('usage', `${flag}: ${wrong}`);
  }
  if (!setting.mayAsk) return undefined;
  for (;;) {
    const typed = await ask(question, setting);
    const isFile = question.isFile === true;
    const said = applied(question, isFile ? `file:${typed}` : typed, !isFile, draft, setting);
    const wrong = await problemWith(question, typed, said, setting);
    if (wrong === undefined) return said;
    setting.desk.world.stderr.write(`  ${wrong}\n`);
  }
}

/** Asks for a line until there is one. */
async function ask({ words, fallback, secretFile, isFile = false }: Question, { desk }: Setting): Promise<string> {
  const prompt = `${words}${fallback === undefined ? '' : ` [${fallback}]`}: `;
  const secret = secretFile !== undefined && !isFile;
  for (;;) {
    const typed = await desk.world.ask(prompt, { secret });
    if (typed === undefined) throw new UserError('usage', 'nothing was written, because the answers ended');
    const answer = secret ? typed : typed.trim() || fallback;
    if (answer !== undefined && answer !== '') return answer;
  }
}

/** The draft with an answer in it. A secret goes into a file of its own, a reference to one into the configuration. */
function applied(question: Question, answer: string, isPlain: boolean, draft: Draft, { desk }: Setting): Draft {
  const { flag, path, key, secretFile, read = (text: string): Raw => ({ [key]: text }) } = question;
  if (secretFile === undefined) return { ...draft, config: withKeys(draft.config, path, read(answer)) };
  if (isPlain) {
    desk.hide(answer);
    const config = withKeys(draft.config, path, { [key]: { file: secretFile } });
    return { config, secretFiles: { ...draft.secretFiles, [secretFile]: answer } };
  }
  const reference = secretReference(answer, (name) => fromStartFolder(desk.world.cwd, name));
  if (reference !== undefined) return { ...draft, config: withKeys(draft.config, path, { [key]: reference }) };
  desk.hide(answer);
  const why = 'what stands on a command line can be read by every account of the machine';
  throw new UserError('usage', `${flag} takes env:NAME or file:PATH, and no secret itself`, why);
}

/** What the check says of an answer, and of nothing else: the rest is still to come. */
async function problemWith(
  { path, key, secretFile, read }: Question,
  answer: string,
  said: Draft,
  { desk, file }: Setting,
): Promise<string | undefined> {
  const keys = secretFile !== undefined || read === undefined ? [key] : Object.keys(read(answer));
  const problems = await desk.problemsOf(file, said);
  const isOwn = (place: readonly string[]) =>
    path.every((each, index) => place[index] === each) && keys.includes(place[path.length] ?? '');
  return problems.find((problem) => isOwn(problem.path))?.message;
}
