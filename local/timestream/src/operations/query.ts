import { randomBytes } from 'node:crypto';
import { executeStatement } from '../query/execute.ts';
import { ResultPages } from '../query/result-pages.ts';
import type { Page } from '../query/result-pages.ts';
import type { Clock } from '../clock.ts';
import type { Operations } from './context.ts';

/** How queries are answered. */
export type QueryOptions = {
  clock: Clock;
  /** Whether a result of several pages begins with an empty one. */
  hasEmptyFirstPage: boolean;
  /** When a query is given up. */
  timeoutMs: number;
};

/** Query and CancelQuery, which share the queries that are open. */
export function createQueryOperations({
  clock,
  hasEmptyFirstPage,
  timeoutMs,
}: QueryOptions): Pick<Operations, 'Query' | 'CancelQuery'> {
  const pages = new ResultPages(clock, hasEmptyFirstPage);
  const running = new Map<string, AbortController>();
  return {
    Query: async ({ body, region, request }) => {
      const text = body.QueryString;
      const { accessKeyId } = request;
      const maxRows = body.MaxRows ?? undefined;
      const token = body.NextToken ?? undefined;
      if (token !== undefined) return reply(pages.next(token, { text, accessKeyId }, maxRows));
      const end = new AbortController();
      const queryId = `AE${randomBytes(26).toString('hex').toUpperCase()}`;
      running.set(queryId, end);
      try {
        const signal = AbortSignal.any([end.signal, request.signal, AbortSignal.timeout(timeoutMs)]);
        const result = await executeStatement(region, text, clock.nowMs(), signal);
        return reply(pages.first(queryId, { text, accessKeyId }, result, maxRows));
      } finally {
        running.delete(queryId);
      }
    },

    CancelQuery: ({ body }) => {
      const queryId = body.QueryId;
      running.get(queryId)?.abort();
      pages.drop(queryId);
      return Promise.resolve({ CancellationMessage: `The query ${queryId} was cancelled.` });
    },
  };
}

const reply = (page: Page): unknown => ({
  QueryId: page.queryId,
  Rows: page.rows.map((row) => ({ Data: row })),
  ColumnInfo: page.columns,
  NextToken: page.nextToken,
  QueryStatus: {
    ProgressPercentage: page.progress,
    CumulativeBytesScanned: page.scannedBytes,
    CumulativeBytesMetered: page.scannedBytes,
  },
});
