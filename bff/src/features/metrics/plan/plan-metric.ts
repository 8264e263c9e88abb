import { LATENCY_BUCKETS, partDefinition } from '@lumina/contracts';
import type { FactId, MetricFormula, PartId } from '@lumina/contracts';
import { quotientParts } from '../evaluate/metric-value.ts';
import { serviceLevelTerms } from '../evaluate/service-level.ts';
import { readingsAtBinEnds } from '../scans/level-scan.ts';
import { PartBuilder } from '../scans/parts.ts';
import { readPeaks } from '../scans/peak-scan.ts';
import type { RowSelection } from '../scans/scan.ts';
import { readStock } from '../scans/stock-scan.ts';
import type { SumCell, Term } from '../scans/sum-scan.ts';
import type { MetricPlan, ReadParts } from './metric-plan.ts';
import { planOpenSlices } from './open-slices.ts';

/** Asks the scan set for everything that a formula needs and returns how to read it. */
export function planMetric(formula: MetricFormula, plan: MetricPlan): ReadParts {
  switch (formula.kind) {
    case 'sum':
      return planTerms(termsOf([formula.part]), plan);
    case 'ratio':
      return planTerms(termsOf(quotientParts(formula.num, formula.den)), plan);
    case 'max':
      return planTerms(termsOf([formula.part], 'max'), plan, 'max');
    case 'serviceLevel':
      return planTerms(
        serviceLevelTerms(plan.options).map((term) => ({ fact: formula.fact, term })),
        plan,
      );
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
      return plan.fromSlices ? planOpenSlices(statesOfLevels(formula.parts), plan) : planLast(formula.parts, plan);
    case 'peak':
      return planPeak(formula.parts, plan);
    case 'oldest':
      return planOldest(formula.part, plan);
  }
}

function rows(plan: MetricPlan, fact: FactId): RowSelection {
  return plan.rowsOf.get(fact) ?? { fact, where: [], groupBy: [] };
}

interface FactTerm {
  readonly fact: FactId;
  readonly term: Term;
}

function termOf(part: PartId, aggregate: Term['aggregate']): Term {
  const { column, times, where } = partDefinition(part);
  return {
    aggregate,
    column,
    ...(times === undefined ? {} : { times }),
    where: where === undefined ? [] : [{ column: where.column, op: '=', value: where.equals }],
  };
}

function termsOf(parts: readonly PartId[], aggregate: Term['aggregate'] = 'sum'): FactTerm[] {
  return parts.map((part) => ({ fact: partDefinition(part).fact, term: termOf(part, aggregate) }));
}

/** Terms of one or several kinds of fact, put together into one vector. */
function planTerms(terms: readonly FactTerm[], plan: MetricPlan, how: 'sum' | 'max' = 'sum'): ReadParts {
  const reads: { positions: number[]; read: () => Promise<SumCell[]> }[] = [];
  for (const fact of new Set(terms.map((term) => term.fact))) {
    const positions = terms.flatMap((term, position) => (term.fact === fact ? [position] : []));
    const ofFact = terms.filter((term) => term.fact === fact).map(({ term }) => term);
    reads.push({ positions, read: plan.scans.wantSums(rows(plan, fact), ofFact, plan.grid) });
  }
  return async () => {
    const builder = new PartBuilder({ overGroups: how, overBins: how });
    const results = await Promise.all(reads.map(async ({ positions, read }) => ({ positions, cells: await read() })));
    for (const { positions, cells } of results) {
      for (const { stepMs, group, values } of cells) {
        const bin = plan.grid.indexOf(Math.max(stepMs, plan.grid.startOf(0)));
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
  return plan.scans.wantStateTime(rows(plan, 'agent_metrics.slice'), states, plan.grid);
}

function planStock(formula: Extract<MetricFormula, { kind: 'stock' }>, plan: MetricPlan): ReadParts {
  const level = partDefinition(formula.level);
  const factsOf = (parts: readonly PartId[]): FactId[] => parts.map((part) => partDefinition(part).fact);
  const sources = {
    level: rows(plan, level.fact),
    levelColumn: level.column,
    inflows: factsOf(formula.inflows),
    outflows: factsOf(formula.outflows),
  };
  const detail = [...sources.inflows, '|', ...sources.outflows];
  return () =>
    plan.scans.once('stock', sources.level, detail, plan.grid, () => readStock(plan.scans.reader, sources, plan.grid));
}

const factOfLevels = (parts: readonly PartId[]): FactId => partDefinition(parts[0] ?? 'queue.level').fact;

/** `agent.level_on_contact` is sampled in the column named like its state. */
const statesOfLevels = (parts: readonly PartId[]): string[] => parts.map((part) => partDefinition(part).column);

function planPeak(parts: readonly PartId[], plan: MetricPlan): ReadParts {
  const selection = rows(plan, factOfLevels(parts));
  const columns = parts.map((part) => partDefinition(part).column);
  return () =>
    plan.scans.once('peak', selection, columns, plan.grid, () =>
      readPeaks(plan.scans.reader, selection, columns, plan.grid),
    );
}

function planLast(parts: readonly PartId[], plan: MetricPlan): ReadParts {
  const selection = rows(plan, factOfLevels(parts));
  const columns = parts.map((part) => partDefinition(part).column);
  return planReadings(selection, columns, plan, 'sum', (values) =>
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
  const read = plan.scans.wantSamples(selection, columns, plan.grid);
  const isGrouped = selection.groupBy.length > 0;
  return async () => {
    const builder = new PartBuilder({ overGroups, overBins: 'last' });
    const readings = readingsAtBinEnds(await read(), plan.grid);
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
