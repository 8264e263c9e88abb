import { AGGREGATES } from './aggregates.ts';
import { FUNCTIONS_BY_TOPIC } from './functions.ts';
import { WINDOW_FUNCTIONS } from './window-functions.ts';

/** One thing of the query language that the server has. */
export type SupportEntry = {
  topic: string;
  /** The name of a function, or of a part of the grammar. */
  name: string;
  /** How it is written, one line per form. */
  usage: readonly string[];
};

/** Statements, clauses and operators, by topic. */
const GRAMMAR: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  statement: {
    SELECT: 'SELECT …',
    VALUES: 'VALUES (…), …',
    'SHOW DATABASES': 'SHOW DATABASES [LIKE pattern]',
    'SHOW TABLES': 'SHOW TABLES [FROM database] [LIKE pattern]',
    'SHOW MEASURES': 'SHOW MEASURES FROM database.table [LIKE pattern]',
    DESCRIBE: 'DESCRIBE database.table',
  },
  clause: {
    WITH: 'WITH name [(column, …)] AS (query), …',
    DISTINCT: 'SELECT [ALL | DISTINCT]',
    'FROM table': 'FROM "database"."table" [[AS] alias [(column, …)]]',
    'FROM query': 'FROM (query) [AS] alias',
    'CROSS JOIN': 'a CROSS JOIN b, or a, b',
    'INNER JOIN': 'a [INNER] JOIN b ON condition',
    'LEFT JOIN': 'a LEFT [OUTER] JOIN b ON condition',
    'RIGHT JOIN': 'a RIGHT [OUTER] JOIN b ON condition',
    'FULL JOIN': 'a FULL [OUTER] JOIN b ON condition',
    USING: 'a JOIN b USING (column, …)',
    UNNEST: 'CROSS JOIN UNNEST(array | timeseries, …) [AS alias (column, …)]',
    WHERE: 'WHERE condition',
    'GROUP BY': 'GROUP BY [ALL | DISTINCT] expression | position, …',
    'GROUPING SETS': 'GROUP BY GROUPING SETS ((…), …)',
    ROLLUP: 'GROUP BY ROLLUP (…)',
    CUBE: 'GROUP BY CUBE (…)',
    HAVING: 'HAVING condition',
    UNION: 'query UNION [ALL | DISTINCT] query',
    INTERSECT: 'query INTERSECT [ALL | DISTINCT] query',
    EXCEPT: 'query EXCEPT [ALL | DISTINCT] query',
    'ORDER BY': 'ORDER BY expression [ASC | DESC] [NULLS FIRST | LAST], …',
    LIMIT: 'LIMIT count | ALL',
    OVER: 'OVER ([PARTITION BY …] [ORDER BY …] [frame])',
    'ROWS frame': 'ROWS [BETWEEN] bound [AND bound]',
    'RANGE frame': 'RANGE [BETWEEN] bound [AND bound]',
    'IGNORE NULLS': 'function(…) IGNORE NULLS OVER (…)',
    FILTER: 'aggregate(…) FILTER (WHERE condition)',
    'aggregate ORDER BY': 'aggregate(x ORDER BY …)',
  },
  expression: {
    arithmetic: '+ - * / %',
    comparison: '= <> != < <= > >=',
    logic: 'AND OR NOT',
    concatenation: 'text || text, array || array, array || element',
    BETWEEN: 'x [NOT] BETWEEN low AND high',
    IN: 'x [NOT] IN (value, …)',
    'IN query': 'x [NOT] IN (query)',
    EXISTS: 'EXISTS (query)',
    'ALL ANY SOME': 'x = ALL | ANY | SOME (query)',
    'scalar query': '(query)',
    LIKE: 'text [NOT] LIKE pattern [ESCAPE character]',
    'IS NULL': 'x IS [NOT] NULL',
    'IS DISTINCT FROM': 'x IS [NOT] DISTINCT FROM y',
    CASE: 'CASE [x] WHEN … THEN … [ELSE …] END',
    CAST: 'CAST(x AS type)',
    TRY_CAST: 'TRY_CAST(x AS type)',
    'number literal': '1, 1.5, 1e3, BIGINT, DOUBLE, NULL',
    'time literal': "TIMESTAMP '…', DATE '…', TIME '…'",
    'interval literal': "5m, INTERVAL '5' MINUTE, INTERVAL '2-7' YEAR TO MONTH",
    'interval arithmetic': 'time ± interval, time - time, interval * number',
    array: 'ARRAY[x, …], array[index]',
    row: 'ROW(x, …), (x, y), row.field, row[index]',
    lambda: 'x -> …, (x, y) -> …',
    'measure_value column': 'measure_value::double',
    grouping: 'grouping(expression, …)',
  },
};

const functionEntries = (
  topic: string,
  table: Readonly<Record<string, { usage: readonly string[] }>>,
): SupportEntry[] => Object.entries(table).map(([name, { usage }]) => ({ topic, name, usage }));

/** Everything of the query language that the server has. */
export const SUPPORT: readonly SupportEntry[] = [
  ...Object.entries(GRAMMAR).flatMap(([topic, entries]) =>
    Object.entries(entries).map(([name, usage]) => ({ topic, name, usage: [usage] })),
  ),
  ...Object.entries(FUNCTIONS_BY_TOPIC).flatMap(([topic, table]) => functionEntries(`${topic} function`, table)),
  ...functionEntries('aggregate function', AGGREGATES),
  ...functionEntries('window function', WINDOW_FUNCTIONS),
];
