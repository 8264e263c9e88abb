import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Fact } from '@lumina/contracts';

import { MemoryDeadLetters } from '../adapters/memory-doubles.ts';
import { Accounting } from '../core/accounting.ts';
import type { StreamedRecord } from '../ports/event-stream.ts';
import type { FactOutcome } from '../ports/fact-store.ts';
import { envelope, T0 } from '../testing/events.ts';
import { processRecords, type Processed, type ProcessorPorts } from './delivery-processor.ts';
import { createIngestMetrics } from './metrics.ts';

/** A store that keeps each thing once, and gives up what is of a queue called `poison`. */
class KnowingStore {
  readonly known = new Set<string>();

  write(facts: readonly Fact[]): Promise<FactOutcome[]> {
    return Promise.resolve(
      facts.map((fact): FactOutcome => {
        if (fact.dimensions['queue_id'] === 'poison')
          return { status: 'dead', code: 'store_validation', message: 'The store wants none of it.' };
        const key = JSON.stringify([fact.name, fact.eid]);
        const isKnown = this.known.has(key);
        this.known.add(key);
        return { status: isKnown ? 'duplicate' : 'stored' };
      }),
    );
  }
}

const joined = (visitId: string, queueId = 'q'): object =>
  envelope('QUEUE_JOIN', 0, { visitId, stayId: `${visitId}:s`, queueId, callId: 'c' });
const record = (sequence: number, body: object | string): StreamedRecord => ({
  sequence: String(sequence),
  arrivedMs: T0 + 60_000,
  data: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

describe('a page of records', () => {
  let deadLetters: MemoryDeadLetters;
  let accounting: Accounting;
  let ports: ProcessorPorts;
  const never = new AbortController().signal;
  const processed = (records: readonly StreamedRecord[], watermarkMs = 0): Promise<Processed> =>
    processRecords(ports, 'shard-0', records, watermarkMs, never);

  beforeEach(() => {
    const store = new KnowingStore();
    deadLetters = new MemoryDeadLetters();
    accounting = new Accounting('w', 1);
    ports = {
      store: { write: (facts) => store.write(facts), ensureTables: () => Promise.resolve(), close: () => undefined },
      deadLetters,
      accounting,
      metrics: createIngestMetrics('w'),
      clock: { nowMs: () => T0 + 61_000 },
      stream: 'events',
      context: { regionId: 1, personalIdSecret: 's' },
    };
  });
  const deliveries = (): Record<string, number> => {
    const facts = accounting.takeFacts(T0 + 61_000).filter(({ name }) => name === 'ingest');
    const names = ['deliveries', 'stored', 'late', 'duplicate', 'dead_lettered'];
    const sumOf = (name: string): number => facts.reduce((sum, { measures }) => sum + Number(measures[name]), 0);
    return Object.fromEntries(names.map((name) => [name, sumOf(name)]));
  };

  test('that was stored by one who died before telling is told by the next', async () => {
    const page = [record(1, joined('v1')), record(2, joined('v2'))];
    const first = await processed(page);
    assert.equal(first.facts.length, 2);
    const again = await processed(page);
    assert.deepEqual(again.facts, first.facts);
    assert.deepEqual(deliveries(), { deliveries: 4, stored: 2, late: 0, duplicate: 2, dead_lettered: 0 });
  });

  test('with very many facts is stored in portions: one event may become thousands', async () => {
    const sinceMs = T0 - 31 * 86_400_000;
    const held = (n: number): object => {
      const previous = { state: 'away', since: new Date(sinceMs).toISOString() };
      const about = { agentId: `ag_${String(n)}`, teamId: 't', state: 'away' };
      return envelope('AGENT_STATE', 0, { ...about, since: new Date(T0).toISOString(), previous });
    };
    const page = Array.from({ length: 10 }, (_, n) => record(n, held(n)));
    const counts: number[] = [];
    for (let left = page; left.length > 0;) {
      const { count, facts } = await processed(left);
      assert.ok(facts.length < 25_000);
      counts.push(count);
      left = left.slice(count);
    }
    assert.deepEqual(counts, [7, 3]);
    assert.equal(deliveries()['deliveries'], 10);
  });

  test('tells nothing of what the store gives up, and keeps it with its place and bytes', async () => {
    const bad = record(2, joined('v2', 'poison'));
    const { facts } = await processed([record(1, joined('v1')), bad, record(3, joined('v3'))]);
    assert.deepEqual(
      facts.map(({ eid }) => eid),
      ['v1', 'v3'],
    );
    const [letter] = deadLetters.letters.values();
    assert.deepEqual(
      [deadLetters.letters.size, letter?.sequence, letter?.code, letter?.bytes],
      [1, '2', 'store_validation', bad.data],
    );
  });

  test('counts each delivery in one class, what is older than the watermark as late', async () => {
    await processed([record(1, joined('v1'))]);
    await processed([record(1, joined('v1')), record(2, joined('v2')), record(3, '{"v":')], T0 + 30_000);
    assert.deepEqual(deliveries(), { deliveries: 4, stored: 1, late: 1, duplicate: 1, dead_lettered: 1 });
  });

  test('hands on changes of configuration, which no store takes', async () => {
    const change = { source: 'platform', entity: 'queue', externalId: 'q', change: { name: 'Sales' } };
    const { facts, changes } = await processed([record(1, envelope('CONFIG_CHANGE', 0, change))]);
    assert.deepEqual([facts.length, changes.map(({ externalId }) => externalId)], [0, ['q']]);
  });
});
