// The configuration of a Socialcast community, and what goes out to it.

import type { Secret } from '../../core/secret';
import type { HttpOptions } from '../kit/http-options';

/** The configuration of a Socialcast community. */
export interface SocialcastOptions extends HttpOptions {
  /** The community's address, without the path of the API. */
  readonly url: string;
  readonly username: string;
  readonly password: Secret;
  readonly groupId: number | undefined;
  readonly messageType: string | undefined;
  /** The path of the API's messages below the address. */
  readonly path: string;
  /** The path that tells who the login is. */
  readonly accountPath: string;
  /** The path of the messages of a user, whose number stands for `{id}`. */
  readonly ownMessagesPath: string;
  /** Whether later posts about an object become comments on its first message. */
  readonly threads: boolean;
  /** The path of the comments on a message, whose number stands for `{id}`. */
  readonly commentsPath: string;
}

/** What goes out, but for the login and the name of this program. */
export interface SocialcastPayload {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The comment that is posted in place of the message, unless the message that it belongs under is gone. */
  readonly comment?: SocialcastComment;
}

/** A comment, as it goes out. */
export interface SocialcastComment {
  /** The message that it belongs under. */
  readonly messageId: string;
  readonly url: string;
  readonly body: string;
}
