/** The expressions that the planner emits; nothing here holds SQL text. */
export type Expr =
  | { readonly kind: 'column'; readonly name: string; readonly of?: string }
  | { readonly kind: 'derived'; readonly name: string; readonly of: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'time'; readonly epochMs: number }
  | { readonly kind: 'duration'; readonly ms: number }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expr[] }
  | { readonly kind: 'binary'; readonly op: Operator; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'all'; readonly items: readonly Expr[] }
  | { readonly kind: 'any'; readonly items: readonly Expr[] }
  | { readonly kind: 'in'; readonly item: Expr; readonly values: readonly Expr[]; readonly negated: boolean }
  | { readonly kind: 'case'; readonly when: Expr; readonly then: Expr; readonly otherwise: Expr };

export type FunctionName = 'bin' | 'sum' | 'max' | 'min' | 'max_by' | 'to_milliseconds' | 'coalesce';
export type Operator = '=' | '<>' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*';

export interface SelectItem {
  readonly expr: Expr;
  readonly as: string;
}

/** A table of the metric database, or the name of an earlier common table expression. */
export type Source =
  | { readonly kind: 'table'; readonly table: string; readonly as?: string }
  | { readonly kind: 'common'; readonly name: string; readonly as?: string };

export interface Join {
  readonly source: Source;
  readonly on: Expr;
  readonly type: 'inner' | 'left';
}

export interface Select {
  readonly with?: readonly { readonly name: string; readonly select: Select }[];
  readonly columns: readonly SelectItem[];
  readonly from: Source;
  readonly joins?: readonly Join[];
  readonly where?: Expr;
  readonly groupBy?: readonly Expr[];
  /** By output columns. */
  readonly orderBy?: readonly { readonly as: string; readonly descending: boolean }[];
  readonly limit?: number;
}

/** A column of a table. */
export const column = (name: string, of?: string): Expr =>
  of === undefined ? { kind: 'column', name } : { kind: 'column', name, of };
/** An output column of a common table expression. */
export const derived = (name: string, of: string): Expr => ({ kind: 'derived', name, of });
export const text = (value: string): Expr => ({ kind: 'text', value });
export const integer = (value: number): Expr => ({ kind: 'integer', value });
export const time = (epochMs: number): Expr => ({ kind: 'time', epochMs });
export const call = (name: FunctionName, ...args: readonly Expr[]): Expr => ({ kind: 'call', name, args });
export const bin = (expr: Expr, ms: number): Expr => call('bin', expr, { kind: 'duration', ms });
export const binary = (op: Operator, left: Expr, right: Expr): Expr => ({ kind: 'binary', op, left, right });
export const equal = (left: Expr, right: Expr): Expr => binary('=', left, right);
export const all = (...items: readonly Expr[]): Expr => ({ kind: 'all', items });
export const any = (...items: readonly Expr[]): Expr => ({ kind: 'any', items });
export const when = (condition: Expr, then: Expr, otherwise: Expr): Expr => ({
  kind: 'case',
  when: condition,
  then,
  otherwise,
});

/** Membership in a list; an empty list is a condition that is never true (or, negated, always). */
export function isIn(item: Expr, values: readonly string[], negated = false): Expr {
  return { kind: 'in', item, values: values.map(text), negated };
}
