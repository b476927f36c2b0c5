// The configuration of a webhook: where events go, how they are written and signed, and what a gateway wants to see.

import { Secret } from '../../core/secret';
import {
  andThen,
  choice,
  flag,
  headerSecret,
  list,
  object,
  problem,
  record,
  refine,
  required,
  secret,
  secretUrl,
  textAs,
  withDefault,
  type Checked,
  type Shape,
} from '../../core/shape';
import { httpFields } from '../kit/http-options';

/** The characters of a header's name: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]{1,100}$/;
/** What this program and HTTP itself write. */
const TAKEN = /^(content-.*|webhook-.*|user-agent|host|connection|transfer-encoding|te|trailer|upgrade|expect)$/i;

/** The keys of a webhook. */
export const webhookOptions = object({
  url: required(address(), 'the address that events are posted to; a secret, because it often holds a key'),
  format: withDefault(
    choice(['json', 'cloudevents']),
    'json',
    'how an event is written: as plain JSON, or as a CloudEvent 1.0 in structured mode',
  ),
  secret: withDefault(
    signingSecrets(),
    [],
    'the secret (whsec_…) that requests are signed with, or a list of several while a new one replaces an old one; not signed if left out',
  ),
  headers: withDefault(headers(), {}, 'more headers, for example the API key of a gateway; each value is a secret'),
  source: withDefault(
    textAs((text) => (/^[!-~]{1,200}$/.test(text) ? text : undefined), 'a URI without blanks', { pattern: '^[!-~]+$' }),
    'urn:publish-activity',
    'the source of a CloudEvent, a URI, which tells one CRM from another',
  ),
  receiverDropsRepeats: withDefault(
    flag(),
    true,
    'whether the receiver drops an event whose webhook-id it has seen, as Standard Webhooks asks of it; ' +
      'if not, what is in doubt is not sent again without you',
  ),
  ...httpFields,
});

/** The checked values of {@link webhookOptions}. */
export type WebhookOptions = Checked<typeof webhookOptions>;

function address(): Shape<Secret> {
  return refine(secretUrl(), (url, place) => {
    const { username, password } = new URL(url.reveal().trim());
    if (username !== '' || password !== '') problem(place, 'holds a login; put it into headers, as Authorization');
  });
}

/** One secret or several. */
function signingSecrets(): Shape<readonly Secret[]> {
  const one = signingSecret();
  const several = list(one);
  return {
    schema: { anyOf: [one.schema, { ...several.schema, minItems: 1 }] },
    parse: (raw, place) => {
      if (Array.isArray(raw) && raw.length > 0) return several.parse(raw, place);
      const found = one.parse(raw, place);
      return found === undefined ? undefined : [found];
    },
  };
}

/** The key in base64, without the mark before it, so that it is masked also where somebody repeats it so. */
function signingSecret(): Shape<Secret> {
  return andThen(secret(), (found, place) => {
    const [, key = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(found.reveal().trim()) ?? [];
    const bytes = Buffer.from(key, 'base64').length;
    if (bytes < 24 || bytes > 64) return problem(place, 'is not "whsec_" and then a key of 24 to 64 bytes in base64');
    const bare = new Secret(key);
    place.source.secrets.push(bare);
    return bare;
  });
}

function headers(): Shape<Readonly<Record<string, Secret>>> {
  return refine(record(headerSecret(), HEADER_NAME, 'the name of a header'), (found, place) => {
    for (const name of Object.keys(found).filter((each) => TAKEN.test(each)))
      problem({ ...place, path: [...place.path, name] }, 'is a header that this program writes itself');
  });
}
