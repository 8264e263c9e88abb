import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { validationError } from '../errors.ts';
import type { ColumnInfo, Datum } from './datum.ts';
import type { QueryResult } from './execute.ts';

/** One page of a result. */
export type Page = {
  queryId: string;
  columns: ColumnInfo[];
  rows: Datum[][];
  nextToken: string | undefined;
  scannedBytes: number;
  progress: number;
};

/** What was asked, and under which access key. */
export type Asked = { text: string; accessKeyId: string };
type Cursor = { offset: number; uses: number };
type OpenResult = {
  queryId: string;
  asked: Asked;
  result: QueryResult;
  expiresMs: number;
  cursors: Map<string, Cursor>;
};

const MAX_PAGE_BYTES = 1_000_000;
const TOKEN_TTL_MS = 3_600_000;
const MAX_TOKEN_USES = 5;
const MAX_KEPT_ROWS = 1_000_000;

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

  first(queryId: string, asked: Asked, result: QueryResult, maxRows: number | undefined): Page {
    const entry: OpenResult = {
      queryId,
      asked,
      result,
      expiresMs: this.clock.nowMs() + TOKEN_TTL_MS,
      cursors: new Map(),
    };
    const end = pageEnd(result.rows, 0, maxRows);
    if (end < result.rows.length) this.keep(entry);
    const isEmpty = end < result.rows.length && this.hasEmptyFirstPage && maxRows !== undefined;
    return this.page(entry, 0, isEmpty ? 0 : end);
  }

  next(token: string, asked: Asked, maxRows: number | undefined): Page {
    const entry = this.open.get(token.split('.')[0] ?? '');
    const cursor = entry?.cursors.get(token);
    if (entry === undefined || cursor === undefined || entry.expiresMs < this.clock.nowMs()) {
      throw validationError('Invalid pagination token: it is unknown, has expired, or a newer token was used.');
    }
    if (entry.asked.accessKeyId !== asked.accessKeyId)
      throw validationError('Invalid pagination token: it was given to another client.');
    if (entry.asked.text !== asked.text)
      throw validationError('Invalid pagination token: the query string must not change between pages.');
    cursor.uses += 1;
    if (cursor.uses > MAX_TOKEN_USES) throw validationError('Invalid pagination token: it was used too often.');
    // A token can be repeated, but using it makes the ones before it invalid.
    for (const [older, { offset }] of entry.cursors) if (offset < cursor.offset) entry.cursors.delete(older);
    return this.page(entry, cursor.offset, pageEnd(entry.result.rows, cursor.offset, maxRows));
  }

  drop(queryId: string): void {
    this.open.delete(queryId);
  }

  private page(entry: OpenResult, from: number, to: number): Page {
    const { result, queryId } = entry;
    const total = result.rows.length;
    return {
      queryId,
      columns: result.columns,
      rows: result.rows.slice(from, to),
      nextToken: to < total ? this.tokenFor(entry, to) : undefined,
      scannedBytes: result.scannedBytes,
      progress: total === 0 ? 100 : (to / total) * 100,
    };
  }

  private tokenFor(entry: OpenResult, offset: number): string {
    for (const [token, cursor] of entry.cursors) if (cursor.offset === offset && cursor.uses === 0) return token;
    const token = `${entry.queryId}.${randomBytes(9).toString('hex')}`;
    entry.cursors.set(token, { offset, uses: 0 });
    return token;
  }

  private keep(entry: OpenResult): void {
    this.open.set(entry.queryId, entry);
    let rows = 0;
    for (const kept of this.open.values()) rows += kept.result.rows.length;
    for (const [key, kept] of this.open) {
      const isExpired = kept.expiresMs < this.clock.nowMs();
      if (key === entry.queryId || (rows <= MAX_KEPT_ROWS && !isExpired)) continue;
      rows -= kept.result.rows.length;
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
  row.reduce(
    (sum, datum) => sum + ('ScalarValue' in datum ? datum.ScalarValue.length + 20 : JSON.stringify(datum).length),
    10,
  );
