import { RowsReplySchema, RowsRequestSchema } from '@lumina/contracts/schemas';
import { assertPermission } from '../../../auth/identity.ts';
import { HttpProblem } from '../../../http/problem.ts';
import { defineRoute } from '../../../http/route.ts';
import type { Route } from '../../../http/route.ts';
import { QueryRefusal } from '../plan/query-error.ts';
import { metricProblemOf } from '../route.ts';
import { isTimeZone } from '../time/zone.ts';
import { RowRequestError, rowPermissions } from './row-service.ts';
import type { RowService } from './row-service.ts';

/** `POST /api/rows/query`: who waits, what agents do, and the calls and visits behind a number. */
export function rowRoutes(service: Pick<RowService, 'query'>): readonly Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/rows/query',
      summary: 'Rows page by page: waiting and agents of now; calls and visits of a range (permission facts:read)',
      permission: 'metrics:read',
      body: RowsRequestSchema,
      success: { status: 200, description: 'One page, and the cursor of the next', schema: RowsReplySchema },
      handle: async ({ identity, body, response }) => {
        for (const permission of rowPermissions(body.rows)) assertPermission(identity, permission);
        if (body.timeZone !== undefined && !isTimeZone(body.timeZone)) {
          throw new HttpProblem(
            'invalid_request',
            'body/timeZone is not an IANA time zone; write for example Europe/London.',
          );
        }
        // A viewer who has gone away must not keep the store busy.
        const abort = new AbortController();
        response.once('close', () => {
          if (!response.writableFinished) abort.abort();
        });
        try {
          const reply = await service.query(body, identity, abort.signal);
          response.set('Cache-Control', 'no-store').json(reply);
        } catch (error) {
          if (!abort.signal.aborted) throw rowProblemOf(error);
        }
      },
    }),
  ];
}

/** What reading rows failed with, as a problem where it is one; what is unknown comes back as it is. */
export function rowProblemOf(error: unknown): unknown {
  if (error instanceof RowRequestError) return new HttpProblem('invalid_request', error.message, { cause: error });
  if (!(error instanceof QueryRefusal)) return metricProblemOf(error);
  const code = error.code === 'out_of_scope' ? 'forbidden' : 'invalid_request';
  return new HttpProblem(code, error.message, { cause: error });
}
