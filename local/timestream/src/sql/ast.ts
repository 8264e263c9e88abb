import type { Position } from './position.ts';
import type { SqlType } from './types.ts';

/** An identifier; a quoted one is matched as written. */
export type Name = { text: string; at: Position };

/** Expressions. `at` is where the expression begins, for messages. */
export type Expression = { at: Position } & (
  | { kind: 'null' }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'integer'; value: bigint }
  | { kind: 'double'; text: string }
  | { kind: 'string'; value: string }
  | { kind: 'duration'; ns: bigint }
  | { kind: 'months'; months: bigint }
  | { kind: 'typed'; type: string; value: string }
  | { kind: 'column'; path: readonly Name[] }
  | { kind: 'unary'; operator: '-' | '+'; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'logical'; operator: 'and' | 'or'; terms: readonly Expression[] }
  | { kind: 'not'; operand: Expression }
  | { kind: 'isNull'; operand: Expression; negated: boolean }
  | { kind: 'distinctFrom'; left: Expression; right: Expression; negated: boolean }
  | { kind: 'between'; operand: Expression; low: Expression; high: Expression; negated: boolean }
  | { kind: 'in'; operand: Expression; list: readonly Expression[]; negated: boolean }
  | { kind: 'inQuery'; operand: Expression; query: Query; negated: boolean }
  | { kind: 'like'; operand: Expression; pattern: Expression; escape: Expression | undefined; negated: boolean }
  | {
      kind: 'case';
      subject: Expression | undefined;
      branches: readonly CaseBranch[];
      otherwise: Expression | undefined;
    }
  | {
      kind: 'quantified';
      operator: BinaryOperator;
      quantifier: 'all' | 'any';
      operand: Expression;
      query: Query;
    }
  | { kind: 'cast'; operand: Expression; type: SqlType; isTry: boolean }
  | { kind: 'call'; call: Call }
  | { kind: 'exists'; query: Query }
  | { kind: 'subquery'; query: Query }
  | { kind: 'array'; items: readonly Expression[] }
  | { kind: 'subscript'; operand: Expression; index: Expression }
  | { kind: 'row'; items: readonly Expression[] }
  | { kind: 'field'; operand: Expression; name: Name }
  | { kind: 'lambda'; parameters: readonly Name[]; body: Expression }
  | { kind: 'parameter'; name: string }
);

/** Operators of two values. */
export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '||' | '=' | '<>' | '<' | '<=' | '>' | '>=';
/** WHEN … THEN … */
export type CaseBranch = { when: Expression; then: Expression };
/** A function call, plain, aggregate or window. */
export type Call = {
  name: string;
  at: Position;
  args: readonly Expression[];
  star: boolean;
  distinct: boolean;
  /** ORDER BY of an aggregate. */
  orderBy: readonly SortItem[];
  filter: Expression | undefined;
  ignoreNulls: boolean;
  over: WindowSpec | undefined;
};
/** OVER (…) */
export type WindowSpec = {
  partitionBy: readonly Expression[];
  orderBy: readonly SortItem[];
  frame: WindowFrame | undefined;
};
/** ROWS or RANGE between two bounds. */
export type WindowFrame = { unit: 'rows' | 'range'; start: FrameBound; end: FrameBound };
/** One bound of a window frame. */
export type FrameBound = {
  kind: 'unbounded' | 'current' | 'offset';
  direction: 'preceding' | 'following';
  offset: Expression | undefined;
};
/** ORDER BY item. */
export type SortItem = { expression: Expression; descending: boolean; nulls: 'first' | 'last' | undefined };

/** A query with its CTEs, order and limit. */
export type Query = {
  at: Position;
  with: readonly CommonTable[];
  body: QueryBody;
  orderBy: readonly SortItem[];
  limit: bigint | undefined;
};
/** WITH name (columns) AS (query) */
export type CommonTable = { name: Name; columns: readonly Name[]; query: Query };
/** What stands under ORDER BY and LIMIT. */
export type QueryBody =
  | Select
  | {
      kind: 'set';
      at: Position;
      operator: 'union' | 'intersect' | 'except';
      all: boolean;
      left: QueryBody;
      right: QueryBody;
    }
  | { kind: 'values'; at: Position; rows: readonly (readonly Expression[])[] }
  | { kind: 'nested'; at: Position; query: Query };
/** SELECT … */
export type Select = {
  kind: 'select';
  at: Position;
  distinct: boolean;
  items: readonly SelectItem[];
  from: Relation | undefined;
  where: Expression | undefined;
  groupBy: GroupBy | undefined;
  having: Expression | undefined;
};
/** GROUP BY [ALL | DISTINCT] elements. */
export type GroupBy = { distinct: boolean; elements: readonly GroupingElement[] };
/** One element of GROUP BY: plain expressions, or several sets of them. */
export type GroupingElement = {
  kind: 'plain' | 'sets' | 'rollup' | 'cube';
  sets: readonly (readonly Expression[])[];
};
/** One item of a select list. */
export type SelectItem =
  | { kind: 'star'; at: Position; qualifier: Name | undefined }
  | { kind: 'expression'; expression: Expression; alias: Name | undefined };

/** Things in FROM. */
export type Relation = { at: Position } & (
  | { kind: 'table'; path: readonly Name[]; alias: Alias | undefined }
  | { kind: 'derived'; query: Query; alias: Alias | undefined }
  | { kind: 'unnest'; arrays: readonly Expression[]; alias: Alias | undefined }
  | {
      kind: 'join';
      join: JoinKind;
      left: Relation;
      right: Relation;
      on: Expression | undefined;
      using: readonly Name[];
    }
);
/** Kinds of joins. */
export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'cross';
/** AS name (columns) */
export type Alias = { name: Name; columns: readonly Name[] };

/** A statement. */
export type Statement =
  | { kind: 'query'; query: Query }
  | { kind: 'showDatabases'; like: string | undefined }
  | { kind: 'showTables'; database: Name | undefined; like: string | undefined }
  | { kind: 'showMeasures'; path: readonly Name[]; like: string | undefined }
  | { kind: 'describe'; path: readonly Name[] };
