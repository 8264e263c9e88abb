import { factDefinition } from '@lumina/contracts';
import type { FactId } from '@lumina/contracts';
import {
  all,
  any,
  bin,
  binary,
  call,
  column,
  derived,
  equal,
  integer,
  text,
  when,
} from '../../../timestream/sql/ast.ts';
import type { Expr, Select } from '../../../timestream/sql/ast.ts';
import { MINUTE_MS } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { membership } from '../plan/predicates.ts';
import { numberOf, optionalNumber, textOf } from './cells.ts';
import type { Reader } from './reader.ts';
import { beatsOf, during, rowsAndBeatsOf, seriesOf } from './scan.ts';
import type { RowSelection } from './scan.ts';

/** A series' newest level in one minute and part; the beat's own series is the proof of the sample. */
export interface MinuteLevel {
  readonly minuteMs: number;
  readonly part: string;
  readonly series: string;
  readonly slotMs: number;
  readonly level: number;
}

/** What flowed in one minute; given once per part that beat in it, with the flow after that part's last beat. */
export interface MinuteFlow {
  readonly minuteMs: number;
  readonly series: string;
  readonly fact: string;
  readonly part: string | undefined;
  readonly n: number;
  /** Sum of n * (end of the minute - instant of the flow). */
  readonly weightedMs: number;
  readonly afterBeat: number;
}

export interface StockSources {
  readonly level: RowSelection;
  readonly levelColumn: string;
  readonly inflows: readonly FactId[];
  readonly outflows: readonly FactId[];
}

const minute = (of?: string): Expr => bin(column('time', of), MINUTE_MS);

/** Reads the newest level of each series, beats included, per minute and part. */
export async function readMinuteLevels(
  reader: Reader,
  { level, levelColumn }: StockSources,
  range: TimeRange,
): Promise<MinuteLevel[]> {
  const definition = factDefinition(level.fact);
  const series = column(seriesOf(definition));
  const rows = await reader.read({
    columns: [
      { expr: minute(), as: 'bin' },
      { expr: column('part'), as: 'part' },
      { expr: series, as: 'series' },
      { expr: call('max', column('time')), as: 'slot' },
      { expr: call('max_by', column(levelColumn), column('time')), as: 'p0' },
    ],
    from: { kind: 'table', table: definition.table },
    where: rowsAndBeatsOf(level, range),
    groupBy: [minute(), column('part'), series],
  });
  return rows.map((row) => ({
    minuteMs: numberOf(row, 'bin'),
    part: textOf(row, 'part'),
    series: textOf(row, 'series'),
    slotMs: numberOf(row, 'slot'),
    level: numberOf(row, 'p0'),
  }));
}

/** Reads the flows per minute and series, each set against the last beats of its minute. */
export async function readMinuteFlows(reader: Reader, sources: StockSources, range: TimeRange): Promise<MinuteFlow[]> {
  const definition = factDefinition(sources.level.fact);
  const series = column(seriesOf(definition), 'f');
  const name = column('measure_name', 'f');
  const atMs = instantOfFlow();
  const endMs = binary('+', call('to_milliseconds', minute('f')), integer(MINUTE_MS));
  const part = derived('part', 'b');
  const n = column('n', 'f');
  const rows = await reader.read({
    with: [{ name: 'beats', select: lastBeats(sources, range) }],
    columns: [
      { expr: minute('f'), as: 'bin' },
      { expr: series, as: 'series' },
      { expr: name, as: 's' },
      { expr: part, as: 'part' },
      { expr: call('sum', n), as: 'p0' },
      { expr: call('sum', binary('*', n, binary('-', endMs, atMs))), as: 'p1' },
      { expr: call('sum', when(binary('>', atMs, derived('at_ms', 'b')), n, integer(0))), as: 'p2' },
    ],
    from: { kind: 'table', table: definition.table, as: 'f' },
    joins: [
      { type: 'left', source: { kind: 'common', name: 'beats', as: 'b' }, on: equal(minute('f'), derived('bin', 'b')) },
    ],
    where: all(
      during(range, 'f'),
      any(...[...sources.inflows, ...sources.outflows].map((fact) => flowRows(fact, sources))),
    ),
    groupBy: [minute('f'), series, name, part],
  });
  return rows.map((row) => ({
    minuteMs: numberOf(row, 'bin'),
    series: textOf(row, 'series'),
    fact: textOf(row, 's'),
    part: typeof row['part'] === 'string' ? row['part'] : undefined,
    n: numberOf(row, 'p0'),
    weightedMs: optionalNumber(row, 'p1') ?? 0,
    afterBeat: numberOf(row, 'p2'),
  }));
}

function lastBeats({ level }: StockSources, range: TimeRange): Select {
  return {
    columns: [
      { expr: minute(), as: 'bin' },
      { expr: column('part'), as: 'part' },
      { expr: call('max_by', column('at_ms'), column('time')), as: 'at_ms' },
    ],
    from: { kind: 'table', table: factDefinition(level.fact).table },
    where: beatsOf(level.fact, range),
    groupBy: [minute(), column('part')],
  };
}

function flowRows(fact: FactId, { level }: StockSources): Expr {
  const definition = factDefinition(fact);
  return all(
    equal(column('measure_name', 'f'), text(definition.name)),
    ...level.where.map((item) => membership(definition, item, 'f')),
  );
}

/** A join or re-entry carries its instant; a visit ends its wait after its join. Record times only look like instants. */
function instantOfFlow(): Expr {
  const isVisit = equal(column('measure_name', 'f'), text(factDefinition('queue_metrics.visit').name));
  return when(isVisit, binary('+', column('join_ms', 'f'), column('wait_ms', 'f')), column('at_ms', 'f'));
}
