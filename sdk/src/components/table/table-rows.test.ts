import { expect } from '@open-wc/testing';
import type { TileSeries, TileView } from '../../client/tile-view.ts';
import { HOLD_MS, RowOrder } from './row-order.ts';
import { WINDOW_FROM, rowWindowOf } from './row-window.ts';
import { sparkPath } from './spark-path.ts';
import { columnMaxima, initialSort, nextSort, sortedRows, tableModelOf } from './table-rows.ts';
import type { TableRow } from './table-rows.ts';

function series(metric: string, queue: string, total: number | null): TileSeries {
  return {
    key: `${metric} ${queue}`,
    metric,
    unit: metric === 'queue_service_level' ? '%' : 'count',
    better: 'neutral',
    dimension: queue === '' ? '' : 'queue_id',
    value: queue,
    group: queue === '' ? {} : { queue_id: queue },
    points: [],
    total,
  };
}

function viewOf(all: readonly TileSeries[]): TileView {
  const metrics = [...new Map(all.map(({ metric, unit, better }) => [metric, { id: metric, unit, better }])).values()];
  const unit = metrics[0]?.unit ?? 'count';
  return { series: all, metrics, unit, fromMs: 0, toMs: 1, openFromMs: undefined, timeZone: 'UTC', hasValues: true };
}

const VIEW = viewOf([
  series('queue_depth', 'a', 3),
  series('queue_depth', 'b', null),
  series('queue_depth', 'c', 10),
  series('queue_service_level', 'a', 50),
  series('queue_service_level', 'c', 70),
]);
const LABELS = VIEW.series.map(({ value }, place) => ({ name: value.toUpperCase(), place }));
const model = tableModelOf(VIEW, LABELS, {}, (id) => id);
const names = (rows: readonly TableRow[]): string => rows.map(({ name }) => name).join('');

describe('rows of a table', () => {
  it('are groups, with a cell per metric and none where a group lacks it', () => {
    expect(names(model.rows)).to.equal('ABC');
    expect(model.rows.map(({ cells }) => cells.map((cell) => cell?.total))).to.deep.equal([
      [3, 50],
      [null, undefined],
      [10, 70],
    ]);
  });

  it('are metrics where nothing is grouped', () => {
    const plain = tableModelOf(viewOf([series('queue_depth', '', 3)]), [], {}, (id) => `title ${id}`);
    expect(plain.isGrouped).to.equal(false);
    expect(plain.rows.map(({ name, cells }) => [name, cells[0]?.total])).to.deep.equal([['title queue_depth', 3]]);
  });

  it('show the columns that the options name, in their order', () => {
    const { columns, rows } = tableModelOf(VIEW, LABELS, { columns: ['queue_service_level', 'none'] }, (id) => id);
    expect(columns.map(({ id }) => id)).to.deep.equal(['queue_service_level']);
    expect(names(rows)).to.equal('AC');
  });

  it('are sorted with unknown values last, either way', () => {
    const by = (sortBy: string, isDescending: boolean): string =>
      names(sortedRows(model, { by: sortBy, isDescending }, 'en'));
    expect([by('queue_depth', false), by('queue_depth', true), by('name', true)]).to.deep.equal(['ACB', 'CAB', 'CBA']);
    expect(names(sortedRows(model, { by: 'unknown', isDescending: true }, 'en'))).to.equal('ABC');
  });

  it('are turned round by a second press', () => {
    const first = nextSort('queue_depth', initialSort({}));
    expect(first).to.deep.equal({ by: 'queue_depth', isDescending: true });
    expect(nextSort('queue_depth', first).isDescending).to.equal(false);
    expect(nextSort('name', first)).to.deep.equal({ by: 'name', isDescending: false });
    expect(initialSort({ sortBy: 'queue_depth', isDescending: false })).to.deep.equal({
      by: 'queue_depth',
      isDescending: false,
    });
  });

  it('draw bars against the largest of a column, shares against the whole', () => {
    expect(columnMaxima(model, {})).to.deep.equal([10, 100]);
    expect(columnMaxima(model, { max: 40 })).to.deep.equal([40, 100]);
  });
});

describe('order of rows', () => {
  const rowsOf = (order: string): readonly TableRow[] =>
    order.split(' ').map((key) => ({ key, name: key, dimension: 'queue_id', value: key, cells: [] }));

  it('follows the values while nobody reads', () => {
    const order = new RowOrder(() => 0);
    expect(names(order.of(rowsOf('a b c'), 's', false))).to.equal('abc');
    expect(names(order.of(rowsOf('c a b'), 's', false))).to.equal('cab');
  });

  it('changes at most once in five seconds while somebody reads', () => {
    let nowMs = 0;
    const order = new RowOrder(() => nowMs);
    order.of(rowsOf('a b c'), 's', true);
    nowMs = HOLD_MS - 1;
    expect(names(order.of(rowsOf('c b a'), 's', true))).to.equal('abc');
    expect(names(order.of(rowsOf('c x a'), 's', true))).to.equal('acx');
    nowMs = HOLD_MS;
    expect(names(order.of(rowsOf('c x a'), 's', true))).to.equal('cxa');
    nowMs = HOLD_MS + 10;
    expect(names(order.of(rowsOf('a x c'), 's', true))).to.equal('cxa');
  });

  it('follows a header that was pressed at once', () => {
    const order = new RowOrder(() => 0);
    order.of(rowsOf('a b c'), 's', true);
    expect(names(order.of(rowsOf('c b a'), 'other', true))).to.equal('cba');
  });
});

describe('window of rows', () => {
  it('holds all of a short table', () => {
    expect(rowWindowOf(WINDOW_FROM - 1, 36, 0, 300)).to.deep.equal({
      from: 0,
      to: Number.POSITIVE_INFINITY,
    });
  });

  it('always holds what is in sight', () => {
    for (let topPx = 0; topPx <= 500 * 36 - 300; topPx += 97) {
      const { from, to } = rowWindowOf(500, 36, topPx, 300);
      expect(from * 36).to.be.at.most(topPx);
      expect(to * 36).to.be.at.least(topPx + 300);
      expect(to - from).to.be.at.most(90);
    }
  });
});

describe('course of a row', () => {
  it('breaks where nothing is known', () => {
    const path = sparkPath(
      [
        [0, 1],
        [10, 2],
        [20, null],
        [30, 3],
      ],
      0,
      40,
    );
    expect(path.replaceAll(/[\d. ]+/gu, '')).to.equal('MLM');
    expect(sparkPath([[0, null]], 0, 40)).to.equal('');
  });
});
