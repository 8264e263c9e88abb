import { BY_HAND, guide, trino } from './golden.ts';
import type { GoldenGroup } from './golden.ts';

const AT = "TIMESTAMP '2022-06-17 17:45:30.123456789'";

/** Dates, times, intervals, and their texts. The clock of the server stands at 2026-03-04 12:00. */
export const TIMES: readonly GoldenGroup[] = [
  {
    source: guide('date-time-functions'),
    cases: [
      [
        'SELECT current_date, current_time, current_timestamp',
        ['2026-03-04|12:00:00.000000000|2026-03-04 12:00:00.000000000'],
      ],
      [
        'SELECT localtime, localtimestamp, current_timezone()',
        ['12:00:00.000000000|2026-03-04 12:00:00.000000000|UTC'],
      ],
      [
        'SELECT now(), now() - 1h, ago(5m)',
        ['2026-03-04 12:00:00.000000000|2026-03-04 11:00:00.000000000|2026-03-04 11:55:00.000000000'],
      ],
      ["SELECT date(TIMESTAMP '2022-07-07 17:44:43.771000000'), date('2022-07-07')", ['2022-07-07|2022-07-07']],
      [
        "SELECT last_day_of_month(TIMESTAMP '2022-07-07 17:44:43.771000000'), last_day_of_month(DATE '2024-02-01')",
        ['2022-07-31|2024-02-29'],
      ],
      [
        "SELECT from_iso8601_timestamp('2022-06-17T08:04:05.000000000+05:00'), from_iso8601_date('2022-07-17')",
        ['2022-06-17 03:04:05.000000000|2022-07-17'],
      ],
      [
        'SELECT from_milliseconds(1), to_milliseconds(from_milliseconds(1)), from_nanoseconds(1), to_nanoseconds(from_nanoseconds(1))',
        ['1970-01-01 00:00:00.001000000|1|1970-01-01 00:00:00.000000001|1'],
      ],
      [
        "SELECT from_unixtime(1656094610), to_unixtime(TIMESTAMP '2022-06-17 17:45:30'), to_milliseconds(90s)",
        ['2022-06-24 18:16:50.000000000|1.65548793E9|90000'],
      ],
      [
        `SELECT date_trunc('minute', ${AT}), date_trunc('month', DATE '2022-06-17'), date_trunc('week', ${AT})`,
        ['2022-06-17 17:45:00.000000000|2022-06-01|2022-06-13 00:00:00.000000000'],
      ],
      [
        "SELECT date_add('hour', 9, TIMESTAMP '2022-06-17 00:00:00'), date_add('month', 1, DATE '2022-01-31'), date_add('nanosecond', 5, TIMESTAMP '2022-06-17 00:00:00')",
        ['2022-06-17 09:00:00.000000000|2022-02-28|2022-06-17 00:00:00.000000005'],
      ],
      [
        "SELECT date_diff('day', DATE '2020-03-01', DATE '2020-03-02'), date_diff('minute', ago(90m), now()), date_diff('month', DATE '2020-01-31', DATE '2020-03-01')",
        ['1|90|1'],
      ],
      [
        "SELECT parse_duration('42ms') > 41ms, parse_duration('5m'), human_readable_seconds(96), human_readable_seconds(3762)",
        ['true|0 00:05:00.000000000|1 minute, 36 seconds|1 hour, 2 minutes, 42 seconds'],
      ],
      [
        "SELECT bin(TIMESTAMP '2022-06-17 10:15:20', 5m), bin(TIMESTAMP '2022-06-17 10:15:20', 1d)",
        ['2022-06-17 10:15:00.000000000|2022-06-17 00:00:00.000000000'],
      ],
      [
        `SELECT extract(YEAR FROM ${AT}), extract(dow FROM DATE '2022-06-19'), extract(HOUR FROM TIME '01:02:03')`,
        ['2022|7|1'],
      ],
      [
        `SELECT year(${AT}), quarter(${AT}), month(${AT}), week(${AT}), week_of_year(${AT}), day(${AT}), day_of_month(${AT})`,
        ['2022|2|6|24|24|17|17'],
      ],
      [
        `SELECT day_of_week(${AT}), dow(${AT}), day_of_year(${AT}), doy(${AT}), year_of_week(DATE '2021-01-01'), yow(DATE '2021-01-01')`,
        ['5|5|168|168|2020|2020'],
      ],
      [
        `SELECT hour(${AT}), minute(${AT}), second(${AT}), millisecond(${AT}), nanosecond(${AT})`,
        ['17|45|30|123|123456789'],
      ],
    ],
  },
  {
    source: trino('functions/datetime'),
    cases: [
      [
        `SELECT date_format(${AT}, '%Y-%m-%d %H:%i:%s %p %W %M'), date_format(${AT}, '%c/%e/%y %l%p')`,
        ['2022-06-17 17:45:30 PM Friday June|6/17/22 5PM'],
      ],
      [
        "SELECT date_parse('06/17/2022', '%m/%d/%Y'), date_parse('2022-06-17 17:45', '%Y-%m-%d %H:%i')",
        ['2022-06-17 00:00:00.000000000|2022-06-17 17:45:00.000000000'],
      ],
      [
        `SELECT format_datetime(${AT}, 'yyyy-MM-dd''T''HH:mm:ss.SSS'), format_datetime(${AT}, 'EEE d MMM yy')`,
        ['2022-06-17T17:45:30.123|Fri 17 Jun 22'],
      ],
      ["SELECT parse_datetime('2022-06-17 17:45', 'yyyy-MM-dd HH:mm')", ['2022-06-17 17:45:00.000000000']],
      [`SELECT to_iso8601(${AT}), to_iso8601(DATE '2022-07-17')`, ['2022-06-17T17:45:30.123456789Z|2022-07-17']],
    ],
  },
  {
    source: guide('date-time-operators'),
    cases: [
      [
        "SELECT DATE '2022-05-21' + INTERVAL '2' DAY, TIME '01:00:00' + INTERVAL '3' HOUR, TIME '23:00:00' + 2h",
        ['2022-05-23|04:00:00.000000000|01:00:00.000000000'],
        ['interval arithmetic', 'time literal'],
      ],
      [
        "SELECT INTERVAL '29' HOUR, INTERVAL '2' DAY + INTERVAL '3' HOUR, INTERVAL '3' YEAR + INTERVAL '5' MONTH, INTERVAL '2-7' YEAR TO MONTH",
        ['1 05:00:00.000000000|2 03:00:00.000000000|3-5|2-7'],
        ['interval literal', 'interval arithmetic'],
      ],
      [
        "SELECT TIMESTAMP '2022-05-21 10:00:00' - INTERVAL '29' HOUR, 2h * 3, 1d / 2, now() - ago(90m)",
        ['2022-05-20 05:00:00.000000000|0 06:00:00.000000000|0 12:00:00.000000000|0 01:30:00.000000000'],
        ['interval arithmetic'],
      ],
    ],
  },
  {
    source: BY_HAND,
    cases: [
      [
        'SELECT 5m, 1h, 10s, 1ms, 30d, 1us, 1ns',
        [
          '0 00:05:00.000000000|0 01:00:00.000000000|0 00:00:10.000000000|0 00:00:00.001000000|30 00:00:00.000000000|0 00:00:00.000001000|0 00:00:00.000000001',
        ],
        ['interval literal'],
      ],
      ['SELECT 5 m', ['5']],
      [
        "SELECT TIMESTAMP '2020-01-01 00:00:00.123456789', DATE '2020-02-29', TIME '01:02:03.004000005'",
        ['2020-01-01 00:00:00.123456789|2020-02-29|01:02:03.004000005'],
        ['time literal'],
      ],
      [
        "SELECT bin(TIMESTAMP '2026-03-04 11:59:59.999999999', 5m), bin(TIMESTAMP '1969-12-31 23:59:00', 1h)",
        ['2026-03-04 11:55:00.000000000|1969-12-31 23:00:00.000000000'],
      ],
      [
        "SELECT bin(TIMESTAMP '2022-06-17 10:15:20', 1h, TIMESTAMP '2022-06-17 00:30:00'), bin(TIMESTAMP '2022-06-17 10:15:20', INTERVAL '3' MONTH), bin(17, 5), bin(1.7, 0.5)",
        ['2022-06-17 09:30:00.000000000|2022-04-01 00:00:00.000000000|15|1.5'],
      ],
      [
        "SELECT TIMESTAMP '2026-01-31 00:00:00.000000001' + INTERVAL '1' MONTH, date_add('month', 1, now())",
        ['2026-02-28 00:00:00.000000001|2026-04-04 12:00:00.000000000'],
      ],
      [
        "SELECT second(90s), minute(90s), hour(49h), day(49h), millisecond(1500ms), year(INTERVAL '31' MONTH), month(INTERVAL '31' MONTH)",
        ['30|1|1|2|500|2|7'],
      ],
    ],
  },
];
