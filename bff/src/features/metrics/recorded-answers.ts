import { recorded } from '../../telemetry/tracing.ts';
import type { Tracing } from '../../telemetry/tracing.ts';
import type { MetricService } from './service.ts';

/** Whoever answers metric queries. */
export type MetricAnswers = Pick<MetricService, 'query' | 'moment'>;

/** Records how each answer came about: how much was asked, and what of it the store was asked for. */
export function recordedAnswers(answers: MetricAnswers, tracing: Tracing): MetricAnswers {
  return {
    moment: (identity) => answers.moment(identity),
    query: (request, ...others) => {
      const span = tracing.open('answer metrics', 'internal');
      return recorded(span, async () => {
        const reply = await answers.query(request, ...others);
        span?.set({
          'lumina.queries': request.queries.length,
          'lumina.bin': reply.meta.bin,
          'lumina.series': reply.data.length,
          'lumina.refused': reply.errors.length,
          'lumina.cache': reply.meta.cache.state,
          'lumina.store_queries': reply.meta.cache.fetched,
        });
        return reply;
      });
    },
  };
}
