import { queryExecutionError } from '../errors.ts';
import type { ServiceError } from '../errors.ts';
import type { Query, Statement } from '../sql/ast.ts';
import { parseStatement } from '../sql/parser.ts';
import { sqlError } from '../sql/position.ts';
import type { OutputColumn, TranslatedQuery } from '../sql/scope.ts';
import { translateStatement } from '../sql/translate-query.ts';
import type { SqlType } from '../sql/types.ts';
import type { Region } from '../store/region.ts';
import { columnInfoOf, datumOf } from './datum.ts';
import type { ColumnInfo, Datum } from './datum.ts';
import { findTable } from './known-tables.ts';
import { answerCatalogStatement } from './catalog-statements.ts';

/** A whole result. */
export type QueryResult = { columns: ColumnInfo[]; rows: Datum[][]; scannedBytes: number };

// Prices assume that a scan counts at least this much.
const MIN_SCANNED_BYTES = 10_000_000;

/** Runs one statement until it is done or the signal ends it: cancelled, timed out, or nobody waits for it any more. */
export async function executeStatement(
  region: Region,
  text: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<QueryResult> {
  const statement = parse(text);
  if (statement.kind !== 'query') return answerCatalogStatement(statement, region);
  const translated = translate(statement.query, region, nowMs);
  const rows = await region.withReader(async (connection) => {
    const interrupt = (): void => {
      connection.interrupt();
    };
    const early = interruptionOf(signal);
    if (early !== undefined) throw early;
    signal.addEventListener('abort', interrupt);
    try {
      return (await connection.runAndReadAll(translated.sql)).getRows();
    } catch (error) {
      throw interruptionOf(signal) ?? translateFailure(error);
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  });
  const types = translated.columns.map((column) => column.type);
  return {
    columns: translated.columns.map(columnInfoOf),
    rows: rows.map((row) => types.map((type, index) => datumOf(row[index] ?? null, type))),
    scannedBytes: MIN_SCANNED_BYTES,
  };
}

/** Columns and named parameters of a query, which is checked but not run. */
export type PreparedStatement = { columns: readonly OutputColumn[]; parameters: ReadonlyMap<string, SqlType> };

/** Checks a query and describes its result. */
export async function prepareStatement(region: Region, text: string, nowMs: number): Promise<PreparedStatement> {
  const statement = parse(text);
  if (statement.kind !== 'query') throw sqlError(BEGIN, 'Only a SELECT statement can be prepared');
  const parameters = new Map<string, SqlType>();
  const { sql, columns } = translate(statement.query, region, nowMs, parameters);
  await region.withReader(async (connection) => {
    try {
      (await connection.prepare(sql)).destroySync();
    } catch (error) {
      throw translateFailure(error);
    }
  });
  return { columns, parameters };
}

const BEGIN = { line: 1, column: 1 };

const parse = (text: string): Statement => withinStack(() => parseStatement(text));

const translate = (
  query: Query,
  { catalog }: Region,
  nowMs: number,
  parameters?: Map<string, SqlType>,
): TranslatedQuery =>
  withinStack(() =>
    translateStatement(query, {
      nowNs: BigInt(nowMs) * 1_000_000n,
      findTable: (database, table) => findTable(catalog, database, table),
      parameters,
    }),
  );

/** What exhausts the stack is refused like any other query that is too deep. */
function withinStack<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw sqlError(BEGIN, 'The query is too complex');
    throw error;
  }
}

function interruptionOf({ aborted, reason }: AbortSignal): ServiceError | undefined {
  if (!aborted) return undefined;
  const isTimeout = reason instanceof DOMException && reason.name === 'TimeoutError';
  return queryExecutionError(isTimeout ? 'The query took too long and was ended.' : 'The query was cancelled.');
}

/** DuckDB's words stay inside; the client gets the service's. */
function translateFailure(error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  const known = KNOWN_FAILURES.find(([pattern]) => pattern.test(message));
  return known === undefined ? error : known[1](message);
}

const KNOWN_FAILURES: readonly (readonly [RegExp, (message: string) => ServiceError])[] = [
  // What the translation raises itself: see raiseSql.
  [/'ts:[^']*'/, (message) => queryExecutionError(/'ts:([^']*)'/.exec(message)?.[1] ?? '')],
  [/Overflow|out of range/i, () => queryExecutionError('A numeric value is out of range.')],
  [/^Conversion Error/, () => queryExecutionError('A value cannot be cast to the requested type.')],
  [
    /More than one row returned by a subquery/i,
    () => queryExecutionError('Scalar sub-query has returned multiple rows'),
  ],
  [/^Out of Memory/, () => queryExecutionError('The query exceeded the memory limit.')],
  [
    /^Invalid Input Error|^Invalid Error|^Invalid Type Error/,
    () => queryExecutionError('An argument of a function is invalid.'),
  ],
  [
    /^Binder Error|^Parser Error|^Catalog Error|^Not implemented Error/,
    () => sqlError(BEGIN, 'The query uses a combination of features that is not supported'),
  ],
];
