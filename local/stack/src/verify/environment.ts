import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { REGIONS } from '@lumina/contracts';

import { ManagedProcess, type ProcessSpec } from '../managed-process.ts';
import { findFreePortBase, LOOPBACK } from '../ports.ts';
import { EVENTS_STREAM, FACTS_STREAM } from '../streams.ts';
import { openStoreDoor } from './store-door.ts';

/** The region whose ingestion is verified. */
export const VERIFIED_REGION_ID = 1;
const AWS_REGION = REGIONS[VERIFIED_REGION_ID].awsRegion;
/** The territory whose traffic is verified. */
export const VERIFIED_TERRITORY_ID = 101;
/** The local servers check no signature; the clients insist on signing. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;
const STOP_TIMEOUT_MS = 5_000;
/** What a forwarder still holds must reach the stream. */
const FORWARDER_STOP_TIMEOUT_MS = 60_000;

/** The switch that a forwarder listens to, and the clock that both go by. */
export interface ForwarderPlan {
  readonly switchPort: number;
  readonly password: string;
  /** Contracted channels by trunk. */
  readonly trunks: Readonly<Record<string, number>>;
  /** What simulated clocks show now, epoch ms, and how fast they run. */
  readonly nowMs: number;
  readonly speed: number;
}

/** A region's ingestion, from the collector to the store, in processes of their own. */
export interface IngestEnvironment {
  readonly collectorUrl: string;
  readonly ingestKey: string;
  readonly timestreamEndpoint: string;
  readonly kinesisEndpoint: string;
  readonly awsRegion: string;
  /** Where dead letters are kept. */
  readonly deadLetterDir: string;
  /** Starts a forwarder that listens to a switch by the clock of the simulation. */
  startForwarder(plan: ForwarderPlan): Promise<void>;
  /** Ends it in peace: what it has read reaches the stream. */
  stopForwarder(): Promise<void>;
  /** Ends the worker with SIGKILL, now or as its next write stands at the store's door, and starts a new one. */
  killWorker(when: 'now' | 'before-write'): Promise<void>;
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Answers the collector's question for the keys, as a regional BFF would. */
async function serveIngestKeys(key: string): Promise<{ url: string; close: () => Promise<void> }> {
  const hash = createHash('sha256').update(key).digest('hex');
  const body = JSON.stringify({ keys: [{ hash, territoryId: VERIFIED_TERRITORY_ID, regionId: VERIFIED_REGION_ID }] });
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('verify_listen: the key server has no port');
  return {
    url: `http://${LOOPBACK}:${String(address.port)}/internal/ingest-keys`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function at(port: number): string {
  return `http://${LOOPBACK}:${String(port)}`;
}

/** Where the processes of one run find each other and keep their data. */
interface Whereabouts {
  readonly dataDir: string;
  readonly ports: ReturnType<typeof portsFrom>;
  /** The worker's way to the store. */
  readonly storeUrl: string;
  readonly keysUrl: string;
}

function portsFrom(base: number) {
  return {
    timestream: base + 2,
    kinesis: base + 3,
    dynamodb: base + 4,
    collector: base + 41,
    worker: base + 61,
    forwarder: base + 62,
  };
}

function emulatorSpecs({ ports, dataDir }: Whereabouts): ProcessSpec[] {
  const emulator = (name: 'timestream' | 'kinesis' | 'dynamodb', file: string, port: number): ProcessSpec => ({
    name,
    file: join(root, file),
    args: ['--port', String(port), '--data', join(dataDir, name)],
    ready: { url: at(port), status: 'any' },
  });
  return [
    emulator('timestream', 'local/timestream/src/main.ts', ports.timestream),
    emulator('kinesis', 'local/stack/src/hosts/kinesis.ts', ports.kinesis),
    emulator('dynamodb', 'local/stack/src/hosts/dynamodb.ts', ports.dynamodb),
  ];
}

function deadLetterDirOf(dataDir: string): string {
  return join(dataDir, 'dead-letters');
}

function commonEnvironment({ ports }: Whereabouts): Record<string, string> {
  return {
    HOST: LOOPBACK,
    LOG_LEVEL: 'info',
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    LUMINA_REGION_ID: String(VERIFIED_REGION_ID),
    KINESIS_ENDPOINT: at(ports.kinesis),
    KINESIS_REGION: AWS_REGION,
    EVENTS_STREAM,
  };
}

function ingestSpecs(where: Whereabouts, control: string | undefined): ProcessSpec[] {
  const { ports } = where;
  const common = commonEnvironment(where);
  return [
    {
      name: 'worker',
      file: join(root, 'ingest/src/hosts/worker.ts'),
      env: {
        ...common,
        PORT: String(ports.worker),
        FACTS_STREAM,
        TIMESTREAM_ENDPOINT: where.storeUrl,
        TIMESTREAM_REGION: AWS_REGION,
        DYNAMODB_ENDPOINT: at(ports.dynamodb),
        DYNAMODB_REGION: AWS_REGION,
        LEASE_TABLE: `lumina-leases-region-${String(VERIFIED_REGION_ID)}`,
        DLQ_DIR: deadLetterDirOf(where.dataDir),
        TERRITORY_HASH_SECRET: randomBytes(16).toString('hex'),
        ...(control === undefined ? {} : { INGEST_FAILPOINT: control }),
      },
      ready: { url: `${at(ports.worker)}/readyz`, status: 'ok' },
    },
    {
      name: 'collector',
      file: join(root, 'ingest/src/hosts/collector.ts'),
      env: {
        ...common,
        PORT: String(ports.collector),
        INGEST_KEYS_URL: where.keysUrl,
        LUMINA_INTERNAL_TOKEN: 'verify',
      },
      ready: { url: `${at(ports.collector)}/readyz`, status: 'ok' },
    },
  ];
}

function forwarderSpec(where: Whereabouts, plan: ForwarderPlan): ProcessSpec {
  return {
    name: 'forwarder',
    file: join(root, 'ingest/src/hosts/esl.ts'),
    imports: [import.meta.resolve('@lumina/switch/scaled-clock')],
    env: {
      ...commonEnvironment(where),
      PORT: String(where.ports.forwarder),
      ESL_HOST: LOOPBACK,
      ESL_PORT: String(plan.switchPort),
      ESL_PASSWORD: plan.password,
      ESL_TERRITORY_ID: String(VERIFIED_TERRITORY_ID),
      ESL_SNAPSHOTS: 'queues,calls,trunks',
      ESL_TRUNKS: JSON.stringify(plan.trunks),
      ESL_SPILL_DIR: join(where.dataDir, 'spill'),
      LUMINA_CLOCK_SPEED: String(plan.speed),
      LUMINA_CLOCK_ORIGIN_MS: String(Date.now()),
      LUMINA_CLOCK_BASE_MS: String(plan.nowMs),
    },
    ready: { url: `${at(where.ports.forwarder)}/healthz`, status: 'ok' },
  };
}

/**
 * Starts the store, the stream, the lease table, a collector and a worker on free ports.
 * @param control names one of the worker's negative controls, or nothing
 */
export async function startIngestEnvironment(dataDir: string, control: string | undefined): Promise<IngestEnvironment> {
  const ports = portsFrom(await findFreePortBase());
  const ingestKey = randomBytes(24).toString('base64url');
  const keys = await serveIngestKeys(ingestKey);
  const door = await openStoreDoor(ports.timestream);
  const where = { dataDir, ports, storeUrl: door.url, keysUrl: keys.url };
  const processes: ManagedProcess[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(processes.map((process) => process.stop(STOP_TIMEOUT_MS)));
    await keys.close();
    await door.close();
  };
  const fail = ({ name }: { name: string }): void => {
    console.error(`verify_process_ended: ${name} ended by itself; see its log in ${join(dataDir, 'logs')}`);
    process.exitCode = 1;
  };
  try {
    for (const spec of [...emulatorSpecs(where), ...ingestSpecs(where, control)]) {
      const started = new ManagedProcess(spec, join(dataDir, 'logs'), fail);
      processes.push(started);
      await started.start();
    }
  } catch (error) {
    await close();
    throw error;
  }
  const workerProcess = processes.find((candidate) => candidate.spec.name === 'worker');
  return {
    collectorUrl: at(ports.collector),
    ingestKey,
    timestreamEndpoint: at(ports.timestream),
    kinesisEndpoint: at(ports.kinesis),
    awsRegion: AWS_REGION,
    deadLetterDir: deadLetterDirOf(dataDir),
    startForwarder: async (plan) => {
      const forwarder = new ManagedProcess(forwarderSpec(where, plan), join(dataDir, 'logs'), fail);
      processes.unshift(forwarder);
      await forwarder.start();
    },
    stopForwarder: async () => {
      await processes.find((candidate) => candidate.spec.name === 'forwarder')?.stop(FORWARDER_STOP_TIMEOUT_MS);
    },
    killWorker: async (when) => {
      if (when === 'before-write') await door.nextWrite();
      await workerProcess?.kill('SIGKILL');
      await workerProcess?.start();
    },
    close,
  };
}
