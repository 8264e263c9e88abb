import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricFilter } from '@lumina/contracts';
import { HttpProblem } from '../../http/problem.ts';
import { requestsOfDashboard } from './dashboard-request.ts';

const filters: MetricFilter[] = [{ dim: 'queue_id', op: 'in', values: ['$queue'] }];
const board = {
  schemaVersion: 1,
  title: 'Floor',
  variables: [{ name: 'queue', kind: 'queue', multiple: true, default: ['@my'] }],
  widgets: [{ id: 'w1', kind: 'stat', x: 0, y: 0, w: 3, h: 2, query: { ref: 'A', metrics: ['queue_depth'], filters } }],
};

function filtersOf(query: Record<string, string | string[]>, scope?: object): unknown {
  const [request] = requestsOfDashboard(board, query, scope);
  assert.ok(request);
  assert.equal(request.queries[0]?.ref, 'w1');
  return request.queries[0].filters;
}

test('the variables of a stored dashboard have the values asked for, else their default', () => {
  const among = (...values: string[]): unknown => [{ dim: 'queue_id', op: 'in', values }];
  assert.equal(filtersOf({}), undefined);
  assert.deepEqual(filtersOf({}, { queues: ['q1', 'q2'] }), among('q1', 'q2'));
  assert.deepEqual(filtersOf({ 'var-queue': 'q3' }, { queues: ['q1'] }), among('q3'));
  assert.deepEqual(filtersOf({ 'var-queue': ['q3', 'q4'] }), among('q3', 'q4'));
  assert.equal(filtersOf({ 'var-queue': '' }, { queues: ['q1'] }), undefined);
});

test('what no variable or no value is, is refused', () => {
  const many = Array.from({ length: 101 }, (_value, index) => `q${String(index)}`);
  for (const query of [{ 'var-team': 't1' }, { 'var-': 'q' }, { 'var-__proto__': 'q' }, { 'var-queue': many }]) {
    assert.throws(
      () => filtersOf(query),
      (error) => error instanceof HttpProblem && error.code === 'invalid_request',
    );
  }
});
