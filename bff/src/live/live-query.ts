import { randomUUID } from 'node:crypto';
import { Compile } from 'typebox/compile';
import type { Validator } from 'typebox/compile';
import Type from 'typebox';
import { MAX_LIVE_QUERIES, MAX_LIVE_SUBSCRIPTIONS } from '@lumina/contracts';
import type { LiveSubscription, MetricQueryRequest, Problem } from '@lumina/contracts';
import { LiveSubscriptionSchema, SingleLiveRequestSchema } from '@lumina/contracts/schemas';
import { isTimeZone } from '../features/metrics/index.ts';
import { HttpProblem } from '../http/problem.ts';

/** One question of a live connection. */
export interface LiveQuery {
  /** What its frames carry as `request`; undefined where the connection asks one thing only. */
  readonly id: string | undefined;
  /** A problem where it cannot be answered: the other questions of the page go on. */
  readonly ask: MetricQueryRequest | HttpProblem;
}

/** What a live connection asks, checked. */
export interface LiveQueries {
  readonly queries: readonly LiveQuery[];
  /** The id of the last frame that arrived, as the client says it. */
  readonly resume: string | undefined;
}

/** Only the frame of the list: a subscription that is not valid must not take the others down. */
const listCheck = Compile(
  Type.Object(
    {
      requests: Type.Array(Type.Object({ id: LiveSubscriptionSchema.properties.id }), {
        minItems: 1,
        maxItems: MAX_LIVE_SUBSCRIPTIONS,
      }),
      resume: SingleLiveRequestSchema.properties.resume,
    },
    { additionalProperties: false },
  ),
);
const singleCheck = Compile(SingleLiveRequestSchema);
const subscriptionCheck = Compile(LiveSubscriptionSchema);
const MAX_FAULTS_TOLD = 3;

function faultsOf(check: Pick<Validator, 'Errors'>, body: unknown): HttpProblem {
  const faults = [...check.Errors(body)].slice(0, MAX_FAULTS_TOLD);
  const detail = faults.map(({ instancePath, message }) => `body${instancePath} ${message}`).join('; ');
  return new HttpProblem('invalid_request', detail === '' ? 'The body does not fit.' : detail);
}

/** A request whose zone exists, or what is wrong with it. */
function withZone(request: MetricQueryRequest): MetricQueryRequest | HttpProblem {
  return request.timeZone === undefined || isTimeZone(request.timeZone)
    ? request
    : new HttpProblem('invalid_request', 'timeZone is not an IANA time zone; write for example Europe/London.');
}

function toQuery(id: string, body: unknown): LiveQuery {
  if (!subscriptionCheck.Check(body)) return { id, ask: faultsOf(subscriptionCheck, body) };
  const { id: _id, ...request }: LiveSubscription = body;
  return { id, ask: withZone(request) };
}

function parseList(body: unknown): LiveQueries {
  if (!listCheck.Check(body)) throw faultsOf(listCheck, body);
  const queries = body.requests.map((request) => toQuery(request.id, request));
  if (new Set(queries.map(({ id }) => id)).size < queries.length)
    throw new HttpProblem('invalid_request', 'Each request needs an id of its own.');
  const asked = queries.reduce((sum, { ask }) => sum + (ask instanceof HttpProblem ? 0 : ask.queries.length), 0);
  if (asked > MAX_LIVE_QUERIES)
    throw new HttpProblem(
      'invalid_request',
      `A live connection takes at most ${String(MAX_LIVE_QUERIES)} queries; open another one for the rest.`,
    );
  return { queries, resume: body.resume };
}

/** Reads the body of `POST /api/live`, or the first message of a WebSocket; throws `invalid_request`. */
export function parseLiveQueries(body: unknown): LiveQueries {
  if (typeof body === 'object' && body !== null && 'requests' in body) return parseList(body);
  if (!singleCheck.Check(body)) throw faultsOf(singleCheck, body);
  const { resume, ...request } = body;
  return { queries: [{ id: undefined, ask: withZone(request) }], resume };
}

/** The problem as a frame tells it. */
export function toFrameProblem(problem: HttpProblem): Problem {
  return problem.toBody(randomUUID());
}
