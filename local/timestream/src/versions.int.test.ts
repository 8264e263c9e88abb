import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { RejectedRecordsException } from '@aws-sdk/client-timestream-write';
import type { _Record } from '@aws-sdk/client-timestream-write';
import { START_MS, record, startTestServer } from './testing/server.ts';
import type { TestServer } from './testing/server.ts';

type Write = { series: number; slot: number; version: number; text: string };
type Stored = { version: number; value: string };
type Model = ReadonlyMap<string, Stored>;

// Several ways to write one value; nothing differs from itself, not even NaN, and there is one zero.
const TEXTS = ['0', '-0.0', '0.0', '1', '1.0', '1e0', '2.5', 'NaN', 'nan', 'Infinity', '-Infinity', '4.9e-324'];
const valueOf = (text: string): string => String(Number(text));

const writesOf = (places: number): fc.Arbitrary<Write[]> =>
  fc.array(
    fc.record({
      series: fc.nat({ max: places - 1 }),
      slot: fc.nat({ max: places - 1 }),
      version: fc.integer({ min: 1, max: 4 }),
      text: fc.constantFrom(...TEXTS),
    }),
    { minLength: 1, maxLength: 12 },
  );

let server: TestServer;
let run = 0;
before(async () => {
  server = await startTestServer();
});
after(() => server.close());

/** The rule, stated apart from the server: what is stored after a call, and the indexes that are rejected. */
function applied(model: Model, call: readonly Write[]): { next: Model; rejected: number[] } {
  const next = new Map(model);
  const rejected: number[] = [];
  for (const [index, { series, slot, version, text }] of call.entries()) {
    const key = `${series}/${slot}`;
    const stored = next.get(key);
    if (stored === undefined || version > stored.version) next.set(key, { version, value: valueOf(text) });
    else if (version < stored.version || valueOf(text) !== stored.value) rejected.push(index);
  }
  return { next, rejected };
}

const linesOf = (model: Model): string[] => [...model].map(([key, { value }]) => `${key}=${value}`).sort();

test('any history of versions leaves the highest version of each identity', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(writesOf(3), { minLength: 1, maxLength: 6 }), async (calls) => {
      run += 1;
      let model: Model = new Map();
      for (const call of calls) {
        const { next, rejected } = applied(model, call);
        assert.deepEqual(await put(call), rejected);
        model = next;
      }
      assert.deepEqual(await stored(), linesOf(model));
    }),
    { numRuns: 60 },
  );
});

test('calls at the same time about the same records end as if one had followed the other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(writesOf(2), { minLength: 2, maxLength: 4 }), async (calls) => {
      run += 1;
      const outcomes = await Promise.all(calls.map((call) => put(call)));
      const lines = await stored();
      const isExplained = permutations(calls.map((_, index) => index)).some((turns) => {
        let model: Model = new Map();
        for (const turn of turns) {
          const { next, rejected } = applied(model, calls[turn] ?? []);
          if (String(rejected) !== String(outcomes[turn])) return false;
          model = next;
        }
        return String(linesOf(model)) === String(lines);
      });
      assert.ok(isExplained, JSON.stringify({ outcomes, lines }));
    }),
    { numRuns: 40 },
  );
});

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) => permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}

/** What this run has stored. */
async function stored(): Promise<string[]> {
  const rows = await server.rows(
    `SELECT series, time, measure_value::double FROM lumina.call_metrics WHERE run = '${run}'`,
  );
  return rows
    .map(([series, time, value]) => `${series ?? ''}/${Number(time?.slice(17, 19))}=${valueOf(value ?? '')}`)
    .sort();
}

const toRecord = ({ series, slot, version, text }: Write): _Record =>
  record({
    Dimensions: [
      { Name: 'run', Value: String(run) },
      { Name: 'series', Value: String(series) },
    ],
    Time: String(START_MS + slot * 1000),
    MeasureValue: text,
    Version: version,
  });

/** Writes one call; answers the indexes of the rejected records. */
async function put(call: readonly Write[]): Promise<(number | undefined)[]> {
  try {
    await server.put(call.map(toRecord));
    return [];
  } catch (error) {
    if (!(error instanceof RejectedRecordsException)) throw error;
    return (error.RejectedRecords ?? []).map((entry) => entry.RecordIndex);
  }
}
