import { BY_HAND, guide, trino } from './golden.ts';
import type { GoldenGroup } from './golden.ts';

/** Functions of text and of regular expressions. */
export const STRINGS: readonly GoldenGroup[] = [
  {
    source: guide('string-functions'),
    cases: [
      ["SELECT chr(65), codepoint('A')", ['A|65']],
      ["SELECT concat('a', 'b', 'c'), length('abc'), lower('Ab'), upper('x')", ['abc|3|ab|X']],
      ["SELECT hamming_distance('jon', 'jan'), levenshtein_distance('kitten', 'sitting')", ['1|3']],
      ["SELECT lpad('a', 3, 'xy'), rpad('a', 4, 'xy'), lpad('abc', 2, 'x')", ['xya|axyx|ab']],
      ["SELECT ltrim('  a ') || '!', rtrim(' a  ') || '!', trim(' a ') || '!'", ['a !| a!|a!'], ['concatenation']],
      ["SELECT replace('abcb', 'b'), replace('abcb', 'b', 'x')", ['ac|axcx']],
      ["SELECT reverse('abc'), starts_with('abc', 'ab'), starts_with('abc', 'b')", ['cba|true|false']],
      ["SELECT position('b' IN 'abc'), position('z' IN 'abc')", ['2|0']],
      [
        "SELECT split('a,b,c', ','), split('a,b,c', ',', 2)[2], split_part('a,b,c', ',', 2), split_part('a', ',', 5)",
        ['[a,b,c]|b,c|b|NULL'],
      ],
      ["SELECT strpos('abcb', 'b'), strpos('abcb', 'b', 2), strpos('abc', 'z'), strpos('abcb', 'b', 3)", ['2|4|0|0']],
      ["SELECT strrpos('abcb', 'b'), strrpos('abcb', 'b', 2), strrpos('abc', 'z')", ['4|2|0']],
      [
        "SELECT substr('123456789', 7), substr('123456789', -3), substr('abcdef', 2, 3), substring('abc', 2)",
        ['789|789|bcd|bc'],
      ],
    ],
  },
  {
    source: trino('functions/regexp'),
    cases: [
      [
        "SELECT regexp_extract_all('1a 2b 14m', '\\d+'), regexp_extract_all('1a 2b 14m', '(\\d+)([a-z]+)', 2)",
        ['[1,2,14]|[a,b,m]'],
      ],
      [
        "SELECT regexp_extract('1a 2b 14m', '\\d+'), regexp_extract('1a 2b 14m', '(\\d+)([a-z]+)', 2), regexp_extract('a', 'b')",
        ['1|a|NULL'],
      ],
      ["SELECT regexp_like('1a 2b 14m', '\\d+b'), regexp_like('a', '^b')", ['true|false']],
      [
        "SELECT regexp_replace('1a 2b 14m', '\\d+[ab] '), regexp_replace('1a 2b 14m', '(\\d+)([ab]) ', '3c$2 '), regexp_replace('new york', '(\\w)(\\w*)', x -> upper(x[1]) || lower(x[2]))",
        ['14m|3ca 3cb 14m|New York'],
        ['lambda'],
      ],
      ["SELECT regexp_split('1a 2b 14m', '\\s*[a-z]+\\s*')", ['[1,2,14,]']],
    ],
  },
  {
    source: BY_HAND,
    cases: [
      [
        "SELECT split('a,b,c', d, 2)[2], array_join(ARRAY[1, NULL, 2], d), array_join(ARRAY[NULL], d), array_join(sequence(1, 3), ',') FROM (VALUES ',') AS t(d)",
        ['b,c|1,2||1,2,3'],
      ],
      ["SELECT 'it''s' || '!', length('äöü€😀'), reverse('ab😀')", ["it's!|5|😀ba"], ['concatenation']],
      ["SELECT 'SELECT 5m -- not a comment', '5m'", ['SELECT 5m -- not a comment|5m']],
      ["SELECT concat('a', NULL), length(NULL), strpos('aaa', 'aa', 2)", ['NULL|NULL|2']],
    ],
  },
];
