import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { REGIONS } from '@lumina/contracts';

import { ManagedProcess, type ProcessSpec } from '../managed-process.ts';
import { findFreePortBase, LOOPBACK } from '../ports.ts';
import { openStoreDoor } from './store-door.ts';

const REGION_ID = 1;
/** The territory whose traffic is verified. */
export const VERIFIED_TERRITORY_ID = 101;
/** The local servers check no signature; the clients insist on signing. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;
const STOP_TIMEOUT_MS = 5_000;

/** A region's ingestion, from the collector to the store, in processes of their own. */
export interface IngestEnvironment {
  readonly collectorUrl: string;
  readonly ingestKey: string;
  readonly timestreamEndpoint: string;
  readonly awsRegion: string;
  /** Ends the worker with SIGKILL, now or as its next write stands at the store's door, and starts a new one. */
  killWorker(when: 'now' | 'before-write'): Promise<void>;
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Answers the collector's question for the keys, as a regional BFF would. */
async function serveIngestKeys(key: string): Promise<{ url: string; close: () => Promise<void> }> {
  const hash = createHash('sha256').update(key).digest('hex');
  const body = JSON.stringify({ keys: [{ hash, territoryId: VERIFIED_TERRITORY_ID, regionId: REGION_ID }] });
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

/**
 * Starts the store, the stream, the lease table, a collector and a worker on free ports.
 * @param control names one of the worker's negative controls, or nothing
 */
export async function startIngestEnvironment(dataDir: string, control: string | undefined): Promise<IngestEnvironment> {
  const base = await findFreePortBase();
  const [timestream, kinesis, dynamodb, collector, worker] = [base + 2, base + 3, base + 4, base + 41, base + 61];
  const ingestKey = randomBytes(24).toString('base64url');
  const keys = await serveIngestKeys(ingestKey);
  const door = await openStoreDoor(timestream);
  const awsRegion = REGIONS[REGION_ID].awsRegion;
  const common = {
    HOST: LOOPBACK,
    LOG_LEVEL: 'info',
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    LUMINA_REGION_ID: String(REGION_ID),
    KINESIS_ENDPOINT: at(kinesis),
    KINESIS_REGION: awsRegion,
    EVENTS_STREAM: 'lumina-events',
  };
  const specs: ProcessSpec[] = [
    {
      name: 'timestream',
      file: join(root, 'local/timestream/src/main.ts'),
      args: ['--port', String(timestream), '--data', join(dataDir, 'timestream'), '--host', LOOPBACK],
      ready: { url: at(timestream), status: 'any' },
    },
    {
      name: 'kinesis',
      file: join(root, 'local/stack/src/hosts/kinesis.ts'),
      args: ['--port', String(kinesis), '--data', join(dataDir, 'kinesis')],
      ready: { url: at(kinesis), status: 'any' },
    },
    {
      name: 'dynamodb',
      file: join(root, 'local/stack/src/hosts/dynamodb.ts'),
      args: ['--port', String(dynamodb), '--data', join(dataDir, 'dynamodb')],
      ready: { url: at(dynamodb), status: 'any' },
    },
    {
      name: 'worker',
      file: join(root, 'ingest/src/hosts/worker.ts'),
      env: {
        ...common,
        PORT: String(worker),
        FACTS_STREAM: 'lumina-facts',
        TIMESTREAM_ENDPOINT: door.url,
        TIMESTREAM_REGION: awsRegion,
        DYNAMODB_ENDPOINT: at(dynamodb),
        DYNAMODB_REGION: awsRegion,
        LEASE_TABLE: `lumina-leases-region-${String(REGION_ID)}`,
        DLQ_DIR: join(dataDir, 'dead-letters'),
        TERRITORY_HASH_SECRET: randomBytes(16).toString('hex'),
        ...(control === undefined ? {} : { INGEST_FAILPOINT: control }),
      },
      ready: { url: `${at(worker)}/readyz`, status: 'ok' },
    },
    {
      name: 'collector',
      file: join(root, 'ingest/src/hosts/collector.ts'),
      env: { ...common, PORT: String(collector), INGEST_KEYS_URL: keys.url, LUMINA_INTERNAL_TOKEN: 'verify' },
      ready: { url: `${at(collector)}/readyz`, status: 'ok' },
    },
  ];
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
    for (const spec of specs) {
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
    collectorUrl: at(collector),
    ingestKey,
    timestreamEndpoint: at(timestream),
    awsRegion,
    killWorker: async (when) => {
      if (when === 'before-write') await door.nextWrite();
      await workerProcess?.kill('SIGKILL');
      await workerProcess?.start();
    },
    close,
  };
}
