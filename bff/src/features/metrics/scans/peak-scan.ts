import { BEAT_SERIES, factDefinition } from '@lumina/contracts';
import { bin, binary, call, column, derived, equal, integer, text, when } from '../../../timestream/sql/ast.ts';
import type { Expr } from '../../../timestream/sql/ast.ts';
import type { Grid } from '../time/grid.ts';
import { numberOf, optionalNumber, textOf } from './cells.ts';
import { PartBuilder } from './parts.ts';
import type { PartTable } from './parts.ts';
import type { Reader } from './reader.ts';
import { rowsAndBeatsOf, seriesOf } from './scan.ts';
import type { RowSelection } from './scan.ts';

/** The largest sum of sampled levels over the slots of each bin; 0 where only beats were seen, null where not even those. */
export async function readPeaks(
  reader: Reader,
  selection: RowSelection,
  columns: readonly string[],
  grid: Grid,
): Promise<PartTable> {
  const definition = factDefinition(selection.fact);
  const series = column(seriesOf(definition));
  const groups = selection.groupBy.map((name) => column(name));
  const level = columns.map((name): Expr => column(name)).reduce((left, right) => binary('+', left, right));
  const step = bin(derived('slot', 's'), grid.stepMs);
  const outerGroups = groups.map((_, index) => derived(`g${index}`, 's'));
  const rows = await reader.read({
    with: [
      {
        name: 'slots',
        select: {
          columns: [
            { expr: column('time'), as: 'slot' },
            ...groups.map((expr, index) => ({ expr, as: `g${index}` })),
            { expr: call('sum', when(equal(series, text(BEAT_SERIES)), integer(0), level)), as: 'p0' },
          ],
          from: { kind: 'table', table: definition.table },
          where: rowsAndBeatsOf(selection, grid.range),
          groupBy: [column('time'), ...groups],
        },
      },
    ],
    columns: [
      { expr: step, as: 'bin' },
      ...outerGroups.map((expr, index) => ({ expr, as: `g${index}` })),
      { expr: call('max', derived('p0', 's')), as: 'p0' },
    ],
    from: { kind: 'common', name: 'slots', as: 's' },
    groupBy: [step, ...outerGroups],
  });
  const builder = new PartBuilder({ overGroups: 'max', overBins: 'max' });
  const sampled = new Set<number>();
  for (const row of rows) {
    const index = grid.indexOf(optionalNumber(row, 'bin') ?? -1);
    if (index === undefined) continue;
    sampled.add(index);
    const group = groups.map((_, position) => textOf(row, `g${position}`));
    if (!group.includes(BEAT_SERIES)) builder.add(group, index, [numberOf(row, 'p0')]);
  }
  return builder.build((index) => (sampled.has(index) ? [0] : null));
}
