import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { startMeasured } from '../child-process.ts';
import type { MeasuredProcess } from '../child-process.ts';
import { medianOf } from '../statistics.ts';
import { AS_IN_ITS_IMAGE } from './streams.ts';
import { startIssuer } from './token.ts';

const fileAt = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const ROUNDS = 5;
const REQUESTS_PER_ROUND = 4_000;
const CONNECTIONS = 16;
const LIGHT_REQUESTS = 400;
const QUERY = JSON.stringify({
  range: { last: '1h' },
  bin: '1m',
  queries: [{ ref: 'A', metrics: ['call_count', 'queue_depth'], groupBy: ['queue_id'] }],
});

/** What the distributor costs beside a bare proxy. */
export interface DistributorResult {
  /** Processor time of a request, ours / peer. */
  readonly cpuRatio: number;
  /** Median of what a request takes longer than through the peer, at light load. */
  readonly addedP50Ms: number;
  readonly cpuMsPerRequest: number;
}

interface Load {
  readonly p50Ms: number;
  readonly cpuMsPerRequest: number;
}

async function load(target: MeasuredProcess, token: string, amount: number, connections: number): Promise<Load> {
  const before = await target.cpuMs();
  const result = await autocannon({
    url: `${target.url}/api/metrics/query`,
    connections,
    amount,
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: QUERY,
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${target.url}: ${String(result.non2xx)} refused, ${String(result.errors)} failed`);
  }
  return { p50Ms: result.latency.p50, cpuMsPerRequest: ((await target.cpuMs()) - before) / amount };
}

/** One viewer, one request after the other: the time of each, in ms. */
async function lightLoad(target: MeasuredProcess, token: string): Promise<number> {
  const taken: number[] = [];
  for (let index = 0; index < LIGHT_REQUESTS; index += 1) {
    const startedMs = performance.now();
    const response = await fetch(`${target.url}/api/metrics/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: QUERY,
    });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${target.url} answered ${String(response.status)}`);
    taken.push(performance.now() - startedMs);
  }
  return medianOf(taken);
}

/** Measures the distributor, everything on, and a bare undici proxy in turn, before the same region. */
export async function measureDistributor(): Promise<DistributorResult> {
  const issuer = await startIssuer();
  const region = await startMeasured(fileAt('bench/src/bff/plain-region.ts'));
  const peer = await startMeasured(fileAt('bench/src/bff/undici-proxy.ts'), { UPSTREAM: region.url });
  const ours = await startMeasured(fileAt('bff/src/server.ts'), {
    ...issuer.env,
    ...AS_IN_ITS_IMAGE,
    LUMINA_ROLE: 'distributor',
    LUMINA_REGION_URLS: JSON.stringify({ 1: region.url }),
  });
  try {
    const token = await issuer.tokenOf(1);
    for (const target of [peer, ours]) await load(target, token, REQUESTS_PER_ROUND, CONNECTIONS);
    const ratios: number[] = [];
    const costs: number[] = [];
    const added: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const theirs = await load(peer, token, REQUESTS_PER_ROUND, CONNECTIONS);
      const mine = await load(ours, token, REQUESTS_PER_ROUND, CONNECTIONS);
      ratios.push(mine.cpuMsPerRequest / theirs.cpuMsPerRequest);
      costs.push(mine.cpuMsPerRequest);
      added.push((await lightLoad(ours, token)) - (await lightLoad(peer, token)));
    }
    return { cpuRatio: medianOf(ratios), cpuMsPerRequest: medianOf(costs), addedP50Ms: medianOf(added) };
  } finally {
    await Promise.all([ours.stop(), peer.stop(), region.stop()]);
    issuer.close();
  }
}
