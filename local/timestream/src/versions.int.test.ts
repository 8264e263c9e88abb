import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { RejectedRecordsException } from '@aws-sdk/client-timestream-write';
import type { _Record } from '@aws-sdk/client-timestream-write';
import { START_MS, record, startTestServer } from './testing/server.ts';
import type { TestServer } from './testing/server.ts';

type Write = { series: number; slot: number; version: number; value: number };
type Stored = { version: number; value: number };

const writes = fc.array(
  fc.array(
    fc.record({
      series: fc.integer({ min: 0, max: 2 }),
      slot: fc.integer({ min: 0, max: 2 }),
      version: fc.integer({ min: 1, max: 4 }),
      value: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  { minLength: 1, maxLength: 6 },
);

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

/** The rule, stated apart from the server: the indexes of a call that are rejected. */
function applyToModel(model: Map<string, Stored>, call: readonly Write[]): number[] {
  const rejected: number[] = [];
  for (const [index, write] of call.entries()) {
    const key = `${write.series}/${write.slot}`;
    const stored = model.get(key);
    if (stored === undefined || write.version > stored.version)
      model.set(key, { version: write.version, value: write.value });
    else if (write.version < stored.version || write.value !== stored.value) rejected.push(index);
  }
  return rejected;
}

test('any history of versions leaves the highest version of each identity', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(writes, async (calls) => {
      run += 1;
      const model = new Map<string, Stored>();
      for (const call of calls) {
        const expected = applyToModel(model, call);
        assert.deepEqual(await put(call.map((write) => toRecord(run, write))), expected);
      }
      const rows = await server.rows(
        `SELECT series, time, measure_value::double FROM lumina.call_metrics WHERE run = '${run}' ORDER BY series, time`,
      );
      const stored = rows.map(
        ([series, time, value]) => `${series ?? ''}/${Number(time?.slice(17, 19))}=${Number(value)}`,
      );
      assert.deepEqual(stored, [...model].map(([key, { value }]) => `${key}=${value}`).sort());
    }),
    { numRuns: 60 },
  );
});

const toRecord = (run: number, write: Write): _Record =>
  record({
    Dimensions: [
      { Name: 'run', Value: String(run) },
      { Name: 'series', Value: String(write.series) },
    ],
    Time: String(START_MS + write.slot * 1000),
    MeasureValue: String(write.value),
    Version: write.version,
  });

/** Indexes of the rejected records. */
async function put(records: _Record[]): Promise<(number | undefined)[]> {
  try {
    await server.put(records);
    return [];
  } catch (error) {
    if (!(error instanceof RejectedRecordsException)) throw error;
    return (error.RejectedRecords ?? []).map((entry) => entry.RecordIndex);
  }
}
