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
import { numberOf, optionalNumber, textOf } from './cells.ts';
import { membership } from './membership.ts';
import { beatsOf, during, rowsAndBeatsOf, seriesOf } from './row-predicates.ts';
import type { MinuteFlow, MinuteLevel, StockMinute, StockScan } from './scan.ts';
import type { TenantReader } from './tenant-reader.ts';

const minute = (of?: string): Expr => bin(column('time', of), MINUTE_MS);

/** Reads what the minutes of a stock are made of; the range must begin with a whole minute. */
export async function readStock(
  reader: TenantReader,
  scan: StockScan,
  range: TimeRange,
): Promise<Map<number, StockMinute[]>> {
  const [levels, flows] = await Promise.all([
    readMinuteLevels(reader, scan, range),
    readMinuteFlows(reader, scan, range),
  ]);
  const minutes = new Map<number, { levels: MinuteLevel[]; flows: MinuteFlow[] }>();
  const at = (minuteMs: number): { levels: MinuteLevel[]; flows: MinuteFlow[] } => {
    const known = minutes.get(minuteMs) ?? { levels: [], flows: [] };
    minutes.set(minuteMs, known);
    return known;
  };
  for (const level of levels) at(level.minuteMs).levels.push(level);
  for (const flow of flows) at(flow.minuteMs).flows.push(flow);
  return new Map([...minutes].map(([minuteMs, minute]) => [minuteMs, [minute]]));
}

/** Reads the newest level of each series, beats included, per minute and part. */
async function readMinuteLevels(reader: TenantReader, scan: StockScan, range: TimeRange): Promise<MinuteLevel[]> {
  const definition = factDefinition(scan.fact);
  const series = column(seriesOf(definition));
  const rows = await reader.read({
    columns: [
      { expr: minute(), as: 'bin' },
      { expr: column('part'), as: 'part' },
      { expr: series, as: 'series' },
      { expr: call('max', column('time')), as: 'slot' },
      { expr: call('max_by', column(scan.column), column('time')), as: 'p0' },
    ],
    from: { kind: 'table', table: definition.table },
    where: rowsAndBeatsOf(scan, range),
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
async function readMinuteFlows(reader: TenantReader, scan: StockScan, range: TimeRange): Promise<MinuteFlow[]> {
  const definition = factDefinition(scan.fact);
  const series = column(seriesOf(definition), 'f');
  const name = column('measure_name', 'f');
  const atMs = instantOfFlow();
  const endMs = binary('+', call('to_milliseconds', minute('f')), integer(MINUTE_MS));
  const part = derived('part', 'b');
  const n = column('n', 'f');
  const rows = await reader.read({
    with: [{ name: 'beats', select: lastBeats(scan, range) }],
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
    where: all(during(range, 'f'), any(...[...scan.inflows, ...scan.outflows].map((fact) => flowRows(fact, scan)))),
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

function lastBeats({ fact }: StockScan, range: TimeRange): Select {
  return {
    columns: [
      { expr: minute(), as: 'bin' },
      { expr: column('part'), as: 'part' },
      { expr: call('max_by', column('at_ms'), column('time')), as: 'at_ms' },
    ],
    from: { kind: 'table', table: factDefinition(fact).table },
    where: beatsOf(fact, range),
    groupBy: [minute(), column('part')],
  };
}

function flowRows(fact: FactId, { where }: StockScan): Expr {
  const definition = factDefinition(fact);
  return all(
    equal(column('measure_name', 'f'), text(definition.name)),
    ...where.map((item) => membership(definition, item, 'f')),
  );
}

/** A join or re-entry carries its instant; a visit ends its wait after its join. Record times only look like instants. */
function instantOfFlow(): Expr {
  const isVisit = equal(column('measure_name', 'f'), text(factDefinition('queue_metrics.visit').name));
  return when(isVisit, binary('+', column('join_ms', 'f'), column('wait_ms', 'f')), column('at_ms', 'f'));
}
