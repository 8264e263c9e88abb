import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LuminaError } from './lumina-error.ts';
import { TargetSource, parseTargets } from './target-source.ts';

const TARGETS = [
  { metric: 'queue_service_level', value: 80 },
  { metric: 'queue_service_level', queueId: 'q_vip', value: 95 },
];
const sl = (...values: string[]) => ({
  metrics: ['queue_service_level'],
  filters: values.length === 0 ? [] : [{ dim: 'queue_id', op: 'in' as const, values }],
});

test('targets are asked for once, at the first lookup, and told of when they arrive', async () => {
  let asked = 0;
  const source = new TargetSource(() => {
    asked += 1;
    return Promise.resolve(TARGETS);
  });
  const told = new Promise<void>((resolve) => source.subscribe(resolve));
  assert.equal(source.targetOf(sl()), undefined);
  await told;
  assert.equal(source.targetOf(sl()), 80);
  assert.equal(source.targetOf(sl('q_vip')), 95);
  assert.equal(source.targetOf(sl('q_vip', 'q_other')), 80);
  assert.equal(source.targetOf({ metrics: ['queue_service_level', 'call_count'] }), undefined);
  assert.equal(source.targetOf({ metrics: ['call_count'] }), undefined);
  assert.equal(asked, 1);
});

test('a failure is tried again later, a refusal never', async () => {
  let nowMs = 0;
  let asked = 0;
  let error = new LuminaError({ code: 'OFFLINE', message: 'Away', suggestion: '', retryable: true });
  const source = new TargetSource(
    () => {
      asked += 1;
      return Promise.reject(error);
    },
    () => nowMs,
  );
  const look = async (): Promise<void> => {
    source.targetOf(sl());
    await new Promise((resolve) => setImmediate(resolve));
  };
  await look();
  await look();
  assert.equal(asked, 1);
  nowMs = 30_000;
  error = new LuminaError({ code: 'SCOPE_DENIED', message: 'No', suggestion: '', retryable: false });
  await look();
  nowMs = 90_000;
  await look();
  assert.equal(asked, 2);
});

test('only targets are read from a reply', () => {
  assert.deepEqual(parseTargets({ body: { targets: [...TARGETS, { metric: 1 }, null, 'x'] } }), TARGETS);
  for (const reply of [undefined, null, {}, { body: null }, { body: { targets: 'x' } }])
    assert.deepEqual(parseTargets(reply), []);
});
