import { randomBytes } from 'node:crypto';
import { validationError } from '../errors.ts';
import { optionalInteger, optionalString, requiredString } from '../protocol/shape.ts';
import { executeStatement } from '../query/execute.ts';
import { ResultPages } from '../query/result-pages.ts';
import type { Page } from '../query/result-pages.ts';
import type { Clock } from '../clock.ts';
import type { Operation } from './context.ts';

const MAX_QUERY_CHARACTERS = 262_144;
const MAX_ROWS = 1000;

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
}: QueryOptions): Record<string, Operation> {
  const pages = new ResultPages(clock, hasEmptyFirstPage);
  const running = new Map<string, AbortController>();
  return {
    Query: async ({ body, region, request }) => {
      const text = requiredString(body, 'QueryString', 'queryString');
      if (text.length > MAX_QUERY_CHARACTERS)
        throw validationError(`The query must not be longer than ${MAX_QUERY_CHARACTERS} characters.`);
      const { accessKeyId } = request;
      const maxRows = optionalInteger(body, 'MaxRows', 'maxRows', 1, MAX_ROWS);
      const token = optionalString(body, 'NextToken', 'nextToken');
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
      const queryId = requiredString(body, 'QueryId', 'queryId');
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
