import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { LuminaEvent } from '@lumina/contracts';

import { at, callcenterEvent, factsOf, OWN, switchEvent, T0 } from '../../testing/events.ts';
import { decodeEvent } from '../decode.ts';

const seconds = (offsetMs: number): string => String((T0 + offsetMs) / 1000);

const eventOf = (raw: unknown): LuminaEvent | undefined => {
  const decoded = decodeEvent(raw, OWN);
  assert.ok('events' in decoded, JSON.stringify(decoded));
  return decoded.events[0];
};

/** The event less its envelope. */
const fieldsOf = (raw: unknown): object => {
  const event = eventOf(raw);
  assert.ok(event !== undefined);
  const { v: _v, id: _id, source: _source, territoryId: _territory, regionId: _region, ...fields } = event;
  return fields;
};

const visit = { visitId: 'member-1', queueId: 'q_sales', callId: 'call-1' };
const bridge = {
  'CC-Agent': 'ag_1',
  'CC-Agent-Called-Time': seconds(5000),
  'CC-Agent-Answered-Time': seconds(9000),
  'CC-Member-Joined-Time': seconds(0),
};

describe('members of a queue', () => {
  test('a join is at its own time', () => {
    assert.deepEqual(fieldsOf(callcenterEvent('member-queue-start', 250, {})), {
      type: 'QUEUE_JOIN',
      time: at(250),
      ...visit,
      stayId: 'member-1:call-1',
    });
  });

  test('an answer is when the agent answered, and is undone when nobody talked', () => {
    const stayId = `member-1:ag_1:${seconds(9000)}`;
    assert.deepEqual(fieldsOf(callcenterEvent('bridge-agent-start', 9100, bridge)), {
      type: 'QUEUE_LEAVE',
      time: at(9000),
      ...visit,
      stayId,
      joinedAt: at(0),
      outcome: 'answered',
      agentId: 'ag_1',
    });
    const end = (bridged: string): unknown =>
      callcenterEvent('bridge-agent-end', 9400, { ...bridge, 'CC-Agent-Bridged': bridged });
    assert.deepEqual(fieldsOf(end('false')), {
      type: 'QUEUE_UNANSWER',
      time: at(9400),
      ...visit,
      stayId,
      joinedAt: at(0),
      answeredAt: at(9000),
    });
    assert.equal(eventOf(end('true')), undefined);
    // Builds before 1.6.10 do not tell; an answer stands.
    assert.equal(eventOf(callcenterEvent('bridge-agent-end', 9400, bridge)), undefined);
    const [undone] = factsOf(end('false'));
    const [answered] = factsOf(callcenterEvent('bridge-agent-start', 9100, bridge));
    assert.ok(undone !== undefined && answered !== undefined);
    assert.deepEqual([undone.eid, undone.timeMs, undone.version], [answered.eid, answered.timeMs, 2]);
  });

  test('each cancel reason has its outcome; an unknown one is refused', () => {
    const cancel = (reason: string): unknown =>
      callcenterEvent('member-queue-end', 30_250, {
        'CC-Cause': 'Cancel',
        'CC-Cancel-Reason': reason,
        'CC-Member-Leaving-Time': seconds(30_000),
        'CC-Member-Joined-Time': seconds(0),
      });
    const outcomes = {
      BREAK_OUT: 'abandoned',
      NONE: 'abandoned',
      TIMEOUT: 'timeout',
      NO_AGENT_TIMEOUT: 'no_agent',
      EXIT_WITH_KEY: 'key',
    };
    for (const [reason, outcome] of Object.entries(outcomes)) {
      assert.deepEqual(fieldsOf(cancel(reason)), {
        type: 'QUEUE_LEAVE',
        time: at(30_250),
        ...visit,
        stayId: 'member-1:call-1',
        joinedAt: at(0),
        outcome,
      });
    }
    assert.ok('error' in decodeEvent(cancel('BOREDOM'), OWN));
    assert.ok('error' in decodeEvent(cancel('constructor'), OWN));
  });

  test('a return rewrites the abandon it undoes; one that names none is stored as unmatched', () => {
    const undoes = {
      'Lumina-Undoes-Stay': 'member-1:call-0',
      'Lumina-Undoes-Time': String(T0 + 30_250),
      'Lumina-Undoes-Joined': String(T0),
    };
    const back = (headers: Record<string, string>): unknown => callcenterEvent('member-queue-resume', 50_000, headers);
    assert.deepEqual(fieldsOf(back(undoes)), {
      type: 'QUEUE_RESUME',
      time: at(50_000),
      ...visit,
      undoes: { stayId: 'member-1:call-0', time: at(30_250), joinedAt: at(0), callId: 'call-0' },
    });
    const measures = (headers: Record<string, string>): unknown[] =>
      factsOf(back(headers)).map(({ name, eid, measures: told }) => [name, eid, told['matched'] ?? told['resumed']]);
    const resume = ['resume', `member-1:${String(T0 + 50_000)}`];
    assert.deepEqual(measures(undoes), [
      [...resume, 1],
      ['visit', 'member-1:call-0', 1],
    ]);
    assert.deepEqual(measures({}), [[...resume, 0]]);
  });

  test('builds before 1.2 spoke of callers', () => {
    const { 'CC-Member-Session-UUID': callId, ...rest } = callcenterEvent('bridge-agent-start', 9100, bridge);
    const { 'CC-Member-Joined-Time': joined, ...former } = rest;
    const raw = { ...former, 'CC-Caller-UUID': callId, 'CC-Caller-Joined-Time': joined };
    assert.deepEqual(eventOf(raw), eventOf({ ...rest, 'CC-Member-Session-UUID': callId }));
  });
});

describe('agents', () => {
  const change = (what: 'Status' | 'State', value: string, headers: Record<string, string> = {}): unknown => {
    const action = `agent-${what.toLowerCase()}-change`;
    return factsOf({
      ...switchEvent('CUSTOM', 250, { 'Event-Subclass': 'callcenter::info', 'CC-Action': action }),
      'CC-Agent': '1001@default',
      [`CC-Agent-${what}`]: value,
      ...headers,
    }).map(({ name, timeMs, dimensions, measures }) => [
      name,
      timeMs - T0,
      dimensions['agent_id'],
      dimensions['state'],
      measures['ms'],
    ]);
  };
  const opens = (state: string): unknown => [['slice', 250, '1001@default', state, 0]];

  test('statuses, in whatever case the switch was told them', () => {
    assert.deepEqual(change('Status', 'Available'), opens('available'));
    assert.deepEqual(change('Status', 'Available (On Demand)'), opens('available'));
    assert.deepEqual(change('Status', 'available (on demand)'), opens('available'));
    assert.deepEqual(change('Status', 'On Break'), opens('away'));
    assert.deepEqual(change('Status', 'Logged Out'), []);
    for (const other of ['Unknown', 'Availability', 'constructor', 'toString'])
      assert.deepEqual(change('Status', other), []);
  });

  test('states: a call offered changes nothing, and an idle agent on a break is not available', () => {
    assert.deepEqual(change('State', 'In a queue call'), opens('on_contact'));
    for (const state of ['Waiting', 'Idle', 'waiting']) {
      assert.deepEqual(change('State', state), opens('available'));
      assert.deepEqual(change('State', state, { 'CC-Agent-Status': 'Available (On Demand)' }), opens('available'));
      assert.deepEqual(change('State', state, { 'CC-Agent-Status': 'On Break' }), []);
      assert.deepEqual(change('State', state, { 'CC-Agent-Status': 'Logged Out' }), []);
    }
    for (const state of ['Receiving', 'Reserved', 'Unknown']) assert.deepEqual(change('State', state), []);
  });

  test('what changes no agent and no queue gives nothing', () => {
    for (const action of [
      'agent-status-get',
      'agent-contact-change',
      'agent-add',
      'agent-max-no-answer',
      'members-count',
    ])
      assert.deepEqual(factsOf(callcenterEvent(action, 0, { 'CC-Agent-Status': 'On Break', 'CC-Agent': 'a' })), []);
  });
});
