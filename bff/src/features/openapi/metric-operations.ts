import { MetricQueryRequestSchema, MetricReplySchema } from '@lumina/contracts/schemas';
import Type from 'typebox';
import type { Route } from '../../http/route.ts';

const DashboardQuerySchema = Type.Object({
  dashboard: Type.String({ description: 'Id of a stored dashboard' }),
  timeRange: Type.Optional(Type.String({ description: 'Like 1h; default the range of the dashboard' })),
  'var-name': Type.Optional(
    Type.String({
      description: 'A value of the variable of that name, e.g. var-queue; repeat it, or leave it empty for all',
    }),
  ),
});

/** What the documentation says of the metrics feature, which serves itself. */
export const METRIC_OPERATIONS: readonly Route[] = [
  {
    method: 'get',
    path: '/api/metrics',
    summary: 'The catalogue of metrics: definitions, units, dimensions',
    permission: 'metrics:read',
    success: {
      status: 200,
      description: 'The catalogue',
      schema: Type.Object({ metrics: Type.Array(Type.Unknown()) }),
    },
  },
  {
    method: 'post',
    path: '/api/metrics/query',
    summary: 'Query metrics: several queries over one range, planned together',
    permission: 'metrics:read',
    body: MetricQueryRequestSchema,
    success: {
      status: 200,
      description: 'Series, aggregations over the whole range, and errors per query',
      schema: MetricReplySchema,
    },
  },
  {
    method: 'get',
    path: '/api/metrics/query',
    summary: 'The same for the widgets of a stored dashboard',
    permission: 'metrics:read',
    query: DashboardQuerySchema,
    success: { status: 200, description: 'As for POST; each ref is the id of a widget', schema: MetricReplySchema },
  },
];
