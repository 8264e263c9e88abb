import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FactId } from '@lumina/contracts';
import { accepts } from './membership.ts';
import type { Membership } from './membership.ts';
import { mergeBuckets, widenBuckets } from './part-buckets.ts';
import { canonical, scanKey } from './scan.ts';
import type { GroupCell, SumScan } from './scan.ts';
import { cellsOf, mergeSumWants } from './sum-merge.ts';
import type { SumCell, SumWant } from './sum-merge.ts';
import { scanTerms, termOf } from './terms.ts';

const FACT: FactId = 'call_metrics.call';
const MINUTE_MS = 60_000;
const RANGE = { fromMs: 0, toMs: 10 * MINUTE_MS };
const COLUMNS = ['direction', 'queue_id', 'outcome', 'agent_id'] as const;

interface TestRow {
  readonly atMs: number;
  readonly dims: Readonly<Record<string, string>>;
  readonly n: number;
  readonly answered: number;
  readonly durMs: number;
}

const value = fc.constantFrom('a', 'b', '-');
const rows = fc.array(
  fc.record({
    atMs: fc.nat(RANGE.toMs - 1),
    dims: fc.record(Object.fromEntries(COLUMNS.map((name) => [name, value]))),
    n: fc.nat(2),
    answered: fc.nat(2),
    durMs: fc.nat(1_000),
  }),
  { maxLength: 40 },
);
const membership: fc.Arbitrary<Membership> = fc.record({
  column: fc.constantFrom(...COLUMNS),
  values: fc.uniqueArray(value, { minLength: 1, maxLength: 2 }).map((values) => values.toSorted()),
  negated: fc.boolean(),
});
const want: fc.Arbitrary<SumWant> = fc
  .record({
    filters: fc.array(membership, { maxLength: 2 }),
    groupBy: fc.uniqueArray(fc.constantFrom(...COLUMNS), { maxLength: 3 }),
    parts: fc.uniqueArray(fc.constantFrom('call.n', 'call.answered', 'call.dur_ms'), { minLength: 1 }),
  })
  .map(({ filters, groupBy, parts }) => ({
    selection: { fact: FACT, limits: [], filters, groupBy },
    terms: parts.map((part) => termOf(part as 'call.n')),
    binMs: MINUTE_MS,
    range: RANGE,
  }));

/** What a store would answer. */
function scan(
  world: readonly TestRow[],
  { where, groupBy, terms, binMs }: Omit<SumScan, 'kind' | 'fact'>,
): Map<number, GroupCell[]> {
  const buckets = new Map<number, Map<string, { group: string[]; values: number[] }>>();
  for (const { atMs, dims, n, answered, durMs } of world) {
    if (!where.every((item) => accepts(item, dims[item.column] ?? ''))) continue;
    const group = groupBy.map((name) => dims[name] ?? '');
    const startMs = Math.floor(atMs / binMs) * binMs;
    const cells = buckets.get(startMs) ?? new Map<string, { group: string[]; values: number[] }>();
    buckets.set(startMs, cells);
    const cell = cells.get(canonical(group)) ?? { group, values: terms.map(() => 0) };
    cells.set(canonical(group), cell);
    const columns: Record<string, number> = { n, answered, dur_ms: durMs };
    for (const [index, term] of terms.entries()) {
      cell.values[index] = (cell.values[index] ?? 0) + (term.where.length > 0 ? 0 : (columns[term.column] ?? 0));
    }
  }
  return new Map([...buckets].map(([startMs, cells]) => [startMs, [...cells.values()]]));
}

const sorted = (cells: readonly SumCell[]): SumCell[] =>
  cells.toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1));

test('every want gets from a shared scan what it would get from one of its own', () => {
  fc.assert(
    fc.property(rows, fc.array(want, { minLength: 1, maxLength: 6 }), (world, wants) => {
      const scans = mergeSumWants(wants);
      assert.equal(
        scans.reduce((sum, merged) => sum + merged.wants.length, 0),
        wants.length,
      );
      for (const merged of scans) {
        const buckets = scan(world, merged.scan);
        for (const one of merged.wants) {
          const where = [...one.selection.filters];
          const alone = scan(world, { where, groupBy: one.selection.groupBy, terms: one.terms, binMs: one.binMs });
          const expected = [...alone].flatMap(([startMs, cells]) => cells.map((cell) => ({ startMs, ...cell })));
          assert.deepEqual(sorted(cellsOf(merged.scan, buckets, one)), sorted(expected));
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('the order in which widgets ask changes no scan', () => {
  fc.assert(
    fc.property(fc.array(want, { minLength: 2, maxLength: 5 }), fc.nat(), (wants, turn) => {
      const turned = [...wants.slice(turn % wants.length), ...wants.slice(0, turn % wants.length)];
      const keys = (list: readonly SumWant[]): string[] =>
        mergeSumWants(list)
          .map((merged) => scanKey(merged.scan))
          .sort();
      assert.deepEqual(keys(turned), keys(wants));
    }),
    { numRuns: 200 },
  );
});

test('what would bring many more cells than it saves queries stays apart', () => {
  const by = (...groupBy: string[]): SumWant => ({
    selection: { fact: FACT, limits: [], filters: [], groupBy },
    terms: [termOf('call.n')],
    binMs: MINUTE_MS,
    range: { fromMs: 0, toMs: 1_440 * MINUTE_MS },
  });
  assert.equal(mergeSumWants([by(), by('queue_id'), by()]).length, 1);
  assert.equal(mergeSumWants([by('queue_id'), by('agent_id')]).length, 2);
  const limited = {
    ...by(),
    selection: { ...by().selection, limits: [{ column: 'queue_id', values: ['a'], negated: false }] },
  };
  assert.equal(mergeSumWants([by(), limited]).length, 2);
});

test('a scan reads all parts of its fact, whoever asks, and what else is wanted in one order', () => {
  const extra = { aggregate: 'sum' as const, column: 'n', where: [{ column: 'wait_ms', op: '<=' as const, value: 5 }] };
  const other = { ...extra, where: [{ column: 'wait_ms', op: '<=' as const, value: 6 }] };
  assert.deepEqual(scanTerms(FACT, [termOf('call.n')]), scanTerms(FACT, [termOf('call.dur_ms')]));
  assert.deepEqual(scanTerms(FACT, [extra, other]), scanTerms(FACT, [other, extra, extra]));
});

test('ranges read apart and put together equal the range read at once, and so do narrow buckets put into wide ones', () => {
  fc.assert(
    fc.property(rows, want, fc.nat(RANGE.toMs), (world, { selection, terms }, cutMs) => {
      const one: SumScan = {
        kind: 'sum',
        fact: FACT,
        where: selection.filters,
        groupBy: selection.groupBy,
        terms,
        binMs: MINUTE_MS,
      };
      const whole = scan(world, one);
      const left = scan(
        world.filter(({ atMs }) => atMs < cutMs),
        one,
      );
      const right = scan(
        world.filter(({ atMs }) => atMs >= cutMs),
        one,
      );
      const plain = (buckets: ReadonlyMap<number, readonly GroupCell[]>): SumCell[] =>
        sorted([...buckets].flatMap(([startMs, cells]) => cells.map((cell) => ({ startMs, ...cell }))));
      assert.deepEqual(plain(mergeBuckets(one, left, right)), plain(whole));
      const wide = { ...one, binMs: 5 * MINUTE_MS };
      assert.deepEqual(plain(widenBuckets(one, whole, wide.binMs)), plain(scan(world, wide)));
    }),
    { numRuns: 200 },
  );
});
