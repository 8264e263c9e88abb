import { isDeepStrictEqual } from 'node:util';
import { isMetricId, metricDefinition } from '@lumina/contracts';
import type { MetricReply, ReplyMeta } from '@lumina/contracts';
import { versionOfProduct } from './plan/settings-rules.ts';

type CacheState = ReplyMeta['cache']['state'];
type Definition = ReplyMeta['definitions'][string];

function stateOf(states: readonly CacheState[]): CacheState {
  const [first = 'hit'] = states;
  return states.every((state) => state === first) ? first : 'partial';
}

/** What definitions of one metric by different rules have in common. */
function shared(metric: string, { version, text }: Definition): Definition {
  return { version: versionOfProduct(version), text: isMetricId(metric) ? metricDefinition(metric).text : text };
}

/** The definitions of all; where two replies tell a metric by different rules, what both have in common is told. */
function definitionsOf(replies: readonly MetricReply[]): ReplyMeta['definitions'] {
  const told: ReplyMeta['definitions'] = {};
  for (const { meta } of replies) {
    for (const [metric, definition] of Object.entries(meta.definitions)) {
      const known = told[metric];
      told[metric] = known === undefined || isDeepStrictEqual(known, definition) ? definition : shared(metric, known);
    }
  }
  return told;
}

/**
 * One reply of several that were answered as of one moment: `meta` is that of the first, and says of each query of the
 * others which range, bins and zone it has instead.
 */
export function mergeReplies(first: MetricReply, others: readonly MetricReply[]): MetricReply {
  if (others.length === 0) return first;
  const all = [first, ...others];
  const watermarks = all.map(({ meta }) => meta.watermark);
  const known = watermarks.filter((watermark) => watermark !== null);
  const frames: NonNullable<ReplyMeta['frames']> = {};
  for (const { data, aggregations, errors, meta } of others) {
    const { bin, from, to, timeZone } = meta;
    for (const { ref } of [...data, ...aggregations, ...errors]) frames[ref] = { bin, from, to, timeZone };
  }
  const asked = all.filter(({ data, aggregations }) => data.length + aggregations.length > 0);
  return {
    data: all.flatMap(({ data }) => data),
    aggregations: all.flatMap(({ aggregations }) => aggregations),
    errors: all.flatMap(({ errors }) => errors),
    meta: {
      ...first.meta,
      watermark: known.length < watermarks.length ? null : Math.min(...known),
      cache: {
        state: stateOf((asked.length === 0 ? all : asked).map(({ meta }) => meta.cache.state)),
        fetched: all.reduce((sum, { meta }) => sum + meta.cache.fetched, 0),
      },
      definitions: definitionsOf(all),
      frames,
    },
  };
}
