import { BY_HAND, guide } from './golden.ts';
import type { GoldenGroup } from './golden.ts';

/** Operators, conditions and casts. */
export const EXPRESSIONS: readonly GoldenGroup[] = [
  {
    source: `${guide('conditional-expressions')} and ${guide('conversion-functions')}: forms; values ${BY_HAND}`,
    cases: [
      [
        "SELECT CASE WHEN 1 > 2 THEN 'a' WHEN true THEN 'b' END, CASE 3 WHEN 3 THEN 1.5 ELSE 2 END, CASE WHEN false THEN 1 END",
        ['b|1.5|NULL'],
        ['CASE'],
      ],
      [
        'SELECT coalesce(NULL, 2, 3), greatest(1, 3, 2), least(2.5, 1), greatest(1, NULL), if(1 = 1, 5), if(false, 1, 2.5), nullif(2, 2), nullif(1, 2)',
        ['2|3|1.0|NULL|5|2.5|NULL|1'],
      ],
      ["SELECT try(1 / 0), try(CAST('x' AS BIGINT)), try(7 / 2), coalesce(try(ARRAY[1][5]), 0)", ['NULL|NULL|3|0']],
      [
        "SELECT CAST('12' AS BIGINT), CAST(3 AS DOUBLE), CAST(2.6 AS INTEGER), CAST(2.5 AS BIGINT), CAST(-2.5 AS BIGINT), CAST(5 AS VARCHAR), CAST(true AS VARCHAR), CAST('false' AS BOOLEAN)",
        ['12|3.0|3|3|-3|5|true|false'],
        ['CAST'],
      ],
      [
        "SELECT TRY_CAST('x' AS BIGINT), TRY_CAST('1.5' AS BIGINT), TRY_CAST('1.5' AS DOUBLE), TRY_CAST('2020-13-01' AS DATE)",
        ['NULL|NULL|1.5|NULL'],
        ['TRY_CAST'],
      ],
      [
        "SELECT CAST(1e7 AS VARCHAR), CAST(1.5 AS VARCHAR), CAST(TIMESTAMP '2022-06-17 17:45:30.123456789' AS VARCHAR), CAST(TIME '01:02:03' AS VARCHAR), CAST(90s AS VARCHAR)",
        ['1.0E7|1.5|2022-06-17 17:45:30.123456789|01:02:03.000000000|0 00:01:30.000000000'],
        ['CAST'],
      ],
      [
        "SELECT CAST('2022-06-17 17:45:30.123456789' AS TIMESTAMP), CAST(TIMESTAMP '2022-06-17 17:45:30.5' AS TIME), CAST(DATE '2022-06-17' AS TIMESTAMP), CAST(TIMESTAMP '2022-06-17 17:45:30' AS DATE)",
        ['2022-06-17 17:45:30.123456789|17:45:30.500000000|2022-06-17 00:00:00.000000000|2022-06-17'],
        ['CAST'],
      ],
      [
        "SELECT CAST(ARRAY['1','2'] AS ARRAY(BIGINT)), CAST(ARRAY[1.0] AS ARRAY(VARCHAR)), CAST(NULL AS ARRAY(DATE))",
        ['[1,2]|[1.0]|NULL'],
        ['CAST'],
      ],
    ],
  },
  {
    source: `${guide('comparison-operators')} and ${guide('logical-operators')}: forms; values ${BY_HAND}`,
    cases: [
      [
        "SELECT 'abc' LIKE 'a%', 'abc' NOT LIKE '_c', 'a%' LIKE 'a!%' ESCAPE '!', 'ab' LIKE 'a!%' ESCAPE '!'",
        ['true|true|true|false'],
        ['LIKE'],
      ],
      [
        'SELECT 2 IN (1, 2), 2 NOT IN (1, 3), 2 IN (1, NULL), 2 BETWEEN 1 AND 3, 2 NOT BETWEEN 2 AND 3',
        ['true|true|NULL|true|false'],
        ['IN', 'BETWEEN'],
      ],
      [
        'SELECT NULL IS NULL, 1 IS NOT NULL, 1 IS DISTINCT FROM NULL, NULL IS NOT DISTINCT FROM NULL',
        ['true|true|true|true'],
        ['IS NULL', 'IS DISTINCT FROM'],
      ],
      [
        'SELECT true OR false AND false, (true OR false) AND false, NOT 1 = 2, NULL AND false, NULL OR true',
        ['true|false|true|false|true'],
        ['logic'],
      ],
      [
        "SELECT 1 < 2, 1 >= 2, 1 <> 1, 1 != 2, 'a' < 'b', 1 = 1.0, DATE '2020-01-01' = TIMESTAMP '2020-01-01 00:00:00'",
        ['true|false|false|true|true|true|true'],
        ['comparison'],
      ],
      [
        'SELECT 1 = ANY (VALUES 1, 2), 3 > ALL (SELECT 1 UNION SELECT 2), 3 = SOME (VALUES 1, 2), 2 <> ALL (VALUES 1, 3)',
        ['true|true|false|true'],
        ['ALL ANY SOME', 'VALUES'],
      ],
      [
        'SELECT EXISTS (SELECT 1), NOT EXISTS (SELECT 1 WHERE false), 5 IN (VALUES 1, 5), 5 NOT IN (SELECT 6)',
        ['true|true|true|true'],
        ['EXISTS', 'IN query'],
      ],
      ['SELECT (SELECT max(n) FROM lumina.call_metrics), (SELECT 1 WHERE false)', ['4|NULL'], ['scalar query']],
    ],
  },
];
