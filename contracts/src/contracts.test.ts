import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import fc from 'fast-check';
import { Compile } from 'typebox/compile';

import * as contracts from './index.ts';
import {
  DEFAULT_SERVICE_LEVEL_FORMULA,
  DEFAULT_SHORT_ABANDON_S,
  DEFAULT_THRESHOLD_S,
  DEFINITION_PRESETS,
  DashboardVersionError,
  SERVICE_LEVEL_FORMULAS,
  EVENT_TYPES,
  FACTS,
  METRICS,
  METRIC_IDS,
  PARTS,
  PERMISSIONS,
  REGIONS,
  factDefinition,
  isRegionId,
  isThroughDirectory,
  metricDefinition,
  partDefinition,
  permissionsOf,
  upgradeDashboard,
  type FactId,
  type MetricFormula,
  type PartId,
} from './index.ts';
import {
  DashboardSchema,
  EVENT_SCHEMAS,
  LiveRequestSchema,
  MetricQueryRequestSchema,
  RowScopeSchema,
  TokenClaimsSchema,
} from './schemas/index.ts';

function partsOf(formula: MetricFormula): readonly PartId[] {
  switch (formula.kind) {
    case 'sum':
    case 'max':
    case 'oldest':
      return [formula.part];
    case 'ratio':
    case 'stateRatio':
      return [...formula.num, ...formula.den];
    case 'stock':
      return [...formula.inflows, ...formula.outflows, formula.level];
    case 'perTime':
    case 'last':
    case 'peak':
      return formula.parts;
    default:
      return [];
  }
}

describe('the metric catalogue', () => {
  it('holds every metric the product names, and says what each means', () => {
    const required = METRIC_IDS.filter((id) => metricDefinition(id).required);
    assert.deepEqual(required.sort(), [
      'agent_after_call_work',
      'agent_available_count',
      'agent_busy_count',
      'agent_handle_time',
      'api_latency',
      'call_abandon_rate',
      'call_answer_rate',
      'call_count',
      'call_duration',
      'call_wait_time',
      'error_rate',
      'queue_abandon_rate',
      'queue_depth',
      'queue_service_level',
      'queue_wait_time',
      'trunk_utilization',
    ]);
    for (const [id, metric] of Object.entries(METRICS)) {
      assert.equal(metric.id, id);
      assert.ok(metric.text.length > 20, id);
      assert.ok(Object.hasOwn(metric.stats, metric.defaultStat), id);
    }
  });

  it('reads only parts whose fact has the column', () => {
    for (const id of Object.keys(PARTS) as PartId[]) {
      const part = partDefinition(id);
      const fact = factDefinition(part.fact);
      const columns = new Set([...Object.keys(fact.measures), ...fact.dimensions]);
      for (const column of [part.column, part.times, part.where?.column]) {
        if (column !== undefined) assert.ok(columns.has(column), `${id}: ${column}`);
      }
    }
  });

  it('offers only dimensions that a part of the metric has', () => {
    for (const id of METRIC_IDS) {
      const metric = metricDefinition(id);
      const facts = Object.values(metric.stats).flatMap((formula) =>
        partsOf(formula).map((part) => partDefinition(part).fact),
      );
      for (const dimension of metric.dimensions) {
        const holders = facts.filter(
          (fact) =>
            isThroughDirectory(fact, dimension) ||
            [...factDefinition(fact).dimensions, ...Object.keys(factDefinition(fact).measures)].includes(dimension),
        );
        assert.ok(facts.length === 0 || holders.length > 0, `${id}: ${dimension}`);
      }
    }
  });
});

describe('definition presets', () => {
  it('name themselves, a formula and a source', () => {
    for (const [id, preset] of Object.entries(DEFINITION_PRESETS)) {
      assert.equal(preset.id, id);
      assert.ok(Object.hasOwn(SERVICE_LEVEL_FORMULAS, preset.serviceLevel.formula), id);
      assert.ok(preset.source.length > 0, id);
    }
  });
  it('begin with what a query gets that asks for nothing', () => {
    assert.deepEqual(DEFINITION_PRESETS.lumina.serviceLevel, {
      formula: DEFAULT_SERVICE_LEVEL_FORMULA,
      thresholdS: DEFAULT_THRESHOLD_S,
      shortAbandonS: DEFAULT_SHORT_ABANDON_S,
    });
  });
});

describe('facts', () => {
  it('stand under their own table and name, and every hashed one can be claimed', () => {
    for (const [id, fact] of Object.entries(FACTS) as [FactId, (typeof FACTS)[FactId]][]) {
      assert.equal(id, `${fact.table}.${fact.name}`);
      if (fact.keying === 'hashed') assert.ok('eid' in fact.measures && 'claim' in fact.measures, id);
    }
  });
});

describe('events', () => {
  it('have a schema each, which refuses what it cannot count', () => {
    assert.deepEqual(Object.keys(EVENT_SCHEMAS).sort(), Object.keys(EVENT_TYPES).sort());
    const end = Compile(EVENT_SCHEMAS.CALL_END);
    const event = {
      v: 1,
      id: 'e1',
      type: 'CALL_END',
      source: 'freeswitch',
      time: '2026-03-01T10:00:05.250Z',
      territoryId: '101',
      regionId: 1,
      callId: 'c1',
      direction: 'inbound',
      startedAt: '2026-03-01T10:00:00Z',
      holdMs: 0,
      transfers: 0,
      outcome: 'no_answer',
    };
    assert.ok(end.Check(event));
    assert.ok(!end.Check({ ...event, holdMs: -1 }));
    assert.ok(!end.Check({ ...event, outcome: 'lost' }));
    assert.ok(!end.Check({ ...event, territoryId: '0101' }));
    assert.ok(!end.Check({ ...event, time: 'yesterday' }));
  });
});

describe('identity', () => {
  it('gives each role all of the weaker one', () => {
    assert.deepEqual(permissionsOf(['super_admin']), [...PERMISSIONS]);
    assert.ok(!permissionsOf(['viewer']).includes('dashboards:write'));
    assert.ok(permissionsOf(['editor']).includes('metrics:read'));
    assert.deepEqual(permissionsOf(['root']), []);
  });

  it('refuses territory ids that are not plain positive integers', () => {
    const claims = Compile(TokenClaimsSchema);
    const good = { sub: 'u', territory_id: 101, region_id: '1', roles: ['viewer'], permissions: [], exp: 1 };
    assert.ok(claims.Check(good));
    for (const territory of ['123 OR 1=1', '0123', -1, 0, 1.5, ['101'], '99999999999', null]) {
      assert.ok(!claims.Check({ ...good, territory_id: territory }), JSON.stringify(territory));
    }
    assert.ok(!Compile(RowScopeSchema).Check({ queue: ['q1'] }));
  });

  it('knows exactly the regions of the table', () => {
    fc.assert(fc.property(fc.double(), (id) => isRegionId(id) === Object.hasOwn(REGIONS, String(id))));
  });
});

describe('queries', () => {
  const request = Compile(MetricQueryRequestSchema);
  it('accept the documented shape and refuse unknown fields', () => {
    const query = {
      ref: 'A',
      metrics: ['call_count'],
      filters: [{ dim: 'queue_id', op: 'eq', values: ['q1'] }],
      groupBy: ['queue_id'],
    };
    assert.ok(request.Check({ range: { last: '1h' }, bin: 'auto', queries: [query] }));
    assert.ok(!request.Check({ range: { last: '1h' }, queries: [query], territoryId: 5 }));
    assert.ok(!request.Check({ range: { last: '1 hour' }, queries: [query] }));
    assert.ok(!request.Check({ range: { last: '1h' }, queries: [] }));
  });
});

describe('dashboards', () => {
  it('are brought from the oldest version to the current one', () => {
    const upgraded = upgradeDashboard({ title: 'Board', widgets: [] });
    assert.ok(Compile(DashboardSchema).Check(upgraded));
  });
  it('of an unknown version are refused with a code', () => {
    assert.throws(() => upgradeDashboard({ schemaVersion: 99, title: 'x', widgets: [] }), DashboardVersionError);
    assert.throws(() => upgradeDashboard({ schemaVersion: 'one' }), { code: 'dashboard_version_unknown' });
  });
});

describe('the constants', () => {
  it('load no schema library, so that a page that imports them stays small', async () => {
    assert.ok(Object.keys(contracts).length > 20);
    for (const name of ['index', 'dashboards', 'events', 'facts', 'identity', 'live', 'problems', 'query', 'regions']) {
      const source = await readFile(new URL(`./${name}.ts`, import.meta.url), 'utf8');
      for (const line of source.split('\n').filter((text) => /from '.*(typebox|schemas)/.test(text))) {
        assert.match(
          source,
          new RegExp(`(import|export) type [^;]*${line.slice(line.indexOf('from')).replace(/[./]/g, '\\$&')}`),
          `${name}: ${line}`,
        );
      }
    }
  });
});

describe('live requests', () => {
  const check = Compile(LiveRequestSchema);
  const query = { range: { last: '1h' }, queries: [{ ref: 'A', metrics: ['call_count'] }] };
  it('are the body of a query, or several with ids, and may say where to resume', () => {
    assert.ok(check.Check(query));
    assert.ok(check.Check({ ...query, resume: '7-1' }));
    assert.ok(check.Check({ requests: [{ id: 'a', ...query }], resume: '7-1' }));
    assert.ok(!check.Check({ requests: [query] }), 'a subscription without an id');
    assert.ok(!check.Check({ requests: [] }));
    assert.ok(!check.Check({ ...query, requests: [{ id: 'a', ...query }] }), 'both forms at once');
  });
});

describe('options of a widget', () => {
  it('are checked where they are known and kept where they are not', () => {
    const board = (options: unknown) => ({
      schemaVersion: 1,
      title: 'Board',
      widgets: [
        { id: 'a', kind: 'gauge', query: { ref: 'A', metrics: ['call_count'] }, x: 0, y: 0, w: 3, h: 2, options },
      ],
    });
    const check = Compile(DashboardSchema);
    assert.ok(check.Check(board({ target: 80, thresholds: [{ from: 0, tone: 'critical' }], ofTomorrow: true })));
    assert.ok(!check.Check(board({ target: 'eighty' })));
    assert.ok(!check.Check(board({ thresholds: [{ from: 0, tone: 'green' }] })));
  });
});
