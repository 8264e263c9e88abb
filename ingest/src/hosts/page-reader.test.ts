import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pino } from 'pino';

import { systemClock, type Stopwatch } from '../ports/clock.ts';
import type { ShardPage } from '../ports/event-stream.ts';
import { createIngestMetrics, type IngestMetrics } from './metrics.ts';
import { PageReader } from './page-reader.ts';

const EMPTY: ShardPage = { records: [], behindMs: 0, isEnd: false };

function named(name: string): Error {
  const error = new Error(name);
  error.name = name;
  return error;
}

/** Reads from a list of pages and failures; the stopwatch leaps past every wait. */
function readerOf(answers: (ShardPage | Error)[]): {
  reader: PageReader;
  metrics: IngestMetrics;
  stop: () => void;
} {
  const stopping = new AbortController();
  const metrics = createIngestMetrics('w');
  let elapsedMs = 0;
  const stopwatch: Stopwatch = { elapsedMs: () => (elapsedMs += 1000) };
  const shard = {
    next: (): Promise<ShardPage> => {
      const answer = answers.shift() ?? EMPTY;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const ports = { clock: systemClock, stopwatch, metrics, logger: pino({ level: 'silent' }) };
  const stop = (): void => {
    stopping.abort();
  };
  return { reader: new PageReader(ports, shard, 's', stopping.signal), metrics, stop };
}

async function valueOf(metrics: IngestMetrics, name: string): Promise<number | undefined> {
  const found = (await metrics.registry.getMetricsAsJSON()).find((metric) => metric.name === name);
  return found?.values[0]?.value;
}

describe('the reader of pages', () => {
  test('goes on after iterators that expired and reads that were throttled, and counts them', async () => {
    const page = { ...EMPTY, behindMs: 7000 };
    const failures = ['ExpiredIteratorException', 'ProvisionedThroughputExceededException', 'TimeoutError'];
    const { reader, metrics } = readerOf([...failures.map(named), page]);
    assert.equal((await reader.next())?.behindMs, 7000);
    const retries = (await metrics.readRetries.get()).values.map(({ labels, value }) => [labels.reason, value]);
    assert.deepEqual(
      retries,
      failures.map((name) => [name, 1]),
    );
    assert.equal(await valueOf(metrics, 'lumina_ingest_behind_ms'), 7000);
  });

  test('tells loudly when the stream has lost what was not read yet, and goes on', async () => {
    const { reader, metrics } = readerOf([{ ...EMPTY, gap: 'trimmed' }]);
    assert.ok(await reader.next());
    assert.equal(await valueOf(metrics, 'lumina_ingest_trimmed_total'), 1);
  });

  test('ends when stopped, in the middle of failures too', async () => {
    const { reader, stop } = readerOf(Array.from({ length: 1000 }, () => named('TimeoutError')));
    const pending = reader.next();
    stop();
    assert.equal(await pending, undefined);
    assert.equal(await reader.next(), undefined);
  });
});
