import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decodeStreamRecord } from '../core/stream-record.ts';
import { switchEvent, T0 } from '../testing/events.ts';
import { collect } from './collect.ts';

const OWNER = { territoryId: 101, regionId: 1 };
const VARIABLES = { territoryVariable: 'variable_tenant', regionVariable: 'variable_home' };

const keyPressed = (tenant: string): Buffer =>
  Buffer.from(
    JSON.stringify(
      switchEvent('DTMF', 0, {
        'Unique-ID': 'c',
        'Channel-Call-UUID': 'c',
        'DTMF-Digit': '7',
        variable_tenant: tenant,
        variable_home: '1',
      }),
    ),
  );

test('a switch may name its territories as it likes: the stream has the usual names', async () => {
  const { items, entries } = await collect(keyPressed('101'), OWNER, T0, VARIABLES);
  assert.deepEqual(
    items.map(({ status }) => status),
    ['accepted'],
  );
  const [entry] = entries;
  assert.ok(entry !== undefined);
  const kept = JSON.parse(decodeStreamRecord(entry.data).bytes.toString()) as Record<string, unknown>;
  assert.deepEqual([kept['variable_territory_id'], kept['variable_region_id']], ['101', '1']);
  assert.ok(!('DTMF-Digit' in kept) && !('variable_tenant' in kept));
});

test('a key never writes for another territory, whatever its variable is called', async () => {
  const { items, entries } = await collect(keyPressed('202'), OWNER, T0, VARIABLES);
  assert.deepEqual(
    items.map(({ code }) => code),
    ['territory_mismatch'],
  );
  assert.deepEqual(entries, []);
});

test('an event that grows beyond what the stream takes when its numbers are written out is refused alone', async () => {
  const about = { v: 1, source: 'freeswitch', time: new Date(T0).toISOString(), ...OWNER };
  const snapshot = JSON.stringify({ ...about, id: 'long', type: 'QUEUE_SNAPSHOT', part: 'p', intervalMs: 10_000 });
  const queues = Array.from({ length: 30_000 }, (_, n) => `{"queueId":"${String(n)}","depth":1e9}`).join(',');
  const call = JSON.stringify({ ...about, id: 'short', type: 'CALL_START', callId: 'c', direction: 'inbound' });
  const long = `${snapshot.slice(0, -1)},"queues":[${queues}]}`;
  assert.ok(long.length < 1_000_000);
  const { items, entries } = await collect(Buffer.from(`[${long},${call}]`), OWNER, T0);
  assert.deepEqual(
    items.map(({ status, code }) => code ?? status),
    ['too_large', 'accepted'],
  );
  assert.equal(entries.length, 1);
});
