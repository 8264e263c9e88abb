import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { validationError } from '../errors.ts';
import type { ColumnInfo, Datum } from './datum.ts';
import type { QueryResult } from './execute.ts';

/** One page of a result. */
export type Page = { queryId: string; columns: ColumnInfo[]; rows: Datum[][]; nextToken: string | undefined; scannedBytes: number; progress: number };

type Cursor = { token: string; offset: number; uses: number };
type OpenResult = { queryId: string; query: string; result: QueryResult; expiresMs: number; current: Cursor | undefined };

const MAX_PAGE_BYTES = 1_000_000;
const TOKEN_TTL_MS = 3_600_000;
const MAX_TOKEN_USES = 5;
const MAX_OPEN_RESULTS = 200;

/** Keeps results of which the client has not read all pages. */
export class ResultPages {
  private readonly open = new Map<string, OpenResult>();
  private readonly clock: Clock;
  private readonly hasEmptyFirstPage: boolean;

  /** With `hasEmptyFirstPage` a result of several pages begins with one without rows, as the service may do. */
  constructor(clock: Clock, hasEmptyFirstPage: boolean) {
    this.clock = clock;
    this.hasEmptyFirstPage = hasEmptyFirstPage;
  }

  first(queryId: string, query: string, result: QueryResult, maxRows: number | undefined): Page {
    const entry: OpenResult = { queryId, query, result, expiresMs: this.clock.nowMs() + TOKEN_TTL_MS, current: undefined };
    const hasMore = pageEnd(result.rows, 0, maxRows) < result.rows.length;
    if (hasMore && this.hasEmptyFirstPage && maxRows !== undefined) return this.page(entry, 0, 0);
    return this.page(entry, 0, pageEnd(result.rows, 0, maxRows));
  }

  next(token: string, query: string, maxRows: number | undefined): Page {
    const entry = this.open.get(token.split('.')[0] ?? '');
    if (entry?.current === undefined || entry.expiresMs < this.clock.nowMs()) throw validationError('Invalid pagination token: it is unknown or has expired.');
    if (entry.query !== query) throw validationError('Invalid pagination token: the query string must not change between pages.');
    // The newest token makes the older ones invalid; the same token gives the same rows, a few times.
    if (entry.current.token !== token) throw validationError('Invalid pagination token: a newer token was issued.');
    entry.current.uses += 1;
    if (entry.current.uses > MAX_TOKEN_USES) throw validationError('Invalid pagination token: it was used too often.');
    return this.following(entry, entry.current, maxRows);
  }

  drop(queryId: string): void {
    this.open.delete(queryId);
  }

  private following(entry: OpenResult, cursor: Cursor, maxRows: number | undefined): Page {
    const end = pageEnd(entry.result.rows, cursor.offset, maxRows);
    const page = this.page(entry, cursor.offset, end, cursor);
    return page;
  }

  private page(entry: OpenResult, from: number, to: number, repeated?: Cursor): Page {
    const { result, queryId } = entry;
    const total = result.rows.length;
    let nextToken: string | undefined;
    if (to < total) {
      // The token says where it begins, so a repeated request issues the same token again.
      nextToken = `${queryId}.${to}.${randomBytes(6).toString('hex')}`;
      entry.current = { token: nextToken, offset: to, uses: 0 };
      this.remember(entry);
    } else if (repeated === undefined) this.open.delete(queryId);
    return {
      queryId,
      columns: result.columns,
      rows: result.rows.slice(from, to),
      nextToken,
      scannedBytes: result.scannedBytes,
      progress: total === 0 ? 100 : (to / total) * 100,
    };
  }

  private remember(entry: OpenResult): void {
    this.open.delete(entry.queryId);
    this.open.set(entry.queryId, entry);
    for (const key of this.open.keys()) {
      if (this.open.size <= MAX_OPEN_RESULTS) return;
      this.open.delete(key);
    }
  }
}

/** Where the page that begins at `from` ends: after `maxRows` rows or about a megabyte, but never empty. */
function pageEnd(rows: readonly Datum[][], from: number, maxRows: number | undefined): number {
  let bytes = 0;
  let end = from;
  while (end < rows.length && (maxRows === undefined || end - from < maxRows)) {
    bytes += rowBytes(rows[end] ?? []);
    if (bytes > MAX_PAGE_BYTES && end > from) break;
    end += 1;
  }
  return end;
}

const rowBytes = (row: readonly Datum[]): number =>
  row.reduce((sum, datum) => sum + ('ScalarValue' in datum ? datum.ScalarValue.length + 20 : JSON.stringify(datum).length), 10);
