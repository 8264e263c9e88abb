import type { FactId } from '@lumina/contracts';
import type { TimeRange } from '../time/range.ts';
import { accepts } from './membership.ts';
import type { Membership } from './membership.ts';
import { canonical, termKey } from './scan.ts';
import type { GroupCell, PartBuckets, SumScan, Term } from './scan.ts';
import { scanTerms } from './terms.ts';

/** Which rows of a fact a metric wants, and how it groups them. */
export interface RowSelection {
  readonly fact: FactId;
  /** What the identity may see; always applied by the store. */
  readonly limits: readonly Membership[];
  /** What the query asks for; applied by the store, or here where several queries share one scan. */
  readonly filters: readonly Membership[];
  readonly groupBy: readonly string[];
}

/** Sums that a metric wants. */
export interface SumWant {
  readonly selection: RowSelection;
  readonly terms: readonly Term[];
  readonly binMs: number;
  readonly range: TimeRange;
}

/** One cell of a want's result. */
export interface SumCell extends GroupCell {
  readonly startMs: number;
}

/** A scan that serves several wants. */
export interface MergedSums {
  readonly scan: SumScan;
  readonly range: TimeRange;
  readonly wants: readonly SumWant[];
}

interface Merging {
  readonly wants: SumWant[];
  filters: readonly Membership[];
  dims: ReadonlySet<string>;
}

/** How many values a column is expected to have, at most; what is not named here has few. */
const EXPECTED_VALUES: Readonly<Record<string, number>> = {
  agent_id: 500,
  queue_id: 50,
  team_id: 30,
  route: 200,
  flow: 50,
};
const FEW_VALUES = 10;
/** Cells that one scan may be expected to give more than the scans that it replaces. */
const MAX_EXTRA_CELLS = 60_000;

/**
 * Puts wants that read the same rows into few scans, each at the union of their groupings: parts add up, so that what one
 * does not tell apart is rolled up here. Filters that differ become groupings too. Nothing is put together that would
 * bring many more cells than it saves queries.
 */
export function mergeSumWants(wants: readonly SumWant[]): MergedSums[] {
  const families = new Map<string, SumWant[]>();
  for (const want of wants) {
    const key = canonical([want.selection.fact, want.selection.limits, want.binMs, want.range]);
    families.set(key, [...(families.get(key) ?? []), want]);
  }
  return [...families.values()].flatMap(mergeFamily);
}

function mergeFamily(family: readonly SumWant[]): MergedSums[] {
  const merged: Merging[] = [];
  // The same set of wants gives the same scans, in whatever order they were asked.
  const ordered = family.map((want) => ({ want, key: canonical(want.selection) }));
  for (const { want } of ordered.sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const { filters, groupBy } = want.selection;
    const fits = merged.some((candidate) => joins(candidate, want));
    if (!fits) merged.push({ wants: [want], filters, dims: new Set(groupBy) });
  }
  return merged.map(toScan);
}

function joins(into: Merging, want: SumWant): boolean {
  const mine = new Set(into.filters.map(canonical));
  const theirs = new Set(want.selection.filters.map(canonical));
  const common = into.filters.filter((item) => theirs.has(canonical(item)));
  const lifted = [...into.filters, ...want.selection.filters].filter(
    (item) => !(mine.has(canonical(item)) && theirs.has(canonical(item))),
  );
  // What depends on the time of a row cannot be told of a sum any more.
  if (lifted.some(({ spans }) => spans !== undefined)) return false;
  const dims = new Set([...into.dims, ...want.selection.groupBy, ...lifted.map(({ column }) => column)]);
  const bins = Math.ceil((want.range.toMs - want.range.fromMs) / want.binMs);
  const before = bins * (valuesOf(into.dims) + valuesOf(new Set(want.selection.groupBy)));
  if (bins * valuesOf(dims) - before > MAX_EXTRA_CELLS) return false;
  into.wants.push(want);
  into.filters = common;
  into.dims = dims;
  return true;
}

function valuesOf(dims: ReadonlySet<string>): number {
  return [...dims].reduce((product, name) => product * (EXPECTED_VALUES[name] ?? FEW_VALUES), 1);
}

function toScan({ wants, filters, dims }: Merging): MergedSums {
  const [first] = wants;
  if (first === undefined) throw new TypeError('A scan serves at least one want.');
  const { selection, binMs, range } = first;
  const scan: SumScan = {
    kind: 'sum',
    fact: selection.fact,
    where: [...selection.limits, ...[...filters].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1))],
    groupBy: [...dims].sort(),
    terms: scanTerms(
      selection.fact,
      wants.flatMap(({ terms }) => terms),
    ),
    binMs,
  };
  return { scan, range, wants };
}

/** What a want gets of the scan that serves it. */
export function cellsOf(scan: SumScan, buckets: PartBuckets<SumScan>, { selection, terms }: SumWant): SumCell[] {
  const order = scan.terms.map(termKey);
  const positions = terms.map((term) => order.indexOf(termKey(term)));
  const stored = new Set(scan.where.map(canonical));
  const filters = selection.filters
    .filter((item) => !stored.has(canonical(item)))
    .map((item) => ({ item, at: scan.groupBy.indexOf(item.column) }));
  const groups = selection.groupBy.map((name) => scan.groupBy.indexOf(name));
  const cells: SumCell[] = [];
  for (const [startMs, rows] of buckets) {
    const ofBucket = new Map<string, { group: string[]; values: number[] }>();
    for (const { group, values } of rows) {
      if (!filters.every(({ item, at }) => accepts(item, group[at] ?? ''))) continue;
      const own = groups.map((at) => group[at] ?? '');
      const key = JSON.stringify(own);
      const known = ofBucket.get(key);
      if (known === undefined) ofBucket.set(key, { group: own, values: positions.map((at) => values[at] ?? 0) });
      else
        for (const [index, at] of positions.entries())
          known.values[index] = add(terms[index], known.values[index] ?? 0, values[at] ?? 0);
    }
    for (const { group, values } of ofBucket.values()) cells.push({ startMs, group, values });
  }
  return cells;
}

function add(term: Term | undefined, left: number, right: number): number {
  return term?.aggregate === 'max' ? Math.max(left, right) : left + right;
}
