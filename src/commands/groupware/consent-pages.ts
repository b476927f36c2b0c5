// What a browser shows at the end of a consent: a page that says how it ended, and asks nobody for anything. Pure.

/** How a consent ended. */
export type ConsentEnd = 'kept' | 'denied' | 'scopes' | 'account' | 'later' | 'failed';

const NOTHING_KEPT = 'Nothing was kept.';

const WORDS: Readonly<Record<ConsentEnd, readonly [title: string, words: string]>> = {
  kept: ['Thank you', 'Your entries will be kept in step with the CRM.'],
  denied: ['You said no', NOTHING_KEPT],
  scopes: ['Not everything was allowed', `${NOTHING_KEPT} Please begin anew, and leave every box ticked.`],
  account: ['This is another account', `${NOTHING_KEPT} Please begin anew, and choose the account that the CRM has for you.`],
  later: ['It did not work this time', `${NOTHING_KEPT} Please begin anew a little later.`],
  failed: ['It did not work', `${NOTHING_KEPT} Whoever sent you the address sees why.`],
};

/** The page; nothing in it comes from outside. */
export function consentPage(end: ConsentEnd): string {
  const [title, words] = WORDS[end];
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>`,
    `<h1>${title}</h1>`,
    `<p>${words}</p>`,
    '<p>You can close this page.</p>',
    '</html>\n',
  ].join('\n');
}
