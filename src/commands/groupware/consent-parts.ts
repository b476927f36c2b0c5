// What the commands about consents need: who agreed, how one agrees, and a place to which a browser is led back.

import type { Consent, Consents } from '../../core/consent';
import { UserError } from '../../core/errors';
import { visibleStart } from '../../core/visible';
import type { ConsentFlow } from '../../groupware/groupware';
import type { ListenForRedirect } from '../../io/redirect-contract';
import type { Links } from '../../ledger/links';
import type { All, Named } from './named-groupwares';

/** A groupware, as far as users agree to something there. */
export interface Agreeing extends Named {
  /** How users agree; left out where a login of the configuration is all that it takes. */
  readonly flow?: ConsentFlow;
}

/** Consents, and where they are given. */
export interface Consenting {
  readonly groupwares: All<Agreeing>;
  /** The names of those under `groupware.others` that name a login in a list, as far as that is known without the CRM. */
  listing(login: string): readonly string[];
  readonly consents: Consents;
  readonly links: Links;
}

/** A part of several commands. */
export interface ConsentParts {
  /**
   * Opens what users agreed to. For reading only, there is nothing where there is no ledger. Throws a UserError of the kind `configuration`
   * where no groupware is configured.
   */
  consenting(isReadOnly: boolean): Promise<Consenting>;
}

/** The parts of `connect`. */
export interface ConnectParts extends ConsentParts {
  readonly listenForRedirect: ListenForRedirect;
  /** Opens an address in the browser of whoever sits here; whether that could be tried. Never rejects. */
  openInBrowser(address: string): Promise<boolean>;
}

/** Somebody may be faster: so often what was read is read again. */
export const MOST_TRIES = 4;

/** Whether users have to agree. */
export function isAsking<G extends Pick<Agreeing, 'flow'>>(groupware: G): groupware is G & { readonly flow: ConsentFlow } {
  return groupware.flow !== undefined && groupware.flow.isNotNeeded === undefined;
}

/**
 * Where a consent that is kept was given: the first one that can open what is sealed in it, or else the first one where anybody agrees. Of one
 * that a newer key could seal anew it is certain.
 */
export function givenAt(consent: Consent, groupwares: Consenting['groupwares']): Agreeing {
  const kindAt = ({ flow }: Agreeing) => flow?.rekey(consent).kind;
  const opening = (['rekeyed', 'same'] as const).flatMap((kind) => groupwares.filter((each) => kindAt(each) === kind));
  return opening.find(isAsking) ?? opening[0] ?? groupwares.find(isAsking) ?? groupwares[0];
}

/** Why nobody has to agree anywhere, in sentences; `undefined` where users have to. */
export function whyNobodyAgreesAtAny(groupwares: readonly Agreeing[]): string | undefined {
  return groupwares.some(isAsking) ? undefined : groupwares.map((each) => whyNobodyAgrees(each)).join('; ');
}

/** Why nobody has to agree, as a sentence; `undefined` where each user has to. */
export function whyNobodyAgrees({ called, flow }: Pick<Agreeing, 'called' | 'flow'>): string | undefined {
  if (flow === undefined) return `${called} needs no consent of users: the configuration says how they are let in`;
  return flow.isNotNeeded === undefined ? undefined : `nobody has to agree at ${called}: ${flow.isNotNeeded}`;
}

/** What is missing in what a user agreed to. */
export function missingScopes({ scopes }: Pick<Consent, 'scopes'>, flow: Pick<ConsentFlow, 'scopes'>): readonly string[] {
  return flow.scopes.filter((scope) => !scopes.includes(scope));
}

/** The one login of a command line. Throws a UserError of the kind `usage`. */
export function loginIn(words: readonly string[], command: string): string {
  const [login = ''] = words.map((word) => word.trim().toLowerCase());
  if (login !== '' && words.length === 1) return login;
  throw new UserError('usage', `${command} takes one login`, `as in: ${command} pmorales`);
}

/** A login as it is shown. */
export function nameOf(login: string): string {
  return visibleStart(login, 60);
}
