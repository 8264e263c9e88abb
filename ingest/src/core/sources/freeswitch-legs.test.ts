import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { factsOf, OWN, switchEvent, T0 } from '../../testing/events.ts';
import { decodeEvent } from '../decode.ts';

type Headers = Record<string, unknown>;

const micro = (offsetMs: number): string => String((T0 + offsetMs) * 1000);

const caller = { 'Unique-ID': 'call-1', 'Channel-Call-UUID': 'call-1', 'Call-Direction': 'inbound' };
/** The leg of mod_callcenter to an agent: joined to the caller's call while they talk. */
const agentLeg = {
  'Unique-ID': 'leg-2',
  'Channel-Call-UUID': 'call-1',
  'Call-Direction': 'outbound',
  variable_cc_side: 'agent',
  variable_cc_queue: 'q_sales',
  variable_cc_member_session_uuid: 'call-1',
};

const hangup = (headers: Headers = {}): Headers => ({
  ...switchEvent('CHANNEL_HANGUP_COMPLETE', 65_000, {
    ...caller,
    'Caller-Channel-Created-Time': micro(0),
    'Caller-Channel-Answered-Time': micro(4000),
    'Caller-Channel-Hangup-Time': micro(64_000),
  }),
  ...headers,
});

const marksOf = (raw: unknown): unknown[] =>
  factsOf(raw).map(({ dimensions }) => [dimensions['type'], dimensions['queue_id']]);

const callIdOf = (raw: unknown): unknown => {
  const decoded = decodeEvent(raw, OWN);
  assert.ok('events' in decoded);
  const [event] = decoded.events;
  return event !== undefined && 'callId' in event ? event.callId : undefined;
};

describe('legs', () => {
  test('a call is begun, answered and ended on its own leg only', () => {
    const times = { 'Caller-Channel-Created-Time': micro(0), 'Caller-Channel-Answered-Time': micro(4000) };
    const bLeg = { ...caller, 'Unique-ID': 'leg-2', 'Channel-Call-UUID': 'leg-2', variable_originator: 'call-1' };
    for (const name of ['CHANNEL_CREATE', 'CHANNEL_ANSWER', 'CHANNEL_HANGUP_COMPLETE', 'DTMF']) {
      const typeOn = (leg: Record<string, string>): unknown => {
        const decoded = decodeEvent({ ...switchEvent(name, 65_000, leg), ...times }, OWN);
        assert.ok('events' in decoded);
        return decoded.events[0]?.type;
      };
      assert.notEqual(typeOn(caller), undefined, name);
      assert.equal(typeOn({ ...caller, variable_originator: 'call-1' }), typeOn(caller), 'its own originator');
      assert.equal(typeOn({ ...caller, 'Unique-ID': 'leg-2' }), undefined, 'joined to another call');
      assert.equal(typeOn(agentLeg), undefined, "an agent's");
      assert.equal(typeOn({ ...agentLeg, 'Channel-Call-UUID': 'leg-2' }), undefined, "an agent's, on its own");
      // When a bridge ends, the leg that was dialled names itself as its call.
      assert.equal(typeOn(bLeg), undefined, 'dialled by another leg');
    }
  });

  test('other channel events are of no call', () => {
    for (const name of ['CHANNEL_HANGUP', 'CHANNEL_BRIDGE', 'CHANNEL_UNBRIDGE', 'CHANNEL_DESTROY', 'CHANNEL_EXECUTE'])
      assert.deepEqual(factsOf(switchEvent(name, 0, caller)), []);
  });
});

describe('holding and transferring', () => {
  test('happen on the leg of whoever does it, and count for the call', () => {
    for (const [name, type] of [
      ['CHANNEL_HOLD', 'HOLD'],
      ['CHANNEL_UNHOLD', 'UNHOLD'],
    ] as const) {
      const byAgent = switchEvent(name, 0, agentLeg);
      assert.deepEqual(marksOf(byAgent), [[type, 'q_sales']]);
      assert.equal(callIdOf(byAgent), 'call-1');
      assert.deepEqual(marksOf(switchEvent(name, 0, caller)), [[type, '-']]);
    }
    const unbridged = switchEvent('CHANNEL_HOLD', 0, { ...agentLeg, 'Channel-Call-UUID': 'leg-2' });
    assert.equal(callIdOf(unbridged), 'call-1');
  });

  test('a transfer, blind or attended, is counted once of the three events that tell it', () => {
    const told = (subclass: string, leg: Record<string, string>, headers: Headers = {}): Headers => ({
      ...switchEvent('CUSTOM', 0, { 'Event-Subclass': subclass, ...leg }),
      ...headers,
    });
    const attended = [
      told('sofia::replaced', { ...agentLeg, 'Unique-ID': 'leg-3' }, { att_xfer_replaced_by: 'call-1' }),
      told('sofia::transferor', agentLeg, {
        att_xfer_original_call_id: 'call-1',
        att_xfer_destination_call_id: 'leg-4',
      }),
      told('sofia::transferee', caller),
    ];
    const blind = [told('sofia::transferor', agentLeg), told('sofia::transferee', caller)];
    for (const transfer of [attended, blind]) assert.deepEqual(transfer.flatMap(marksOf), [['TRANSFER', 'q_sales']]);
  });

  test('the transfers of a call are its history, an attended one not twice', () => {
    const blind = '1772532000:call-1:bl_xfer:07700900123/default/XML';
    const attended = '1772532010:call-1:att_xfer:1001@pbx/1002@pbx';
    const bridge = '1772532010:call-1:uuid_br:leg-4';
    const transfers = (history: unknown): unknown =>
      factsOf(hangup({ variable_transfer_history: history }))[0]?.measures['transfers'];
    const cases: [unknown, number][] = [
      [undefined, 0],
      ['', 0],
      [blind, 1],
      [[blind], 1],
      [[attended, bridge], 1],
      [[blind, attended, bridge], 2],
      [`ARRAY::${blind}|:${attended}|:${bridge}`, 2],
      [[bridge], 1],
      ['ARRAY::a|:b', 2],
    ];
    for (const [history, expected] of cases) assert.equal(transfers(history), expected, String(history));
  });
});

describe('what builds write differently', () => {
  const same = (headers: Headers): void => {
    const [expected, got] = [factsOf(hangup()), factsOf(hangup(headers))];
    assert.deepEqual(got, expected);
  };

  test('a header that occurs twice counts once, in either form', () => {
    const outcome = (headers: Headers): unknown =>
      factsOf(hangup({ 'Caller-Channel-Answered-Time': '0', ...headers }))[0]?.measures['outcome'];
    for (const cause of [['USER_BUSY', 'USER_BUSY'], 'ARRAY::USER_BUSY|:USER_BUSY', ['', 'USER_BUSY']])
      assert.equal(outcome({ 'Hangup-Cause': cause }), 'busy');
    // As FreeSWITCH writes it: the same key twice in one object.
    const text = JSON.stringify(hangup({ 'Hangup-Cause': 'USER_BUSY', 'Caller-Channel-Answered-Time': '0' }));
    const twice: unknown = JSON.parse(text.replace('{', '{"Hangup-Cause":"USER_BUSY",'));
    assert.equal(factsOf(twice)[0]?.measures['outcome'], 'busy');
    same({ 'Unique-ID': ['call-1', 'call-1'] });
  });

  test('header names in any case; of two spellings the own one', () => {
    const { 'Event-Date-Timestamp': timestamp, 'Caller-Channel-Hangup-Time': _ended, ...rest } = hangup();
    const [fact] = factsOf({ ...rest, 'Event-Date-timestamp': timestamp });
    assert.equal(fact?.timeMs, T0 + 65_000);
    const shouted = Object.fromEntries(Object.entries(hangup()).map(([name, value]) => [name.toUpperCase(), value]));
    same({ ...shouted, 'CHANNEL-CALL-UUID': 'another' });
    const lowered = Object.fromEntries(Object.entries(hangup()).map(([name, value]) => [name.toLowerCase(), value]));
    assert.deepEqual(factsOf(lowered), factsOf(hangup()));
  });

  test('seconds, milliseconds and microseconds: the magnitude of an instant tells', () => {
    for (const unit of [1000, 1, 1 / 1000]) {
      same({
        'Event-Date-Timestamp': String((T0 + 65_000) * unit),
        'Caller-Channel-Created-Time': String(T0 * unit),
        'Caller-Channel-Answered-Time': String((T0 + 4000) * unit),
        'Caller-Channel-Hangup-Time': (T0 + 64_000) * unit,
      });
    }
  });

  test('without a Core-UUID the id is made of what is read: the same for ever, another for another event', () => {
    const { 'Core-UUID': _core, ...raw } = hangup();
    const idOf = (event: unknown): string => {
      const decoded = decodeEvent(event, OWN);
      assert.ok('id' in decoded);
      return decoded.id;
    };
    assert.match(idOf(raw), /^[0-9a-f]{64}$/);
    assert.equal(idOf({ ...raw }), idOf(raw));
    assert.equal(idOf({ ...raw, 'Caller-Caller-ID-Number': '+447700900123' }), idOf(raw));
    assert.notEqual(idOf({ ...raw, 'Event-Date-Timestamp': micro(66_000) }), idOf(raw));
  });

  test('a number that is none, or lies beyond time, is refused by name', () => {
    for (const value of ['soon', '-1', '1e9', '99999999999999999999', '12.5']) {
      const decoded = decodeEvent(hangup({ 'Caller-Channel-Created-Time': value }), OWN);
      assert.ok('error' in decoded, value);
      assert.match(decoded.error.detail, /Caller-Channel-Created-Time/);
    }
  });
});
