import { Router } from 'express';
import type { Request, Response } from 'express';
import { Compile } from 'typebox/compile';
import { METRIC_IDS, metricDefinition } from '@lumina/contracts';
import type { MetricQueryRequest, MetricReply } from '@lumina/contracts';
import { MetricQueryRequestSchema } from '@lumina/contracts/schemas';
import { assertPermission, identityOf } from '../../auth/identity.ts';
import type { Identity } from '../../auth/identity.ts';
import { faultsOf } from '../../http/faults.ts';
import { HttpProblem } from '../../http/problem.ts';
import { DASHBOARD_HEADER, forDashboard, namedDashboard } from '../../timestream/asking-dashboard.ts';
import { StoreError } from '../../timestream/port.ts';
import { LiteralError } from '../../timestream/sql/literal.ts';
import { dashboardRequestCheck, requestsOfDashboard } from './dashboard-request.ts';
import { mergeReplies } from './merge-replies.ts';
import type { MetricAnswers } from './recorded-answers.ts';
import { RangeRequestError } from './time/range.ts';
import { isTimeZone } from './time/zone.ts';

/** Where stored dashboards are found, for `GET /query?dashboard=`. */
export interface DashboardSource {
  /** Only what the identity may see. */
  find: (identity: Identity, id: string) => Promise<{ readonly body: unknown } | undefined>;
}

const requestCheck = Compile(MetricQueryRequestSchema);

/** Routes below `/api/metrics`: the query in both forms, and the catalogue. */
export function metricsRouter(service: MetricAnswers, dashboards: DashboardSource | undefined): Router {
  const router = Router();

  router.get('/', (request, response) => {
    assertPermission(identityOf(request), 'metrics:read');
    response.json({ metrics: METRIC_IDS.map((id) => metricDefinition(id)) });
  });

  router.post('/query', async (request, response) => {
    assertPermission(identityOf(request), 'metrics:read');
    const dashboard = namedDashboard(request.get(DASHBOARD_HEADER));
    await reply(service, [parseRequest(request.body)], request, response, dashboard);
  });

  router.get('/query', async (request, response) => {
    const identity = identityOf(request);
    assertPermission(identity, 'metrics:read');
    const id = request.query['dashboard'];
    if (typeof id !== 'string' || id === '') {
      throw new HttpProblem('invalid_request', 'Name a stored dashboard: ?dashboard=ID&timeRange=1h');
    }
    const dashboard = await dashboards?.find(identity, id);
    if (dashboard === undefined) throw new HttpProblem('not_found', 'There is no such dashboard.');
    const asked = requestsOfDashboard(dashboard.body, request.query, identity.scope);
    const bodies = asked.map((body) => parseRequest(body, dashboardRequestCheck));
    await reply(service, bodies, request, response, id);
  });

  return router;
}

async function reply(
  service: MetricAnswers,
  bodies: readonly MetricQueryRequest[],
  request: Request,
  response: Response,
  dashboard: string | undefined,
): Promise<void> {
  // A viewer who has gone away must not keep the store busy.
  const abort = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) abort.abort();
  });
  try {
    const result = await forDashboard(dashboard, () => answerAll(service, bodies, identityOf(request), abort.signal));
    response.set('X-Lumina-Cache', result.meta.cache.state);
    response.set('Cache-Control', 'no-store');
    response.json(result);
  } catch (error) {
    if (abort.signal.aborted) return;
    throw metricProblemOf(error);
  }
}

/** Several requests are answered as of one moment and by the same settings, and make one reply. */
async function answerAll(
  service: MetricAnswers,
  bodies: readonly MetricQueryRequest[],
  identity: Identity,
  signal: AbortSignal,
): Promise<MetricReply> {
  const moment = await service.moment(identity);
  const [first, ...others] = await Promise.all(bodies.map((body) => service.query(body, identity, signal, moment)));
  if (first === undefined) throw new TypeError('Nothing was asked.');
  return mergeReplies(first, others);
}

/** A request body that meets the schema, or an `invalid_request` that says what does not. */
export function parseRequest(body: unknown, check: typeof requestCheck = requestCheck): MetricQueryRequest {
  if (!check.Check(body)) throw faultsOf(check, body, 'body');
  if (body.timeZone !== undefined && !isTimeZone(body.timeZone)) {
    throw new HttpProblem(
      'invalid_request',
      'body/timeZone is not an IANA time zone; write for example Europe/London.',
    );
  }
  return body;
}

/** What an evaluation failed with, as a problem where it is one; what is unknown comes back as it is. */
export function metricProblemOf(error: unknown): unknown {
  if (error instanceof RangeRequestError || error instanceof LiteralError) {
    return new HttpProblem('invalid_request', error.message, { cause: error });
  }
  if (error instanceof StoreError && error.code === 'store_timed_out') {
    return new HttpProblem('upstream_timeout', error.message, { cause: error });
  }
  if (error instanceof StoreError && error.retriable) {
    return new HttpProblem('overloaded', error.message, { cause: error, headers: { 'Retry-After': '2' } });
  }
  return error;
}
