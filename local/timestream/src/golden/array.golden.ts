import { BY_HAND, guide, trino } from './golden.ts';
import type { GoldenGroup } from './golden.ts';

/** Arrays, rows and lambdas. */
export const ARRAYS: readonly GoldenGroup[] = [
  {
    source: guide('array-functions'),
    cases: [
      ['SELECT array_distinct(ARRAY[1,2,2,3])', ['[1,2,3]'], ['array']],
      ['SELECT array_intersect(ARRAY[1,2,3], ARRAY[3,4,5])', ['[3]']],
      ['SELECT array_union(ARRAY[1,2,3], ARRAY[3,4,5])', ['[1,2,3,4,5]']],
      ['SELECT array_except(ARRAY[1,2,3], ARRAY[3,4,5])', ['[1,2]']],
      ["SELECT array_join(ARRAY[1,2,3], ';', '')", ['1;2;3']],
      ['SELECT array_max(ARRAY[1,2,3]), array_min(ARRAY[1,2,3])', ['3|1']],
      ['SELECT array_position(ARRAY[3,4,5,9], 5), array_remove(ARRAY[3,4,5,9], 4)', ['3|[3,5,9]']],
      ['SELECT array_sort(ARRAY[6,8,2,9,3])', ['[2,3,6,8,9]']],
      ['SELECT arrays_overlap(ARRAY[6,8,2,9,3], ARRAY[6,8]), cardinality(ARRAY[6,8,2,9,3])', ['true|5']],
      ['SELECT concat(ARRAY[6,8,2,9,3], ARRAY[11,32], ARRAY[6,8,2,0,14])', ['[6,8,2,9,3,11,32,6,8,2,0,14]']],
      ['SELECT element_at(ARRAY[6,8,2,9,3], 1), element_at(ARRAY[6,8], -1), element_at(ARRAY[6], 3)', ['6|8|NULL']],
      ['SELECT repeat(1, 3), reverse(ARRAY[6,8,2,9,3])', ['[1,1,1]|[3,9,2,8,6]']],
      ['SELECT sequence(1, 8), sequence(3, 1), sequence(1, 9, 4)', ['[1,2,3,4,5,6,7,8]|[3,2,1]|[1,5,9]']],
      [
        "SELECT sequence(TIMESTAMP '2023-04-02 19:26:12.941000000', TIMESTAMP '2023-04-02 19:27:00', 20s)",
        ['[2023-04-02 19:26:12.941000000,2023-04-02 19:26:32.941000000,2023-04-02 19:26:52.941000000]'],
      ],
      [
        "SELECT sequence(TIMESTAMP '2023-01-02 00:00:00', TIMESTAMP '2023-03-02 00:00:00', INTERVAL '1' MONTH)",
        ['[2023-01-02 00:00:00.000000000,2023-02-02 00:00:00.000000000,2023-03-02 00:00:00.000000000]'],
      ],
      ['SELECT array_sort(shuffle(ARRAY[6,8,2]))', ['[2,6,8]']],
      ['SELECT slice(ARRAY[1,3,5,7,9], 1, 3), slice(ARRAY[1,3,5,7,9], -2, 2)', ['[1,3,5]|[7,9]']],
      ['SELECT zip(ARRAY[6,8,2,9,3], ARRAY[15,24])', ['[(6,15),(8,24),(2,null),(9,null),(3,null)]'], ['row']],
    ],
  },
  {
    source: trino('functions/array'),
    cases: [
      ['SELECT contains(ARRAY[1,2], 2), flatten(ARRAY[ARRAY[1], ARRAY[2,3]])', ['true|[1,2,3]']],
      ['SELECT filter(ARRAY[5,-6,NULL,7], x -> x > 0), filter(ARRAY[], x -> true)', ['[5,7]|[]'], ['lambda']],
      ["SELECT transform(ARRAY[5,6], x -> x + 1), transform(ARRAY['x','abc'], x -> x || '0')", ['[6,7]|[x0,abc0]']],
      [
        'SELECT reduce(ARRAY[5,20,50], 0, (s, x) -> s + x, s -> s), reduce(ARRAY[5,20,NULL,50], 0, (s, x) -> s + coalesce(x, 0), s -> s)',
        ['75|75'],
        ['lambda'],
      ],
      [
        "SELECT reduce(ARRAY[2147483647, 1], BIGINT '0', (s, x) -> s + x, s -> s), reduce(ARRAY[5,6,10,20], 0.0, (s, x) -> s + x, s -> s * 2)",
        ['2147483648|82.0'],
      ],
      [
        'SELECT reduce(ARRAY[5,6,10,20], CAST(ROW(0.0, 0) AS ROW(sum DOUBLE, count INTEGER)), (s, x) -> CAST(ROW(x + s.sum, s.count + 1) AS ROW(sum DOUBLE, count INTEGER)), s -> IF(s.count = 0, NULL, s.sum / s.count))',
        ['10.25'],
        ['row', 'CAST'],
      ],
      [
        'SELECT any_match(ARRAY[1,2], x -> x = 2), all_match(ARRAY[1,2], x -> x = 2), none_match(ARRAY[1,2], x -> x = 5), any_match(ARRAY[1,NULL], x -> x = 2)',
        ['true|false|true|NULL'],
      ],
      [
        "SELECT zip_with(ARRAY[1,3,5], ARRAY['a','b','c'], (x, y) -> (y, x)), zip_with(ARRAY[1,2], ARRAY[3,4], (x, y) -> x + y)",
        ['[(a,1),(b,3),(c,5)]|[4,6]'],
        ['row'],
      ],
    ],
  },
  {
    source: BY_HAND,
    cases: [
      ['SELECT array_distinct(ARRAY[1, (SELECT 1)]), width_bucket((SELECT 2), ARRAY[1, 3])', ['[1]|1']],
      [
        'SELECT ARRAY[1,2,3][2], ARRAY[1,2] || 3, 0 || ARRAY[1], ARRAY[1] || ARRAY[2]',
        ['2|[1,2,3]|[0,1]|[1,2]'],
        ['array', 'concatenation'],
      ],
      ['SELECT ARRAY[1, 2.5], ARRAY[], ARRAY[NULL, 1]', ['[1.0,2.5]|[]|[null,1]']],
      [
        "SELECT array_distinct(ARRAY[2,1,NULL,2,NULL]), array_join(ARRAY[1,NULL], ','), array_join(ARRAY[1.5,NULL], ',', 'x')",
        ['[2,1,null]|1|1.5,x'],
      ],
      ['SELECT array_sort(ARRAY[3,NULL,1]), array_max(ARRAY[1,NULL]), cardinality(NULL)', ['[1,3,null]|NULL|NULL']],
      [
        "SELECT CAST(ROW(1, 'a') AS ROW(x BIGINT, y VARCHAR)), CAST(ROW(1, 'a') AS ROW(x BIGINT, y VARCHAR)).y, ROW(1, 2)[2], (1, 2) = (1, 2)",
        ['(1,a)|a|2|true'],
        ['row', 'CAST'],
      ],
      ['SELECT a.x.f, x.f FROM (SELECT CAST(ROW(5) AS ROW(f BIGINT)) AS x) AS a', ['5|5'], ['row']],
      ['SELECT transform(ARRAY[1,2], x -> transform(ARRAY[10,20], y -> x + y))', ['[[11,21],[12,22]]'], ['lambda']],
      [
        'SELECT n, transform(array_agg(v), x -> x * n) FROM (VALUES (2, 1), (2, 2), (3, 1)) AS t(n, v) GROUP BY n ORDER BY n',
        ['2|[2,4]', '3|[3]'],
      ],
    ],
  },
];
