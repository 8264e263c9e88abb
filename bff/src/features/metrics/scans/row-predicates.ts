import { BEAT_SERIES, factDefinition } from '@lumina/contracts';
import type { FactDefinition, FactId } from '@lumina/contracts';
import { all, any, binary, column, equal, text, time } from '../../../timestream/sql/ast.ts';
import type { Expr } from '../../../timestream/sql/ast.ts';
import { SECOND_MS, ceilTo, floorTo } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { membership } from './membership.ts';
import type { Membership } from './membership.ts';

/** The rows of a fact that meet all conditions. */
export interface RowCondition {
  readonly fact: FactId;
  readonly where: readonly Membership[];
}

/**
 * The time predicate of a range. Facts of a whole second are spread over that second to keep them apart, so the bounds
 * are whole seconds too.
 */
export function during(ranges: TimeRange | readonly TimeRange[], of?: string): Expr {
  if (!('fromMs' in ranges)) return any(...ranges.map((range) => during(range, of)));
  return all(
    binary('>=', column('time', of), time(floorTo(ranges.fromMs, SECOND_MS))),
    binary('<', column('time', of), time(ceilTo(ranges.toMs, SECOND_MS))),
  );
}

/** The condition for the rows of a selection, beats excluded. */
export function rowsOf(selection: RowCondition, range: TimeRange | readonly TimeRange[], of?: string): Expr {
  const definition = factDefinition(selection.fact);
  const series = definition.series;
  return all(
    equal(column('measure_name', of), text(definition.name)),
    during(range, of),
    ...(series === undefined ? [] : [binary('<>', column(series, of), text(BEAT_SERIES))]),
    ...selection.where.map((item) => membership(definition, item, of, hullOf(range))),
  );
}

/** A range that holds all rows of some ranges, whose bounds are whole seconds. */
function hullOf(ranges: TimeRange | readonly TimeRange[]): TimeRange {
  const all = 'fromMs' in ranges ? [ranges] : ranges;
  return {
    fromMs: floorTo(Math.min(...all.map(({ fromMs }) => fromMs)), SECOND_MS),
    toMs: ceilTo(Math.max(...all.map(({ toMs }) => toMs)), SECOND_MS),
  };
}

/** The condition for the beat rows of a sampled fact; they pass every filter and scope. */
export function beatsOf(fact: FactId, range: TimeRange, of?: string): Expr {
  const definition = factDefinition(fact);
  return all(
    equal(column('measure_name', of), text(definition.name)),
    during(range, of),
    equal(column(seriesOf(definition), of), text(BEAT_SERIES)),
  );
}

/** The condition for the rows of a selection together with the beats of its fact. */
export function rowsAndBeatsOf(selection: RowCondition, range: TimeRange, of?: string): Expr {
  const definition = factDefinition(selection.fact);
  const isBeat = equal(column(seriesOf(definition), of), text(BEAT_SERIES));
  return all(
    equal(column('measure_name', of), text(definition.name)),
    during(range, of),
    any(isBeat, all(...selection.where.map((item) => membership(definition, item, of)))),
  );
}

/** The dimension that names a sampled fact's series. */
export function seriesOf(definition: FactDefinition): string {
  if (definition.series === undefined) throw new TypeError(`${definition.table}.${definition.name} is not sampled`);
  return definition.series;
}
