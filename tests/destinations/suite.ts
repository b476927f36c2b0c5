// The questions that every destination type has to answer.

import type { Message } from '../../src/core/message';
import type { Secret } from '../../src/core/secret';
import type { DestinationType } from '../../src/destinations/destination';
import { redactorFor } from '../../src/destinations/kit/redactor';
import { BUSY_MS } from '../support/busy';
import { attempt, checkOptions, sampleDelivery, spellingsOf, tools, within } from '../support/destination';
import { describeTexts } from './texts';

/** So long an attempt has where something fails, in ms: whoever falls silent is waited for that long. */
const LIMIT_MS = 1_500;

/** What can go wrong with a destination, in order of when it does. */
export const FAULTS = [
  'unreachable',
  'login refused',
  'message refused',
  'overloaded',
  'cut off after sending',
  'silent after sending',
  'nonsense as success',
] as const;
export type Fault = (typeof FAULTS)[number];

/** What each fault has to lead to. */
const OUTCOMES: Readonly<Record<Fault, object>> = {
  unreachable: { kind: 'retry' },
  'login refused': { kind: 'rejected', loginRefused: true },
  'message refused': { kind: 'rejected' },
  overloaded: { kind: 'retry' },
  'cut off after sending': { kind: 'unknown' },
  'silent after sending': { kind: 'unknown' },
  'nonsense as success': { kind: 'unknown' },
};

/** A destination type set up against a stand-in that knows how to make the next attempt meet each of these faults. */
export interface Subject<F extends Fault> {
  /** The configuration's keys beside `type`. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly faults: Readonly<Record<F, () => void | Promise<void>>>;
  /** How many messages the stand-in has kept. */
  posted(): number;
  close(): Promise<void>;
}

const HOSTILE: Partial<Message> = {
  title: 'a]]>b</message><!-- \u0000\u001b[31m \ud83c \u202e {{ title }} @channel \r\nX-Evil: 1',
  body: '<script>alert(1)</script> %n $& ${x}',
  url: 'http://server/x?a=1&b=<2>',
  tags: ['a b', '#', '<'],
};

/** Asks a destination type every question, among them what it makes of those faults that it can meet at all. */
export function describeDestination<Options, Payload, F extends Fault>(
  name: string,
  type: DestinationType<Options, Payload>,
  faults: readonly F[],
  setUp: () => Promise<Subject<F>>,
): void {
  describe(`the contract of a destination: ${name}`, () => {
    let subject: Subject<F>;
    let options: Options;
    let secrets: readonly Secret[];

    beforeEach(async () => {
      subject = await setUp();
      const checked = checkOptions(type, subject.raw, subject.env);
      expect(checked.problems).toEqual([]);
      if (checked.options === undefined) throw new Error('the options of the subject are not valid');
      ({ secrets } = checked);
      options = checked.options;
    });
    afterEach(() => subject.close());

    const expectNoSecretIn = (shown: unknown) => {
      const text = JSON.stringify(shown);
      for (const secret of secrets) for (const spelling of spellingsOf(secret.reveal())) expect(text).not.toContain(spelling);
    };

    it('says in one sentence what it does, and what a repeat does', () => {
      expect(type.summary).toMatch(/^\S.{10,100}[^.]$/);
      const repeat = typeof type.repeat === 'object' ? type.repeat.of(options) : type.repeat;
      expect(['safe', 'findable', 'unsafe']).toContain(repeat);
      if (repeat === 'findable') expect(type.find).toBeDefined();
    });

    it('says what it is called, and where the credentials come from, if a page can say that', () => {
      expect(type.called).toMatch(/^\S.{2,80}[^.]$/);
      expect(type.setupUrl ?? 'https://').toMatch(/^https:\/\/\S*$/);
      const { when = {} } = typeof type.repeat === 'object' ? type.repeat : {};
      expect(Object.keys(when)).toHaveLength(typeof type.repeat === 'object' ? 2 : 0);
    });

    it('knows every secret by its options', () => {
      const redact = redactorFor(options);
      for (const secret of secrets) expect(redact(`it is ${secret.reveal()}, is it?`)).not.toContain(secret.reveal());
    });

    describeTexts(type, () => options);

    it('encodes the same delivery the same way, and leaves it alone', () => {
      const delivery = sampleDelivery();
      Object.freeze(delivery.message.tags);
      Object.freeze(delivery.message);
      expect(type.encode(delivery, options)).toEqual(type.encode(sampleDelivery(), options));
    });

    it('previews the request without a secret', () => {
      const preview = type.preview(type.encode(sampleDelivery(), options), options);
      expect(preview.line).not.toBe('');
      expectNoSecretIn(preview);
    });

    it('is tried without posting, and without a secret', async () => {
      const probe = await within(5_000, (deadline) => type.probe?.(options, tools, deadline));
      expect(['works', 'untried', undefined]).toContain(probe?.kind);
      expect(subject.posted()).toBe(0);
      expectNoSecretIn([probe, type.server?.(options)]);
    });

    it('delivers', async () => {
      expect(await attempt(type, options)).toMatchObject({ kind: 'delivered', receipt: {} });
      expect(subject.posted()).toBe(1);
    });

    it('delivers a hostile text as a text', async () => {
      expect(await attempt(type, options, { delivery: sampleDelivery(HOSTILE) })).toMatchObject({ kind: 'delivered' });
      expect(subject.posted()).toBe(1);
    });

    it('sends nothing once the deadline has passed', async () => {
      expect(await attempt(type, options, { ms: 0 })).toMatchObject({ kind: 'retry' });
      expect(subject.posted()).toBe(0);
    });

    it.each([...faults])('meets a fault in time, by its name, without a secret: %s', async (fault) => {
      await subject.faults[fault]();
      const begin = Date.now();
      const outcome = await attempt(type, options, { ms: LIMIT_MS });
      expect(Date.now() - begin).toBeLessThan(LIMIT_MS + BUSY_MS);
      expect(outcome).toMatchObject(OUTCOMES[fault]);
      expect(outcome).toHaveProperty('reason', expect.stringMatching(/^[^\p{Cc}]+[^.\p{Cc}]$/u));
      expectNoSecretIn(outcome);
      expect(subject.posted()).toBe(0);
    });
  });
}
