import assert from 'node:assert/strict';
import { test } from 'node:test';

import { callcenterEvent, envelope, OWN } from '../testing/events.ts';
import { decodeEvent } from './decode.ts';
import { partitionKeyOf } from './partition-key.ts';

function keyOf(raw: object): string {
  const decoded = decodeEvent(raw, OWN);
  assert.ok('id' in decoded, JSON.stringify(decoded));
  return partitionKeyOf(OWN.territoryId, decoded.events[0], decoded.id);
}

const change = (fields: object): Record<string, unknown> =>
  envelope('CONFIG_CHANGE', 0, { source: 'platform', entity: 'queue', externalId: 'q1', change: 'updated', ...fields });

test('changes of one thing share a shard, however they came; those of its namesake need not', () => {
  const direct = keyOf(change({}));
  assert.equal(direct, '101:queue:q1');
  assert.equal(keyOf(change({ change: { name: 'Sales' } })), direct);
  assert.equal(keyOf({ 'detail-type': 'change', id: 'bridge-1', detail: change({}) }), direct);
  assert.equal(keyOf(change({ entity: 'team' })), '101:team:q1');
});

test('what is told of a call, an agent or a part of the snapshots stays in order', () => {
  const call = { callId: 'c1', direction: 'inbound' };
  assert.equal(keyOf(envelope('CALL_START', 0, call)), '101:c1');
  const stay = { stayId: 's1', queueId: 'q', callId: 'c1' };
  assert.equal(keyOf(envelope('QUEUE_JOIN', 0, { ...stay, visitId: 'v1' })), '101:c1');
  const since = new Date(0).toISOString();
  const state = { agentId: 'a1', teamId: 't', state: 'away', since, previous: null };
  assert.equal(keyOf(envelope('AGENT_STATE', 0, state)), '101:a1');
  assert.equal(keyOf(envelope('AGENT_STATE', 0, { ...state, source: 'platform' })), '101:a1');
  const snapshot = { part: 'p1', intervalMs: 10_000, queues: [] };
  assert.equal(keyOf(envelope('QUEUE_SNAPSHOT', 0, snapshot)), '101:QUEUE_SNAPSHOT:p1');
});

test('events of a switch about one member of a queue follow its call', () => {
  const joined = callcenterEvent('member-queue-start', 0, { 'CC-Member-Session-UUID': 'session-1' });
  const resumed = callcenterEvent('member-queue-resume', 1000, { 'CC-Member-Session-UUID': 'session-1' });
  assert.equal(keyOf(joined), keyOf(resumed));
});

test('what is about nothing of the kind spreads by its id', () => {
  const action = envelope('USER_ACTION', 0, { source: 'platform', action: 'login' });
  assert.equal(keyOf(action), `101:${String(action['id'])}`);
  assert.equal(partitionKeyOf(101, undefined, 'malformed'), '101:malformed');
});

test('a long key is cut to what a stream takes, never through a character', () => {
  const key = partitionKeyOf(101, { entity: 'queue', externalId: `${'x'.repeat(245)}😀`.repeat(2) }, 'e');
  assert.equal(key.length, 256);
  assert.ok(key.isWellFormed());
});
