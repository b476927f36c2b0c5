// What a destination needs that posts over HTTP in a manner of its own: any body, with headers of its own.

import type { Deadline } from '../../core/deadline';
import type { Outcome } from '../../core/outcome';
import type { Secret } from '../../core/secret';
import type { HttpRequest } from '../../io/http-contract';
import { outcomeOf, type AnswerReader } from './answer';
import type { Tools } from '../destination';
import { plainAddress, sendPatiently, type HttpOptions } from './http-options';
import { redactorFor } from './redactor';

/** What is posted. The name of this program is added to the headers. */
export interface TextPost extends Pick<HttpRequest, 'headers' | 'basic'> {
  /** What the body is, for example `text/plain; charset=utf-8`; else it would be sent as a form. */
  readonly contentType: string;
  /** Secret where whoever knows it can post. */
  readonly url: string | Secret;
  readonly body: string;
}

/** Posts a text, and says what became of it, without anything that is secret in the options. */
export async function postText(
  { url, contentType, headers, ...post }: TextPost,
  reader: AnswerReader,
  options: HttpOptions,
  tools: Tools,
  deadline: Deadline,
): Promise<Outcome> {
  const request = {
    ...post,
    method: 'POST',
    url: plainAddress(url),
    headers: { 'Content-Type': contentType, ...headers },
  } as const;
  const result = await sendPatiently(request, options, tools, deadline);
  return outcomeOf(result, reader, tools.now(), redactorFor(options));
}
