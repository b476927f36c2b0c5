// E-mail: the stream as mail, to people or a list, over SMTP. All mails about one object are one conversation.
//
// A conversation needs no memory: every mail refers to the same first one, which was never sent. Mail programs group by that, Gmail
// wants the same subject as well (https://workspaceupdates.googleblog.com/2019/03/threading-changes-in-gmail-conversation-view.html),
// and so does Outlook. Hence the subject is the object's name, not the title, which is another one each time.

import { isIPv6 } from 'node:net';
import { oneLine } from '../kit/chat-text';
import { fitLimit } from '../../core/fit';
import {
  choice,
  flag,
  integer,
  list,
  loginName,
  object,
  optional,
  passwordSecret,
  problem,
  refine,
  required,
  text,
  withDefault,
  type Checked,
} from '../../core/shape';
import type { Mail, MailServer } from '../../io/mail-contract';
import type { DestinationType } from '../destination';
import { mailbox, spellMailbox } from './mailbox';
import { outcomeOfMail } from './outcome';
import { bodiesOf, LIMITS, nameOf } from './text';
import { httpFields } from '../kit/http-options';
import { redactorFor } from '../kit/redactor';

/** The usual port of each manner of encryption (RFC 8314, 3.3, and RFC 5321, 4.5.4.2). */
const PORTS = { starttls: 587, implicit: 465, none: 25 } as const;

const options = refine(
  object({
    host: required(
      refine(text(), (host, place) => {
        if (!isIPv6(host) && !/^[\w.-]+$/.test(host))
          problem(place, 'is not the name or the address of a host; the port has a key of its own');
      }),
      'the mail server that takes our mail',
    ),
    port: optional(integer(1, 65_535), 'the TCP port; 587 if left out, 465 where tls is implicit, 25 where it is none'),
    tls: withDefault(
      choice(['starttls', 'implicit', 'none']),
      'starttls',
      'how the connection is encrypted: starttls from that command on, and nothing is sent to a server without it; implicit from the start; with none, login and message go unprotected',
    ),
    caFile: httpFields.caFile,
    minTlsVersion: httpFields.minTlsVersion,
    user: optional(loginName(), 'the login, where the server wants one'),
    password: optional(passwordSecret(), 'the password of this login'),
    from: required(mailbox(), 'who the mails are from: an address, or a name with the address in angle brackets'),
    to: required(
      refine(list(mailbox()), (all, place) => {
        if (all.length === 0) problem(place, 'is empty');
      }),
      'who gets them; each sees the others, and a list of the mail server is easier to keep',
    ),
    replyTo: optional(mailbox(), 'where answers go; to the sender if left out'),
    subjectPrefix: optional(text(), 'what every subject begins with, for example [CRM]'),
    threads: withDefault(
      flag(),
      true,
      "whether the mails about an object are one conversation, with the object's name as the subject; otherwise each has its title as the subject",
    ),
  }),
  ({ user, password }, place) => {
    if ((user === undefined) !== (password === undefined)) problem(place, 'has only one of user and password');
  },
);

type EmailOptions = Checked<typeof options>;

/** The destination type `email`. */
export const email: DestinationType<EmailOptions, Mail> = {
  called: 'mail',
  summary: 'sends a mail through an SMTP server, one conversation per object',
  limits: LIMITS,
  // Some servers drop a message whose id they have seen, but none has to.
  repeat: 'unsafe',
  options,

  encode: ({ id, message, thread }, { from, to, replyTo, subjectPrefix = '', threads }) => {
    const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
    const root = `<${thread.key}@thread.publish-activity.${domain}>`;
    return {
      from,
      to,
      ...(replyTo === undefined ? {} : { replyTo }),
      messageId: `<${id}@publish-activity.${domain}>`,
      subject: fitLimit(oneLine(`${subjectPrefix} ${threads ? nameOf(message) : message.title}`), LIMITS.subject),
      headers: {
        ...(threads ? { 'In-Reply-To': root, References: root } : {}),
        // Out-of-office notices are not for machines: RFC 3834, 5, and Exchange's own header.
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
      },
      ...bodiesOf(message),
    };
  },

  preview: ({ from, to, replyTo, messageId, subject, headers, text: plain }, emailOptions) => {
    const { host, port, tls, login } = serverOf(emailOptions);
    return {
      line: `MAIL through ${host}:${port} (tls: ${tls}${login === undefined ? '' : `, login ${login.user}`})`,
      headers: {
        From: spellMailbox(from),
        To: to.map(spellMailbox).join(', '),
        ...(replyTo === undefined ? {} : { 'Reply-To': spellMailbox(replyTo) }),
        Subject: subject,
        'Message-ID': messageId,
        ...headers,
        'Content-Type': 'multipart/alternative, of which this is the plain text',
      },
      body: plain,
    };
  },

  send: async (mail, emailOptions, tools, deadline) => {
    const sendMail = await tools.mail();
    const result = await sendMail(mail, serverOf(emailOptions), deadline.signal);
    return outcomeOfMail(result, mail.messageId, redactorFor(emailOptions));
  },

  server: (emailOptions) => {
    const { host, port, tls } = serverOf(emailOptions);
    return { origin: `${tls === 'implicit' ? 'smtps' : 'smtp'}://${isIPv6(host) ? `[${host}]` : host}:${port}` };
  },

  probe: async (emailOptions, tools, deadline) => {
    const { user, host } = emailOptions;
    const sendMail = await tools.mail();
    const result = await sendMail(undefined, serverOf(emailOptions), deadline.signal);
    const outcome = outcomeOfMail(result, '', redactorFor(emailOptions));
    if (outcome.kind !== 'delivered') return outcome;
    return {
      kind: 'works',
      words: user === undefined ? `${host} answers, and wants no login yet` : `signed in as ${user} at ${host}`,
    };
  },
};

function serverOf({ host, port, tls, caFile, minTlsVersion, user, password }: EmailOptions): MailServer {
  return {
    host,
    port: port ?? PORTS[tls],
    tls,
    ...(caFile === undefined ? {} : { ca: caFile }),
    ...(minTlsVersion === undefined ? {} : { minTlsVersion }),
    ...(user === undefined || password === undefined ? {} : { login: { user, password } }),
  };
}
