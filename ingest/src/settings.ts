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

const TENANT_SETTINGS: readonly Setting[] = [
  {
    name: 'TERRITORY_VARIABLE',
    type: 'name',
    default: 'territory_id',
    description: 'Channel variable of FreeSWITCH that holds the territory id.',
  },
  {
    name: 'REGION_VARIABLE',
    type: 'name',
    default: 'region_id',
    description: 'Channel variable of FreeSWITCH that holds the region id.',
  },
];

/** Settings of the collector. */
export const COLLECTOR_SETTINGS: readonly Setting[] = [
  ...COMMON,
  ...TENANT_SETTINGS,
  {
    name: 'INGEST_KEYS_URL',
    type: 'URL',
    required: true,
    description: 'Where the hashes of the ingest keys are polled from.',
  },
  { name: 'LUMINA_INTERNAL_TOKEN', type: 'secret', default: '', description: 'Bearer token for INGEST_KEYS_URL.' },
  {
    name: 'INGEST_KEYS_INTERVAL_MS',
    type: 'ms',
    default: '5000',
    description: 'How often INGEST_KEYS_URL is polled; a revoked key is refused after the next poll.',
  },
  {
    name: 'FACTS_PER_SECOND',
    type: 'number',
    default: '5000',
    description:
      'Facts that the events of one territory may become, per second, twelve seconds of it at once; what exceeds them is answered 429.',
  },
  {
    name: 'IN_FLIGHT_LIMIT_BYTES',
    type: 'bytes',
    default: '64000000',
    description:
      'Bytes of bodies in work at once, as sent and unpacked, of which one territory gets at most two thirds; what exceeds them is answered 429.',
  },
  {
    name: 'BODY_TIMEOUT_MS',
    type: 'ms',
    default: '15000',
    description: 'How long a body may take to arrive; a slower one is answered 408.',
  },
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
  {
    name: 'TIMESTREAM_REJECTED_BUCKET',
    type: 'bucket',
    description:
      'S3 bucket for the reports of Timestream on rows older than its memory store that it dropped; named when the ' +
      'tables are created. Empty: such rows are dropped without a word.',
  },
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
    name: 'LEASE_EXPIRY_MS',
    type: 'milliseconds',
    default: '10000',
    description:
      'A lease that nobody renewed for so long is taken by another worker; renewed four times in it. The same for all ' +
      'workers of a table.',
  },
  {
    name: 'WORKER_INSTANCE',
    type: 'name',
    description:
      'Name that this worker keeps over restarts and that no other worker has at the same time, such as that of a pod ' +
      'of a stateful set: at start it takes the leases of its predecessor of this name at once. Empty: it waits until ' +
      'they expire.',
  },
  {
    name: 'DRAIN_MS',
    type: 'milliseconds',
    default: '10000',
    description: 'How long work in flight may take after SIGTERM; given up then, and read again by the next owner.',
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

/** Settings of the forwarder of a FreeSWITCH. */
export const ESL_SETTINGS: readonly Setting[] = [
  ...COMMON,
  ...TENANT_SETTINGS,
  { name: 'ESL_HOST', type: 'host', required: true, description: 'Host of the event socket.' },
  { name: 'ESL_PORT', type: 'port', default: '8021', description: 'Port of the event socket.' },
  { name: 'ESL_PASSWORD', type: 'secret', required: true, description: 'Password of the event socket.' },
  {
    name: 'ESL_TERRITORY_ID',
    type: 'territory id',
    description:
      'Territory of everything that names none. Leave it out on a switch that many territories share: what names none ' +
      'is then refused and counted.',
  },
  {
    name: 'ESL_DOMAINS',
    type: 'JSON object',
    default: '{}',
    description: 'Territory id of each domain: queues and agents are `name@domain`.',
  },
  {
    name: 'ESL_SNAPSHOTS',
    type: 'queues, agents, calls, trunks',
    default: 'queues,agents,calls,trunks',
    description:
      'Snapshots that this forwarder owns, by comma. Without `agents` another source owns the states of agents.',
  },
  {
    name: 'ESL_SNAPSHOT_INTERVAL_MS',
    type: 'milliseconds',
    default: '10000',
    description: 'How often snapshots are taken; the interval that each stands for.',
  },
  {
    name: 'ESL_SNAPSHOT_PART',
    type: 'text',
    default: '',
    description: 'Begins the names of the parts of snapshots: switches that share a territory need different ones.',
  },
  {
    name: 'ESL_SNAPSHOT_PARTS',
    type: 'number',
    default: '1',
    description: 'Into how many parts snapshots of queues and agents are cut at least.',
  },
  {
    name: 'ESL_TRUNKS',
    type: 'JSON object',
    default: '{}',
    description:
      'Contracted channels of each trunk, by its id, or `{"capacity", "territoryId", "prefix"}`: channels whose name ' +
      'begins with prefix, by default `sofia/gateway/<trunk id>/`, are busy ones of it.',
  },
  {
    name: 'ESL_TEAMS',
    type: 'JSON object',
    default: '{}',
    description: 'Team of each agent, by its name in the switch.',
  },
  {
    name: 'ESL_SILENCE_LIMIT_MS',
    type: 'milliseconds',
    default: '45000',
    description: 'A switch that sends nothing for so long is connected to anew; it sends a heartbeat every 20 s.',
  },
  {
    name: 'ESL_SPILL_DIR',
    type: 'folder',
    required: true,
    description: 'Local disk for what the stream has not taken, and for the state that survives a restart.',
  },
  {
    name: 'ESL_MEMORY_BYTES',
    type: 'bytes',
    default: '33554432',
    description: 'Events kept in memory while the stream is slow; beyond it they are on disk only.',
  },
  {
    name: 'ESL_SPILL_BYTES',
    type: 'bytes',
    default: '536870912',
    description: 'Events on disk that the stream has not taken; towards it, the least important classes are shed.',
  },
];
