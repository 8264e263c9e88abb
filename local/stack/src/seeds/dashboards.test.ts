import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  DASHBOARD_COLUMNS,
  FACTS,
  METRICS,
  isMetricId,
  metricDefinition,
  partDefinition,
  variableFaults,
} from '@lumina/contracts';
import type { FactDefinition, FactId, MetricFormula, Widget } from '@lumina/contracts';
import { DashboardSchema, MAX_QUERIES } from '@lumina/contracts/schemas';
import { populationOf } from '@lumina/simulator';
import { Compile } from 'typebox/compile';
import { BOARDS, dashboardsOf } from './dashboards.ts';

const schema = Compile(DashboardSchema);
const tiles = BOARDS.flatMap(({ id, widgets }) => widgets.map((widget) => ({ board: id, widget })));
const nameOf = ({ board, widget }: { board: string; widget: Widget }): string => `${board}/${widget.id}`;

/** The facts a formula reads: only what all of them know can a metric be told apart by. */
function factsOf(formula: MetricFormula): FactId[] {
  switch (formula.kind) {
    case 'sum':
    case 'max':
    case 'oldest':
      return [partDefinition(formula.part).fact];
    case 'ratio':
    case 'stateRatio':
      return [...formula.num, ...formula.den].map((part) => partDefinition(part).fact);
    case 'perTime':
    case 'last':
    case 'peak':
      return formula.parts.map((part) => partDefinition(part).fact);
    case 'stock':
      return [...formula.inflows, ...formula.outflows, formula.level].map((part) => partDefinition(part).fact);
    case 'quantile':
    case 'serviceLevel':
      return [formula.fact];
  }
}

function knows(fact: FactId, column: string): boolean {
  const { dimensions, measures }: FactDefinition = FACTS[fact];
  return dimensions.includes(column) || measures[column] === 'VARCHAR';
}

function doOverlap(a: Widget, b: Widget): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

describe('the boards a territory begins with', () => {
  test('every required metric is on a board of its category', () => {
    const boardOf = { call: 'calls', queue: 'queues', agent: 'agents', system: 'system' } as const;
    for (const { id, category, required } of Object.values(METRICS)) {
      if (!required) continue;
      const isShown = tiles.some(({ board, widget }) => {
        const { metrics } = widget.query;
        return board === boardOf[category] && metrics.includes(id);
      });
      assert.ok(isShown, `${id} is not on the board "${boardOf[category]}"`);
    }
  });

  test('a viewer of a territory may read every metric asked for', () => {
    // The lag of ingestion is the platform's, which takes a right that tenants do not have.
    for (const one of tiles) assert.ok(!one.widget.query.metrics.includes('ingest_lag'), nameOf(one));
  });

  test('every tile asks for metrics, dimensions and statistics that exist', () => {
    for (const one of tiles) {
      const { metrics, groupBy = [], filters = [], options } = one.widget.query;
      const definitions = metrics.map((metric) => {
        assert.ok(isMetricId(metric), `${nameOf(one)} asks for ${metric}`);
        return metricDefinition(metric);
      });
      const stat = options?.stat;
      assert.ok(
        stat === undefined || definitions.some(({ stats }) => stat in stats),
        `${nameOf(one)}: ${String(stat)}`,
      );
      for (const definition of definitions) {
        const formula = definition.stats[stat ?? definition.defaultStat] ?? definition.stats[definition.defaultStat];
        assert.ok(formula !== undefined);
        for (const column of [...groupBy, ...filters.map(({ dim }) => dim)]) {
          assert.ok(definition.dimensions.includes(column), `${nameOf(one)}: ${definition.id} by ${column}`);
          for (const fact of factsOf(formula)) {
            assert.ok(knows(fact, column), `${nameOf(one)}: ${definition.id}, read from ${fact}, by ${column}`);
          }
        }
      }
    }
  });

  test('nothing overlaps, and nothing stands outside the grid', () => {
    for (const { id, widgets } of BOARDS) {
      for (const [index, widget] of widgets.entries()) {
        assert.ok(widget.x + widget.w <= DASHBOARD_COLUMNS, `${id}/${widget.id} is wider than the grid`);
        for (const other of widgets.slice(index + 1)) {
          assert.ok(!doOverlap(widget, other), `${id}: ${widget.id} and ${other.id} overlap`);
        }
      }
    }
  });

  test('every row of the grid is filled to its end', () => {
    for (const { id, widgets } of BOARDS) {
      const rows = Math.max(...widgets.map(({ y, h }) => y + h));
      const area = widgets.reduce((sum, { w, h }) => sum + w * h, 0);
      assert.equal(area, rows * DASHBOARD_COLUMNS, `${id} has holes`);
    }
  });

  test('kinds get what they need: gauges a target and a scale, tables and bars rows, thresholds that rise', () => {
    for (const one of tiles) {
      const { kind, query, options } = one.widget;
      if (kind === 'gauge') {
        assert.ok(options?.target !== undefined && options.min !== undefined && options.max !== undefined, nameOf(one));
      }
      if (kind === 'table' || kind === 'bar') assert.equal(query.groupBy?.length, 1, nameOf(one));
      if (kind === 'stat' || kind === 'gauge') assert.deepEqual([query.metrics.length, query.groupBy], [1, undefined]);
      const froms = (options?.thresholds ?? []).map(({ from }) => from);
      assert.deepEqual(
        froms,
        froms.toSorted((a, b) => a - b),
        nameOf(one),
      );
      const { sortBy } = options ?? {};
      assert.ok(sortBy === undefined || sortBy === 'name' || query.metrics.includes(sortBy), nameOf(one));
    }
  });

  test('ids are unique, and one request can ask for a whole board', () => {
    assert.equal(new Set(BOARDS.map(({ id }) => id)).size, BOARDS.length);
    for (const { id, widgets } of BOARDS) {
      assert.equal(new Set(widgets.map((widget) => widget.id)).size, widgets.length, id);
      assert.ok(widgets.length <= MAX_QUERIES, id);
    }
  });

  test('what is stored is dashboard JSON, one of each per territory', () => {
    for (const territoryId of [101, 202] as const) {
      const seeds = dashboardsOf(populationOf(territoryId));
      for (const { id, body } of seeds) assert.deepEqual(variableFaults(body), [], id);
      assert.deepEqual(
        seeds.map(({ id }) => id),
        ['overview', 'calls', 'queues', 'agents', 'system'],
      );
      for (const { body, title } of seeds) {
        assert.ok(schema.Check(body), JSON.stringify(schema.Errors(body)));
        assert.equal(body.title, title);
      }
    }
  });
});
