import type { Expression, GroupBy } from './ast.ts';
import { sqlError } from './position.ts';
import type { Position } from './position.ts';

/** GROUP BY in SQL, and the SQL of all its expressions. */
export type TranslatedGroupBy = { sql: string; keys: readonly string[] };

const MAX_SETS = 512;

/** Translates GROUP BY; `key` gives the SQL of one expression. */
export function translateGroupBy(groupBy: GroupBy, at: Position, key: (node: Expression) => string): TranslatedGroupBy {
  const keys = new Set<string>();
  const setSql = (set: readonly Expression[]): string[] =>
    set.map((node) => {
      const sql = key(node);
      keys.add(sql);
      return sql;
    });
  const plain = groupBy.elements.every((element) => element.kind === 'plain');
  const elements = groupBy.elements.map((element) => setsOf(element.kind, element.sets.map(setSql), at));
  if (plain) {
    const all = elements.flatMap(([only]) => only ?? []);
    return { sql: ` GROUP BY ${all.length === 0 ? '()' : [...new Set(all)].join(', ')}`, keys: [...keys] };
  }
  let sets: string[][] = [[]];
  for (const element of elements) {
    if (sets.length * element.length > MAX_SETS) throw sqlError(at, 'GROUP BY has too many grouping sets');
    sets = sets.flatMap((left) => element.map((right) => [...new Set([...left, ...right])]));
  }
  const texts = sets.map((set) => `(${set.join(', ')})`);
  const kept = groupBy.distinct ? [...new Set(texts)] : texts;
  return { sql: ` GROUP BY GROUPING SETS (${kept.join(', ')})`, keys: [...keys] };
}

/** The sets that an element stands for. */
function setsOf(kind: GroupBy['elements'][number]['kind'], parts: string[][], at: Position): string[][] {
  switch (kind) {
    case 'plain':
    case 'sets':
      return parts;
    case 'rollup':
      return [...parts.keys(), parts.length].reverse().map((length) => parts.slice(0, length).flat());
    case 'cube': {
      if (2 ** parts.length > MAX_SETS) throw sqlError(at, 'GROUP BY has too many grouping sets');
      return Array.from({ length: 2 ** parts.length }, (_, mask) =>
        parts.filter((_part, index) => (mask & (1 << index)) === 0).flat(),
      );
    }
  }
}
