import { randomUUID } from 'node:crypto';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { MAX_LIVE_QUERIES, MAX_LIVE_SUBSCRIPTIONS } from '@lumina/contracts';
import type { MetricQueryRequest, Problem } from '@lumina/contracts';
import { LiveRowsSchema, LiveSubscriptionSchema, SingleLiveRequestSchema } from '@lumina/contracts/schemas';
import { parseRequest } from '../features/metrics/index.ts';
import { faultsOf } from '../http/faults.ts';
import { HttpProblem } from '../http/problem.ts';
import { watchedRowsOf } from './watched-rows.ts';
import type { WatchedRows } from './watched-rows.ts';

/** One subscription as a client asks for it. */
export interface AskedSubscription {
  /** What its frames carry as `request`; undefined where the connection has this one only. */
  readonly id: string | undefined;
  /** A problem where it cannot be answered: the other subscriptions of the page go on. */
  readonly ask: MetricQueryRequest | HttpProblem;
  /** The rows it watches besides. */
  readonly rows?: WatchedRows;
}

/** What a live connection asks, checked. */
export interface AskedSubscriptions {
  readonly subscriptions: readonly AskedSubscription[];
  /** The id of the last frame that arrived, as the client says it. */
  readonly resume: string | undefined;
}

/** Who asks for rows alone asks no metric, of whatever range. */
const NO_QUERIES: MetricQueryRequest = { range: { last: '1h' }, queries: [] };

const rowsCheck = Compile(LiveRowsSchema);
const { resume: ResumeSchema } = SingleLiveRequestSchema.properties;
/** Only the frame of the list: a subscription that is not valid must not take the others down. */
const listCheck = Compile(
  Type.Object(
    {
      requests: Type.Array(Type.Object({ id: LiveSubscriptionSchema.properties.id }), {
        minItems: 1,
        maxItems: MAX_LIVE_SUBSCRIPTIONS,
      }),
      resume: ResumeSchema,
    },
    { additionalProperties: false },
  ),
);
const singleCheck = Compile(Type.Object({ resume: ResumeSchema }));

function parseAsked(id: string | undefined, body: object): AskedSubscription {
  const { rows, ...request } = body as { readonly rows?: unknown };
  if (rows === undefined) return { id, ask: parseRequest(request) };
  if (!rowsCheck.Check(rows)) throw faultsOf(rowsCheck, rows, 'body/rows');
  const ask = Object.keys(request).length === 0 ? NO_QUERIES : parseRequest(request);
  if (ask.territory === 'platform')
    throw new HttpProblem(
      'invalid_request',
      'The platform has no rows; leave body/rows out, or ask the own territory.',
    );
  return { id, ask, rows: watchedRowsOf(rows) };
}

function asked(id: string, request: object): AskedSubscription {
  try {
    return parseAsked(id, request);
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error;
    return { id, ask: error };
  }
}

function parseList(body: unknown): AskedSubscriptions {
  if (!listCheck.Check(body)) throw faultsOf(listCheck, body, 'body');
  const subscriptions = body.requests.map(({ id, ...request }) => asked(id, request));
  if (new Set(subscriptions.map(({ id }) => id)).size < subscriptions.length)
    throw new HttpProblem('invalid_request', 'Each request needs an id of its own.');
  const queries = subscriptions.reduce(
    (sum, { ask }) => sum + (ask instanceof HttpProblem ? 0 : ask.queries.length),
    0,
  );
  if (queries > MAX_LIVE_QUERIES)
    throw new HttpProblem(
      'invalid_request',
      `A live connection takes at most ${String(MAX_LIVE_QUERIES)} queries; open another one for the rest.`,
    );
  return { subscriptions, resume: body.resume };
}

/** Reads the body of `POST /api/live`, or the first message of a WebSocket; throws `invalid_request`. */
export function parseLiveRequest(body: unknown): AskedSubscriptions {
  if (typeof body === 'object' && body !== null && 'requests' in body) return parseList(body);
  if (!singleCheck.Check(body)) throw faultsOf(singleCheck, body, 'body');
  const { resume, ...request } = body;
  return { subscriptions: [parseAsked(undefined, request)], resume };
}

/** The problem as a frame tells it. */
export function toFrameProblem(problem: HttpProblem): Problem {
  return problem.toBody(randomUUID());
}
