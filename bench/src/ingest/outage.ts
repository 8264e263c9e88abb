import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CreateStreamCommand, KinesisClient, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { startMeasured, type MeasuredProcess } from '../child-process.ts';
import { startProducer, type Producer } from './producer.ts';

const EVENTS_STREAM = 'lumina-events';
const SHARDS = 2;
const RATE_PER_SECOND = 1_000;
const SETTLE_MS = 8_000;
const SAMPLE_MS = 500;
/** A backlog of so little time is none: it is what is on its way. */
const ON_ITS_WAY_S = 3;
const LONGEST_DRAIN_MS = 100_000;
const TABLE = 'queue_metrics';

/** How a worker bears an outage of its store. */
export interface OutageResult {
  /** Most resident memory of the worker, from the beginning of the outage until the backlog is gone. */
  readonly outageRssMb: number;
  /** Events stored per second after the outage / events that came per second meanwhile. */
  readonly drainVsArrival: number;
  readonly arrivalPerSecond: number;
  readonly drainPerSecond: number;
  readonly backlog: number;
  readonly drainSeconds: number;
}

interface Stand {
  readonly worker: MeasuredProcess;
  readonly sink: MeasuredProcess;
  readonly producer: Producer;
}

const hostFile = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

async function createStream(client: KinesisClient): Promise<void> {
  await client.send(new CreateStreamCommand({ StreamName: EVENTS_STREAM, ShardCount: SHARDS }));
  await waitUntilStreamExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { StreamName: EVENTS_STREAM });
}

async function storedOf(sink: MeasuredProcess): Promise<number> {
  const counts = (await (await fetch(`${sink.url}/counts`)).json()) as Readonly<Record<string, number>>;
  return counts[TABLE] ?? 0;
}

/** Samples memory until told to stop; answers the most seen. */
function watchMemory(worker: MeasuredProcess): () => Promise<number> {
  const stopping = new AbortController();
  const watching = (async () => {
    let mostMb = 0;
    while (!stopping.signal.aborted) {
      mostMb = Math.max(mostMb, await worker.rssMb());
      await delay(SAMPLE_MS);
    }
    return mostMb;
  })();
  return () => {
    stopping.abort();
    return watching;
  };
}

async function bearOutage({ worker, sink, producer }: Stand, outageMs: number): Promise<OutageResult> {
  await delay(SETTLE_MS);
  if ((await storedOf(sink)) === 0) throw new Error('The worker stored nothing before the outage.');
  await fetch(`${sink.url}/outage/begin`);
  const mostMemory = watchMemory(worker);
  await delay(outageMs);
  const [producedBefore, storedBefore] = [producer.produced(), await storedOf(sink)];
  await fetch(`${sink.url}/outage/end`);
  const endedMs = performance.now();
  let stored = storedBefore;
  while (producer.produced() - stored > ON_ITS_WAY_S * RATE_PER_SECOND) {
    if (performance.now() - endedMs > LONGEST_DRAIN_MS) break;
    await delay(SAMPLE_MS);
    stored = await storedOf(sink);
  }
  const seconds = (performance.now() - endedMs) / 1000;
  const arrivalPerSecond = (producer.produced() - producedBefore) / seconds;
  const drainPerSecond = (stored - storedBefore) / seconds;
  return {
    outageRssMb: await mostMemory(),
    drainVsArrival: drainPerSecond / arrivalPerSecond,
    arrivalPerSecond,
    drainPerSecond,
    backlog: producedBefore - storedBefore,
    drainSeconds: seconds,
  };
}

/** A worker of its own process, events on a real stream protocol, and a store that answers 503 for a while. */
export async function measureOutage(outageMs: number): Promise<OutageResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-ingest-'));
  const argumentsFor = (name: string) => (port: number) => ['--port', String(port), '--data', join(folder, name)];
  const [sink, kinesis, dynamodb] = await Promise.all([
    startMeasured(fileURLToPath(new URL('sink.ts', import.meta.url))),
    startMeasured(hostFile('local/stack/src/hosts/kinesis.ts'), {}, argumentsFor('kinesis')),
    startMeasured(hostFile('local/stack/src/hosts/dynamodb.ts'), {}, argumentsFor('dynamodb')),
  ]);
  const client = new KinesisClient({
    endpoint: kinesis.url,
    region: 'eu-west-1',
    requestHandler: new NodeHttpHandler(),
  });
  await createStream(client);
  const worker = await startMeasured(hostFile('ingest/src/hosts/worker.ts'), {
    // As infra/docker/ingest.Dockerfile starts it.
    NODE_OPTIONS: '--max-semi-space-size=4',
    LOG_LEVEL: 'error',
    LUMINA_REGION_ID: '1',
    KINESIS_ENDPOINT: kinesis.url,
    KINESIS_REGION: 'eu-west-1',
    DYNAMODB_ENDPOINT: dynamodb.url,
    DYNAMODB_REGION: 'eu-west-1',
    LEASE_TABLE: 'bench-leases',
    TIMESTREAM_ENDPOINT: sink.url,
    TIMESTREAM_REGION: 'eu-west-1',
    TERRITORY_HASH_SECRET: 'bench',
    DLQ_DIR: join(folder, 'dead-letters'),
  });
  const producer = startProducer(client, EVENTS_STREAM, RATE_PER_SECOND);
  try {
    return await bearOutage({ worker, sink, producer }, outageMs);
  } finally {
    await producer.stop();
    client.destroy();
    for (const one of [worker, kinesis, dynamodb, sink]) await one.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
