// What a workflow answers where it does not start: an error as JSON with a code.
// The codes are those of Azure Logic Apps, which runs the workflows: https://learn.microsoft.com/azure/logic-apps/logic-apps-limits-and-configuration

import { isRecord } from '../../core/shape';
import type { JsonReader } from '../kit/json-api';
import { jsonObject, plainReader, textIn } from '../kit/json-api';

/** The codes with 400 that speak of the message itself; `BadRequest` says nothing more than the status. */
const OF_THE_MESSAGE: ReadonlySet<string> = new Set([
  'BadRequest',
  'InvalidJson',
  'InvalidRequestBody',
  'InvalidRequestContent',
  'ContentTooLarge',
  'RequestEntityTooLarge',
]);

/** Reads what a workflow answers. Any other error is mended by whoever owns it: it is switched off or suspended, or wants other data. */
export const workflowReader: JsonReader = {
  ...plainReader,
  verdict: (body, status) => {
    const error = jsonObject(body)?.['error'];
    const code = isRecord(error) ? textIn(error, 'code') : '';
    if (status !== 400 || code === '' || OF_THE_MESSAGE.has(code)) return undefined;
    return {
      kind: 'place',
      words: `the workflow does not start (${/^\w{1,60}$/.test(code) ? code : 'for a reason of its own'})`,
    };
  },
};
