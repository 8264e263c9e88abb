import { BY_HAND, guide } from './golden.ts';
import type { GoldenGroup } from './golden.ts';

const SERIES = `WITH p AS (SELECT create_time_series(t, v) AS s FROM (VALUES
  (TIMESTAMP '2022-01-01 00:00:10', 3.0), (TIMESTAMP '2022-01-01 00:00:00', 1.0), (TIMESTAMP '2022-01-01 00:00:30', 2.0),
  (TIMESTAMP '2022-01-01 00:00:40', NULL)) AS q(t, v)) SELECT`;
const at = (second: number): string => `2022-01-01 00:00:${String(second).padStart(2, '0')}.000000000`;
const points = (values: Readonly<Record<number, string>>): string =>
  `{${Object.entries(values)
    .map(([second, value]) => `${at(Number(second))}=${value}`)
    .join(',')}}`;
const TIMES = `ARRAY[TIMESTAMP '${at(5)}', TIMESTAMP '${at(10)}', TIMESTAMP '${at(20)}', TIMESTAMP '${at(50)}']`;

/** Timeseries. */
export const TIMESERIES: readonly GoldenGroup[] = [
  {
    source: `${guide('timeseries-specific-constructs.functions')}: signatures; values ${BY_HAND}`,
    cases: [
      [`${SERIES} s, cardinality(s) FROM p`, [`${points({ 0: '1.0', 10: '3.0', 30: '2.0' })}|3`], ['WITH']],
      [`${SERIES} interpolate_linear(s, ${TIMES}) FROM p`, [points({ 5: '2.0', 10: '3.0', 20: '2.5', 50: 'null' })]],
      [`${SERIES} interpolate_linear(s, TIMESTAMP '${at(5)}') FROM p`, ['2.0']],
      [`${SERIES} interpolate_locf(s, ${TIMES}) FROM p`, [points({ 5: '1.0', 10: '3.0', 20: '3.0', 50: '2.0' })]],
      [`${SERIES} interpolate_locf(s, TIMESTAMP '2021-12-31 00:00:00') FROM p`, ['NULL']],
      [`${SERIES} interpolate_fill(s, ${TIMES}, 9.5) FROM p`, [points({ 5: '9.5', 10: '3.0', 20: '9.5', 50: '9.5' })]],
      [`${SERIES} derivative_linear(s, 10s) FROM p`, [points({ 10: '2.0', 30: '-0.5' })]],
      [`${SERIES} non_negative_derivative_linear(s, 10s) FROM p`, [points({ 10: '2.0' })]],
      [`${SERIES} integral_trapezoidal(s), integral_trapezoidal(s, 10s) FROM p`, ['70.0|7.0']],
      [`${SERIES} filter(s, x -> x.value > 1.5) FROM p`, [points({ 10: '3.0', 30: '2.0' })], ['lambda']],
      [`${SERIES} transform(s, x -> x.value * 2) FROM p`, [points({ 0: '2.0', 10: '6.0', 30: '4.0' })]],
      [`${SERIES} reduce(s, DOUBLE '0.0', (a, x) -> x.value + a, a -> a) FROM p`, ['6.0']],
      [
        `${SERIES} time, value FROM p CROSS JOIN UNNEST(s) AS t(time, value) WHERE value > 1 ORDER BY time`,
        [`${at(10)}|3.0`, `${at(30)}|2.0`],
        ['UNNEST', 'CROSS JOIN'],
      ],
    ],
  },
  {
    source: guide('timeseries-specific-constructs.functions.interpolation'),
    cases: [
      [
        `WITH binned_timeseries AS (SELECT queue_id, BIN(time, 30s) AS binned_timestamp, ROUND(AVG(n), 2) AS average FROM lumina.call_metrics
          WHERE measure_name = 'visit' AND queue_id = 'q1' AND time > ago(2h) GROUP BY queue_id, BIN(time, 30s)),
        interpolated_timeseries AS (SELECT queue_id, INTERPOLATE_LINEAR(CREATE_TIME_SERIES(binned_timestamp, average),
          SEQUENCE(min(binned_timestamp), max(binned_timestamp), 15s)) AS interpolated FROM binned_timeseries GROUP BY queue_id)
        SELECT time, ROUND(value, 2) AS interpolated_value FROM interpolated_timeseries CROSS JOIN UNNEST(interpolated) ORDER BY time`,
        [
          '2026-03-04 11:58:00.000000000|2.0',
          '2026-03-04 11:58:15.000000000|1.75',
          '2026-03-04 11:58:30.000000000|1.5',
          '2026-03-04 11:58:45.000000000|1.25',
          '2026-03-04 11:59:00.000000000|1.0',
        ],
        ['UNNEST', 'WITH'],
      ],
    ],
  },
  {
    source: BY_HAND,
    cases: [
      [
        'SELECT queue_id FROM lumina.call_metrics GROUP BY queue_id HAVING cardinality(filter(array_agg(n), x -> x > 3)) > 0',
        ['q2'],
      ],
      [
        "SELECT queue_id FROM lumina.call_metrics WHERE measure_name = 'visit' GROUP BY queue_id HAVING integral_trapezoidal(create_time_series(time, n)) > 200",
        ['q2'],
      ],
      [
        "SELECT queue_id, create_time_series(time, n) FROM lumina.call_metrics WHERE measure_name = 'join' GROUP BY queue_id ORDER BY queue_id",
        ['q1|{2026-03-04 11:58:00.000000000=1}', 'q2|{2026-03-04 11:57:00.000000000=2}'],
      ],
      [
        "SELECT interpolate_linear(create_time_series(time, n), sequence(min(time), max(time), 30s)) FROM lumina.call_metrics WHERE measure_name = 'visit' AND queue_id = 'q1'",
        ['{2026-03-04 11:58:00.000000000=2.0,2026-03-04 11:58:30.000000000=1.5,2026-03-04 11:59:00.000000000=1.0}'],
      ],
      [
        'SELECT cardinality(interpolate_linear(create_time_series(from_milliseconds(x * 2), x), sequence(from_milliseconds(2), from_milliseconds(200000), 2ms))) FROM UNNEST(sequence(1, 100000)) AS t(x)',
        ['100000'],
      ],
    ],
  },
];
