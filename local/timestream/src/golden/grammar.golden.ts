import { BY_HAND, guide } from './golden.ts';
import type { GoldenGroup } from './golden.ts';

/** Statements and clauses. */
export const GRAMMAR: readonly GoldenGroup[] = [
  {
    source: `${guide('supported-sql-constructs.SELECT')}: forms; values ${BY_HAND}`,
    cases: [
      [
        "SELECT a, b, grouping(a, b), sum(c) FROM (VALUES ('x','p',1), ('x','q',2), ('y','p',4)) AS t(a,b,c) GROUP BY ROLLUP(a, b) ORDER BY 3, 1, 2",
        ['x|p|0|1', 'x|q|0|2', 'y|p|0|4', 'x|NULL|1|3', 'y|NULL|1|4', 'NULL|NULL|3|7'],
        ['ROLLUP', 'grouping', 'VALUES'],
      ],
      [
        "SELECT a, b, sum(c) FROM (VALUES ('x','p',1), ('x','q',2), ('y','p',4)) AS t(a,b,c) GROUP BY GROUPING SETS ((a), (b), ()) ORDER BY 1, 2",
        ['x|NULL|3', 'y|NULL|4', 'NULL|p|5', 'NULL|q|2', 'NULL|NULL|7'],
        ['GROUPING SETS'],
      ],
      [
        "SELECT a, b, sum(c) FROM (VALUES ('x','p',1), ('x','q',2), ('y','p',4)) AS t(a,b,c) GROUP BY CUBE(a, b) ORDER BY 1, 2",
        ['x|p|1', 'x|q|2', 'x|NULL|3', 'y|p|4', 'y|NULL|4', 'NULL|p|5', 'NULL|q|2', 'NULL|NULL|7'],
        ['CUBE'],
      ],
      [
        "SELECT a, b, count(*) FROM (VALUES ('x','p'), ('y','p')) AS t(a,b) GROUP BY DISTINCT a, ROLLUP(a, b) ORDER BY 1, 2",
        ['x|p|1', 'x|NULL|1', 'y|p|1', 'y|NULL|1'],
        ['GROUP BY'],
      ],
      ['SELECT count(*) FROM (VALUES 1, 2) AS t(a) GROUP BY ()', ['2']],
      [
        "SELECT * FROM (VALUES (1,'a'),(2,'b')) AS t(k,x) JOIN (VALUES (1,'c'),(3,'d')) AS u(k,y) USING (k)",
        ['1|a|c'],
        ['USING', 'FROM query', 'INNER JOIN'],
      ],
      [
        "SELECT k, t.x, u.y FROM (VALUES (1,'a'),(2,'b')) AS t(k,x) FULL OUTER JOIN (VALUES (1,'c'),(3,'d')) AS u(k,y) USING (k) ORDER BY k",
        ['1|a|c', '2|b|NULL', '3|NULL|d'],
        ['FULL JOIN', 'USING'],
      ],
      [
        'SELECT t.k, u.k FROM (VALUES 1, 2) AS t(k) RIGHT JOIN (VALUES 1, 3) AS u(k) ON t.k = u.k ORDER BY u.k',
        ['1|1', 'NULL|3'],
        ['RIGHT JOIN'],
      ],
      [
        'SELECT t.k, u.k FROM (VALUES 1, 2) AS t(k) LEFT OUTER JOIN (VALUES 1, 3) AS u(k) ON t.k = u.k ORDER BY t.k',
        ['1|1', '2|NULL'],
        ['LEFT JOIN'],
      ],
      [
        'SELECT count(*) FROM (VALUES 1, 2) AS a(x) CROSS JOIN (VALUES 1, 2) AS b(y), (VALUES 1, 2) AS c(z)',
        ['8'],
        ['CROSS JOIN'],
      ],
      ['SELECT x FROM (VALUES 1, 1, 2) AS t(x) INTERSECT SELECT 1', ['1'], ['INTERSECT']],
      [
        'SELECT x FROM (VALUES 1, 1, 1, 2) AS t(x) INTERSECT ALL SELECT * FROM (VALUES 1, 1)',
        ['1', '1'],
        ['INTERSECT'],
      ],
      ['SELECT x FROM (VALUES 1, 1, 2) AS t(x) EXCEPT SELECT 2', ['1'], ['EXCEPT']],
      ['SELECT x FROM (VALUES 1, 1, 2) AS t(x) EXCEPT ALL SELECT 1 ORDER BY x', ['1', '2'], ['EXCEPT', 'ORDER BY']],
      ['SELECT 1 UNION SELECT 1', ['1'], ['UNION']],
      ['SELECT 1 UNION DISTINCT SELECT 2.5 UNION ALL SELECT 1 ORDER BY 1 DESC', ['2.5', '1.0', '1.0'], ['UNION']],
      ['SELECT x FROM (VALUES 2, NULL, 1) AS t(x) ORDER BY x', ['1', '2', 'NULL'], ['ORDER BY']],
      ['SELECT x FROM (VALUES 2, NULL, 1) AS t(x) ORDER BY x DESC', ['2', '1', 'NULL'], ['ORDER BY']],
      [
        'SELECT x FROM (VALUES 2, NULL, 1) AS t(x) ORDER BY x DESC NULLS FIRST LIMIT 2',
        ['NULL', '2'],
        ['ORDER BY', 'LIMIT'],
      ],
      ['SELECT x FROM UNNEST(ARRAY[1, 2]) AS t(x) LIMIT ALL', ['1', '2'], ['UNNEST', 'LIMIT']],
      ["SELECT x, y FROM UNNEST(ARRAY[1, 2], ARRAY['a']) AS t(x, y)", ['1|a', '2|NULL'], ['UNNEST']],
      ["SELECT x, y FROM UNNEST(ARRAY[(1, 'a'), (2, 'b')]) AS t(x, y)", ['1|a', '2|b'], ['UNNEST', 'row']],
      ['WITH a(x) AS (SELECT 1), b AS (SELECT x + 1 AS y FROM a) SELECT x, y FROM a, b', ['1|2'], ['WITH']],
      ["VALUES (1, 'a'), (2, NULL)", ['1|a', '2|NULL'], ['VALUES']],
      [
        'SELECT ALL queue_id FROM lumina.call_metrics WHERE n = 4',
        ['q2'],
        ['SELECT', 'WHERE', 'FROM table', 'DISTINCT'],
      ],
      ['SELECT 1 -- a comment\n /* and\n another */ , 2', ['1|2'], ['SELECT']],
      [
        'SELECT measure_value::double, measure_value::varchar FROM lumina.samples ORDER BY time',
        ['1.5|NULL', 'NULL|busy'],
        ['measure_value column'],
      ],
      [
        'SELECT * FROM lumina.samples ORDER BY time',
        ['101|load|2026-03-04 11:59:00.000000000|1.5|NULL', '101|state|2026-03-04 12:00:00.000000000|NULL|busy'],
        ['measure_value column'],
      ],
    ],
  },
  {
    source: `${guide('supported-sql-constructs.SHOW')} and ${guide('supported-sql-constructs.DESCRIBE')}`,
    cases: [
      ['SHOW DATABASES', ['lumina'], ['SHOW DATABASES']],
      ["SHOW DATABASES LIKE 'x%'", [], ['SHOW DATABASES']],
      ['SHOW TABLES FROM lumina', ['call_metrics', 'samples'], ['SHOW TABLES']],
      ['SHOW TABLES FROM "lumina" LIKE \'%am_l%\'', ['samples'], ['SHOW TABLES']],
      [
        'SHOW MEASURES FROM lumina.samples',
        ['load|double|[(territory_id,varchar)]', 'state|varchar|[(territory_id,varchar)]'],
        ['SHOW MEASURES'],
      ],
      [
        "SHOW MEASURES FROM lumina.call_metrics LIKE 'v%'",
        ['visit|multi|[(queue_id,varchar),(territory_id,varchar)]'],
        ['SHOW MEASURES'],
      ],
      [
        'DESCRIBE "lumina"."samples"',
        [
          'territory_id|varchar|DIMENSION',
          'measure_name|varchar|MEASURE_NAME',
          'time|timestamp|TIMESTAMP',
          'measure_value::double|double|MEASURE_VALUE',
          'measure_value::varchar|varchar|MEASURE_VALUE',
        ],
        ['DESCRIBE'],
      ],
    ],
  },
];

/** Queries as applications write them. */
export const QUERIES: readonly GoldenGroup[] = [
  {
    source: BY_HAND,
    cases: [
      [
        'SELECT measure_name, sum(n), count(*), count(wait_ms), min(n), max(n) FROM lumina.call_metrics GROUP BY measure_name ORDER BY measure_name',
        ['join|3|2|0|1|2', 'visit|10|4|4|1|4'],
        ['GROUP BY'],
      ],
      [
        "SELECT queue_id, sum(wait_ms) / sum(n) FROM lumina.call_metrics WHERE measure_name = 'visit' GROUP BY 1 ORDER BY 1 DESC",
        ['q2|300', 'q1|100'],
      ],
      [
        'SELECT avg(n), approx_percentile(n, 0.5), approx_distinct(queue_id), count_if(n > 2), count(DISTINCT measure_name) FROM lumina.call_metrics',
        ['2.1666666666666665|2|2|2|2'],
      ],
      [
        'SELECT max_by(queue_id, wait_ms), min_by(queue_id, wait_ms), arbitrary(territory_id) FROM lumina.call_metrics',
        ['q2|q1|101'],
      ],
      ['SELECT DISTINCT queue_id FROM lumina.call_metrics ORDER BY queue_id', ['q1', 'q2'], ['DISTINCT']],
      [
        'SELECT queue_id q, sum(n) s FROM lumina.call_metrics GROUP BY queue_id HAVING sum(n) > 5 ORDER BY s',
        ['q2|9'],
        ['HAVING', 'FROM table'],
      ],
      ["SELECT sum(n), max(wait_ms) FROM lumina.call_metrics WHERE queue_id = 'none'", ['NULL|NULL'], ['WHERE']],
      [
        'SELECT wait_ms FROM lumina.call_metrics ORDER BY wait_ms DESC NULLS FIRST, n LIMIT 3',
        ['NULL', 'NULL', '1200'],
        ['ORDER BY', 'LIMIT'],
      ],
      ['SELECT wait_ms FROM lumina.call_metrics ORDER BY 1 LIMIT 1', ['100']],
      [
        "WITH v AS (SELECT bin(time, 1m) b, queue_id, sum(n) n FROM lumina.call_metrics WHERE measure_name = 'visit' GROUP BY 1, 2), j(b, queue_id, n) AS (SELECT bin(time, 1m), queue_id, sum(n) FROM lumina.call_metrics WHERE measure_name = 'join' GROUP BY 1, 2) SELECT v.queue_id, sum(v.n), sum(coalesce(j.n, 0)) FROM v LEFT JOIN j ON v.b = j.b AND v.queue_id = j.queue_id GROUP BY v.queue_id ORDER BY 1",
        ['q1|3|1', 'q2|7|2'],
        ['WITH', 'LEFT JOIN'],
      ],
      [
        'SELECT t.q, x FROM (SELECT queue_id AS q, max(n) AS m FROM lumina.call_metrics GROUP BY queue_id) t CROSS JOIN UNNEST(sequence(t.m - 1, t.m)) AS u(x) ORDER BY 1, 2',
        ['q1|1', 'q1|2', 'q2|3', 'q2|4'],
        ['FROM query', 'UNNEST', 'CROSS JOIN'],
      ],
      [
        "SELECT 'a' AS k, sum(n) FROM lumina.call_metrics UNION ALL SELECT 'b', 2.5 ORDER BY k DESC",
        ['b|2.5', 'a|13.0'],
        ['UNION'],
      ],
      [
        'SELECT a.queue_id FROM lumina.call_metrics a INNER JOIN lumina.call_metrics b ON a.time = b.time AND a.queue_id = b.queue_id AND a.measure_name < b.measure_name ORDER BY 1',
        ['q1', 'q2'],
        ['INNER JOIN'],
      ],
      [
        'SELECT queue_id FROM lumina.call_metrics WHERE n = (SELECT max(n) FROM lumina.call_metrics)',
        ['q2'],
        ['scalar query'],
      ],
      [
        "SELECT count(*) FROM lumina.call_metrics WHERE queue_id IN (SELECT queue_id FROM lumina.call_metrics WHERE n > 3) AND time >= '2026-03-04 11:00:00'",
        ['3'],
        ['IN query'],
      ],
      [
        'SELECT queue_id, n, row_number() OVER (PARTITION BY queue_id ORDER BY n DESC, time) FROM lumina.call_metrics WHERE wait_ms IS NOT NULL ORDER BY 1, 3',
        ['q1|2|1', 'q1|1|2', 'q2|4|1', 'q2|3|2'],
      ],
      [
        "SELECT sum(CASE WHEN queue_id = 'q1' THEN n ELSE 0 END) AS s1, sum(n) FILTER (WHERE queue_id = 'q2') AS s2 FROM lumina.call_metrics",
        ['4|9'],
      ],
      ['SELECT "queue_id", "Call_Metrics".n FROM "lumina"."call_metrics" WHERE n = 4', ['q2|4'], ['FROM table']],
      [
        'SELECT bin(time, 1m) AS time, sum(n) AS n FROM lumina.call_metrics GROUP BY bin(time, 1m) ORDER BY time DESC LIMIT 1',
        ['2026-03-04 11:59:00.000000000|1'],
      ],
      [
        'SELECT to_milliseconds(bin(time, 1h)), sum(n) * 2 + 1 FROM lumina.call_metrics GROUP BY bin(time, 1h)',
        ['1772622000000|27'],
      ],
    ],
  },
];
