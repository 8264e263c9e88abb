import { parseArgs } from 'node:util';

type Setting = {
  name: string;
  /** The same on the command line. */
  flag: string;
  type: 'string' | 'port' | 'number';
  default?: string;
  required: boolean;
  description: string;
};

/** Every setting of the process; the configuration reference is generated from this table. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'HOST',
    flag: 'host',
    type: 'string',
    default: '127.0.0.1',
    required: false,
    description: 'Address to listen on (--host).',
  },
  {
    name: 'PORT',
    flag: 'port',
    type: 'port',
    default: '0',
    required: false,
    description: 'Port to listen on, 0 for a free one (--port).',
  },
  {
    name: 'DATA_DIR',
    flag: 'data',
    type: 'string',
    required: true,
    description: 'Folder of the data, one sub-folder per AWS region (--data).',
  },
  {
    name: 'MEMORY_LIMIT_MB',
    flag: 'memory-limit-mb',
    type: 'number',
    default: '512',
    required: false,
    description: 'What DuckDB may use in memory per region; a query that needs more fails (--memory-limit-mb).',
  },
  {
    name: 'QUERY_TIMEOUT_MS',
    flag: 'query-timeout-ms',
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

/** Thrown for settings that cannot be used; the message names all of them. */
export class BadSettings extends Error {}

/** Reads flags, then the environment, then defaults; reports every bad setting at once. */
export function readConfig(argv: readonly string[], env: Record<string, string | undefined>): Config {
  const flags = readFlags(argv);
  const problems: string[] = [];
  const read = (name: string): string => {
    const setting = SETTINGS.find((candidate) => candidate.name === name);
    const value = flags[setting?.flag ?? ''] ?? env[name] ?? setting?.default;
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
  if (problems.length > 0) throw new BadSettings(`Bad settings:\n${problems.join('\n')}`);
  return config;
}

/** What the command line can say, for people. */
export function helpText(): string {
  const lines = SETTINGS.map(({ flag, type, description, ...setting }) => {
    const meaning = description.replace(/ \(--[\w-]+\)/, '');
    const otherwise = setting.default === undefined ? 'required' : `default ${setting.default}`;
    return `  --${flag} <${type}>`.padEnd(30) + `${meaning} (${setting.name}, ${otherwise})`;
  });
  return [
    'A local server with the wire protocol of Amazon Timestream for LiveAnalytics.',
    '',
    'Usage: timestream-local --data <folder> [--port <port>] [options]',
    '',
    'Each option can also come from the environment, under the name in brackets; the command line wins.',
    '',
    ...lines,
    '  --version'.padEnd(30) + 'Print the version and end.',
    '  --help'.padEnd(30) + 'Print this and end.',
  ].join('\n');
}

function readFlags(argv: readonly string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(SETTINGS.map(({ flag }) => [flag, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw new BadSettings(error instanceof Error ? error.message : String(error));
  }
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

function isCount(text: string): boolean {
  return /^[1-9]\d{0,9}$/.test(text);
}
