import { LATENCY_BUCKETS, partDefinition } from '@lumina/contracts';
import type { FactId, PartId } from '@lumina/contracts';
import { abandonTerms } from '../evaluate/abandon-rate.ts';
import { quotientParts } from '../evaluate/metric-value.ts';
import { serviceLevelTerms } from '../evaluate/service-level.ts';
import type { Term } from '../scans/scan.ts';
import type { RowSelection } from '../scans/sum-merge.ts';
import { termOf } from '../scans/terms.ts';
import { readingsAtBinEnds } from '../tables/level-readings.ts';
import { readOpenSlices } from '../tables/open-slices.ts';
import { PartBuilder } from '../tables/part-table.ts';
import { peakTable } from '../tables/peak-table.ts';
import type { SliceSelection } from '../tables/slice-groups.ts';
import { readStateTime } from '../tables/state-time.ts';
import { readStockTable } from '../tables/stock-table.ts';
import type { MetricPlan, PlannedFormula, ReadParts } from './metric-plan.ts';

/** Asks the scan set for everything that a formula needs and returns how to read it. */
export function planMetric(formula: PlannedFormula, plan: MetricPlan): ReadParts {
  switch (formula.kind) {
    case 'sum':
      return planTerms(termsOf([formula.part]), plan);
    case 'ratio':
      return planTerms(termsOf(quotientParts(formula.num, formula.den)), plan);
    case 'max':
      return planTerms(termsOf([formula.part]), plan, 'max');
    case 'serviceLevel':
      return planTerms(onVisits(serviceLevelTerms(plan.options)), plan);
    case 'abandonRate':
      return planTerms(onVisits(abandonTerms(plan.options)), plan);
    case 'quantile':
      return planTerms(
        LATENCY_BUCKETS.map((column) => ({ fact: formula.fact, term: { aggregate: 'sum', column, where: [] } })),
        plan,
      );
    case 'perTime':
      return planStates(formula.parts, plan);
    case 'stateRatio':
      return planStates(quotientParts(formula.num, formula.den), plan);
    case 'stock':
      return planStock(formula, plan);
    case 'last':
      return plan.fromSlices ? planOpenSlices(formula.parts, plan) : planLast(formula.parts, plan);
    case 'peak':
      return planPeak(formula.parts, plan);
    case 'oldest':
      return planOldest(formula.part, plan);
  }
}

function rows(plan: MetricPlan, fact: FactId): SliceSelection {
  return plan.rowsOf.get(fact) ?? { fact, limits: [], filters: [], groupBy: [] };
}

interface FactTerm {
  readonly fact: FactId;
  readonly term: Term;
}

const onVisits = (terms: readonly Term[]): FactTerm[] => terms.map((term) => ({ fact: 'queue_metrics.visit', term }));

const termsOf = (parts: readonly PartId[]): FactTerm[] =>
  parts.map((part) => ({ fact: partDefinition(part).fact, term: termOf(part) }));

/** Terms of one or several kinds of fact, put together into one vector. */
function planTerms(terms: readonly FactTerm[], plan: MetricPlan, how: 'sum' | 'max' = 'sum'): ReadParts {
  const { grid, scans } = plan;
  const reads = [...new Set(terms.map(({ fact }) => fact))].map((fact) => {
    const positions = terms.flatMap((term, position) => (term.fact === fact ? [position] : []));
    const ofFact = terms.filter((term) => term.fact === fact).map(({ term }) => term);
    return { positions, read: scans.wantSums(rows(plan, fact), ofFact, grid.stepMs, grid.range) };
  });
  return async () => {
    const builder = new PartBuilder({ overGroups: how, overBins: how });
    const results = await Promise.all(reads.map(async ({ positions, read }) => ({ positions, cells: await read() })));
    for (const { positions, cells } of results) {
      for (const { startMs, group, values } of cells) {
        const bin = grid.indexOf(Math.max(startMs, grid.startOf(0)));
        const vector = terms.map(() => 0);
        for (const [index, position] of positions.entries()) vector[position] = values[index] ?? 0;
        if (bin !== undefined) builder.add(group, bin, vector);
      }
    }
    return builder.build(() => (how === 'max' ? null : terms.map(() => 0)));
  };
}

function planStates(parts: readonly PartId[], plan: MetricPlan): ReadParts {
  const states = parts.map((part) => partDefinition(part).state ?? part);
  return () => readStateTime(plan.scans, rows(plan, 'agent_metrics.slice'), states, plan.grid);
}

function planStock(formula: Extract<PlannedFormula, { kind: 'stock' }>, plan: MetricPlan): ReadParts {
  const { fact, column } = partDefinition(formula.level);
  const factsOf = (parts: readonly PartId[]): FactId[] => parts.map((part) => partDefinition(part).fact);
  const source = { column, inflows: factsOf(formula.inflows), outflows: factsOf(formula.outflows) };
  return () => readStockTable(plan.scans, rows(plan, fact), source, plan.grid);
}

/** `agent.level_on_contact` is sampled in the column named like its state. */
function planOpenSlices(parts: readonly PartId[], plan: MetricPlan): ReadParts {
  const states = parts.map((part) => partDefinition(part).column);
  return () => readOpenSlices(plan.scans, rows(plan, 'agent_metrics.slice'), states, plan.grid);
}

const factOfLevels = (parts: readonly PartId[]): FactId => partDefinition(parts[0] ?? 'queue.level').fact;

function planPeak(parts: readonly PartId[], plan: MetricPlan): ReadParts {
  const columns = parts.map((part) => partDefinition(part).column);
  const read = plan.scans.wantPeaks(rows(plan, factOfLevels(parts)), columns, plan.grid);
  return async () => peakTable(await read(), plan.grid);
}

function planLast(parts: readonly PartId[], plan: MetricPlan): ReadParts {
  const columns = parts.map((part) => partDefinition(part).column);
  return planReadings(rows(plan, factOfLevels(parts)), columns, plan, 'sum', (values) =>
    values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
  );
}

function planOldest(part: PartId, plan: MetricPlan): ReadParts {
  const { fact, column } = partDefinition(part);
  return planReadings(rows(plan, fact), [column], plan, 'max', ([oldestMs], asOfMs) =>
    oldestMs === undefined ? 0 : Math.max(0, asOfMs - oldestMs),
  );
}

/** Levels at the end of each bin; in the running bin the age of the oldest grows until now. */
function planReadings(
  selection: RowSelection,
  columns: readonly string[],
  plan: MetricPlan,
  overGroups: 'sum' | 'max',
  measure: (values: readonly (number | undefined)[], asOfMs: number) => number,
): ReadParts {
  const isGrouped = selection.groupBy.length > 0;
  return async () => {
    const builder = new PartBuilder({ overGroups, overBins: 'last' });
    const readings = readingsAtBinEnds(await plan.scans.samples(selection, columns, plan.grid), plan.grid);
    for (const [bin, reading] of readings.entries()) {
      if (reading === undefined || (reading.isPartial && !isGrouped)) continue;
      const isRunning = plan.grid.clip(bin).toMs >= plan.nowMs;
      for (const row of reading.rows) {
        const value = measure(row.values, isRunning ? plan.nowMs : row.atMs);
        builder.add(isGrouped ? [row.series] : [], bin, [value]);
      }
    }
    return builder.build((bin) => {
      const reading = readings[bin];
      return reading === undefined || reading.isPartial ? null : [0];
    });
  };
}
