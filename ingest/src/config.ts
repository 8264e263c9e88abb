import { isRegionId } from '@lumina/contracts';

import type { DeadLettersConfig } from './adapters/dead-letters.ts';
import { isNegativeControl, NEGATIVE_CONTROLS, type NegativeControl } from './core/negative-controls.ts';
import type { TenantVariables } from './core/sources/freeswitch-whitelist.ts';
import { FAILPOINT_NAMES, parseFailpoint } from './hosts/failpoints.ts';
import { SettingReader, type Environment } from './setting-reader.ts';
import { COLLECTOR_SETTINGS, DLQ_REPLAY_SETTINGS, DLQ_SETTINGS, LAMBDA_SETTINGS, WORKER_SETTINGS } from './settings.ts';

/** The stream of a region. */
export interface StreamConfig {
  readonly regionId: number;
  readonly kinesis: { readonly endpoint: string | undefined; readonly region: string };
  readonly eventsStream: string;
}
/** Settings that every process has. */
export interface CommonConfig extends StreamConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
}
/** Where facts and dead letters go. */
export interface StoreConfig {
  readonly factsStream: string;
  readonly timestream: {
    readonly endpoint: string | undefined;
    readonly region: string;
    /** Bucket for the reports on late rows that the store dropped; absent = none are made. */
    readonly rejectedBucket?: string | undefined;
  };
  readonly deadLetters: DeadLettersConfig;
  readonly personalIdSecret: string;
}
/** The Lambda function's settings, checked. */
export interface LambdaConfig extends StreamConfig, StoreConfig {
  readonly logLevel: string;
}
/** The collector's settings, checked. */
export interface CollectorConfig extends CommonConfig {
  readonly tenantVariables?: TenantVariables;
  readonly keysUrl: string;
  readonly internalToken: string;
  readonly keysIntervalMs?: number;
  readonly inFlightLimitBytes?: number;
  readonly factsPerSecond?: number;
  readonly bodyTimeoutMs?: number;
}
/** The worker's settings, checked. */
export interface WorkerConfig extends CommonConfig, StoreConfig {
  readonly dynamodb: { readonly endpoint: string | undefined; readonly region: string };
  readonly leaseTable: string;
  readonly leaseExpiryMs: number;
  /** What stays the same over restarts of this worker; undefined = nothing does. */
  readonly instance: string | undefined;
  readonly drainMs: number;
  readonly negativeControl: NegativeControl | undefined;
  /** Where the worker kills itself, as `after-write:kill:3`. */
  readonly failpoint?: string | undefined;
}

function readRegionId(reader: SettingReader): number {
  const text = reader.text('LUMINA_REGION_ID');
  const id = Number(text);
  if (text !== '' && !isRegionId(id)) reader.problems.push('LUMINA_REGION_ID must be a region id from 1 to 6.');
  return id;
}

/** Long enough for renewals to get through, short enough for boards to notice no more than a pause. */
function readLeaseExpiry(reader: SettingReader): number {
  const expiryMs = reader.integer('LEASE_EXPIRY_MS', 600_000);
  if (expiryMs < 1000) reader.problems.push('LEASE_EXPIRY_MS must be at least 1000.');
  return expiryMs;
}

function streamOf(reader: SettingReader): StreamConfig {
  return {
    regionId: readRegionId(reader),
    kinesis: { endpoint: reader.url('KINESIS_ENDPOINT'), region: reader.text('KINESIS_REGION') },
    eventsStream: reader.text('EVENTS_STREAM'),
  };
}

/** Reads what every process has. */
export function commonOf(reader: SettingReader): CommonConfig {
  return {
    host: reader.text('HOST'),
    port: reader.integer('PORT', 65_535),
    logLevel: reader.text('LOG_LEVEL'),
    ...streamOf(reader),
  };
}

/** Reads which headers of FreeSWITCH hold territory and region: it writes channel variables with a prefix. */
export function tenantVariablesOf(reader: SettingReader): TenantVariables {
  return {
    territoryVariable: `variable_${reader.text('TERRITORY_VARIABLE')}`,
    regionVariable: `variable_${reader.text('REGION_VARIABLE')}`,
  };
}

function readDeadLetters(reader: SettingReader): DeadLettersConfig {
  const [folder, bucket, region] = ['DLQ_DIR', 'DLQ_S3_BUCKET', 'S3_REGION'].map((name) => reader.text(name));
  const endpoint = reader.url('S3_ENDPOINT');
  if ((folder === '') === (bucket === '')) reader.problems.push('Set exactly one of DLQ_DIR and DLQ_S3_BUCKET.');
  if (!bucket) return { kind: 'folder', folder: folder ?? '' };
  if (!region) reader.problems.push('S3_REGION is not set: give the AWS region of DLQ_S3_BUCKET.');
  return { kind: 's3', bucket, prefix: reader.text('DLQ_S3_PREFIX'), region: region ?? '', endpoint };
}

function storeOf(reader: SettingReader): StoreConfig {
  return {
    factsStream: reader.text('FACTS_STREAM'),
    timestream: {
      endpoint: reader.url('TIMESTREAM_ENDPOINT'),
      region: reader.text('TIMESTREAM_REGION'),
      rejectedBucket: reader.optional('TIMESTREAM_REJECTED_BUCKET'),
    },
    deadLetters: readDeadLetters(reader),
    personalIdSecret: reader.text('TERRITORY_HASH_SECRET'),
  };
}

/** Reads where dead letters are. */
export function readDlqConfig(environment: Environment = process.env): DeadLettersConfig {
  const reader = new SettingReader(environment, DLQ_SETTINGS);
  const config = readDeadLetters(reader);
  reader.finish();
  return config;
}

/** Reads which stream dead letters go back to. */
export function readDlqReplayConfig(environment: Environment = process.env): StreamConfig {
  const reader = new SettingReader(environment, DLQ_REPLAY_SETTINGS);
  const config = streamOf(reader);
  reader.finish();
  return config;
}

/** Reads the Lambda function's settings; every bad one is reported at once. */
export function readLambdaConfig(environment: Environment = process.env): LambdaConfig {
  const reader = new SettingReader(environment, LAMBDA_SETTINGS);
  const config = { logLevel: reader.text('LOG_LEVEL'), ...streamOf(reader), ...storeOf(reader) };
  reader.finish();
  return config;
}

/** Reads the collector's settings; every bad one is reported at once. */
export function readCollectorConfig(environment: Environment = process.env): CollectorConfig {
  const reader = new SettingReader(environment, COLLECTOR_SETTINGS);
  const config = {
    ...commonOf(reader),
    tenantVariables: tenantVariablesOf(reader),
    keysUrl: reader.url('INGEST_KEYS_URL') ?? '',
    internalToken: reader.text('LUMINA_INTERNAL_TOKEN'),
    keysIntervalMs: reader.integer('INGEST_KEYS_INTERVAL_MS', 3_600_000),
    inFlightLimitBytes: reader.integer('IN_FLIGHT_LIMIT_BYTES', 999_999_999),
    factsPerSecond: reader.integer('FACTS_PER_SECOND', 999_999_999),
    bodyTimeoutMs: reader.integer('BODY_TIMEOUT_MS', 600_000),
  };
  reader.finish();
  return config;
}

/** Reads the worker's settings; every bad one is reported at once. */
export function readWorkerConfig(environment: Environment = process.env): WorkerConfig {
  const reader = new SettingReader(environment, WORKER_SETTINGS);
  const failpoint = reader.optional('INGEST_FAILPOINT');
  if (failpoint !== undefined && !isNegativeControl(failpoint) && parseFailpoint(failpoint) === undefined) {
    reader.problems.push(
      `INGEST_FAILPOINT must be one of ${NEGATIVE_CONTROLS.join(', ')}, or one of ${FAILPOINT_NAMES.join(', ')} with :kill.`,
    );
  }
  const config = {
    ...commonOf(reader),
    ...storeOf(reader),
    dynamodb: { endpoint: reader.url('DYNAMODB_ENDPOINT'), region: reader.text('DYNAMODB_REGION') },
    leaseTable: reader.text('LEASE_TABLE'),
    leaseExpiryMs: readLeaseExpiry(reader),
    instance: reader.optional('WORKER_INSTANCE'),
    drainMs: reader.integer('DRAIN_MS', 120_000),
    negativeControl: failpoint !== undefined && isNegativeControl(failpoint) ? failpoint : undefined,
    failpoint: failpoint !== undefined && !isNegativeControl(failpoint) ? failpoint : undefined,
  };
  reader.finish();
  return config;
}
