import { isRegionId } from '@lumina/contracts';

import { FAILPOINT_NAMES, parseFailpoint } from './hosts/failpoints.ts';
import type { DeadLettersConfig } from './adapters/dead-letters.ts';
import { isNegativeControl, NEGATIVE_CONTROLS, type NegativeControl } from './core/negative-controls.ts';

/** One setting of a process: the docs are written from it. */
export interface Setting {
  readonly name: string;
  readonly type: string;
  readonly default?: string;
  readonly required?: boolean;
  readonly description: string;
}

const COMMON: readonly Setting[] = [
  { name: 'HOST', type: 'address', default: '127.0.0.1', description: 'Address to listen on.' },
  { name: 'PORT', type: 'port', default: '0', description: 'Port to listen on; 0 takes a free one.' },
  {
    name: 'LOG_LEVEL',
    type: 'fatal | error | warn | info | debug | trace',
    default: 'info',
    description: 'Least level that is logged.',
  },
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

/** Settings of the worker. */
export const WORKER_SETTINGS: readonly Setting[] = [
  ...COMMON,
  {
    name: 'FACTS_STREAM',
    type: 'name',
    default: 'lumina-facts',
    description: 'Stream of stored facts (the live tail), created when missing.',
  },
  { name: 'TIMESTREAM_ENDPOINT', type: 'URL', description: 'Timestream server; empty uses that of TIMESTREAM_REGION.' },
  { name: 'TIMESTREAM_REGION', type: 'AWS region', required: true, description: 'AWS region of the metric store.' },
  { name: 'DYNAMODB_ENDPOINT', type: 'URL', description: 'DynamoDB server; empty uses that of DYNAMODB_REGION.' },
  { name: 'DYNAMODB_REGION', type: 'AWS region', required: true, description: 'AWS region of the lease table.' },
  {
    name: 'LEASE_TABLE',
    type: 'name',
    required: true,
    description: 'Table of leases and checkpoints, created when missing.',
  },
  ...DEAD_LETTER_SETTINGS,
  {
    name: 'TERRITORY_HASH_SECRET',
    type: 'secret',
    required: true,
    description: 'Secret of the pseudonyms that replace e-mail-like and telephone-like ids; never changed.',
  },
  {
    name: 'INGEST_FAILPOINT',
    type: `${NEGATIVE_CONTROLS.join(' | ')} | <failpoint>:kill[:<n>]`,
    description:
      'Turns on a deliberate defect that verification must notice, or lets the worker kill itself at its n-th time ' +
      `at ${FAILPOINT_NAMES.join(', ')}. For tests only.`,
  },
];

/** Raised with every bad setting at once. */
export class ConfigError extends Error {
  readonly code = 'bad_settings';

  constructor(problems: readonly string[]) {
    super(`Bad settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Settings that both processes have. */
export interface CommonConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly regionId: number;
  readonly kinesis: { readonly endpoint: string | undefined; readonly region: string };
  readonly eventsStream: string;
}
/** The collector's settings, checked. */
export interface CollectorConfig extends CommonConfig {
  readonly keysUrl: string;
  readonly internalToken: string;
}
/** The worker's settings, checked. */
export interface WorkerConfig extends CommonConfig {
  readonly factsStream: string;
  readonly timestream: { readonly endpoint: string | undefined; readonly region: string };
  readonly dynamodb: { readonly endpoint: string | undefined; readonly region: string };
  readonly leaseTable: string;
  readonly deadLetters: DeadLettersConfig;
  readonly personalIdSecret: string;
  readonly negativeControl: NegativeControl | undefined;
  /** Where the worker kills itself, as `after-write:kill:3`. */
  readonly failpoint?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

class SettingReader {
  readonly problems: string[] = [];
  private readonly environment: Environment;
  private readonly settings: readonly Setting[];

  constructor(environment: Environment, settings: readonly Setting[]) {
    this.environment = environment;
    this.settings = settings;
    for (const { name, required, type } of settings) {
      if (required === true && (environment[name] ?? '') === '')
        this.problems.push(`${name} is not set: give a ${type}.`);
    }
  }

  optional(name: string): string | undefined {
    const given = this.environment[name];
    if (given !== undefined && given !== '') return given;
    return this.settings.find((setting) => setting.name === name)?.default;
  }

  text(name: string): string {
    return this.optional(name) ?? '';
  }

  integer(name: string, maximum: number): number {
    const text = this.text(name);
    const value = Number(text);
    if (text !== '' && !(/^\d{1,9}$/.test(text) && value <= maximum)) {
      this.problems.push(`${name} must be a whole number of at most ${String(maximum)}.`);
    }
    return value;
  }

  url(name: string): string | undefined {
    const text = this.optional(name);
    if (text !== undefined && text !== '' && !URL.canParse(text)) this.problems.push(`${name} must be a URL.`);
    return text;
  }

  finish(): void {
    if (this.problems.length > 0) throw new ConfigError(this.problems);
  }
}

function readRegionId(reader: SettingReader): number {
  const text = reader.text('LUMINA_REGION_ID');
  const id = Number(text);
  if (text !== '' && !isRegionId(id)) reader.problems.push('LUMINA_REGION_ID must be a region id from 1 to 6.');
  return id;
}

function commonOf(reader: SettingReader): CommonConfig {
  return {
    host: reader.text('HOST'),
    port: reader.integer('PORT', 65_535),
    logLevel: reader.text('LOG_LEVEL'),
    regionId: readRegionId(reader),
    kinesis: { endpoint: reader.url('KINESIS_ENDPOINT'), region: reader.text('KINESIS_REGION') },
    eventsStream: reader.text('EVENTS_STREAM'),
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

/** Reads the collector's settings; every bad one is reported at once. */
export function readCollectorConfig(environment: Environment = process.env): CollectorConfig {
  const reader = new SettingReader(environment, COLLECTOR_SETTINGS);
  const config = {
    ...commonOf(reader),
    keysUrl: reader.url('INGEST_KEYS_URL') ?? '',
    internalToken: reader.text('LUMINA_INTERNAL_TOKEN'),
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
    factsStream: reader.text('FACTS_STREAM'),
    timestream: { endpoint: reader.url('TIMESTREAM_ENDPOINT'), region: reader.text('TIMESTREAM_REGION') },
    dynamodb: { endpoint: reader.url('DYNAMODB_ENDPOINT'), region: reader.text('DYNAMODB_REGION') },
    leaseTable: reader.text('LEASE_TABLE'),
    deadLetters: readDeadLetters(reader),
    personalIdSecret: reader.text('TERRITORY_HASH_SECRET'),
    negativeControl: failpoint !== undefined && isNegativeControl(failpoint) ? failpoint : undefined,
    failpoint: failpoint !== undefined && !isNegativeControl(failpoint) ? failpoint : undefined,
  };
  reader.finish();
  return config;
}
