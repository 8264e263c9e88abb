import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { envelope } from '../testing/events.ts';
import { decodeDelivery } from './decode-delivery.ts';
import { MAX_INFLATED_BYTES } from './inflate-record.ts';
import { encodeStreamRecord } from './stream-record.ts';

const CONTEXT = { regionId: 1, personalIdSecret: '' };

describe('records compressed with gzip', () => {
  const event = Buffer.from(JSON.stringify(envelope('USER_ACTION', 0, { source: 'platform', action: 'login' })));

  test('say what they say uncompressed, bare or with a header of the collector', () => {
    const header = { territoryId: 101, regionId: 1, receivedMs: 7, body: 'events' } as const;
    for (const record of [event, encodeStreamRecord(header, event)]) {
      const plain = decodeDelivery(record, CONTEXT);
      assert.equal(plain.facts.length, 1);
      assert.deepEqual(decodeDelivery(gzipSync(record), CONTEXT), plain);
    }
  });

  test('a bomb and a torn record are dead, and cost no more than an event', () => {
    const bomb = gzipSync(Buffer.alloc(MAX_INFLATED_BYTES + 1, 0x20));
    const torn = gzipSync(event).subarray(0, 30);
    for (const record of [bomb, torn]) assert.equal(decodeDelivery(record, CONTEXT).error?.code, 'malformed');
  });
});
