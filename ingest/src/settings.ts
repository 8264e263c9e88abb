import { FAILPOINT_NAMES } from './hosts/failpoints.ts';
import { NEGATIVE_CONTROLS } from './core/negative-controls.ts';

/** One setting of a process: the docs are written from it. */
export interface Setting {
  readonly name: string;
  readonly type: string;
  readonly default?: string;
  readonly required?: boolean;
  readonly description: string;
}

const LOG_LEVEL: Setting = {
  name: 'LOG_LEVEL',
  type: 'fatal | error | warn | info | debug | trace',
  default: 'info',
  description: 'Least level that is logged.',
};

const STREAM_SETTINGS: readonly Setting[] = [
  {
    name: 'LUMINA_REGION_ID',
    type: 'region id',
    required: true,
    description: 'Region whose events this process handles.',
  },
  { name: 'KINESIS_ENDPOINT', type: 'URL', description: 'Kinesis server; empty uses that of KINESIS_REGION.' },
  { name: 'KINESIS_REGION', type: 'AWS region', required: true, description: 'AWS region of the streams.' },
  {
    name: 'EVENTS_STREAM',
    type: 'name',
    default: 'lumina-events',
    description: 'Stream of events, created when missing.',
  },
];

const COMMON: readonly Setting[] = [
  { name: 'HOST', type: 'address', default: '127.0.0.1', description: 'Address to listen on.' },
  { name: 'PORT', type: 'port', default: '0', description: 'Port to listen on; 0 takes a free one.' },
  LOG_LEVEL,
  ...STREAM_SETTINGS,
];

/** Settings of the collector. */
export const COLLECTOR_SETTINGS: readonly Setting[] = [
  ...COMMON,
  {
    name: 'INGEST_KEYS_URL',
    type: 'URL',
    required: true,
    description: 'Where the hashes of the ingest keys are polled from.',
  },
  { name: 'LUMINA_INTERNAL_TOKEN', type: 'secret', default: '', description: 'Bearer token for INGEST_KEYS_URL.' },
];

const DEAD_LETTER_SETTINGS: readonly Setting[] = [
  { name: 'DLQ_DIR', type: 'folder', description: 'Folder of dead letters; give this or DLQ_S3_BUCKET.' },
  {
    name: 'DLQ_S3_BUCKET',
    type: 'bucket',
    description: 'Bucket of dead letters, created when missing; give this or DLQ_DIR.',
  },
  { name: 'DLQ_S3_PREFIX', type: 'text', default: '', description: 'Begin of every key in DLQ_S3_BUCKET.' },
  { name: 'S3_ENDPOINT', type: 'URL', description: 'S3 server, buckets in its path; empty uses that of S3_REGION.' },
  { name: 'S3_REGION', type: 'AWS region', description: 'AWS region of DLQ_S3_BUCKET; required with it.' },
];

const STORE_SETTINGS: readonly Setting[] = [
  {
    name: 'FACTS_STREAM',
    type: 'name',
    default: 'lumina-facts',
    description: 'Stream of stored facts (the live tail), created when missing.',
  },
  { name: 'TIMESTREAM_ENDPOINT', type: 'URL', description: 'Timestream server; empty uses that of TIMESTREAM_REGION.' },
  { name: 'TIMESTREAM_REGION', type: 'AWS region', required: true, description: 'AWS region of the metric store.' },
  ...DEAD_LETTER_SETTINGS,
  {
    name: 'TERRITORY_HASH_SECRET',
    type: 'secret',
    required: true,
    description: 'Secret of the pseudonyms that replace e-mail-like and telephone-like ids; never changed.',
  },
];

/** Settings of the worker. */
export const WORKER_SETTINGS: readonly Setting[] = [
  ...COMMON,
  ...STORE_SETTINGS,
  { name: 'DYNAMODB_ENDPOINT', type: 'URL', description: 'DynamoDB server; empty uses that of DYNAMODB_REGION.' },
  { name: 'DYNAMODB_REGION', type: 'AWS region', required: true, description: 'AWS region of the lease table.' },
  {
    name: 'LEASE_TABLE',
    type: 'name',
    required: true,
    description: 'Table of leases and checkpoints, created when missing.',
  },
  {
    name: 'INGEST_FAILPOINT',
    type: `${NEGATIVE_CONTROLS.join(' | ')} | <failpoint>:kill[:<n>]`,
    description:
      'Turns on a deliberate defect that verification must notice, or lets the worker kill itself at its n-th time ' +
      `at ${FAILPOINT_NAMES.join(', ')}. For tests only.`,
  },
];

/** Settings of the Lambda function. */
export const LAMBDA_SETTINGS: readonly Setting[] = [LOG_LEVEL, ...STREAM_SETTINGS, ...STORE_SETTINGS];

/** Settings of the commands for dead letters. */
export const DLQ_SETTINGS: readonly Setting[] = DEAD_LETTER_SETTINGS;

/** Settings of `dlq replay`, besides those of the other commands. */
export const DLQ_REPLAY_SETTINGS: readonly Setting[] = STREAM_SETTINGS;
