import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IncomingHttpHeaders } from 'node:http';
import { after, before, it } from 'node:test';
import { startTimestreamLocal } from 'timestream-local';
import type { TimestreamLocal } from 'timestream-local';
import { SEED, startDistributor, startRegional } from '../testing/fixtures.ts';
import { startServer } from '../testing/http-server.ts';
import type { TestServer } from '../testing/http-server.ts';
import { startLocalIssuer } from '../testing/local-issuer.ts';
import type { LocalIssuer } from '../testing/local-issuer.ts';
import { send } from '../testing/raw-http.ts';
import type { RawReply } from '../testing/raw-http.ts';
import { startTraceCollector } from '../testing/trace-collector.ts';
import type { CollectedSpan, TraceCollector } from '../testing/trace-collector.ts';
import type { TracingConfig } from './tracing-config.ts';

const SECRET_QUEUE = 'q_nobody_may_read_this';
const HOSTILE_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const HOSTILE = {
  traceparent: `00-${HOSTILE_TRACE}-00f067aa0ba902b7-01`,
  tracestate: 'evil=1',
  baggage: 'user=amelia',
  'X-Amzn-Trace-Id': 'Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Sampled=1',
  b3: `${HOSTILE_TRACE}-00f067aa0ba902b7-1`,
};

let issuer: LocalIssuer;
let dataDir: string;
let store: TimestreamLocal;
let collector: TraceCollector;
const started: TestServer[] = [];

before(async () => {
  issuer = await startLocalIssuer();
  dataDir = await mkdtemp(join(tmpdir(), 'lumina-traces-'));
  store = await startTimestreamLocal({ port: 0, host: '127.0.0.1', dataDir });
  process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';
  collector = await startTraceCollector();
});
after(async () => {
  for (const server of started.reverse()) await server.close();
  await collector.close();
  await store.close();
  issuer.close();
  await rm(dataDir, { recursive: true, force: true });
});

function tracingTo(url: string, more: Partial<TracingConfig> = {}): TracingConfig {
  return { endpoint: url, headers: { 'x-key': 'k' }, ratio: 1, liveRatio: 0, trustsLoadBalancer: false, ...more };
}

interface Pair {
  readonly distributor: TestServer;
  readonly region: TestServer;
}

/** A distributor before a region over the store, both with traces. */
async function startPair(distributed: TracingConfig, regional = distributed): Promise<Pair> {
  const region = await startRegional(issuer, SEED, {
    storeUrl: store.url,
    tracing: regional,
  });
  started.push(region);
  const distributor = await startDistributor(issuer, { 1: region.url }, { tracing: distributed });
  started.push(distributor);
  return { distributor, region };
}

async function ask(server: TestServer, headers: Record<string, string> = {}): Promise<RawReply> {
  const reply = await send(server.url, {
    method: 'POST',
    path: '/api/metrics/query?name=Amelia',
    headers: {
      Authorization: `Bearer ${await issuer.sign()}`,
      'Content-Type': 'application/json',
      ...headers,
    },
    body: JSON.stringify({
      range: { last: '1h' },
      queries: [
        { ref: 'A', metrics: ['queue_abandon_rate'], filters: [{ dim: 'queue_id', op: 'eq', values: [SECRET_QUEUE] }] },
      ],
    }),
  });
  assert.equal(reply.status, 200, reply.body);
  return reply;
}

/** All spans of the trace of a request, when both processes have told theirs. */
async function traceOf(reply: RawReply): Promise<readonly CollectedSpan[]> {
  const requestId = reply.headers['x-request-id'];
  const isRoot = (span: CollectedSpan): boolean =>
    span.service === 'lumina-distributor' && span.attributes['lumina.request_id'] === requestId;
  const [root] = await collector
    .until((spans) => spans.filter(isRoot).length > 0)
    .then((spans) => spans.filter(isRoot));
  assert.ok(root);
  const ofTrace = (spans: readonly CollectedSpan[]): readonly CollectedSpan[] =>
    spans.filter(({ traceId }) => traceId === root.traceId);
  return ofTrace(
    await collector.until((spans) => ofTrace(spans).some((span) => isServer(span) && span.parentSpanId !== undefined)),
  );
}

const isServer = ({ name }: CollectedSpan): boolean => name === 'POST /api/metrics';

it('shows one trace from the distributor to the store, named so that X-Ray takes it, and nothing private', async () => {
  const beforeSeconds = Math.floor(Date.now() / 1_000);
  const { distributor } = await startPair(tracingTo(collector.url));
  const spans = await traceOf(await ask(distributor, HOSTILE));

  const root = spans.find((span) => isServer(span) && span.service === 'lumina-distributor');
  const proxied = spans.find(({ name }) => name === 'region');
  const regional = spans.find((span) => isServer(span) && span.service === 'lumina-region-1');
  const answered = spans.find(({ name }) => name === 'answer metrics');
  const asked = spans.filter(({ name }) => name === 'timestream query');
  assert.deepEqual(
    [root?.parentSpanId, proxied?.parentSpanId, regional?.parentSpanId, answered?.parentSpanId],
    [undefined, root?.spanId, proxied?.spanId, regional?.spanId],
  );
  assert.ok(asked.length > 0 && asked.every(({ parentSpanId }) => parentSpanId === answered?.spanId));
  assert.equal(regional?.attributes['lumina.request_id'], root?.attributes['lumina.request_id']);

  const seconds = Number.parseInt(root?.traceId.slice(0, 8) ?? '', 16);
  assert.ok(seconds >= beforeSeconds && seconds <= Date.now() / 1_000, 'the id begins with the time');
  assert.equal(collector.headers()['x-key'], 'k');
  const told = JSON.stringify(spans);
  for (const secret of [SECRET_QUEUE, 'Amelia', 'auth0|viewer', 'eyJ', 'evil', HOSTILE_TRACE, 'WHERE'])
    assert.ok(!told.includes(secret), secret);
  assert.match(told, /SELECT lumina\.queue_metrics/);
});

it('takes the trace id of a load balancer where it is told to, and only its own word for it', async () => {
  const { distributor } = await startPair(tracingTo(collector.url, { trustsLoadBalancer: true }));
  const made = await traceOf(await ask(distributor, { 'X-Amzn-Trace-Id': 'Root=1-67891233-abcdef012345678912345678' }));
  assert.equal(made[0]?.traceId, '67891233abcdef012345678912345678');
  const chosen = await traceOf(
    await ask(distributor, {
      'X-Amzn-Trace-Id': 'Self=1-67891234-12456789abcdef0123456780;Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Sampled=1',
    }),
  );
  assert.equal(chosen[0]?.traceId, '6789123412456789abcdef0123456780');
});

it('records nothing at a region that the distributor has not recorded', async (t) => {
  // A collector of their own: what others recorded may come to the common one late, or twice where it was slow to answer.
  const own = await startTraceCollector();
  t.after(own.close);
  const { distributor, region } = await startPair(tracingTo(own.url, { ratio: 0 }), tracingTo(own.url));
  const unrecorded = await ask(distributor, HOSTILE);
  // Nobody has decided about this one. It waits in the same line: what is told of the one before has come by then.
  const recorded = await ask(region);
  const spans = await own.until((known) => known.some(isServer));
  assert.deepEqual(
    spans.filter(isServer).map(({ attributes }) => attributes['lumina.request_id']),
    [recorded.headers['x-request-id']],
  );
  assert.notEqual(recorded.headers['x-request-id'], unrecorded.headers['x-request-id']);
  assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1);
});

it('tells regions nothing, whatever a caller says, where no collector is named', async () => {
  let told: IncomingHttpHeaders = {};
  const region = await startServer((request, response) => {
    told = request.headers;
    response.setHeader('Content-Type', 'application/json').end('{}');
  });
  started.push(region);
  const distributor = await startDistributor(issuer, { 1: region.url });
  started.push(distributor);
  await ask(distributor, HOSTILE);
  assert.equal(told['x-forwarded-proto'], 'http');
  for (const name of Object.keys(HOSTILE)) assert.equal(told[name.toLowerCase()], undefined, name);
});
