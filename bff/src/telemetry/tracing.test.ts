import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createTracing } from './open-telemetry.ts';
import { traceOriginOf } from './trace-headers.ts';
import { newTraceId } from './trace-ids.ts';
import { noTracing, recorded } from './tracing.ts';
import type { Tracing } from './tracing.ts';

const TRACE = '67891233abcdef012345678912345678';
const SPAN = '00f067aa0ba902b7';

/** Nobody listens there: what is recorded is looked at here. */
function tracing(random: () => number): Tracing {
  const shares = { ratio: 0.25, liveRatio: 0.01 };
  const endpoint = 'http://127.0.0.1:9';
  return createTracing({ endpoint, headers: {}, serviceName: 'test', ...shares, onFailure: () => undefined, random });
}

it('makes no span of what is not recorded', async () => {
  const rare = tracing(() => 0.25);
  assert.equal(rare.openRequest({ kind: 'none' }, 'GET /api'), undefined);
  assert.equal(rare.open('below nothing', 'internal'), undefined);
  assert.equal(await rare.detached('by itself', () => Promise.resolve(rare.open('below', 'internal'))), undefined);
  assert.equal(noTracing.openRequest({ kind: 'none' }, 'GET /api'), undefined);
  assert.equal(await noTracing.detached('by itself', () => Promise.resolve(noTracing.open('x', 'client'))), undefined);
  await rare.close();
});

it('follows what the process before has decided, and its ids', async () => {
  const never = tracing(() => 0.99);
  const span = never.openRequest({ kind: 'parent', traceId: TRACE, spanId: SPAN, isRecorded: true }, 'GET /api');
  assert.equal(span?.traceId, TRACE);
  const always = tracing(() => 0);
  const parent = { kind: 'parent', traceId: TRACE, spanId: SPAN, isRecorded: false } as const;
  assert.equal(always.openRequest(parent, 'GET /api'), undefined);
  await Promise.all([never.close(), always.close()]);
});

it('never makes work of its own part of the request in which it began', async () => {
  const always = tracing(() => 0);
  const request = always.openRequest({ kind: 'none' }, 'POST /api/live');
  assert.ok(request);
  const own = await request.run(() =>
    always.detached('evaluation', () => Promise.resolve(always.open('query', 'client'))),
  );
  assert.notEqual(own?.traceId, request.traceId);
  assert.equal(request.run(() => always.open('query', 'client'))?.traceId, request.traceId);
  await always.close();
});

it('ends the span of work that fails with the failure, and hands it on', async () => {
  const always = tracing(() => 0);
  const failure = new Error('no');
  const span = always.openRequest({ kind: 'none' }, 'GET /api');
  await assert.rejects(
    recorded(span, () => Promise.reject(failure)),
    failure,
  );
  await always.close();
});

it('gives ids that begin with the time, as X-Ray wants them', () => {
  assert.match(newTraceId(0x6789_1233 * 1_000), /^67891233[0-9a-f]{24}$/);
  assert.notEqual(newTraceId(), newTraceId());
});

it('takes nobody at his word but whom it is told to, and no header that is not whole', () => {
  const traceparent = `00-${TRACE}-${SPAN}-01`;
  assert.deepEqual(traceOriginOf({ traceparent }, 'nobody'), { kind: 'none' });
  assert.deepEqual(traceOriginOf({ traceparent }, 'aws-load-balancer'), { kind: 'none' });
  assert.deepEqual(traceOriginOf({ traceparent }, 'distributor'), {
    kind: 'parent',
    traceId: TRACE,
    spanId: SPAN,
    isRecorded: true,
  });
  for (const broken of ['', `00-${'0'.repeat(32)}-${SPAN}-01`, `00-${TRACE}-${'0'.repeat(16)}-01`, `${traceparent}-x`])
    assert.deepEqual(traceOriginOf({ traceparent: broken }, 'distributor'), { kind: 'none' }, broken);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const source of ['distributor', 'aws-load-balancer'] as const)
        assert.equal(traceOriginOf({ traceparent: text, 'x-amzn-trace-id': text }, source).kind, 'none');
    }),
  );
});
