import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import { at, callcenterEvent, envelope, OWN, switchEvent, T0 } from '../testing/events.ts';
import { whitelistBody } from './body-whitelist.ts';
import { decodeEvent } from './decode.ts';
import { extractFacts } from './extract-facts.ts';

type Fields = Record<string, unknown>;

const micro = String((T0 + 9000) * 1000);

/** Headers that name or could name a person, or hold what they pressed, as FreeSWITCH and its modules write them. */
const TELLING_HEADERS = [
  'DTMF-Digit',
  'DTMF-Duration',
  'Caller-Caller-ID-Number',
  'Caller-Caller-ID-Name',
  'Caller-Orig-Caller-ID-Number',
  'Caller-Callee-ID-Name',
  'Caller-Callee-ID-Number',
  'Caller-Destination-Number',
  'Caller-ANI',
  'Caller-RDNIS',
  'Caller-Username',
  'Caller-Network-Addr',
  'Caller-Channel-Name',
  'Other-Leg-Caller-ID-Number',
  'Other-Leg-Destination-Number',
  'CC-Member-CID-Name',
  'CC-Member-CID-Number',
  'CC-Member-DNIS',
  'CC-Agent-Contact',
  'Channel-Name',
  'Channel-Presence-ID',
  'variable_sip_from_user',
  'variable_sip_h_X-Account',
  'variable_cc_exit_key',
  'variable_digits_dialed',
  'variable_card_number',
  'CC-Caller-CID-Number',
  'att_xfer_original_call_id',
  'Transfer-Exten',
  '_body',
  '__proto__x',
];

const telling = fc.oneof(
  fc.stringMatching(/^\+?[2-9]\d{9,12}$/),
  fc.stringMatching(/^[A-Z][a-z]{4,9} [A-Z][a-z]{4,9}$/),
);
const unknownName = fc.stringMatching(/^variable_x[a-z_]{3,20}$/);

const rawEvents: fc.Arbitrary<Fields> = fc.constantFrom(
  switchEvent('DTMF', 0, { 'Unique-ID': 'c', 'Channel-Call-UUID': 'c' }),
  switchEvent('CHANNEL_CREATE', 0, { 'Unique-ID': 'c', 'Channel-Call-UUID': 'c', 'Call-Direction': 'inbound' }),
  switchEvent('CHANNEL_HANGUP_COMPLETE', 9000, {
    'Unique-ID': 'c',
    'Channel-Call-UUID': 'c',
    'Caller-Channel-Created-Time': String(T0 * 1000),
    'Caller-Channel-Hangup-Time': micro,
  }),
  callcenterEvent('member-queue-start', 0, {}),
  callcenterEvent('agent-status-change', 0, { 'CC-Agent': 'ag_1', 'CC-Agent-Status': 'On Break' }),
);

/** The id of an event and its facts, or why it is refused. */
const decodedOf = (raw: unknown): unknown => {
  const decoded = decodeEvent(raw, { ...OWN, personalIdSecret: 's' });
  return 'error' in decoded ? decoded : [decoded.id, decoded.events.flatMap(extractFacts)];
};

describe('a whitelisted body', () => {
  test('keeps nothing that could name a caller or tell what they pressed', () => {
    const names = fc.oneof(fc.constantFrom(...TELLING_HEADERS), unknownName);
    const headers = fc.array(fc.tuple(names, telling), { minLength: 1, maxLength: 20 });
    const spelling = fc.constantFrom(
      (name: string) => name,
      (name: string) => name.toLowerCase(),
      (name: string) => name.toUpperCase(),
    );
    fc.assert(
      fc.property(rawEvents, headers, spelling, (event, extra, spelt) => {
        const raw = { ...event, ...Object.fromEntries(extra.map(([name, value]) => [spelt(name), value])) };
        const kept = JSON.stringify(whitelistBody(raw));
        for (const [name, value] of extra) {
          assert.ok(!kept.includes(value), `${name}: ${value} in ${kept}`);
          assert.ok(!kept.toLowerCase().includes(name.toLowerCase()), `${name} in ${kept}`);
        }
        assert.deepEqual(decodedOf(whitelistBody(raw)), decodedOf(raw));
      }),
      { numRuns: 500 },
    );
  });

  test('keeps of a transfer that it happened, not where to', () => {
    const history = ['1772532000:c:bl_xfer:07700900123/default/XML', '1772532001:c:att_xfer:alice@pbx/1002@pbx'];
    for (const value of [history, `ARRAY::${history.join('|:')}`]) {
      const kept = whitelistBody({
        ...switchEvent('CHANNEL_HANGUP_COMPLETE', 0, {}),
        variable_transfer_history: value,
      });
      assert.deepEqual((kept as Fields)['variable_transfer_history'], ['bl_xfer', 'att_xfer']);
    }
  });

  test('is itself when whitelisted again, whatever was in it', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.string(), { maxLength: 3 }));
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('Event-Name', 'event-name', 'UNIQUE-ID', 'Unique-ID', 'type', 'eventType', 'timestamp', 'id'),
      fc.constantFrom('variable_transfer_history', 'Variable_Transfer_History', 'CC-Caller-UUID', 'core-uuid'),
      fc.constantFrom('variable_territory_id', 'VARIABLE_TERRITORY_ID', 'CHANNEL-CALL-UUID', 'Event-Date-timestamp'),
    );
    const base: Fields[] = [{}, switchEvent('DTMF', 0, { 'Unique-ID': 'c' }), envelope('HOLD', 0, { callId: 'c' })];
    fc.assert(
      fc.property(fc.constantFrom(...base), fc.dictionary(name, value), (known, extra) => {
        const raw = { ...known, ...extra };
        const once = whitelistBody(raw);
        assert.deepEqual(whitelistBody(once), once);
        assert.equal(JSON.stringify(whitelistBody(once)), JSON.stringify(once));
        assert.deepEqual(decodedOf(once), decodedOf(raw));
      }),
      { numRuns: 1000 },
    );
  });

  test('of an envelope are the fields of its type, inside lists too', () => {
    const snapshot = envelope('QUEUE_SNAPSHOT', 0, {
      part: 'p',
      intervalMs: 10_000,
      queues: [{ queueId: 'q', depth: 1, callers: ['+447700900123'] }],
      note: 'called +447700900123',
    });
    const { note: _note, ...rest } = snapshot;
    assert.deepEqual(whitelistBody(snapshot), { ...rest, queues: [{ queueId: 'q', depth: 1 }] });
    const resume = envelope('QUEUE_RESUME', 0, { visitId: 'v', queueId: 'q', callId: 'c', undoes: null, who: 'Bob' });
    assert.ok(!('who' in (whitelistBody(resume) as object)));
    assert.equal((whitelistBody(resume) as Fields)['undoes'], null);
    const about = { source: 'platform', entity: 'agent', externalId: 'x' };
    const change = { name: 'Bob', queueIds: ['a'] };
    const config = envelope('CONFIG_CHANGE', 0, { ...about, change });
    assert.deepEqual(whitelistBody({ ...config, change: { ...change, phone: '+447700900123' } }), config);
  });

  test('of a call event of the original product are its own fields', () => {
    const original = { eventType: 'CALL_START', timestamp: at(0), callId: 'c', ...OWN };
    assert.deepEqual(whitelistBody({ ...original, callerNumber: '+447700900123' }), original);
  });

  test('of an EventBridge envelope is what is inside, and what completes it', () => {
    const { id: _id, ...detail } = envelope('USER_ACTION', 0, { source: 'platform', action: 'login' });
    const bridged = { version: '0', id: 'e', 'detail-type': 'x', time: at(0), account: '1', detail };
    const kept = whitelistBody({ ...bridged, detail: { ...detail, user: 'Bob' } });
    assert.deepEqual(kept, { id: 'e', 'detail-type': 'x', time: at(0), detail });
    assert.deepEqual(decodedOf(kept), decodedOf(bridged));
    const named = { ...bridged, detail: { ...detail, eventId: 'e-77' } };
    assert.deepEqual(decodedOf(whitelistBody(named)), decodedOf(named));
    assert.notDeepEqual(decodedOf(named), decodedOf(bridged));
  });

  test('opens one envelope of EventBridge, as the decoder does, however many are nested', () => {
    let nested: Fields = envelope('USER_ACTION', 0, { source: 'platform', action: 'login' });
    for (let depth = 0; depth < 100_000; depth += 1) nested = { id: 'e', 'detail-type': 'x', detail: nested };
    assert.deepEqual(whitelistBody(nested), { id: 'e', 'detail-type': 'x', time: undefined, detail: { id: 'e' } });
    assert.ok('error' in decodeEvent(nested, OWN));
  });

  test('of an unknown type is its envelope; what is no event stays what it is', () => {
    const foreign = envelope('TOMORROW', 0, { secret: 'x' });
    assert.ok(!('secret' in (whitelistBody(foreign) as object)));
    for (const type of ['__proto__', 'constructor', 7, undefined])
      assert.ok(!('secret' in (whitelistBody({ ...foreign, type }) as object)));
    for (const raw of [null, 1, 'x', [1], undefined]) assert.deepEqual(whitelistBody(raw), raw);
  });

  test('has the usual names for territory and region, whatever the switch calls them', () => {
    const variables = { territoryVariable: 'variable_tenant', regionVariable: 'variable_home' };
    const raw = switchEvent('DTMF', 0, {
      'Unique-ID': 'c',
      'Channel-Call-UUID': 'c',
      Variable_Tenant: '101',
      variable_home: '1',
    });
    const kept = whitelistBody(raw, variables) as Fields;
    assert.deepEqual([kept['variable_territory_id'], kept['variable_region_id']], ['101', '1']);
    assert.deepEqual(decodeEvent(kept, { ...OWN, ...variables }), decodeEvent(raw, { ...OWN, ...variables }));
    const foreign = decodeEvent({ ...raw, Variable_Tenant: '202' }, { ...OWN, ...variables });
    assert.ok('error' in foreign && foreign.error.code === 'territory_mismatch');
  });
});
