import { ALERT, alertIdentity, alertMessage, dayOfAlert, recipientsOf } from '../../src/core/alert';
import { deliveryId } from '../../src/core/delivery';
import { HOUR, NOW, SECOND } from '../support/ledger-content';

describe('An alert', () => {
  it('has an id that never changes', () => {
    // printf '%s' '["alert",20779,0,"destination support","oncall"]' | sha256sum | cut -c1-32
    expect(deliveryId(alertIdentity('destination support', 'oncall', NOW))).toBe('0bbc736204d391241def1cc8ac4bab4e');
  });

  it.each([
    ['the first second of the day', NOW - 8 * HOUR, '2026-11-22'],
    ['its last', NOW + 16 * HOUR - SECOND, '2026-11-22'],
    ['the next day', NOW + 16 * HOUR, '2026-11-23'],
  ])('is one for each day of UTC: %s', (_, now, day) => {
    const { objid } = alertIdentity('requests', 'oncall', now);
    expect(dayOfAlert(objid)).toBe(day);
  });

  it('is a message without a link, under the tags of every message', () => {
    const alert = { subject: 'requests', title: 'a title', body: 'a body' };
    expect(alertMessage(alert, ['dovetailCRM'], NOW)).toEqual({
      title: 'a title',
      body: 'a body',
      url: '',
      tags: ['dovetailCRM'],
      objectType: ALERT,
      typeName: 'Alert',
      id: 'requests',
      activity: 'Alert',
      activityCode: 0,
      actor: 'publish-activity',
      actorLogin: '',
      actorEmail: '',
      fields: [],
      happened: { wallClock: '2026-11-22T08:00:00', timeZone: 'UTC' },
    });
  });

  it.each([
    ['support', ['oncall'], ['oncall']],
    ['support', ['oncall', 'support'], ['oncall']],
    ['support', ['support'], ['support']],
    [undefined, ['oncall', 'support'], ['oncall', 'support']],
  ])('about %s goes to %j as far as that is of use', (destination, to, told) => {
    expect(recipientsOf(destination === undefined ? {} : { destination }, to)).toEqual(told);
  });
});
