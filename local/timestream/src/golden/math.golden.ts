import { BY_HAND, guide, trino } from './golden.ts';
import type { GoldenGroup } from './golden.ts';

/** Mathematical and bitwise functions. */
export const MATH: readonly GoldenGroup[] = [
  {
    source: guide('mathematical-functions'),
    cases: [
      ['SELECT abs(-3), abs(-1.5), cbrt(27), cbrt(8.0)', ['3|1.5|3.0|2.0']],
      ['SELECT ceil(-1.2), ceiling(2.1), floor(-1.2), floor(7)', ['-1.0|3.0|-2.0|7']],
      [
        'SELECT degrees(pi()), radians(180), e(), pi()',
        ['180.0|3.141592653589793|2.718281828459045|3.141592653589793'],
      ],
      ['SELECT exp(0), ln(1), log2(8), log10(100)', ['1.0|0.0|3.0|2.0']],
      ["SELECT from_base('ff', 16), from_base('-101', 2), to_base(255, 16), to_base(-5, 2)", ['255|-5|ff|-101']],
      ['SELECT mod(10, 3), mod(-7, 3), mod(7.5, 2)', ['1|-1|1.5']],
      ['SELECT pow(2, 3), power(2, 0.5), sqrt(9)', ['8.0|1.4142135623730951|3.0']],
      ['SELECT rand() < 1, random() >= 0, random(5) < 5, random(3, 5) BETWEEN 3 AND 4', ['true|true|true|true']],
      ['SELECT round(2.5), round(-2.5), round(2.345, 2), round(7)', ['3.0|-3.0|2.35|7']],
      ['SELECT sign(-3), sign(0), sign(-0.5), sign(infinity()), sign(nan())', ['-1|0|-1.0|1.0|NaN']],
      ['SELECT truncate(-1.9), truncate(1.9)', ['-1.0|1.0']],
      ['SELECT acos(1), asin(0), atan(0), atan2(0, 1)', ['0.0|0.0|0.0|0.0']],
      ['SELECT cos(0), cosh(0), sin(0), tan(0), tanh(0)', ['1.0|1.0|0.0|0.0|0.0']],
      [
        'SELECT infinity(), nan(), is_finite(1.0), is_infinite(infinity()), is_nan(nan())',
        ['Infinity|NaN|true|true|true'],
      ],
    ],
  },
  {
    source: guide('bitwise-functions'),
    cases: [
      ['SELECT bit_count(19, 8), bit_count(9, 64), bit_count(-7, 8)', ['3|2|6']],
      ['SELECT bitwise_and(12, 7), bitwise_or(12, 7), bitwise_xor(12, 7), bitwise_not(12)', ['4|15|11|-13']],
    ],
  },
  {
    source: trino('functions/math'),
    cases: [
      ['SELECT ln(-1), ln(0), sqrt(-1), acos(2), sin(infinity())', ['NaN|-Infinity|NaN|NaN|NaN']],
      [
        'SELECT width_bucket(3.5, 0, 10, 5), width_bucket(11.0, 0, 10, 5), width_bucket(-1, 0, 10, 5), width_bucket(2, ARRAY[1, 2, 3])',
        ['2|6|0|2'],
      ],
    ],
  },
  {
    source: BY_HAND,
    cases: [
      [
        'SELECT 7/2, -7/2, 7 % 4, -7 % 4, 7/2.0, 1.0, 1e20, 2147483648',
        ['3|-3|3|-3|3.5|1.0|1.0E20|2147483648'],
        ['arithmetic', 'number literal'],
      ],
      ['SELECT 1 + 2 * 3 - 4, (1 + 2) * 3, -2 * -3, +5', ['3|9|6|5'], ['arithmetic']],
      ['SELECT 1/0.0, abs(NULL), 1 + NULL', ['Infinity|NULL|NULL']],
      ["SELECT BIGINT '5' / 2, DOUBLE '2.5' * 2", ['2|5.0'], ['number literal']],
    ],
  },
];
