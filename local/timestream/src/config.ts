import { parseArgs } from 'node:util';

type Setting = {
  name: string;
  type: 'string' | 'port' | 'number';
  default?: string;
  required: boolean;
  description: string;
};

/** Every setting of the process; the configuration reference is generated from this table. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'HOST',
    type: 'string',
    default: '127.0.0.1',
    required: false,
    description: 'Address to listen on (--host).',
  },
  {
    name: 'PORT',
    type: 'port',
    default: '0',
    required: false,
    description: 'Port to listen on, 0 for a free one (--port).',
  },
  {
    name: 'DATA_DIR',
    type: 'string',
    required: true,
    description: 'Folder of the data, one sub-folder per AWS region (--data).',
  },
  {
    name: 'MEMORY_LIMIT_MB',
    type: 'number',
    default: '512',
    required: false,
    description: 'What DuckDB may use in memory per region; a query that needs more fails (--memory-limit-mb).',
  },
  {
    name: 'QUERY_TIMEOUT_MS',
    type: 'number',
    default: '60000',
    required: false,
    description: 'When a query is given up, as the service does after a minute (--query-timeout-ms).',
  },
];

/** Settings of the process after parsing. */
export type Config = {
  host: string;
  port: number;
  dataDir: string;
  memoryLimitMb: number;
  queryTimeoutMs: number;
};

/** Reads flags, then the environment, then defaults; reports every bad setting at once. */
export function readConfig(argv: readonly string[], env: Record<string, string | undefined>): Config {
  const { values: flags } = parseArgs({
    args: [...argv],
    options: {
      host: { type: 'string' },
      port: { type: 'string' },
      data: { type: 'string' },
      'memory-limit-mb': { type: 'string' },
      'query-timeout-ms': { type: 'string' },
    },
  });
  const given: Record<string, string | undefined> = {
    HOST: flags.host,
    PORT: flags.port,
    DATA_DIR: flags.data,
    MEMORY_LIMIT_MB: flags['memory-limit-mb'],
    QUERY_TIMEOUT_MS: flags['query-timeout-ms'],
  };
  const problems: string[] = [];
  const read = (name: string): string => {
    const setting = SETTINGS.find((candidate) => candidate.name === name);
    const value = given[name] ?? env[name] ?? setting?.default;
    if (value === undefined || value === '') problems.push(`${name} is not set: ${setting?.description ?? ''}`);
    else if (setting?.type === 'port' && !isPort(value)) problems.push(`${name} must be a port number, not "${value}"`);
    else if (setting?.type === 'number' && !isCount(value))
      problems.push(`${name} must be a whole number above 0, not "${value}"`);
    return value ?? '';
  };
  const config = {
    host: read('HOST'),
    port: Number(read('PORT')),
    dataDir: read('DATA_DIR'),
    memoryLimitMb: Number(read('MEMORY_LIMIT_MB')),
    queryTimeoutMs: Number(read('QUERY_TIMEOUT_MS')),
  };
  if (problems.length > 0) throw new Error(`Bad settings:\n${problems.join('\n')}`);
  return config;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

function isCount(text: string): boolean {
  return /^[1-9]\d{0,9}$/.test(text);
}
