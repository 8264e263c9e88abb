import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { all, any, bin, call, column, equal, integer, isIn, text, time } from './ast.ts';
import type { Select } from './ast.ts';
import { LiteralError, encodeDuration, encodeInteger, encodeText } from './literal.ts';
import { IdentifierError, render } from './render.ts';
import { confine } from './tenant.ts';

const identifiers = {
  database: 'lumina',
  tables: new Set(['queue_metrics']),
  columns: new Set(['time', 'measure_name', 'queue_id', 'n', 'territory_id', 'region_id']),
};

/** Splits SQL into token kinds; a text literal is one token whatever it holds. */
function tokens(sql: string): string[] {
  const pattern = /'(?:[^']|'')*'|"[^"]*"|[A-Za-z_]\w*|\d+\w*|\s+|[^\s]/gu;
  return [...sql.matchAll(pattern)]
    .map(([token]) => (token.startsWith("'") ? 'TEXT' : token))
    .filter((token) => token.trim() !== '');
}

function visits(values: readonly string[]): Select {
  return {
    columns: [
      { expr: bin(column('time'), 60_000), as: 'bin' },
      { expr: call('sum', column('n')), as: 'p0' },
    ],
    from: { kind: 'table', table: 'queue_metrics' },
    where: all(
      equal(column('measure_name'), text('visit')),
      any(isIn(column('queue_id'), values), isIn(column('queue_id'), values, true)),
    ),
    groupBy: [bin(column('time'), 60_000)],
  };
}

const tenant = { territoryId: 101, regionId: 1 };

test('any literal is one token: it never changes the structure of a query', () => {
  const plain = tokens(render(confine(visits(['a', 'b']), tenant), identifiers));
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 256 }), fc.string({ maxLength: 256 }), (first, second) => {
      let sql: string;
      try {
        sql = render(confine(visits([first, second]), tenant), identifiers);
      } catch (error) {
        assert.ok(error instanceof LiteralError);
        return;
      }
      assert.deepEqual(tokens(sql), plain);
    }),
    { numRuns: 500 },
  );
});

test('quotes are doubled; control characters, long values and broken text are refused', () => {
  assert.equal(encodeText("q' OR '1'='1"), "'q'' OR ''1''=''1'");
  for (const refused of ['a\u0000b', 'a\nb', 'a\u007f', 'a\u2028b', '\ud800', 'x'.repeat(257)]) {
    assert.throws(() => encodeText(refused), LiteralError);
  }
  assert.equal(encodeText('x'.repeat(256)).length, 258);
});

test('numbers are safe integers and intervals whole seconds', () => {
  assert.equal(encodeInteger(-5), '(-5)');
  assert.equal(encodeInteger(-0), '0');
  for (const refused of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
    assert.throws(() => encodeInteger(refused), LiteralError);
  assert.equal(encodeDuration(10_000), '10s');
  assert.equal(encodeDuration(420_000), '7m');
  assert.throws(() => encodeDuration(1500), LiteralError);
});

test('an identifier outside the catalogue is refused, also where an alias is expected', () => {
  const wrong: Select[] = [
    { ...visits([]), from: { kind: 'table', table: 'users' } },
    { ...visits([]), where: equal(column('password'), text('x')) },
    { ...visits([]), columns: [{ expr: column('n'), as: 'n; DROP' }] },
    { ...visits([]), from: { kind: 'common', name: 'x y' } },
  ];
  for (const select of wrong) assert.throws(() => render(confine(select, tenant), identifiers), IdentifierError);
});

test('the tenant predicate is on every table, in common tables and joins too', () => {
  const select: Select = {
    with: [{ name: 'beats', select: visits(['q']) }],
    columns: [{ expr: column('n', 'f'), as: 'p0' }],
    from: { kind: 'table', table: 'queue_metrics', as: 'f' },
    joins: [
      { type: 'left', source: { kind: 'common', name: 'beats', as: 'b' }, on: equal(column('n', 'f'), integer(1)) },
      {
        type: 'inner',
        source: { kind: 'table', table: 'queue_metrics', as: 'l' },
        on: equal(column('n', 'l'), column('n', 'f')),
      },
    ],
    where: any(equal(column('n', 'f'), integer(1)), equal(column('n', 'f'), integer(2))),
  };
  const sql = render(confine(select, tenant), identifiers);
  assert.equal(sql.match(/territory_id = '101'/gu)?.length, 3);
  assert.equal(sql.match(/region_id = '1'/gu)?.length, 3);
  // ANDed around the whole condition, so that an OR inside cannot step over it.
  assert.match(
    sql,
    / WHERE \(\(\(f\.n = 1\) OR \(f\.n = 2\)\) AND \(f\.territory_id = '101'\) AND \(f\.region_id = '1'\)\)$/u,
  );
});

test('a query without a valid territory cannot be made', () => {
  for (const territoryId of [Number.NaN, -1, 1.5])
    assert.throws(() => confine(visits([]), { territoryId }), RangeError);
});

test('columns that no row has yet are read as null', () => {
  const sql = render(confine(visits(['q']), tenant), identifiers, new Map([['n', 'BIGINT']]));
  assert.match(sql, /sum\(CAST\(NULL AS BIGINT\)\)/u);
});

test('an empty list is never true, and its negation always', () => {
  const sql = render(confine(visits([]), tenant), identifiers);
  assert.match(sql, /\(\(1 = 0\) OR \(1 = 1\)\)/u);
});

test('the text of a query', () => {
  const select = { ...visits(['q1']), where: all(isIn(column('queue_id'), ['q1']), equal(column('time'), time(5))) };
  assert.equal(
    render(confine(select, { territoryId: 7 }), identifiers),
    `SELECT bin(time, 1m) AS bin, sum(n) AS p0 FROM "lumina"."queue_metrics"` +
      ` WHERE (((queue_id IN ('q1')) AND (time = from_milliseconds(5))) AND (territory_id = '7')) GROUP BY bin(time, 1m)`,
  );
});
