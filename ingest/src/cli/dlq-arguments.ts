import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { DEAD_LETTER_CODES } from '@lumina/contracts';

import type { DeadLetterKey, DeadLetterState } from '../ports/dead-letters.ts';
import { CliError } from './cli-error.ts';

const FILTERS = {
  code: { type: 'string', multiple: true },
  territory: { type: 'string' },
  source: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  stream: { type: 'string' },
  shard: { type: 'string' },
  limit: { type: 'string' },
  dir: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

const OPTIONS = {
  ls: { ...FILTERS, replayed: { type: 'boolean' }, json: { type: 'boolean' } },
  show: { dir: { type: 'string' }, json: { type: 'boolean' }, raw: { type: 'boolean' } },
  replay: {
    ...FILTERS,
    'dry-run': { type: 'boolean' },
    force: { type: 'boolean' },
    rate: { type: 'string' },
    yes: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  purge: { ...FILTERS, replayed: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, yes: { type: 'boolean' } },
} as const satisfies Readonly<Record<string, ParseArgsOptionsConfig>>;

/** What can be done with dead letters. */
export type DlqCommandName = keyof typeof OPTIONS;

/** Which letters a command is about; what is absent does not limit. */
export interface LetterFilter {
  readonly state: DeadLetterState;
  /** Letters named one by one; empty = all. */
  readonly keys: readonly DeadLetterKey[];
  readonly codes: readonly string[];
  readonly territoryId: number | undefined;
  readonly source: string | undefined;
  /** Arrival on the stream, first ms. */
  readonly fromMs: number | undefined;
  /** Arrival on the stream, first ms that no longer counts. */
  readonly toMs: number | undefined;
  readonly stream: string | undefined;
  readonly shardId: string | undefined;
  readonly limit: number | undefined;
}

/** A parsed command line. */
export interface DlqArguments {
  readonly command: DlqCommandName;
  readonly filter: LetterFilter;
  /** Folder given instead of the settings. */
  readonly dir: string | undefined;
  readonly isJson: boolean;
  readonly isRaw: boolean;
  readonly isDryRun: boolean;
  readonly isForced: boolean;
  readonly hasYes: boolean;
  readonly ratePerS: number;
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

const DEFAULT_RATE_PER_S = 100;
const MAX_RATE_PER_S = 10_000;
const AGO_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

function integerOf(values: Values, name: string, minimum: number, maximum: number): number | undefined {
  const text = textOf(values, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d{1,12}$/.test(text) && value >= minimum && value <= maximum) return value;
  throw new CliError('usage', `--${name} takes a whole number from ${String(minimum)} to ${String(maximum)}.`);
}

function instantOf(values: Values, name: string, nowMs: number): number | undefined {
  const text = textOf(values, name);
  if (text === undefined) return undefined;
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (unit !== '') return nowMs - Number(count) * (AGO_MS[unit] ?? 0);
  const instantMs = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instantMs))
    throw new CliError('usage', `--${name} takes an instant such as 2026-03-01T10:00:00Z, or how long ago, as 2h.`);
  return instantMs;
}

function codesOf(values: Values): string[] {
  const given = values['code'];
  const codes = (Array.isArray(given) ? given : []).flatMap((code) => String(code).split(','));
  for (const code of codes) {
    if (!DEAD_LETTER_CODES.some((known) => known === code))
      throw new CliError('usage', `There is no code "${code}"; the codes are ${DEAD_LETTER_CODES.join(', ')}.`);
  }
  return codes;
}

/** Reads a key as `ls` writes it. Its parts name a file or an object, so that nothing else may stand in them. */
export function parseLetterKey(text: string): DeadLetterKey {
  const [stream = '', shardId = '', sequence = '', ...rest] = text.split('/');
  const isKey = [stream, shardId, sequence].every((part) => /^(?!\.{1,2}$)[\w.-]{1,256}$/.test(part));
  if (!isKey || rest.length > 0)
    throw new CliError('usage', `"${text}" is no key; copy <stream>/<shard>/<sequence> from ls.`);
  return { stream, shardId, sequence };
}

/** A key as {@link parseLetterKey} reads it. */
export function letterKeyText({ stream, shardId, sequence }: DeadLetterKey): string {
  return `${stream}/${shardId}/${sequence}`;
}

function filterOf(values: Values, keys: readonly DeadLetterKey[], nowMs: number): LetterFilter {
  return {
    state: values['replayed'] === true ? 'replayed' : 'waiting',
    keys,
    codes: codesOf(values),
    territoryId: integerOf(values, 'territory', 0, Number.MAX_SAFE_INTEGER),
    source: textOf(values, 'source'),
    fromMs: instantOf(values, 'from', nowMs),
    toMs: instantOf(values, 'to', nowMs),
    stream: textOf(values, 'stream'),
    shardId: textOf(values, 'shard'),
    limit: integerOf(values, 'limit', 1, 1_000_000_000),
  };
}

function isCommand(name: string | undefined): name is DlqCommandName {
  return name !== undefined && Object.hasOwn(OPTIONS, name);
}

function parseOptions(command: DlqCommandName, args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    const options: ParseArgsOptionsConfig = OPTIONS[command];
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new CliError('usage', error instanceof Error ? error.message : String(error));
  }
}

/** Parses what stands behind `dlq`; throws a {@link CliError} that says what to write instead. */
export function parseDlqArguments(args: readonly string[], nowMs: number): DlqArguments {
  const [command, ...rest] = args;
  if (!isCommand(command))
    throw new CliError('usage', `"${command ?? ''}" is no command; use ${Object.keys(OPTIONS).join(', ')}.`);
  const { values, positionals } = parseOptions(command, rest);
  if (command === 'show' && positionals.length !== 1)
    throw new CliError('usage', 'show takes one key; copy <stream>/<shard>/<sequence> from ls.');
  return {
    command,
    filter: filterOf(values, positionals.map(parseLetterKey), nowMs),
    dir: textOf(values, 'dir'),
    isJson: values['json'] === true,
    isRaw: values['raw'] === true,
    isDryRun: values['dry-run'] === true,
    isForced: values['force'] === true,
    hasYes: values['yes'] === true,
    ratePerS: integerOf(values, 'rate', 1, MAX_RATE_PER_S) ?? DEFAULT_RATE_PER_S,
  };
}
