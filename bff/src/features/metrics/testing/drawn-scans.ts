import { FACTS, PARTS, SLICE_CUT_MS, factDefinition, hasDimension, partDefinition } from '@lumina/contracts';
import type { FactId, PartId } from '@lumina/contracts';
import type { Membership } from '../scans/membership.ts';
import type { Scan } from '../scans/scan.ts';
import { scanTerms } from '../scans/terms.ts';
import { MINUTE_MS } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import type { Chance } from './drawn-rows.ts';

const FACT_IDS = Object.keys(FACTS) as FactId[];
const SAMPLED = FACT_IDS.filter((fact) => factDefinition(fact).series !== undefined);
const SUMMED = FACT_IDS.filter((fact) => !SAMPLED.includes(fact) && scanTerms(fact, []).length > 0);
const BINS_MS = [10_000, 60_000, 300_000, 900_000, 3_600_000];
const VALUES = ['a', 'b', '-', "it's", 'nobody'];

function pick<T>(chance: Chance, items: readonly T[]): T {
  const item = items[chance(items.length)];
  if (item === undefined) throw new RangeError('There is nothing to pick from.');
  return item;
}

function dimensionsOf(fact: FactId): string[] {
  const { dimensions, measures } = factDefinition(fact);
  return [...dimensions, ...Object.keys(measures)].filter((name) => hasDimension(fact, name));
}

function conditions(chance: Chance, names: readonly string[]): Membership[] {
  if (names.length === 0 || chance(2) === 0) return [];
  const values = [...new Set([pick(chance, VALUES), pick(chance, VALUES)])].sort();
  return [{ column: pick(chance, names), values, negated: chance(2) === 0 }];
}

function levelColumns(fact: FactId): string[] {
  const ids = Object.keys(PARTS) as PartId[];
  return ids.map(partDefinition).flatMap((part) => (part.fact === fact ? [part.column] : []));
}

function sampledScan(chance: Chance): Scan {
  const fact = pick(chance, SAMPLED);
  const { series = '' } = factDefinition(fact);
  const columns = [...new Set(levelColumns(fact))];
  const base = { fact, where: conditions(chance, [series]), binMs: pick(chance, BINS_MS) };
  switch (chance(3)) {
    case 0:
      return { kind: 'level', ...base, columns };
    case 1:
      return { kind: 'peak', ...base, groupBy: chance(2) === 0 ? [] : [series], levels: columns.map((name) => [name]) };
    default:
      return { kind: 'beat', fact, where: [], binMs: SLICE_CUT_MS };
  }
}

/** Draws a scan of any kind that a plan could make. */
export function drawScan(chance: Chance): Scan {
  switch (chance(4)) {
    case 0:
      return sampledScan(chance);
    case 1:
      return {
        kind: 'stock',
        fact: 'queue_metrics.level',
        where: conditions(chance, ['queue_id']),
        column: 'depth',
        inflows: ['queue_metrics.join', 'queue_metrics.resume'],
        outflows: ['queue_metrics.visit'],
        binMs: MINUTE_MS,
      };
    case 2:
      return {
        kind: 'slice',
        fact: 'agent_metrics.slice',
        where: conditions(chance, ['agent_id', 'team_id']),
        groupBy: ['agent_id', 'team_id'],
        binMs: SLICE_CUT_MS,
      };
    default: {
      const fact = pick(chance, SUMMED);
      const names = dimensionsOf(fact);
      const groupBy = names.filter(() => chance(3) === 0);
      const binMs = pick(chance, BINS_MS);
      return { kind: 'sum', fact, where: conditions(chance, names), groupBy, terms: scanTerms(fact, []), binMs };
    }
  }
}

/** The same scan, of slices only with a condition that holds for some agents and some of a span, as queue members have. */
export function spanned(scan: Scan, chance: Chance, { fromMs, toMs }: TimeRange): Scan {
  if (scan.fact !== 'agent_metrics.slice' || !('where' in scan)) return scan;
  const instant = (): number => fromMs + chance(toMs - fromMs);
  const spans = Array.from({ length: 1 + chance(3) }, () => {
    const startMs = instant();
    return {
      fromMs: startMs,
      toMs: chance(3) === 0 ? null : startMs + 1 + chance(toMs - startMs),
      values: [pick(chance, VALUES)],
    };
  });
  const condition = { column: 'agent_id', values: [pick(chance, VALUES)], negated: chance(3) === 0, spans };
  return { ...scan, where: [...scan.where, condition] };
}

/** Buckets in an order that does not depend on who read them. */
export function comparable(buckets: ReadonlyMap<number, readonly unknown[]>): unknown {
  return [...buckets]
    .filter(([, rows]) => rows.length > 0)
    .map(([startMs, rows]) => [
      startMs,
      rows
        .map(sorted)
        .map((row) => JSON.stringify(row))
        .sort(),
    ])
    .sort(([a], [b]) => Number(a) - Number(b));
}

/** The same value with every list in it in order, but for lists of plain values, whose order means something. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) {
    const entries = Object.entries(value).filter(([, part]) => part !== undefined);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => [name, sorted(part)]));
  }
  const items = value.map(sorted);
  const isOfObjects = items.some((item) => typeof item === 'object' && item !== null);
  return isOfObjects ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
}
