// The command `test`: one clearly marked message to one destination by the way that every message goes, past the CRM and the ledger.

import { randomUUID } from 'node:crypto';
import { deliveryOf, type Delivery } from '../../core/delivery';
import { UserError } from '../../core/errors';
import { ownMessage } from '../../core/message';
import { nearest } from '../../core/nearest';
import type { DeliveryReport, Report } from '../../core/report';
import { visible, visibleStart } from '../../core/visible';
import { isoSeconds } from '../../core/wall-clock';
import type { CommandFunction } from '../command';
import { sendUnkept } from '../outbox/deliver';
import { ONE_BUG_HINT } from '../error-report';

/** Posts a test message, or, with --dry-run, shows it. The exit code is that of a post. */
export const test: CommandFunction<'dryRun'> = async ({ words, options, config, parts, deadline }): Promise<Report> => {
  const name = readName(words, Object.keys(config.destinations));
  const destination = (await parts.destinations()).find((ready) => ready.name === name);
  if (destination === undefined) throw new Error(`the configuration has ${name}, and nothing was made of it`);
  const delivery = testDelivery(name, config.tags, parts.now());
  if (options.dryRun === true) {
    const { type, preview } = destination;
    const planned = { id: delivery.id, destination: name, type, result: 'planned', reason: 'a test message' } as const;
    return { result: 'planned', message: '', deliveries: [{ ...planned, preview: preview(delivery) }] };
  }
  return reportOf(await sendUnkept(delivery, destination, deadline));
};

function readName(words: readonly string[], names: readonly string[]): string {
  const [name, ...more] = words;
  if (name === undefined || more.length > 0) {
    throw new UserError('usage', 'test takes the name of one destination', `there is ${names.join(', ')}`);
  }
  if (names.includes(name)) return name;
  const near = nearest(name, names);
  const hint = near === undefined ? `there is ${names.join(', ')}` : `did you mean ${near}?`;
  throw new UserError('usage', `no destination is called "${visibleStart(name, 60)}"`, hint);
}

/** The id is a new one each time, so that no destination takes a second test for a repeat of the first. */
function testDelivery(destination: string, tags: readonly string[], now: number): Delivery {
  const id = randomUUID().replaceAll('-', '');
  const title = 'Test message from publish-activity';
  const body = `An administrator tried the destination ${destination} at ${isoSeconds(now)}. Nothing happened in the CRM.`;
  return deliveryOf(
    { id, destination, objectType: 'test', objid: 0 },
    ownMessage('Test', { title, body, tags, id: 'message' }, now),
  );
}

function reportOf(delivery: DeliveryReport): Report {
  const { destination, result, reason } = delivery;
  if (result === 'posted') return { result, message: `the test message stands in ${destination}`, deliveries: [delivery] };
  const message = `${destination}: ${visible(reason)}`;
  if (delivery.stack !== undefined) return { result, message, hint: ONE_BUG_HINT, stack: delivery.stack, deliveries: [delivery] };
  if (result !== 'login-refused') return { result, message, deliveries: [delivery] };
  return { result, message, hint: `check the login of destinations.${destination} in the configuration`, deliveries: [delivery] };
}
