import { MAX_FILTER_VALUES } from '@lumina/contracts';
import type { QueryRange, VariableValues } from '@lumina/contracts';
import { LuminaError } from '../../client/lumina-error.ts';
import { parseRange } from '../../client/time-range.ts';
import { isTimeZone } from '../../i18n/time-zone.ts';
import { rangeOf } from './board-range.ts';

/** What a reader chose on a board, as JSON: for a link, a bookmark, a host's own storage. */
export interface BoardChoices {
  readonly version: 1;
  /** Absent: the board's own range. */
  readonly range?: QueryRange;
  /** Absent: the board's zone, else the territory's. */
  readonly timeZone?: string;
  /** `live`, `off` or a duration such as `30s`. */
  readonly refresh: string;
  /** Values of the board's variables; absent ones have their default. */
  readonly variables?: VariableValues;
}

const KEYS: ReadonlySet<string> = new Set(['version', 'range', 'timeZone', 'refresh', 'variables']);
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
/** More often than this is what live updates are for. */
const LEAST_INTERVAL_MS = 5_000;

/** Where a board keeps what its reader chose; empty is the board's own. */
export interface ChosenOnBoard {
  readonly range: string;
  readonly timeZone: string;
  readonly refresh: string;
  readonly variables: VariableValues;
}

/** What a reader chose, as JSON. */
export function boardChoicesOf({ range: text, timeZone, refresh, variables }: ChosenOnBoard): BoardChoices {
  const range = parseRange(text);
  return {
    version: 1,
    ...(range === undefined ? {} : { range }),
    ...(timeZone === '' ? {} : { timeZone }),
    refresh,
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
  };
}

/** How long between refreshes: undefined while live or off; what is not understood counts as live. */
export function refreshIntervalMs(refresh: string): number | undefined {
  const [, amount, unit] = /^([1-9]\d{0,4})(s|m|h)$/u.exec(refresh) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return Math.max(LEAST_INTERVAL_MS, Number(amount) * (UNIT_MS[unit] ?? 1000));
}

/** Whether a word is one that `refresh` takes. */
export function isRefresh(refresh: string): boolean {
  return refresh === 'live' || refresh === 'off' || refreshIntervalMs(refresh) !== undefined;
}

function refused(what: string): LuminaError {
  return new LuminaError({
    code: 'QUERY_INVALID',
    retryable: false,
    message: `The state of a dashboard cannot be restored: ${what}.`,
    suggestion: 'Pass what getState() of this release gave; nothing was changed.',
  });
}

/**
 * Checks a state of unknown origin, an object or its JSON text.
 * @throws {LuminaError} `QUERY_INVALID`, naming the first thing that is wrong.
 */
export function parseBoardChoices(input: unknown): BoardChoices {
  const json = typeof input === 'string' ? parsed(input) : input;
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw refused('it is not an object');
  const { version, range, timeZone, refresh, variables } = json as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(json).find((key) => !KEYS.has(key));
  if (unknown !== undefined) throw refused(`"${unknown}" is not known`);
  if (version !== 1) throw refused(`version ${JSON.stringify(version ?? null)} is not known`);
  const knownRange = range === undefined ? undefined : rangeOf(range);
  if (range !== undefined && knownRange === undefined) throw refused('"range" is not a range');
  if (timeZone !== undefined && (typeof timeZone !== 'string' || !isTimeZone(timeZone))) {
    throw refused('"timeZone" is not a zone');
  }
  if (refresh !== undefined && (typeof refresh !== 'string' || !isRefresh(refresh))) {
    throw refused('"refresh" is neither live, off nor a duration');
  }
  if (variables !== undefined && !isVariableValues(variables)) throw refused('"variables" are not lists of ids');
  return {
    version: 1,
    ...(knownRange === undefined ? {} : { range: knownRange }),
    ...(timeZone === undefined ? {} : { timeZone }),
    refresh: refresh ?? 'live',
    ...(variables === undefined ? {} : { variables }),
  };
}

function isIdList(input: unknown): boolean {
  if (!Array.isArray(input) || input.length > MAX_FILTER_VALUES) return false;
  return input.every((value) => typeof value === 'string' && value !== '');
}

/** Whether it names variables and gives each of them a list of values. */
function isVariableValues(input: unknown): input is VariableValues {
  return typeof input === 'object' && input !== null && !Array.isArray(input) && Object.values(input).every(isIdList);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refused(error instanceof Error ? error.message : 'it is not JSON');
  }
}
