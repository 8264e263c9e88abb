import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkFormula, evaluateFormula, FORMULA_NAMES, FormulaError, parseFormula } from './index.ts';
import type { Formula } from './index.ts';

function failure(text: string, unit: 'count' | 's' | 'ms' | '%' = '%'): FormulaError {
  try {
    checkFormula(text, unit);
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
  return assert.fail(`"${text}" was taken`);
}

const idsOf = ({ leaves }: Formula): string[] => leaves.map(({ target }) => target.id);

test('parts, short names and metrics are read, each once', () => {
  const formula = checkFormula('answered / (answered + abandoned) * 100', '%');
  assert.deepEqual(idsOf(formula), ['call.answered', 'call.abandoned']);
  assert.equal(formula.type, 'ratio');
  assert.deepEqual(evaluateFormula(formula, [90, 10], 1), { value: 90, num: 90, den: 100 });
  assert.deepEqual(idsOf(parseFormula('queue.visit.abandoned / visit.n')), ['visit.abandoned', 'visit.n']);
});

test('filters belong to what stands before them', () => {
  const formula = checkFormula(
    "sum(queue.visit.abandoned where queue_id in ('q1', 'it''s') and outcome != 'x') / visits where queue_id = 'q1'",
    '%',
  );
  assert.deepEqual(formula.leaves, [
    {
      target: { kind: 'part', id: 'visit.abandoned' },
      options: {},
      filters: [
        { dim: 'queue_id', op: 'in', values: ['q1', "it's"] },
        { dim: 'outcome', op: 'ne', values: ['x'] },
      ],
    },
    {
      target: { kind: 'part', id: 'visit.n' },
      options: {},
      filters: [{ dim: 'queue_id', op: 'eq', values: ['q1'] }],
    },
  ]);
  assert.deepEqual(parseFormula("calls where queue_id not in ('a')").leaves[0]?.filters[0]?.op, 'ne');
});

test('metrics take options; times, counts and ratios are told apart', () => {
  const formula = checkFormula(
    'queue_service_level(formula = SL1, threshold = 30s, short = 0s) - queue_service_level',
    '%',
  );
  assert.deepEqual(formula.leaves[0]?.options, { formula: 'SL1', thresholdS: 30, shortAbandonS: 0 });
  assert.equal(checkFormula('talk / handled', 's').type, 'ms');
  assert.equal(checkFormula('talk / handled', 'ms').type, 'ms');
  assert.equal(checkFormula('calls / (elapsed / 1h)', 'count').type, 'count');
  assert.equal(checkFormula('call_wait_time - 20s', 's').type, 'ms');
  assert.equal(checkFormula('1 - abandoned / calls', '%').type, 'ratio');
  assert.equal(checkFormula('handled * 30s + talk', 'ms').type, 'ms');
  assert.equal(checkFormula('max(visits, joins, 1)', 'count').type, 'count');
});

test('an hourly rate, a mean in seconds, and nothing out of nothing', () => {
  assert.equal(evaluateFormula(checkFormula('calls / (elapsed / 1h)', 'count'), [30], 1_800_000).value, 60);
  assert.deepEqual(evaluateFormula(checkFormula('talk / handled', 's'), [90_000, 4], 1), {
    value: 22.5,
    num: 90_000,
    den: 4,
  });
  const share = checkFormula('answered / calls * 100', '%');
  assert.equal(evaluateFormula(share, [2, 3], 1).value, 200 / 3);
  assert.deepEqual(evaluateFormula(share, [0, 0], 1), { value: null, num: 0, den: 0 });
  assert.equal(evaluateFormula(share, [null, 5], 1).value, null);
  assert.equal(evaluateFormula(checkFormula('coalesce(answered / calls, 0)', '%'), [0, 0], 1).value, 0);
  assert.equal(evaluateFormula(checkFormula('-abs(calls - visits)', 'count'), [3, 5], 1).value, -2);
});

test('the examples that people are shown mean what they say', () => {
  const examples: [string, '%' | 'count' | 's'][] = [
    ['answered / (answered + abandoned) * 100', '%'],
    ["sum(queue.visit.abandoned where queue_id in ('q1', 'q2')) / visits * 100", '%'],
    ['queue_service_level(threshold = 30s) - queue_service_level', '%'],
    ['calls / (elapsed / 1h)', 'count'],
    ['coalesce(talk / handled, 0s)', 's'],
  ];
  for (const [text, unit] of examples) assert.equal(checkFormula(text, unit).unit, unit);
  assert.equal(evaluateFormula(checkFormula('coalesce(talk / handled, 0s)', 's'), [0, 0], 1).value, 0);
});

test('what is wrong is said where it is', () => {
  const cases: [string, number, number, RegExp][] = [
    ['answered / anwsered', 11, 19, /did you mean answered\?/u],
    ['answered +', 10, 10, /found the end/u],
    ['(answered', 9, 9, /Expected "\)"/u],
    ['answered & 1', 9, 10, /means nothing/u],
    ["calls where queue_id = 'q", 23, 25, /does not end/u],
    ['calls where queue_id = q', 23, 24, /in quotes/u],
    ["calls where team_id = 'x'", 0, 25, /cannot be filtered/u],
    ['5q * calls', 0, 2, /no duration/u],
    ['calls + talk', 0, 12, /Cannot add a count and a time/u],
    ['calls / elapsed', 0, 15, /elapsed \/ 1h/u],
    ['queue_depth(stat = yesterday)', 12, 28, /Options are/u],
    ['sum(occupancy)', 4, 13, /Only parts/u],
    ['abs(calls, visits)', 0, 18, /takes 1 value\./u],
    ['queue.level', 0, 11, /There is no/u],
    ['calls calls', 6, 11, /does not fit/u],
    ['1 + 2', 0, 5, /reads nothing/u],
    ['', 0, 0, /found the end/u],
    ['__proto__ + constructor', 0, 9, /There is no/u],
    ['('.repeat(60) + 'calls' + ')'.repeat(60), 40, 41, /too deeply/u],
    ['-'.repeat(60) + 'calls', 39, 40, /too deeply/u],
    ['calls + ' + ' '.repeat(2_000), 2_000, 2_008, /at most 2000/u],
  ];
  for (const [text, start, end, message] of cases) {
    const error = failure(text);
    assert.match(error.message, message, text);
    assert.deepEqual(error.at, { start, end }, text);
  }
  const second = failure('answered /\n  nobody');
  assert.deepEqual([second.line, second.column], [2, 3]);
  assert.match(failure('calls', '%').message, /its unit is count/u);
});

/** A formula that means something, with its value for leaves of 1, 2, 3…, computed beside it. */
const counts = fc.letrec<{ expr: { text: string; value: number } }>((tie) => ({
  expr: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom({ text: 'calls', value: 7 }, { text: 'answered', value: 5 }, { text: '3', value: 3 }),
    fc.tuple(tie('expr'), fc.constantFrom('+', '-', '* 2 +', '* 2 -'), tie('expr')).map(([left, op, right]) => {
      const [a, b] = [left.value, right.value];
      const scaled = op.startsWith('*') ? a * 2 : a;
      return { text: `(${left.text} ${op} ${right.text})`, value: op.endsWith('-') ? scaled - b : scaled + b };
    }),
    tie('expr').map(({ text, value }) => ({ text: `-${text}`, value: -value })),
    tie('expr').map(({ text, value }) => ({ text: `max(${text}, 1)`, value: Math.max(value, 1) })),
  ),
})).expr;

test('a formula is computed as it is written', () => {
  fc.assert(
    fc.property(counts, ({ text, value }) => {
      fc.pre(text.length < 1_500);
      let formula: Formula;
      try {
        formula = parseFormula(text);
      } catch (error) {
        assert.ok(error instanceof FormulaError && error.message.includes('deeply'), text);
        return;
      }
      const leaves = idsOf(formula).map((id) => (id === 'call.n' ? 7 : 5));
      const found = evaluateFormula({ root: formula.root, unit: 'count' }, leaves, 1).value;
      // Minus nothing is nothing.
      assert.equal((found ?? Number.NaN) + 0, value + 0);
    }),
    { numRuns: 500 },
  );
});

test('any text is either a formula or an error inside it, and never anything else', () => {
  const words = fc.constantFrom(
    ...FORMULA_NAMES,
    ...['(', ')', '+', '-', '*', '/', ',', '=', '!=', 'where', 'and', 'in', 'not', 'sum', 'max', 'stat', 'now'],
    ...["'q1'", "''", '20s', '1.5', '0', 'queue_id', '.', "'", ' ', '\n', '🙂'],
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.array(words, { maxLength: 25 }).map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        const { leaves, root } = checkFormula(text, 'count');
        evaluateFormula(
          { root, unit: 'count' },
          leaves.map((_, index) => index),
          60_000,
        );
      } catch (error) {
        assert.ok(error instanceof FormulaError, String(error));
        assert.ok(error.at.start >= 0 && error.at.start <= error.at.end && error.at.end <= text.length);
      }
    }),
    { numRuns: 5_000 },
  );
});
