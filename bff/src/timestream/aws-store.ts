import {
  CancelQueryCommand,
  QueryCommand,
  TimestreamQueryClient,
  TimestreamQueryServiceException,
} from '@aws-sdk/client-timestream-query';
import type { ColumnInfo, QueryStatus } from '@aws-sdk/client-timestream-query';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { noTracing, recorded } from '../telemetry/tracing.ts';
import type { Span, Tracing } from '../telemetry/tracing.ts';
import { decodeRows } from './cells.ts';
import { StoreError } from './port.ts';
import type { QueryOptions, Row, TimeSeriesStore } from './port.ts';

export interface AwsStoreOptions {
  /** AWS region of the data; locally it also names the partition. */
  readonly region: string;
  /** Set for timestream-local; unset for AWS, where the client discovers its endpoint. */
  readonly endpoint?: string | undefined;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Attempts per page, the first included. The client itself waits between them, by full jitter. */
  readonly maxAttempts?: number | undefined;
  /** Most rows per page; unset leaves the choice to the service. */
  readonly pageRows?: number | undefined;
  /** Called when a cancelled query could not be cancelled on the server; it then runs out there. */
  readonly onCancelFailed?: ((error: unknown) => void) | undefined;
  readonly tracing?: Tracing | undefined;
}

const DEFAULT_MAX_ATTEMPTS = 4;
// Refuses to gather a result that would not fit into memory; a plan that needs more is a bug.
const MAX_ROWS = 2_000_000;
/** Addresses that do not answer are given up soon; how long an answer may take is for whoever asks to say. */
const CONNECTION_TIMEOUT_MS = 2_000;
/** Whoever gives up does not wait long for the store to hear of it. */
const CANCEL_TIMEOUT_MS = 2_000;

/** Amazon Timestream for LiveAnalytics, or timestream-local, through the real SDK client. */
export class AwsTimestreamStore implements TimeSeriesStore {
  readonly #client: TimestreamQueryClient;
  readonly #pageRows: number | undefined;
  readonly #onCancelFailed: ((error: unknown) => void) | undefined;
  readonly #tracing: Tracing;

  constructor(options: AwsStoreOptions) {
    this.#client = new TimestreamQueryClient({
      region: options.region,
      maxAttempts: options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
      requestHandler: new NodeHttpHandler({ connectionTimeout: CONNECTION_TIMEOUT_MS }),
      ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
      ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    });
    this.#pageRows = options.pageRows;
    this.#onCancelFailed = options.onCancelFailed;
    this.#tracing = options.tracing ?? noTracing;
  }

  async query(sql: string, options: QueryOptions = {}): Promise<readonly Row[]> {
    const span = this.#tracing.open('timestream query', 'client');
    span?.set({ 'db.query.summary': summaryOf(sql), 'lumina.territory_id': options.territoryId });
    return recorded(span, () => this.#query(sql, options, span));
  }

  /** Closes the connections. */
  close(): void {
    this.#client.destroy();
  }

  async #query(sql: string, { signal, onCost }: QueryOptions, span: Span | undefined): Promise<readonly Row[]> {
    const rows: Row[] = [];
    let nextToken: string | undefined;
    let queryId: string | undefined;
    let status: QueryStatus | undefined;
    let pages = 0;
    try {
      // A page may be empty and still have a successor; only a missing token ends the result.
      do {
        signal?.throwIfAborted();
        const page = await this.#client.send(
          new QueryCommand({
            QueryString: sql,
            ...(nextToken === undefined ? {} : { NextToken: nextToken }),
            ...(this.#pageRows === undefined ? {} : { MaxRows: this.#pageRows }),
          }),
          signal === undefined ? {} : { abortSignal: signal },
        );
        queryId = page.QueryId ?? queryId;
        pages += 1;
        const columns: readonly ColumnInfo[] = page.ColumnInfo ?? [];
        for (const row of decodeRows(page.Rows ?? [], columns)) rows.push(row);
        if (rows.length > MAX_ROWS)
          throw new StoreError('store_rejected', 'The result is too large; ask for a shorter range or a wider bin.');
        nextToken = page.NextToken;
        status = page.QueryStatus ?? status;
      } while (nextToken !== undefined);
      onCost?.({
        scannedBytes: status?.CumulativeBytesScanned ?? 0,
        meteredBytes: status?.CumulativeBytesMetered ?? 0,
      });
      return rows;
    } catch (error) {
      const wasAborted = signal?.aborted === true;
      if (queryId !== undefined && (wasAborted || nextToken !== undefined)) await this.#cancel(queryId);
      if (wasAborted) throw error;
      const failure = translate(error);
      span?.set({ 'error.type': failure.code });
      throw failure;
    } finally {
      span?.set({
        'aws.timestream.query_id': queryId,
        'lumina.pages': pages,
        'lumina.rows': rows.length,
        'lumina.metered_bytes': status?.CumulativeBytesMetered,
      });
    }
  }

  async #cancel(queryId: string): Promise<void> {
    try {
      await this.#client.send(new CancelQueryCommand({ QueryId: queryId }), {
        abortSignal: AbortSignal.timeout(CANCEL_TIMEOUT_MS),
      });
    } catch (error) {
      this.#onCancelFailed?.(error);
    }
  }
}

const READ_TABLE = /\b(?:FROM|JOIN)\s+("?\w+"?\."?\w+"?)/giu;

/** What kind of statement it is: the tables it reads, never a value. */
function summaryOf(sql: string): string {
  const tables = new Set([...sql.matchAll(READ_TABLE)].map(([, table = '']) => table.replaceAll('"', '')));
  return `SELECT ${[...tables].join(', ')}`;
}

const MISSING_COLUMN = /column ['"]?(?:[a-z0-9_]+\.)*([a-z0-9_]+)['"]? (?:does not exist|cannot be resolved)/iu;
const MISSING_TABLE = /(?:table|database) \S+ does not exist/iu;

function translate(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (!(error instanceof TimestreamQueryServiceException)) {
    return new StoreError('store_unavailable', 'The metric store cannot be reached; try again.', { cause: error });
  }
  const column = MISSING_COLUMN.exec(error.message)?.[1];
  if (column !== undefined) return new StoreError('store_column_missing', error.message, { cause: error, column });
  if (error.name === 'ResourceNotFoundException' || MISSING_TABLE.test(error.message)) {
    return new StoreError('store_table_missing', error.message, { cause: error });
  }
  if (error.name === 'ThrottlingException') {
    return new StoreError('store_throttled', 'The metric store is throttling; try again in a moment.', {
      cause: error,
    });
  }
  if (error.name === 'InternalServerException') {
    return new StoreError('store_unavailable', 'The metric store failed; try again.', { cause: error });
  }
  return new StoreError('store_rejected', error.message, { cause: error });
}
