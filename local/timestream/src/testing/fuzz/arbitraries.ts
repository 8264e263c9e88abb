import fc from 'fast-check';
import type { TableRow } from './expression.ts';
import type { Aggregate, Body, Expr, FuzzQuery, Order, Window } from './syntax.ts';

/** What an expression is meant to be; whole numbers are INTEGER or BIGINT. */
type Kind = 'whole' | 'double' | 'varchar' | 'boolean';

const KINDS: readonly Kind[] = ['whole', 'double', 'varchar', 'boolean'];
const COLUMNS_OF: Record<Kind, readonly string[]> = {
  whole: ['a', 'b'],
  double: ['x'],
  varchar: ['k', 's', 'id'],
  boolean: ['f'],
};
const MAX_DEPTH = 3;
const TEXTS = ['', 'a', 'b', 'ab', 'A', "it's", 'ä', 'z_%', '日本'];

const optional = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });

/** Few values, so that rows meet; sums of these doubles are exact in any order. */
const whole = fc.oneof(
  { weight: 12, arbitrary: fc.bigInt({ min: -4n, max: 9n }) },
  { weight: 1, arbitrary: fc.constantFrom(2_147_483_647n, 2_147_483_648n, 9_007_199_254_740_993n) },
);
const real = fc.integer({ min: -12, max: 12 }).map((quarters) => quarters / 4 + 0);
const text = fc.constantFrom(...TEXTS);

/** Rows of a table; dimensions are never empty, everything else may be NULL. */
export const tableRows: fc.Arbitrary<TableRow[]> = fc
  .array(
    fc.record({
      k: fc.option(fc.constantFrom('p', 'q', 'r')),
      a: fc.option(whole),
      b: fc.option(fc.bigInt({ min: 0n, max: 3n })),
      x: fc.option(real),
      // An empty text cannot be written, only computed.
      s: fc.option(text.filter((value) => value !== '')),
      f: fc.option(fc.boolean()),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((rows) => rows.map((row, index) => ({ id: `id${index}`, ...row })));

function literalOf(kind: Kind): fc.Arbitrary<Expr> {
  switch (kind) {
    case 'whole':
      return fc.oneof(
        whole.map((value): Expr => {
          const size: Expr = { kind: 'integer', value: value < 0n ? -value : value };
          return value < 0n ? { kind: 'negate', of: size } : size;
        }),
        fc.constantFrom('integer', 'bigint').map((type): Expr => ({ kind: 'null', type })),
      );
    case 'double':
      return real.map((value): Expr => {
        const size: Expr = { kind: 'double', value: Math.abs(value) };
        return value < 0 ? { kind: 'negate', of: size } : size;
      });
    case 'varchar':
      return fc.oneof(
        text.map((value): Expr => ({ kind: 'text', value })),
        fc.constant<Expr>({ kind: 'null', type: 'varchar' }),
      );
    case 'boolean':
      return fc.oneof(
        fc.boolean().map((value): Expr => ({ kind: 'boolean', value })),
        fc.constant<Expr>({ kind: 'null', type: 'boolean' }),
      );
  }
}

/** Expressions over some aliases; one part in 150 is not what it should be. */
class Expressions {
  private readonly aliases: readonly string[];
  private readonly known = new Map<string, fc.Arbitrary<Expr>>();

  constructor(aliases: readonly string[]) {
    this.aliases = aliases;
  }

  of(kind: Kind, depth = MAX_DEPTH): fc.Arbitrary<Expr> {
    const key = `${kind} ${depth}`;
    const made =
      this.known.get(key) ??
      fc.oneof(
        { weight: 150, arbitrary: this.fitting(kind, depth) },
        { weight: 1, arbitrary: fc.constantFrom(...KINDS).chain((other) => this.leaf(other)) },
      );
    this.known.set(key, made);
    return made;
  }

  any(depth = MAX_DEPTH): fc.Arbitrary<Expr> {
    return fc.constantFrom(...KINDS).chain((kind) => this.of(kind, depth));
  }

  column(kind: Kind): fc.Arbitrary<Expr> {
    return fc
      .record({ table: fc.constantFrom(...this.aliases), name: fc.constantFrom(...COLUMNS_OF[kind]) })
      .map((column): Expr => ({ kind: 'column', ...column }));
  }

  /** What can be summed without rounding. */
  summable(): fc.Arbitrary<Expr> {
    return fc.oneof(this.of('whole', 1), this.column('double'));
  }

  /** A total order over the rows: whatever comes first, then the row itself. */
  total(): fc.Arbitrary<Order[]> {
    return fc.array(this.ordered(1), { maxLength: 2 }).map((items) => [
      ...items,
      ...this.aliases.map((table): Order => ({
        by: { kind: 'column', table, name: 'id' },
        isDescending: false,
        nulls: undefined,
      })),
    ]);
  }

  ordered(depth: number): fc.Arbitrary<Order> {
    return fc.record({
      // A plain number would mean a column of the result.
      by: this.any(depth).map((by): Expr => ({ kind: 'call', name: 'coalesce', args: [by, by] })),
      isDescending: fc.boolean(),
      nulls: optional(fc.constantFrom('first' as const, 'last' as const)),
    });
  }

  private leaf(kind: Kind): fc.Arbitrary<Expr> {
    return fc.oneof({ weight: 3, arbitrary: this.column(kind) }, { weight: 2, arbitrary: literalOf(kind) });
  }

  private fitting(kind: Kind, depth: number): fc.Arbitrary<Expr> {
    if (depth === 0) return this.leaf(kind);
    const below = depth - 1;
    const own = this.of(kind, below);
    const condition = this.of('boolean', below);
    const branching: fc.Arbitrary<Expr> = fc.record({
      kind: fc.constant('case' as const),
      branches: fc.array(fc.record({ when: condition, then: own }), { minLength: 1, maxLength: 2 }),
      otherwise: optional(own),
    });
    const call = (name: Extract<Expr, { kind: 'call' }>['name'], ...args: fc.Arbitrary<Expr>[]): fc.Arbitrary<Expr> =>
      fc.tuple(...args).map((given): Expr => ({ kind: 'call', name, args: given }));
    return fc.oneof(
      { weight: 3, arbitrary: this.leaf(kind) },
      branching,
      call('coalesce', own, own),
      call('nullif', own, own),
      { weight: 4, arbitrary: this.special(kind, below) },
    );
  }

  private special(kind: Kind, below: number): fc.Arbitrary<Expr> {
    const own = this.of(kind, below);
    switch (kind) {
      case 'whole':
      case 'double': {
        const other = kind === 'double' ? fc.oneof(own, this.of('whole', below)) : own;
        return fc.oneof(
          {
            weight: 4,
            arbitrary: fc.record({
              kind: fc.constant('arithmetic' as const),
              operator: fc.constantFrom('+', '-', '*', '/', '%'),
              left: own,
              right: other,
            }),
          },
          fc.record({ kind: fc.constant('negate' as const), of: own }),
          own.map((of): Expr => ({ kind: 'call', name: 'abs', args: [of] })),
          this.of('varchar', below).map((of): Expr =>
            kind === 'double' ? { kind: 'double', value: 0.5 } : { kind: 'call', name: 'length', args: [of] },
          ),
        );
      }
      case 'varchar':
        return fc.tuple(own, own).map((args): Expr => ({ kind: 'call', name: 'concat', args }));
      case 'boolean':
        return fc.oneof(
          { weight: 2, arbitrary: this.comparison(below) },
          fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: own, right: own }),
          fc.record({ kind: fc.constant('not' as const), of: own }),
        );
    }
  }

  /** Conditions over values of one kind, numbers of either. */
  private comparison(below: number): fc.Arbitrary<Expr> {
    return fc.constantFrom(...KINDS).chain((kind) => {
      const left = this.of(kind, below);
      const right = this.of(kind === 'whole' || kind === 'double' ? 'whole' : kind, below);
      const negated = fc.boolean();
      return fc.oneof(
        {
          weight: 3,
          arbitrary: fc.record({
            kind: fc.constant('compare' as const),
            operator: fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
            left,
            right,
          }),
        },
        fc.record({ kind: fc.constant('distinct' as const), left, right, negated }),
        fc.record({ kind: fc.constant('isNull' as const), of: left, negated }),
        fc.record({
          kind: fc.constant('in' as const),
          of: left,
          list: fc.array(right, { minLength: 1, maxLength: 3 }),
          negated,
        }),
        fc.record({ kind: fc.constant('between' as const), of: left, low: right, high: right, negated }),
      );
    });
  }
}

function aggregates(exprs: Expressions): fc.Arbitrary<Aggregate> {
  const filter = optional(exprs.of('boolean', 1));
  const isDistinct = fc.boolean();
  return fc.oneof(
    fc.record({
      name: fc.constant('count' as const),
      of: fc.constant(undefined),
      isDistinct: fc.constant(false),
      filter,
    }),
    fc.record({
      name: fc.constantFrom('count' as const, 'min' as const, 'max' as const),
      of: exprs.any(1),
      isDistinct,
      filter,
    }),
    fc.record({ name: fc.constantFrom('sum' as const, 'avg' as const), of: exprs.summable(), isDistinct, filter }),
  );
}

function windows(exprs: Expressions): fc.Arbitrary<Window> {
  const partitionBy = fc.array(exprs.any(1), { maxLength: 2 });
  const none = fc.constant(undefined);
  const zero = fc.constant(0);
  return fc.oneof(
    fc.record({
      name: fc.constantFrom('row_number' as const),
      of: none,
      offset: zero,
      partitionBy,
      orderBy: exprs.total(),
      precedingRows: none,
    }),
    fc.record({
      name: fc.constantFrom('rank' as const, 'dense_rank' as const),
      of: none,
      offset: zero,
      partitionBy,
      orderBy: fc.array(exprs.ordered(1), { minLength: 1, maxLength: 2 }),
      precedingRows: none,
    }),
    fc.record({
      name: fc.constantFrom('lag' as const, 'lead' as const),
      of: exprs.any(1),
      offset: fc.integer({ min: 0, max: 3 }),
      partitionBy,
      orderBy: exprs.total(),
      precedingRows: none,
    }),
    // Peers share their value under the default frame.
    fc.record({
      name: fc.constantFrom('sum' as const, 'count' as const, 'min' as const),
      of: exprs.summable(),
      offset: zero,
      partitionBy,
      orderBy: fc.array(exprs.ordered(1), { minLength: 1, maxLength: 2 }),
      precedingRows: none,
    }),
    fc.record({
      name: fc.constantFrom('sum' as const, 'count' as const, 'min' as const),
      of: exprs.summable(),
      offset: zero,
      partitionBy,
      orderBy: exprs.total(),
      precedingRows: fc.integer({ min: 0, max: 3 }),
    }),
  );
}

function bodies(exprs: Expressions): fc.Arbitrary<Body> {
  const items = fc.array(exprs.any(), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    fc.record({
      kind: fc.constant('plain' as const),
      isDistinct: fc.constant(false),
      items,
      order: optional(fc.record({ items: exprs.total(), limit: optional(fc.integer({ min: 0, max: 8 })) })),
    }),
    fc.record({
      kind: fc.constant('plain' as const),
      isDistinct: fc.constant(true),
      items,
      order: fc.constant(undefined),
    }),
    fc.record({
      kind: fc.constant('grouped' as const),
      keys: fc.array(exprs.any(1), { maxLength: 2 }),
      aggregates: fc.array(aggregates(exprs), { minLength: 1, maxLength: 3 }),
      having: optional(
        fc.record({
          of: exprs.summable().map((of): Aggregate => ({ name: 'sum', of, isDistinct: false, filter: undefined })),
          atLeast: fc.integer({ min: 0, max: 5 }),
        }),
      ),
    }),
    fc.record({
      kind: fc.constant('windowed' as const),
      items: fc.array(exprs.any(1), { minLength: 1, maxLength: 2 }),
      windows: fc.array(windows(exprs), { minLength: 1, maxLength: 2 }),
    }),
  );
}

const one = new Expressions(['l']);
const two = new Expressions(['l', 'r']);

/** Most conditions of a join compare two columns; the rest are anything. */
const joinCondition: fc.Arbitrary<Expr> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('k', 'a', 'b', 's', 'id').map((name): Expr => {
      const side = (table: string): Expr => ({ kind: 'column', table, name });
      return { kind: 'compare', operator: '=', left: side('l'), right: side('r') };
    }),
  },
  two.of('boolean', 2),
);

/** Queries over the tables of these numbers. */
export function queries(tables: number): fc.Arbitrary<FuzzQuery> {
  const table = fc.nat({ max: tables - 1 });
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        left: table,
        right: fc.constant(undefined),
        where: optional(one.of('boolean')),
        body: bodies(one),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        left: table,
        right: fc.record({
          table,
          join: fc.record({ kind: fc.constantFrom('inner', 'left', 'right', 'full'), on: joinCondition }),
        }),
        where: optional(two.of('boolean')),
        body: bodies(two),
      }),
    },
  );
}
