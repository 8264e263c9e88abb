import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resolveVariables, variableFaults } from './dashboard-variables.ts';
import type { VariableTerms } from './dashboard-variables.ts';
import type { Dashboard, DashboardVariable, MetricFilter } from './schemas/index.ts';

const QUEUE: DashboardVariable = { name: 'queue', kind: 'queue', multiple: true };
const TEAM: DashboardVariable = { name: 'team', kind: 'team', default: ['@my'] };

function filtersOf(values: string[], more: Partial<VariableTerms> = {}, dim = 'queue_id'): MetricFilter[] | undefined {
  const terms = { variables: [QUEUE, TEAM], values: {}, scope: undefined, ...more };
  return resolveVariables({ filters: [{ dim, op: 'eq', values }] }, terms).filters;
}

test('a variable stands for what was chosen, else its default, else everything', () => {
  assert.equal(filtersOf(['$queue']), undefined);
  assert.deepEqual(filtersOf(['$queue'], { values: { queue: ['a'] } }), [{ dim: 'queue_id', op: 'eq', values: ['a'] }]);
  assert.deepEqual(filtersOf(['$queue', 'b'], { values: { queue: ['a', 'b'] } }), [
    { dim: 'queue_id', op: 'in', values: ['a', 'b'] },
  ]);
  assert.equal(filtersOf(['$queue', 'b'], { values: { queue: [] } }), undefined);
  const scope = { teams: ['t1', 't2'] };
  assert.deepEqual(filtersOf(['$team'], { scope }, 'team_id')?.[0]?.values, ['t1', 't2']);
  assert.equal(filtersOf(['$team'], {}, 'team_id'), undefined);
  assert.deepEqual(filtersOf(['$team'], { scope, values: { team: ['t9', 't8'] } }, 'team_id')?.[0]?.values, ['t9']);
});

test('@my is what the scope names there; a doubled sign stands for itself', () => {
  assert.deepEqual(filtersOf(['@my'], { scope: { queues: ['q1'] } })?.[0]?.values, ['q1']);
  assert.equal(filtersOf(['@my'], { scope: { teams: ['t1'] } }), undefined);
  assert.equal(filtersOf(['@my']), undefined);
  assert.deepEqual(filtersOf(['$$queue', '@@my', '$5', '@you', '$none'])?.[0]?.values, [
    '$queue',
    '@my',
    '$5',
    '@you',
    '$none',
  ]);
  // Names that objects have by themselves choose nothing.
  assert.deepEqual(filtersOf(['$toString', '$constructor'])?.[0]?.values, ['$toString', '$constructor']);
  const own: DashboardVariable = { name: 'constructor', kind: 'queue' };
  assert.equal(filtersOf(['$constructor'], { variables: [own] }), undefined);
});

const id = fc.constantFrom('q1', 'q2', 'q3', '$queue', '@my', '$$x');
const scope = fc.option(fc.record({ queues: fc.option(fc.array(id), { nil: undefined }) }), { nil: undefined });

test('resolving leaves no reference, never an empty filter, and is done after once', () => {
  fc.assert(
    fc.property(
      fc.array(id, { minLength: 1 }),
      fc.array(fc.constantFrom('q1', 'q2', '@my')),
      scope,
      (values, chosen, given) => {
        const limits =
          given?.queues === undefined ? undefined : { queues: given.queues.filter((one) => /^q/u.test(one)) };
        const filters = filtersOf(values, { values: { queue: chosen }, scope: limits });
        const seen = filters?.[0]?.values;
        if (seen === undefined) return;
        assert.ok(seen.length > 0 && seen.length <= 100);
        assert.ok(seen.every((one) => one !== '$queue' && one !== '@my'));
        assert.equal(new Set(seen).size, seen.length);
        // All that stands there was written, chosen, or is in the scope.
        const known = new Set([...values, ...chosen, ...(limits?.queues ?? []), '$x']);
        assert.ok(seen.every((one) => known.has(one)));
      },
    ),
  );
});

function boardWith(filter: MetricFilter, variables?: DashboardVariable[]): Dashboard {
  const widget = { id: 'a', kind: 'stat' as const, x: 0, y: 0, w: 3, h: 2 };
  return {
    schemaVersion: 1,
    title: 'Board',
    ...(variables === undefined ? {} : { variables }),
    widgets: [{ ...widget, query: { ref: 'A', metrics: ['queue_depth'], filters: [filter] } }],
  };
}

test('says where a reference cannot be meant', () => {
  const place = 'widgets/0/query/filters/0/values/1';
  const cases: readonly [MetricFilter, DashboardVariable[] | undefined, string | undefined][] = [
    [{ dim: 'queue_id', op: 'in', values: ['q', '$queue'] }, [QUEUE], undefined],
    [{ dim: 'queue_id', op: 'in', values: ['q', '$queue'] }, undefined, place],
    [{ dim: 'agent_id', op: 'in', values: ['q', '$queue'] }, [QUEUE], place],
    [{ dim: 'queue_id', op: 'ne', values: ['q', '$queue'] }, [QUEUE], place],
    [{ dim: 'queue_id', op: 'in', values: ['q', '@my'] }, undefined, undefined],
    [{ dim: 'direction', op: 'in', values: ['q', '@my'] }, undefined, place],
    [{ dim: 'queue_id', op: 'in', values: ['q', '$$queue'] }, undefined, undefined],
    [{ dim: 'queue_id', op: 'eq', values: ['q'] }, [QUEUE, QUEUE], 'variables/1/name'],
    [{ dim: 'queue_id', op: 'eq', values: ['q'] }, [{ ...TEAM, default: ['a', 'b'] }], 'variables/0/default'],
  ];
  for (const [filter, variables, expected] of cases) {
    assert.deepEqual(
      variableFaults(boardWith(filter, variables)).map((fault) => fault.place),
      expected === undefined ? [] : [expected],
    );
  }
});
