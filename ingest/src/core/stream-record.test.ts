import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { decodeDelivery } from './decode-delivery.ts';
import { decodeStreamRecord, encodeStreamRecord, openStreamRecord, textOfBody } from './stream-record.ts';

const CONTEXT = { regionId: 1, personalIdSecret: 's' };
const body = Buffer.from('{"v":1}');

describe('a record of the stream', () => {
  test('its header says what was put into it, in bytes and as text', () => {
    const count = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    const header = fc.record({
      territoryId: count,
      regionId: fc.integer({ min: 1, max: 6 }),
      receivedMs: count,
      body: fc.constantFrom('events' as const, 'facts' as const),
    });
    fc.assert(
      fc.property(header, fc.string({ unit: 'grapheme' }), (given, text) => {
        const data = encodeStreamRecord(given, Buffer.from(text));
        const record = decodeStreamRecord(data);
        assert.deepEqual(record.header, { lumina: 1, ...given });
        assert.equal(record.bytes.toString(), text);
        const opened = openStreamRecord(data);
        const { header: read } = opened;
        const { text: asText } = textOfBody(opened);
        assert.deepEqual([read, asText], [record.header, new TextDecoder().decode(record.bytes)]);
      }),
      { numRuns: 2000 },
    );
  });

  test('a header with its fields in another order, or with more of them, is read as well', () => {
    for (const line of [
      '{"lumina":1,"regionId":1,"territoryId":101,"body":"events","receivedMs":5}',
      '{"lumina":1,"territoryId":101,"regionId":1,"receivedMs":5,"body":"events","more":true}',
      '{"lumina":1,"territoryId": 101,"regionId":1,"receivedMs":5,"body":"events"}',
    ]) {
      const { header } = decodeStreamRecord(Buffer.from(`${line}\n{}`));
      assert.deepEqual(header, { lumina: 1, territoryId: 101, regionId: 1, receivedMs: 5, body: 'events' }, line);
    }
  });

  test('a broken header is a dead letter, never a header of somebody', () => {
    for (const line of [
      '{"lumina":1,"territoryId":"101","regionId":1,"receivedMs":5,"body":"events"}',
      '{"lumina":1,"territoryId":-1,"regionId":1,"receivedMs":5,"body":"events"}',
      '{"lumina":1,"territoryId":101,"regionId":9,"receivedMs":5,"body":"events"}',
      '{"lumina":1,"territoryId":101,"regionId":1,"receivedMs":1.5,"body":"events"}',
      '{"lumina":1,"territoryId":101,"regionId":1,"receivedMs":5,"body":"else"}',
      '{"lumina":1,"territoryId":101,"regionId":1,"receivedMs":5,"body":"events"',
      '{"lumina":1,"territoryId":,"regionId":1,"receivedMs":5,"body":"events"}',
    ]) {
      const { error, territoryId, facts } = decodeDelivery(Buffer.from(`${line}\n{}`), CONTEXT);
      assert.deepEqual([error?.code, territoryId, facts], ['malformed', undefined, []], line);
    }
  });

  test('a body that is no UTF-8 is a dead letter of its territory', () => {
    const data = encodeStreamRecord(
      { territoryId: 101, regionId: 1, receivedMs: 5, body: 'events' },
      Buffer.from([0x7b, 0xff, 0x7d]),
    );
    const { error, territoryId, receivedMs } = decodeDelivery(data, CONTEXT);
    assert.deepEqual([error?.code, territoryId, receivedMs], ['malformed', 101, 5]);
  });

  test('without a header all is body', () => {
    assert.deepEqual(decodeStreamRecord(body), { header: undefined, bytes: body });
    assert.equal(textOfBody(openStreamRecord(new Uint8Array(body))).text, '{"v":1}');
  });
});

describe('accounting of another process', () => {
  const fact = {
    table: 'system_metrics',
    name: 'source',
    territoryId: 101,
    regionId: 1,
    dimensions: { source: 'freeswitch', worker: 'w' },
    timeMs: 10_000,
    version: 3,
    measures: { received: 1, rejected: 0, last_ms: 10_500 },
  };
  const decoded = (facts: unknown, regionId = 1): ReturnType<typeof decodeDelivery> =>
    decodeDelivery(
      encodeStreamRecord(
        { territoryId: 0, regionId, receivedMs: 5, body: 'facts' },
        Buffer.from(JSON.stringify(facts)),
      ),
      CONTEXT,
    );

  test('is taken as it is', () => {
    assert.deepEqual(decoded([fact]).facts, [fact]);
    assert.equal(decoded([fact]).isAccounting, true);
  });

  test('is refused whole when any of it is something else: nothing of it is stored', () => {
    for (const wrong of [
      null,
      {},
      'x',
      [null],
      [[fact]],
      [fact, { ...fact, name: 'visit', table: 'queue_metrics' }],
      [{ ...fact, name: 'toString' }],
      [{ ...fact, regionId: 2 }],
      [{ ...fact, eid: 'x' }],
      [{ ...fact, version: 0 }],
      [{ ...fact, timeMs: '10000' }],
      [{ ...fact, dimensions: { source: 'freeswitch' } }],
      [{ ...fact, dimensions: { ...fact.dimensions, more: 'x' } }],
      [{ ...fact, dimensions: { source: '', worker: 'w' } }],
      [{ ...fact, measures: { ...fact.measures, received: -1 } }],
      [{ ...fact, measures: { received: 1, rejected: 0 } }],
      [{ ...fact, measures: null }],
    ]) {
      const { error, facts, isAccounting } = decoded(wrong);
      assert.deepEqual([error?.code, facts, isAccounting], ['invalid', [], false], JSON.stringify(wrong));
    }
    assert.equal(decoded([fact], 2).error?.code, 'unknown_tenant');
  });
});
