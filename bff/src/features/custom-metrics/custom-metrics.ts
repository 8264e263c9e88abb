import type { Response } from 'express';
import Type from 'typebox';
import { FormulaError, checkFormula } from '@lumina/contracts';
import type { CustomMetric, CustomMetricDraft } from '@lumina/contracts';
import { CustomMetricDraftSchema, CustomMetricSchema } from '@lumina/contracts/schemas';
import { expectedVersionOf } from '../../http/if-match.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { CustomMetricStore } from './custom-metric-store.ts';

const MetricListSchema = Type.Object({ items: Type.Array(CustomMetricSchema) });

function missing(id: string): HttpProblem {
  // The same words for what is not there and what is another territory's.
  return new HttpProblem('not_found', `There is no custom metric ${id}.`);
}

/** Refuses a formula that cannot be read or means nothing, with the place of the fault. */
function assertFormula({ formula, unit }: CustomMetricDraft): void {
  try {
    checkFormula(formula, unit);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    const place = `line ${String(error.line)}, column ${String(error.column)}`;
    throw new HttpProblem('invalid_request', `body/formula, ${place}: ${error.message}`, { cause: error });
  }
}

function send(response: Response, metric: CustomMetric): void {
  response
    .set('ETag', `"${String(metric.version)}"`)
    .set('Cache-Control', 'private, no-cache')
    .json(metric);
}

function readRoutes(store: CustomMetricStore): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/metrics/custom',
      summary: 'The metrics that the territory has defined for itself',
      permission: 'metrics:read',
      success: { status: 200, description: 'Custom metrics', schema: MetricListSchema },
      handle: async ({ identity, response }) => {
        response.set('Cache-Control', 'private, no-cache').json({ items: await store.list(identity) });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/metrics/custom/{id}',
      summary: 'One custom metric; its version is the ETag',
      permission: 'metrics:read',
      success: { status: 200, description: 'The metric', schema: CustomMetricSchema },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        const metric = await store.find(identity, id);
        if (metric === undefined) throw missing(id);
        send(response, metric);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/metrics/custom/{id}/versions',
      summary: 'What a custom metric meant, newest first',
      permission: 'metrics:read',
      success: { status: 200, description: 'Versions', schema: MetricListSchema },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        const items = await store.versions(identity, id);
        if (items.length === 0) throw missing(id);
        response.set('Cache-Control', 'private, no-cache').json({ items });
      },
    }),
  ];
}

// A definition changes what everybody in the territory sees, hence the permission of its settings.
function writeRoutes(store: CustomMetricStore): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/metrics/custom',
      summary: 'Define a metric by a formula over parts and metrics',
      permission: 'settings:write',
      body: CustomMetricDraftSchema,
      success: { status: 201, description: 'The new metric', schema: CustomMetricSchema },
      handle: async ({ identity, body, response }) => {
        assertFormula(body);
        const metric = await store.create(identity, body);
        response.status(201).location(`/api/metrics/custom/${metric.id}`);
        send(response, metric);
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/metrics/custom/{id}',
      summary: 'Change a custom metric, if nobody changed it since',
      permission: 'settings:write',
      headers: ['If-Match'],
      body: CustomMetricDraftSchema,
      success: { status: 200, description: 'The new version', schema: CustomMetricSchema },
      handle: async ({ identity, body, request, response }) => {
        assertFormula(body);
        const id = pathParameter(request, 'id');
        const outcome = await store.replace(identity, id, expectedVersionOf(request), body);
        if (outcome.kind === 'missing') throw missing(id);
        if (outcome.kind === 'stale') {
          throw new HttpProblem(
            'conflict',
            'Somebody saved this metric in the meantime; load it again and repeat the change.',
          );
        }
        send(response, outcome.metric);
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/metrics/custom/{id}',
      summary: 'Delete a custom metric and its versions; queries that name it answer unknown_metric',
      permission: 'settings:write',
      success: { status: 204, description: 'It is gone' },
      handle: async ({ identity, request, response }) => {
        const id = pathParameter(request, 'id');
        if (!(await store.remove(identity, id))) throw missing(id);
        response.status(204).end();
      },
    }),
  ];
}

/** `/api/metrics/custom`: a territory's own metrics, with optimistic concurrency. */
export function customMetricRoutes(store: CustomMetricStore): readonly Route[] {
  return [...readRoutes(store), ...writeRoutes(store)];
}
