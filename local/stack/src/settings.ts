import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_PORT_BASE } from './ports.ts';

/** One setting read from the environment. */
interface Setting {
  readonly name: string;
  readonly type: 'string' | 'port';
  readonly default: string;
  readonly required: boolean;
  readonly description: string;
}

/** Every setting of the local stack; the configuration page of the documentation is made from this table. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'LUMINA_PORT_BASE',
    type: 'port',
    default: String(DEFAULT_PORT_BASE),
    required: false,
    description: 'Port of the page and the API; the other pieces listen on ports counted from it.',
  },
  {
    name: 'LUMINA_DATA_DIR',
    type: 'string',
    default: '.lumina',
    required: false,
    description: 'Folder of all that persists. Remove it to begin anew.',
  },
];

/** The highest offset from the base that a piece listens on. */
const HIGHEST_OFFSET = 62;
const HIGHEST_PORT = 65_535;

/** Where a stack listens and what it keeps. */
export interface StackSettings {
  readonly portBase: number;
  readonly dataDir: string;
  /** False: neither traffic nor seeded history. */
  readonly simulator: boolean;
}

/** Reads the environment and the arguments of `npm start`, and reports every mistake at once. */
export function readStackSettings(
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
  root: string,
): StackSettings {
  const valueOf = (name: string): string => {
    const given = env[name];
    if (given !== undefined && given !== '') return given;
    return SETTINGS.find((setting) => setting.name === name)?.default ?? '';
  };
  const problems: string[] = [];
  const portBase = Number(valueOf('LUMINA_PORT_BASE'));
  if (!Number.isInteger(portBase) || portBase < 1 || portBase + HIGHEST_OFFSET > HIGHEST_PORT) {
    problems.push(`LUMINA_PORT_BASE must be a whole number from 1 to ${String(HIGHEST_PORT - HIGHEST_OFFSET)}`);
  }
  let simulator = true;
  try {
    const { values } = parseArgs({ args: [...argv], options: { 'no-simulator': { type: 'boolean' } } });
    simulator = values['no-simulator'] !== true;
  } catch (error) {
    problems.push(`${error instanceof Error ? error.message : String(error)} (known: --no-simulator)`);
  }
  if (problems.length > 0) throw new Error(`configuration_invalid: ${problems.join('; ')}`);
  return { portBase, dataDir: resolve(root, valueOf('LUMINA_DATA_DIR')), simulator };
}
