import type { Expression } from './ast.ts';
import { typedLiteral } from './casts.ts';
import { bigintSql, quoteText } from './types.ts';
import type { Typed } from './types.ts';

type Literal = Extract<
  Expression,
  { kind: 'null' | 'boolean' | 'integer' | 'double' | 'string' | 'duration' | 'months' | 'typed' }
>;

const MAX_INTEGER = 2_147_483_647n;

/** Translates a literal. */
export function translateLiteral(node: Literal): Typed {
  switch (node.kind) {
    case 'null':
      return { sql: 'NULL', type: 'unknown' };
    case 'boolean':
      return { sql: node.value ? 'TRUE' : 'FALSE', type: 'boolean' };
    case 'integer':
      return node.value > MAX_INTEGER
        ? { sql: bigintSql(node.value), type: 'bigint' }
        : { sql: `CAST(${node.value} AS INTEGER)`, type: 'integer' };
    case 'double':
      // Without an exponent DuckDB would read a DECIMAL.
      return { sql: `CAST(${quoteText(node.text)} AS DOUBLE)`, type: 'double' };
    case 'string':
      return { sql: quoteText(node.value), type: 'varchar' };
    case 'duration':
      return { sql: bigintSql(node.ns), type: 'interval_day_to_second' };
    case 'months':
      return { sql: bigintSql(node.months), type: 'interval_year_to_month' };
    case 'typed':
      return typedLiteral(node.type, node.value, node.at);
  }
}
