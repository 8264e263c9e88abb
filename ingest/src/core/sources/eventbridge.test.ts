import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { at, envelope, factsOf, OWN, switchEvent, T0 } from '../../testing/events.ts';
import { decodeDelivery } from '../decode-delivery.ts';
import { decodeEvent } from '../decode.ts';
import { unwrapEventBridge } from './eventbridge.ts';

const bridged = (detail: unknown): Record<string, unknown> => ({
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'USER_ACTION',
  source: 'app.platform',
  account: '111122223333',
  time: '2026-03-03T10:00:00Z',
  region: 'eu-west-1',
  resources: [],
  detail,
});

const idOf = (raw: unknown): string => {
  const decoded = decodeEvent(raw, OWN);
  assert.ok('id' in decoded, JSON.stringify(decoded));
  return decoded.id;
};

describe('EventBridge envelopes', () => {
  test('say of an event what the event itself says, whatever its format', () => {
    const details = [
      envelope('USER_ACTION', 0, { source: 'platform', action: 'login' }),
      switchEvent('DTMF', 0, { 'Unique-ID': 'c', 'Channel-Call-UUID': 'c', 'DTMF-Digit': '7' }),
      { eventType: 'CALL_END', timestamp: at(90_000), callId: 'c', ...OWN, duration: 90, outcome: 'answered' },
    ];
    for (const detail of details) {
      assert.equal(factsOf(detail).length, 1);
      assert.deepEqual(factsOf(bridged(detail)), factsOf(detail));
      assert.equal(idOf(bridged(detail)), idOf(detail));
    }
  });

  test("the event's own id wins, EventBridge's stands in for a missing one", () => {
    const { id: own, ...rest } = envelope('USER_ACTION', 0, { source: 'platform', action: 'login' });
    assert.equal(idOf(bridged({ ...rest, id: own })), own);
    assert.equal(idOf(bridged({ ...rest, eventId: 'e-77' })), 'e-77');
    assert.equal(idOf(bridged(rest)), '6a7e8feb-b491-4cf7-a9f1-bf3703467718');
    const { 'Core-UUID': _core, ...raw } = switchEvent('DTMF', 0, { 'Unique-ID': 'c', 'Channel-Call-UUID': 'c' });
    assert.equal(idOf(bridged(raw)), '6a7e8feb-b491-4cf7-a9f1-bf3703467718');
  });

  test('an event without a time happened when it was put', () => {
    const { time: _time, ...rest } = envelope('USER_ACTION', 5000, { source: 'platform', action: 'login' });
    assert.equal(factsOf(bridged(rest))[0]?.timeMs, T0);
  });

  test('a rule may target the stream: the territory is that of the event inside', () => {
    const context = { regionId: 1, personalIdSecret: '' };
    const record = (detail: object): Buffer => Buffer.from(JSON.stringify(bridged(detail)));
    const action = envelope('USER_ACTION', 0, { source: 'platform', action: 'login' });
    const delivery = decodeDelivery(record(action), context);
    assert.equal(delivery.error, undefined);
    assert.deepEqual([delivery.territoryId, delivery.source, delivery.facts.length], [101, 'platform', 1]);
    const foreign = decodeDelivery(record({ ...action, regionId: 2 }), context);
    assert.equal(foreign.error?.code, 'unknown_tenant');
  });

  test('nothing else is taken for one', () => {
    const event = envelope('USER_ACTION', 0, { source: 'platform', action: 'login' });
    for (const raw of [
      undefined,
      null,
      1,
      'x',
      [],
      event,
      { ...bridged({}), detail: 'text' },
      { ...bridged({}), id: 7 },
    ])
      assert.equal(unwrapEventBridge(raw), undefined);
  });
});
