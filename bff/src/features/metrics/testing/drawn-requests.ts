import { DEFINITION_PRESET_IDS, METRIC_IDS, metricDefinition } from '@lumina/contracts';
import type { MetricQuery, MetricQueryRequest, MetricStat } from '@lumina/contracts';
import { HOUR_MS, MINUTE_MS } from '../time/grid.ts';
import type { Chance } from './drawn-rows.ts';

/** Every metric of the catalogue with every statistic it offers. */
export const MEASURES = METRIC_IDS.flatMap((metric) =>
  (Object.keys(metricDefinition(metric).stats) as MetricStat[]).map((stat) => ({ metric, stat })),
);

const ZONES = ['Europe/London', 'Australia/Sydney', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'];
const BINS = ['auto', '10s', '1m', '5m', '15m', '1h', '1d'] as const;
const FORMULAS = ['SL1', 'SL2', 'SL3', 'SL4', 'SL5', 'SL6', 'SL7'] as const;
const VALUES = ['a', 'b', '-', "it's"];

function pick<T>(chance: Chance, items: readonly [T, ...T[]] | readonly T[]): T {
  const item = items[chance(items.length)];
  if (item === undefined) throw new RangeError('There is nothing to pick from.');
  return item;
}

function rangeOf(chance: Chance, nowMs: number): MetricQueryRequest['range'] {
  switch (chance(5)) {
    case 0:
      return { calendar: pick(chance, ['today', 'yesterday', 'thisWeek'] as const) };
    case 1: {
      const fromMs = nowMs - chance(26 * HOUR_MS) - MINUTE_MS;
      const toMs = fromMs + MINUTE_MS + chance(4 * HOUR_MS);
      return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
    }
    default:
      return { last: pick(chance, ['5m', '15m', '20m', '1h', '90m', '3h', '8h', '24h']) };
  }
}

function queryOf(chance: Chance, index: number, { metric, stat }: (typeof MEASURES)[number]): MetricQuery {
  const { dimensions } = metricDefinition(metric);
  const isSome = (one: number): boolean => chance(one) === 0;
  const groupBy = dimensions.filter(() => isSome(3)).slice(0, 3);
  const filters = dimensions
    .filter(() => isSome(4))
    .map((dim) => ({
      dim,
      op: pick(chance, ['eq', 'in', 'ne'] as const),
      values: [...new Set([pick(chance, VALUES), pick(chance, VALUES)])],
    }));
  return {
    ref: `q${String(index)}`,
    metrics: [metric],
    ...(groupBy.length > 0 && chance(4) > 0 ? { groupBy, ...(isSome(3) ? { top: 1 + chance(3) } : {}) } : {}),
    ...(isSome(2) ? { filters } : {}),
    ...(isSome(4) ? { compare: pick(chance, ['previous', '1d', '7d'] as const) } : {}),
    ...(isSome(3) ? { fill: pick(chance, ['null', 'zero', 'previous'] as const) } : {}),
    options: {
      stat,
      ...(isSome(3) ? { formula: pick(chance, FORMULAS), thresholdS: chance(60), shortAbandonS: chance(10) } : {}),
      ...(isSome(3) ? { preset: pick(chance, DEFINITION_PRESET_IDS) } : {}),
    },
  };
}

/** Draws requests that, one after the other, ask for every metric and statistic of the catalogue. */
export class DrawnRequests {
  readonly #chance: Chance;
  /** How many measures were asked for. */
  asked = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  next(nowMs: number, queries: number): MetricQueryRequest {
    const chance = this.#chance;
    const measures = Array.from({ length: queries }, () => MEASURES[this.asked++ % MEASURES.length]);
    const wanted = measures.filter((measure) => measure !== undefined);
    const isOfPlatform = wanted.some(({ metric }) => metric === 'ingest_lag') || chance(12) === 0;
    return {
      range: rangeOf(chance, nowMs),
      bin: pick(chance, BINS),
      timeZone: pick(chance, ZONES),
      queries: wanted.map((measure, index) => queryOf(chance, index, measure)),
      ...(isOfPlatform ? { territory: 'platform' } : {}),
    };
  }
}
