import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { callcenterEvent, factsOf, OWN, switchEvent, T0 } from '../testing/events.ts';
import { decodeEvent } from './decode.ts';

const micro = (offsetMs: number): string => String((T0 + offsetMs) * 1000);
const seconds = (offsetMs: number): string => String((T0 + offsetMs) / 1000);

const hangup = (headers: Record<string, string> = {}): Record<string, string> =>
  switchEvent('CHANNEL_HANGUP_COMPLETE', 65_000, {
    'Unique-ID': 'call-1',
    'Channel-Call-UUID': 'call-1',
    'Call-Direction': 'inbound',
    'Caller-Channel-Created-Time': micro(0),
    'Caller-Channel-Answered-Time': micro(4000),
    'Caller-Channel-Hangup-Time': micro(64_000),
    'Caller-Caller-ID-Number': '+447700900123',
    ...headers,
  });

const callOf = (raw: unknown): Record<string, number | string> => {
  const [fact] = factsOf(raw);
  assert.equal(fact?.name, 'call');
  return fact.measures;
};

describe('raw channel events', () => {
  test('a plain call: duration from creation, talk from the answer, no caller number anywhere', () => {
    const measures = callOf(hangup());
    assert.deepEqual(
      [measures['dur_ms'], measures['talk_ms'], measures['wait_ms'], measures['answered'], measures['outcome']],
      [64_000, 60_000, 4000, 1, 'answered'],
    );
    assert.ok(!JSON.stringify(factsOf(hangup())).includes('900123'));
  });

  test('other legs and the legs of agents are no calls', () => {
    assert.deepEqual(factsOf(hangup({ 'Unique-ID': 'leg-2' })), []);
    assert.deepEqual(factsOf(hangup({ variable_cc_side: 'agent' })), []);
  });

  test('a queued call is answered by its agent, not by the queue that answers the channel', () => {
    const queued = { variable_cc_queue: 'q_1', variable_cc_member_uuid: 'm' };
    assert.equal(callOf(hangup({ ...queued, variable_cc_cancel_reason: 'BREAK_OUT' }))['outcome'], 'abandoned');
    assert.equal(callOf(hangup({ ...queued, variable_cc_cancel_reason: 'TIMEOUT' }))['outcome'], 'no_answer');
    const answered = callOf(
      hangup({ ...queued, variable_cc_queue_answered_epoch: seconds(30_000), variable_cc_agent: 'ag_1' }),
    );
    assert.deepEqual(
      [answered['answered'], answered['talk_ms'], answered['wait_ms'], answered['queue_id'], answered['agent_id']],
      [1, 34_000, 30_000, 'q_1', 'ag_1'],
    );
  });

  test('abandoned is inbound, unanswered and given up by the caller', () => {
    const unanswered = { 'Caller-Channel-Answered-Time': '0', 'Hangup-Cause': 'ORIGINATOR_CANCEL' };
    assert.equal(callOf(hangup(unanswered))['abandoned'], 1);
    assert.equal(callOf(hangup({ ...unanswered, 'Call-Direction': 'outbound' }))['abandoned'], 0);
    assert.equal(
      callOf(hangup({ ...unanswered, variable_cc_queue: 'q', variable_cc_cancel_reason: 'EXIT_WITH_KEY' }))[
        'abandoned'
      ],
      0,
    );
    assert.equal(callOf(hangup({ ...unanswered, 'Hangup-Cause': 'USER_BUSY' }))['outcome'], 'busy');
  });

  test('header names are case-insensitive, the id is Core-UUID and sequence', () => {
    const raw = hangup();
    const lowered = Object.fromEntries(
      Object.entries(raw).map(([name, value]) => [name === 'Event-Name' ? name : name.toLowerCase(), value]),
    );
    const decoded = decodeEvent(lowered, OWN);
    assert.ok('events' in decoded);
    assert.equal(decoded.id, `core-1:${raw['Event-Sequence'] ?? ''}`);
    assert.equal(decoded.events[0]?.type, 'CALL_END');
  });

  test('a key never writes for another territory', () => {
    const foreign = decodeEvent(hangup({ variable_territory_id: '202', variable_region_id: '1' }), OWN);
    assert.ok('error' in foreign);
    assert.equal(foreign.error.code, 'territory_mismatch');
    assert.ok('events' in decodeEvent(hangup({ variable_territory_id: '101', variable_region_id: '1' }), OWN));
  });

  test('digits pressed are counted, never kept', () => {
    const facts = factsOf(switchEvent('DTMF', 0, { 'Unique-ID': 'c', 'Channel-Call-UUID': 'c', 'DTMF-Digit': '7' }));
    assert.deepEqual(
      facts.map(({ dimensions, measures }) => [dimensions['type'], measures['n']]),
      [['DTMF', 1]],
    );
    assert.deepEqual(Object.keys(facts[0]?.measures ?? {}).sort(), ['eid', 'n']);
  });
});

describe('callcenter::info', () => {
  const terminated = callcenterEvent('member-queue-end', 64_400, {
    'CC-Cause': 'Terminated',
    'CC-Agent': 'ag_1',
    'CC-Agent-Answered-Time': seconds(9000),
    'CC-Member-Leaving-Time': seconds(64_000),
    'CC-Member-Joined-Time': seconds(0),
  });

  test('Terminated is the handled contact and no visit', () => {
    const facts = factsOf(terminated);
    assert.equal(facts.length, 1);
    const [handle] = facts;
    assert.equal(handle?.name, 'handle');
    assert.equal(handle.timeMs, T0 + 64_000);
    assert.deepEqual(handle.dimensions, { agent_id: 'ag_1', team_id: '-', queue_id: 'q_sales' });
    assert.deepEqual(handle.measures, { n: 1, talk_ms: 55_000, hold_ms: 0, eid: `member-1:ag_1:${seconds(9000)}` });
  });

  test('an agent whose name is an address becomes a pseudonym, in ids composed of it too', () => {
    const text = JSON.stringify(
      factsOf({ ...terminated, 'CC-Agent': 'bob.smith@example.com' }, { ...OWN, personalIdSecret: 's' }),
    );
    assert.ok(!text.includes('bob') && /member-1:a_[0-9a-f]{32}:/.test(text));
    const other = JSON.stringify(
      factsOf({ ...terminated, 'CC-Agent': 'bob.smith@example.com' }, { ...OWN, personalIdSecret: 't' }),
    );
    assert.notEqual(text, other);
  });

  test('what begins or ends nothing gives no fact', () => {
    for (const action of ['members-count', 'agent-offering', 'bridge-agent-fail'])
      assert.deepEqual(factsOf(callcenterEvent(action, 0, {})), []);
    assert.deepEqual(factsOf(callcenterEvent('bridge-agent-end', 0, { 'CC-Agent-Bridged': 'true' })), []);
  });

  test('status and state of agents', () => {
    const status = (name: string): unknown =>
      factsOf(callcenterEvent('agent-status-change', 0, { 'CC-Agent': 'ag_1', 'CC-Agent-Status': name }))[0]
        ?.dimensions['state'];
    const state = (name: string): unknown =>
      factsOf(callcenterEvent('agent-state-change', 0, { 'CC-Agent': 'ag_1', 'CC-Agent-State': name }))[0]?.dimensions[
        'state'
      ];
    assert.deepEqual(['Logged Out', 'On Break', 'Available', 'Available (On Demand)'].map(status), [
      undefined,
      'away',
      'available',
      'available',
    ]);
    assert.deepEqual(['In a queue call', 'Waiting', 'Idle', 'Receiving', 'Reserved'].map(state), [
      'on_contact',
      'available',
      'available',
      undefined,
      undefined,
    ]);
  });

  test('a missing time is an error that names its header', () => {
    const decoded = decodeEvent(callcenterEvent('bridge-agent-start', 0, { 'CC-Agent': 'a' }), OWN);
    assert.ok('error' in decoded);
    assert.equal(decoded.error.code, 'invalid_event');
    assert.match(decoded.error.detail, /CC-/);
  });
});

describe("the original product's call event", () => {
  const original = {
    eventType: 'CALL_END',
    timestamp: new Date(T0 + 90_000).toISOString(),
    callId: 'c',
    ...OWN,
    duration: 90,
    outcome: 'answered',
    queueId: 'q',
  };

  test('its duration is seconds, its start is its timestamp less that', () => {
    const measures = callOf(original);
    assert.deepEqual([measures['dur_ms'], measures['start_ms'], measures['answered']], [90_000, T0, 1]);
  });

  test('its id is the same whenever it comes', () => {
    const ids = [original, { ...original }]
      .map((raw) => decodeEvent(raw, OWN))
      .map((decoded) => ('id' in decoded ? decoded.id : ''));
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[0], '');
  });
});
