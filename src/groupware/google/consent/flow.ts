// How users agree that Google's calendars are kept in step: https://developers.google.com/identity/protocols/oauth2/native-app.

import type { Consent } from '../../../core/consent';
import { Secret } from '../../../core/secret';
import { lossWords, rekey, unseal, type Rekeyed, type VaultKeys } from '../../../core/vault';
import type { Tokens } from '../../../io/oauth-contract';
import type { ConsentFlow, ConsentRekeyed, Trouble } from '../../groupware';
import type { Tools } from '../../tools';
import type { GoogleOptions } from '../options';
import { openGoogleOAuth } from './oauth';
import { IDENTITY_SCOPES, scopesOf } from './scopes';
import { accessOf, refreshOf, sealedTokens, troubleOf } from './tokens';

/** Where everybody sees which programs were let in, and throws them out. */
const TAKE_BACK_PAGE = 'https://myaccount.google.com/permissions';

/** A token that nobody was ever given. */
const NOBODYS = 'publish-activity-asks-whether-it-is-let-in';

/** How users agree; nobody has to where a service account is named. */
export function googleConsent(options: GoogleOptions, tools: Tools): ConsentFlow {
  const { serviceAccount, vault } = options;
  const scopes = scopesOf(options, tools.kinds);
  return {
    scopes,
    ...(serviceAccount === undefined ? {} : { isNotNeeded: 'groupware.serviceAccount is let in for everybody' }),
    takeBackPage: TAKE_BACK_PAGE,
    begin: async ({ email }, redirectUri) => {
      const oauth = await openGoogleOAuth(options, tools);
      // Without these two there is no refresh token, or only the first time: https://developers.google.com/identity/protocols/oauth2/web-server
      const more = { access_type: 'offline', prompt: 'consent', ...(email === '' ? {} : { login_hint: email }) };
      return oauth.begin({ redirectUri, scopes: [...IDENTITY_SCOPES, ...scopes], more });
    },
    seal: ({ login }, tokens, now) => {
      if (vault === undefined) throw new Error('there is no vault');
      return consentOf(login, tokens, scopes, now, vault);
    },
    revoke: async (consent, { signal }) => {
      const opened = serviceAccount === undefined && consent.refreshToken !== '' ? openRefresh(consent, vault) : undefined;
      if (opened === undefined) return undefined;
      if ('kind' in opened) return opened;
      const answer = await (await openGoogleOAuth(options, tools)).revoke(opened, signal);
      return answer === undefined || answer.kind === 'consent' ? undefined : troubleOf(answer);
    },
    rekey: (consent) => (vault === undefined ? { kind: 'same' } : rekeyed(consent, vault)),
    whyNotLetIn: async ({ signal }) => {
      if (serviceAccount !== undefined) return undefined;
      const answer = await (await openGoogleOAuth(options, tools)).refresh(new Secret(NOBODYS), signal);
      // It says that nobody has such a token only to whom it lets in.
      return answer.kind === 'consent' || answer.kind === 'tokens' ? undefined : troubleOf(answer);
    },
  };
}

function consentOf(user: string, tokens: Tokens, wanted: readonly string[], now: number, keys: VaultKeys): Consent {
  const given = { user, state: 'given', reason: '', account: tokens.account ?? '', givenAt: now, revision: 0 } as const;
  // A server that does not say what it granted granted what was asked for (https://www.rfc-editor.org/rfc/rfc6749#section-5.1).
  return { refreshToken: '', ...given, scopes: tokens.scopes ?? wanted, ...sealedTokens(user, tokens, now, keys) };
}

function openRefresh({ user, refreshToken }: Consent, keys: VaultKeys | undefined): Secret | Trouble {
  if (keys === undefined) return { kind: 'refused', reason: 'groupware.vault is gone' };
  const opened = unseal(refreshToken, refreshOf(user), keys);
  return opened.kind === 'unsealed' ? opened.text : { kind: 'refused', reason: lossWords(opened) };
}

/** An access token that cannot be opened is forgotten: there is a new one within the hour anyway. */
function rekeyed(consent: Consent, keys: VaultKeys): ConsentRekeyed {
  const { user, refreshToken, accessToken } = consent;
  const again = (sealed: string, about: ReturnType<typeof refreshOf>): Rekeyed =>
    sealed === '' ? { kind: 'same' } : rekey(sealed, about, keys);
  const refresh = again(refreshToken, refreshOf(user));
  const access = again(accessToken, accessOf(user));
  if (refresh.kind !== 'rekeyed' && refresh.kind !== 'same') return refresh;
  if (refresh.kind === 'same' && access.kind === 'same') return { kind: 'same' };
  return {
    kind: 'rekeyed',
    consent: {
      ...consent,
      ...(refresh.kind === 'rekeyed' ? { refreshToken: refresh.sealed } : {}),
      ...(access.kind === 'rekeyed'
        ? { accessToken: access.sealed }
        : access.kind === 'same'
          ? {}
          : { accessToken: '', accessUntil: 0 }),
    },
  };
}
