import { queryExecutionError, validationError } from '../errors.ts';
import type { ServiceError } from '../errors.ts';
import type { Query } from '../sql/ast.ts';
import { parseStatement } from '../sql/parser.ts';
import type { TranslatedQuery } from '../sql/scope.ts';
import { translateStatement } from '../sql/translate-query.ts';
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
  const statement = parseStatement(text);
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

function translate(query: Query, { catalog }: Region, nowMs: number): TranslatedQuery {
  try {
    return translateStatement(query, {
      nowNs: BigInt(nowMs) * 1_000_000n,
      findTable: (database, table) => findTable(catalog, database, table),
    });
  } catch (error) {
    if (error instanceof RangeError) throw validationError('The query is too complex.');
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
  [/Division by zero/i, () => queryExecutionError('Division by zero')],
  [/Overflow|out of range/i, () => queryExecutionError('A numeric value is out of range.')],
  [/^Conversion Error/, () => queryExecutionError('A value cannot be cast to the requested type.')],
  [
    /More than one row returned by a subquery/i,
    () => queryExecutionError('Scalar sub-query has returned multiple rows'),
  ],
  [/^Out of Memory/, () => queryExecutionError('The query exceeded the memory limit.')],
  [/^Invalid Input Error|^Invalid Error/, () => queryExecutionError('An argument of a function is invalid.')],
  [
    /^Binder Error|^Parser Error|^Catalog Error|^Not implemented Error/,
    () => validationError('The query uses a combination of features that is not supported.'),
  ],
];
