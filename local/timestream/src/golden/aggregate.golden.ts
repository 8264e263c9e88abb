import { BY_HAND, guide } from './golden.ts';
import type { GoldenGroup } from './golden.ts';

const FOUR = 'FROM (VALUES 1, 2, 3, 4) AS t(x)';
const PAIRS = 'FROM (VALUES (1, 1), (2, 5), (4, 2)) AS t(x, w)';
const RANKED = 'FROM (VALUES 1, 2, 2, 4) AS t(x)';

/** Aggregate and window functions. */
export const AGGREGATES: readonly GoldenGroup[] = [
  {
    source: `${guide('aggregate-functions')}: signatures; values ${BY_HAND}`,
    cases: [
      [`SELECT count(*), count(x), sum(x), avg(x), min(x), max(x) ${FOUR}`, ['4|4|10|2.5|1|4']],
      [
        `SELECT approx_distinct(x), approx_distinct(x, 0.2), count_if(x > 2), arbitrary(7), any_value(7) ${FOUR}`,
        ['4|4|2|7|7'],
      ],
      [`SELECT approx_percentile(x, 0.5), approx_percentile(x, ARRAY[0.25, 1]) ${FOUR}`, ['2|[1,4]']],
      [
        `SELECT approx_percentile(x, w, 0.5), approx_percentile(x, w, ARRAY[0.1, 0.9]), approx_percentile(x, w, 0.5, 0.99) ${PAIRS}`,
        ['2|[1,4]|2'],
      ],
      [`SELECT max_by(x, w), max_by(x, w, 2), min_by(x, w), min_by(x, w, 2) ${PAIRS}`, ['2|[2,4]|1|[1,4]']],
      [`SELECT max(x, 2), min(x, 2) ${FOUR}`, ['[4,3]|[1,2]']],
      [`SELECT array_agg(x), array_agg(x ORDER BY x DESC) ${FOUR}`, ['[1,2,3,4]|[4,3,2,1]'], ['aggregate ORDER BY']],
      [`SELECT bool_and(x > 0), bool_or(x > 3), every(x > 1) ${FOUR}`, ['true|true|false']],
      [`SELECT bitwise_and_agg(x), bitwise_or_agg(x) FROM (VALUES 6, 3) AS t(x)`, ['2|7']],
      [`SELECT geometric_mean(x) FROM (VALUES 1, 4) AS t(x)`, ['2.0']],
      [`SELECT var_pop(x), stddev_pop(x), variance(x), var_samp(x) FROM (VALUES 1, 3) AS t(x)`, ['1.0|1.0|2.0|2.0']],
      [`SELECT stddev(x), stddev_samp(x) FROM (VALUES 1, 3, 5) AS t(x)`, ['2.0|2.0']],
      [
        `SELECT corr(y, x), covar_pop(y, x), covar_samp(y, x), regr_slope(y, x), regr_intercept(y, x) FROM (VALUES (1, 3), (2, 5)) AS t(x, y)`,
        ['1.0|0.5|1.0|2.0|1.0'],
      ],
      [`SELECT skewness(x) FROM (VALUES 1, 2, 3) AS t(x)`, ['0.0']],
    ],
  },
  {
    source: BY_HAND,
    cases: [
      [
        "SELECT sum(n), max(wait_ms), count(*), array_agg(n) FROM lumina.call_metrics WHERE queue_id = 'none'",
        ['NULL|NULL|0|NULL'],
      ],
      ['SELECT count(DISTINCT x), sum(DISTINCT x) FROM (VALUES 1, 1, 2, NULL) AS t(x)', ['2|3']],
      [
        "SELECT sum(n) FILTER (WHERE queue_id = 'q2'), count(*) FILTER (WHERE n > 100) FROM lumina.call_metrics",
        ['9|0'],
        ['FILTER'],
      ],
      ['SELECT sum(x), avg(x) FROM (VALUES 1.5, 2.5) AS t(x)', ['4.0|2.0']],
      ['SELECT sum(1 * 5m), min(5m)', ['0 00:05:00.000000000|0 00:05:00.000000000']],
    ],
  },
  {
    source: `${guide('window-functions')}: signatures; values ${BY_HAND}`,
    cases: [
      [
        `SELECT x, row_number() OVER (ORDER BY x), rank() OVER (ORDER BY x), dense_rank() OVER (ORDER BY x), ntile(2) OVER (ORDER BY x) ${RANKED} ORDER BY 1, 2`,
        ['1|1|1|1|1', '2|2|2|2|1', '2|3|2|2|2', '4|4|4|3|2'],
        ['OVER'],
      ],
      [
        `SELECT x, percent_rank() OVER (ORDER BY x), cume_dist() OVER (ORDER BY x) FROM (VALUES 1, 2, 3) AS t(x) ORDER BY 1`,
        ['1|0.0|0.3333333333333333', '2|0.5|0.6666666666666666', '3|1.0|1.0'],
      ],
      [
        `SELECT x, lag(x) OVER (ORDER BY x), lag(x, 2, 0) OVER (ORDER BY x), lead(x) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) AS t(x) ORDER BY 1`,
        ['1|NULL|0|2', '2|1|0|3', '3|2|1|NULL'],
      ],
      [
        `SELECT x, first_value(x) OVER (ORDER BY x), last_value(x) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), nth_value(x, 2) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM (VALUES 1, 2, 3) AS t(x) ORDER BY 1`,
        ['1|1|3|2', '2|1|3|2', '3|1|3|2'],
        ['ROWS frame'],
      ],
      [
        `SELECT k, last_value(v) IGNORE NULLS OVER (ORDER BY k) FROM (VALUES (1, 'a'), (2, NULL), (3, 'c')) AS t(k, v) ORDER BY k`,
        ['1|a', '2|a', '3|c'],
        ['IGNORE NULLS'],
      ],
      [
        `SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), sum(x) OVER (ORDER BY x ROWS 1 PRECEDING), sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (VALUES 1, 2, 4) AS t(x) ORDER BY 1`,
        ['1|1|1|3', '2|3|3|3', '4|6|6|4'],
        ['ROWS frame', 'RANGE frame'],
      ],
      [
        `SELECT v, sum(v) OVER (ORDER BY t RANGE BETWEEN 5m PRECEDING AND CURRENT ROW) FROM (VALUES (now(), 1), (now() - 4m, 2), (now() - 10m, 4)) AS q(t, v) ORDER BY t`,
        ['4|4', '2|2', '1|3'],
        ['RANGE frame'],
      ],
      [
        'SELECT queue_id, n, row_number() OVER (PARTITION BY queue_id ORDER BY n DESC, time) FROM lumina.call_metrics WHERE wait_ms IS NOT NULL ORDER BY 1, 3',
        ['q1|2|1', 'q1|1|2', 'q2|4|1', 'q2|3|2'],
        ['OVER', 'IS NULL'],
      ],
      [
        'SELECT queue_id, sum(n), sum(sum(n)) OVER () FROM lumina.call_metrics GROUP BY queue_id ORDER BY 1',
        ['q1|4|13', 'q2|9|13'],
      ],
    ],
  },
];
