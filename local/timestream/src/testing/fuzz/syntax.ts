// The language of the fuzzer: its own trees, which know nothing of the server's, and how they are written as SQL.

export type FuzzType = 'integer' | 'bigint' | 'double' | 'varchar' | 'boolean';
export type Arithmetic = '+' | '-' | '*' | '/' | '%';
export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Expr =
  | { kind: 'column'; table: string; name: string }
  | { kind: 'integer'; value: bigint }
  | { kind: 'double'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null'; type: FuzzType }
  | { kind: 'negate'; of: Expr }
  | { kind: 'arithmetic'; operator: Arithmetic; left: Expr; right: Expr }
  | { kind: 'compare'; operator: Comparison; left: Expr; right: Expr }
  | { kind: 'distinct'; left: Expr; right: Expr; negated: boolean }
  | { kind: 'and' | 'or'; left: Expr; right: Expr }
  | { kind: 'not'; of: Expr }
  | { kind: 'isNull'; of: Expr; negated: boolean }
  | { kind: 'in'; of: Expr; list: readonly Expr[]; negated: boolean }
  | { kind: 'between'; of: Expr; low: Expr; high: Expr; negated: boolean }
  | { kind: 'case'; branches: readonly { when: Expr; then: Expr }[]; otherwise: Expr | undefined }
  | { kind: 'call'; name: 'coalesce' | 'nullif' | 'concat' | 'abs' | 'length'; args: readonly Expr[] };

export type Aggregate = {
  name: 'count' | 'sum' | 'avg' | 'min' | 'max';
  /** Absent for count(*). */
  of: Expr | undefined;
  isDistinct: boolean;
  filter: Expr | undefined;
};

export type Order = { by: Expr; isDescending: boolean; nulls: 'first' | 'last' | undefined };

export type Window = {
  name: 'row_number' | 'rank' | 'dense_rank' | 'lag' | 'lead' | 'sum' | 'count' | 'min';
  of: Expr | undefined;
  offset: number;
  partitionBy: readonly Expr[];
  orderBy: readonly Order[];
  /** Rows before the current one; the default frame when absent. */
  precedingRows: number | undefined;
};

export type Join = { kind: 'inner' | 'left' | 'right' | 'full'; on: Expr };

export type Body =
  | {
      kind: 'plain';
      isDistinct: boolean;
      items: readonly Expr[];
      order: { items: readonly Order[]; limit: number | undefined } | undefined;
    }
  | {
      kind: 'grouped';
      keys: readonly Expr[];
      aggregates: readonly Aggregate[];
      having: { of: Aggregate; atLeast: number } | undefined;
    }
  | { kind: 'windowed'; items: readonly Expr[]; windows: readonly Window[] };

export type FuzzQuery = {
  /** Numbers of the tables; their aliases are `l` and `r`. */
  left: number;
  right: { table: number; join: Join } | undefined;
  where: Expr | undefined;
  body: Body;
};

const textLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const listSql = (exprs: readonly Expr[]): string => exprs.map(exprSql).join(', ');
const not = (negated: boolean): string => (negated ? 'NOT ' : '');

export function exprSql(expr: Expr): string {
  switch (expr.kind) {
    case 'column':
      return `${expr.table}.${expr.name}`;
    case 'integer':
      return String(expr.value);
    case 'double':
      return Number.isInteger(expr.value) ? `${expr.value}e0` : String(expr.value);
    case 'text':
      return textLiteral(expr.value);
    case 'boolean':
      return String(expr.value);
    case 'null':
      return `CAST(NULL AS ${expr.type})`;
    case 'negate':
      return `(- ${exprSql(expr.of)})`;
    case 'arithmetic':
    case 'compare':
      return `(${exprSql(expr.left)} ${expr.operator} ${exprSql(expr.right)})`;
    case 'distinct':
      return `(${exprSql(expr.left)} IS ${not(expr.negated)}DISTINCT FROM ${exprSql(expr.right)})`;
    case 'and':
    case 'or':
      return `(${exprSql(expr.left)} ${expr.kind.toUpperCase()} ${exprSql(expr.right)})`;
    case 'not':
      return `(NOT ${exprSql(expr.of)})`;
    case 'isNull':
      return `(${exprSql(expr.of)} IS ${not(expr.negated)}NULL)`;
    case 'in':
      return `(${exprSql(expr.of)} ${not(expr.negated)}IN (${listSql(expr.list)}))`;
    case 'between':
      return `(${exprSql(expr.of)} ${not(expr.negated)}BETWEEN ${exprSql(expr.low)} AND ${exprSql(expr.high)})`;
    case 'case': {
      const branches = expr.branches.map(({ when, then }) => `WHEN ${exprSql(when)} THEN ${exprSql(then)}`);
      return `CASE ${branches.join(' ')}${expr.otherwise === undefined ? '' : ` ELSE ${exprSql(expr.otherwise)}`} END`;
    }
    case 'call':
      return expr.name === 'concat'
        ? `(${expr.args.map(exprSql).join(' || ')})`
        : `${expr.name}(${listSql(expr.args)})`;
  }
}

function aggregateSql({ name, of, isDistinct, filter }: Aggregate): string {
  const argument = of === undefined ? '*' : `${isDistinct ? 'DISTINCT ' : ''}${exprSql(of)}`;
  return `${name}(${argument})${filter === undefined ? '' : ` FILTER (WHERE ${exprSql(filter)})`}`;
}

const orderSql = (items: readonly Order[]): string =>
  items
    .map(
      ({ by, isDescending, nulls }) =>
        `${exprSql(by)}${isDescending ? ' DESC' : ''}${nulls === undefined ? '' : ` NULLS ${nulls.toUpperCase()}`}`,
    )
    .join(', ');

function windowSql(window: Window): string {
  const { name, of, offset, partitionBy, orderBy, precedingRows } = window;
  const argument = of === undefined ? (name === 'count' ? '*' : '') : exprSql(of);
  const distance = name === 'lag' || name === 'lead' ? `, ${offset}` : '';
  const partition = partitionBy.length === 0 ? '' : `PARTITION BY ${listSql(partitionBy)} `;
  const frame = precedingRows === undefined ? '' : ` ROWS BETWEEN ${precedingRows} PRECEDING AND CURRENT ROW`;
  return `${name}(${argument}${distance}) OVER (${partition}ORDER BY ${orderSql(orderBy)}${frame})`;
}

/** The query as text; `nameOf` says how a table is called. */
export function querySql(query: FuzzQuery, nameOf: (table: number) => string): string {
  const { body, right, where } = query;
  const join =
    right === undefined
      ? ''
      : ` ${right.join.kind.toUpperCase()} JOIN ${nameOf(right.table)} AS r ON ${exprSql(right.join.on)}`;
  const from = `FROM ${nameOf(query.left)} AS l${join}${where === undefined ? '' : ` WHERE ${exprSql(where)}`}`;
  switch (body.kind) {
    case 'plain': {
      const order = body.order === undefined ? '' : ` ORDER BY ${orderSql(body.order.items)}`;
      const limit = body.order?.limit === undefined ? '' : ` LIMIT ${body.order.limit}`;
      return `SELECT ${body.isDistinct ? 'DISTINCT ' : ''}${listSql(body.items)} ${from}${order}${limit}`;
    }
    case 'grouped': {
      const items = [...body.keys.map(exprSql), ...body.aggregates.map(aggregateSql)].join(', ');
      const groupBy = body.keys.length === 0 ? '' : ` GROUP BY ${body.keys.map((_, index) => index + 1).join(', ')}`;
      const { having } = body;
      return `SELECT ${items} ${from}${groupBy}${having === undefined ? '' : ` HAVING ${aggregateSql(having.of)} >= ${having.atLeast}`}`;
    }
    case 'windowed':
      return `SELECT ${[...body.items.map(exprSql), ...body.windows.map(windowSql)].join(', ')} ${from}`;
  }
}
