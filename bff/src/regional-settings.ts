import type { Setting } from './setting.ts';

/** What only a regional BFF reads. */
export const REGIONAL_SETTINGS: readonly Setting[] = [
  {
    name: 'LUMINA_REGION_ID',
    type: 'integer',
    required: false,
    description: 'Regional (required there): id of the own region, 1 to 6.',
  },
  {
    name: 'LUMINA_CONFIG_DIR',
    type: 'string',
    required: false,
    description: 'Regional: folder of the embedded configuration store; needed unless DATABASE_URL is set.',
  },
  {
    name: 'DATABASE_URL',
    type: 'secret',
    required: false,
    description:
      'Regional: PostgreSQL that holds the configuration; its login role must not be a superuser in production.',
  },
  {
    name: 'TIMESTREAM_REGION',
    type: 'string',
    required: false,
    description: 'Regional (required there): AWS region of Timestream.',
  },
  {
    name: 'TIMESTREAM_ENDPOINT',
    type: 'url',
    required: false,
    description: 'Regional: another Timestream endpoint, for local use.',
  },
  {
    name: 'KINESIS_REGION',
    type: 'string',
    required: false,
    description: 'Regional: AWS region of the live tail; without it the directory is not fed by changes.',
  },
  {
    name: 'KINESIS_ENDPOINT',
    type: 'url',
    required: false,
    description: 'Regional: another Kinesis endpoint, for local use.',
  },
  {
    name: 'FACTS_STREAM',
    type: 'string',
    default: 'lumina-facts',
    required: false,
    description: 'Regional: stream of stored facts (the live tail).',
  },
  {
    name: 'EVENTS_STREAM',
    type: 'string',
    required: false,
    description:
      'Regional: stream of events that takes what pages report as user actions of the platform; needs KINESIS_REGION. Without it reports are only counted.',
  },
  {
    name: 'QUERY_CONCURRENCY',
    type: 'integer',
    default: '12',
    required: false,
    description: 'Regional: queries to the metric store that may run at once for one territory.',
  },
  {
    name: 'QUERY_TIMEOUT_MS',
    type: 'integer',
    default: '25000',
    required: false,
    description:
      'Regional: how long a query to the metric store may take before it is cancelled; less than the distributor waits.',
  },
  {
    name: 'QUERY_MAX_POINTS',
    type: 'integer',
    default: '1000000',
    required: false,
    description: 'Regional: points of one reply before grouping; what is beyond is refused per query.',
  },
  {
    name: 'QUERY_USD_PER_GB',
    type: 'string',
    default: '0.01',
    required: false,
    description: 'Regional: price of a gigabyte that a query is metered for, to estimate costs.',
  },
  {
    name: 'QUERY_BUDGET_USD_PER_DAY',
    type: 'string',
    default: '0',
    required: false,
    description:
      'Regional: what the queries of one territory may cost a UTC day, in each process; beyond it boards get new data once a minute. 0 = no limit.',
  },
  {
    name: 'TERRITORY_HASH_SECRET',
    type: 'secret',
    required: false,
    description:
      'Regional: secret of the pseudonyms of ingestion, so that filters and scopes may name raw ids; without it they name pseudonyms.',
  },
  {
    name: 'TOKEN_SIGNING_KEYS',
    type: 'secret',
    required: false,
    description:
      'Regional: private keys {"keys": […]} (JWK, RSA) that sign tokens of registered clients; the first signs, all are published. Each kid begins with r<region>-. Without it the embedded store makes a key of its own; beside PostgreSQL no tokens are issued.',
  },
  {
    name: 'WEBHOOK_ALLOWED_HOSTS',
    type: 'list',
    required: false,
    description:
      'Regional: hosts with ports (127.0.0.1:8443), separated by commas, that webhooks of alerts may call though they are not public, over http too; for tests on one machine only.',
  },
  {
    name: 'LUMINA_INTERNAL_TOKEN',
    type: 'secret',
    required: false,
    description:
      'Bearer token of /internal: a region serves it to its collector and the distributor, which learns the origins of registered clients by it. Without it the endpoints do not exist.',
  },
];
