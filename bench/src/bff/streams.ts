import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startTimestreamLocal } from 'timestream-local';
import { startMeasured } from '../child-process.ts';
import type { MeasuredProcess } from '../child-process.ts';
import { medianOf } from '../statistics.ts';
import { startIssuer } from './token.ts';
import { openViewers } from './viewers.ts';

const fileAt = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** How the image starts the service. */
export const AS_IN_ITS_IMAGE = { NODE_OPTIONS: '--max-semi-space-size=8' };
const VIEWERS = 2_000;
/** A person may hold twenty streams. */
const STREAMS_PER_PERSON = 20;
const SETTLE_MS = 5_000;
const ROUND_MS = 6_000;
const ROUNDS = 5;
const QUESTION = JSON.stringify({
  range: { last: '1h' },
  bin: '1m',
  queries: [
    { ref: 'A', metrics: ['call_count', 'call_answer_rate', 'call_abandon_rate'] },
    { ref: 'B', metrics: ['call_duration'] },
  ],
});

/** What two thousand viewers of live frames cost one process. */
export interface StreamResult {
  /** Processor time, in per cent of a core. */
  readonly corePct: number;
  /** Memory beyond the idle process. */
  readonly rssMb: number;
  readonly bytesPerViewerAndSecond: number;
}

async function measure(target: MeasuredProcess, tokens: readonly string[]): Promise<StreamResult> {
  const idleMb = await target.rssMb();
  const tokenOf = (viewer: number): string => tokens[Math.floor(viewer / STREAMS_PER_PERSON)] ?? '';
  const viewers = await openViewers(target.url, VIEWERS, tokenOf, QUESTION);
  await delay(SETTLE_MS);
  const shares: number[] = [];
  const sizes: number[] = [];
  let largestMb = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedMs = performance.now();
    const [cpuMs, bytes] = [await target.cpuMs(), viewers.bytes()];
    await delay(ROUND_MS);
    const tookMs = performance.now() - startedMs;
    shares.push((100 * ((await target.cpuMs()) - cpuMs)) / tookMs);
    sizes.push((viewers.bytes() - bytes) / VIEWERS / (tookMs / 1_000));
    largestMb = Math.max(largestMb, await target.rssMb());
  }
  const lost = viewers.lost();
  viewers.close();
  if (lost > 0) throw new Error(`${String(lost)} of ${String(VIEWERS)} streams ended by themselves.`);
  return { corePct: medianOf(shares), rssMb: largestMb - idleMb, bytesPerViewerAndSecond: medianOf(sizes) };
}

/** Two thousand viewers at a region itself, and at the distributor in front of one that sends 1 KB a second. */
export async function measureStreams(): Promise<{ region: StreamResult; distributor: StreamResult }> {
  const issuer = await startIssuer();
  const folder = await mkdtemp(join(tmpdir(), 'bench-bff-'));
  const tokens = await Promise.all(
    Array.from({ length: Math.ceil(VIEWERS / STREAMS_PER_PERSON) }, (_, person) => issuer.tokenOf(person)),
  );
  const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  const plainRegion = await startMeasured(fileAt('bench/src/bff/plain-region.ts'));
  const store = await startTimestreamLocal({ port: 0, host: '127.0.0.1', dataDir: join(folder, 'store') });
  const env = {
    ...issuer.env,
    ...credentials,
    ...AS_IN_ITS_IMAGE,
    LUMINA_ROLE: 'regional',
    LUMINA_REGION_ID: '1',
    LUMINA_CONFIG_DIR: join(folder, 'config'),
    TIMESTREAM_REGION: 'eu-west-1',
    TIMESTREAM_ENDPOINT: store.url,
  };
  await promisify(execFile)(process.execPath, [fileAt('bff/src/cli/migrate.ts')], { env: { ...process.env, ...env } });
  const region = await startMeasured(fileAt('bff/src/server.ts'), env);
  const distributor = await startMeasured(fileAt('bff/src/server.ts'), {
    ...issuer.env,
    ...AS_IN_ITS_IMAGE,
    LUMINA_ROLE: 'distributor',
    LUMINA_REGION_URLS: JSON.stringify({ 1: plainRegion.url }),
  });
  try {
    return { region: await measure(region, tokens), distributor: await measure(distributor, tokens) };
  } finally {
    await Promise.all([distributor.stop(), region.stop(), plainRegion.stop()]);
    await store.close();
    issuer.close();
    await rm(folder, { recursive: true });
  }
}
