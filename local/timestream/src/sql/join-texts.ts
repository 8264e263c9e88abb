import type { Expression } from './ast.ts';
import { quoteText } from './types.ts';

/**
 * The texts of a list as one, those that are NULL left out. DuckDB joins fast where the delimiter is a constant, and
 * only there.
 */
export function joinTexts(list: string, delimiter: string, node: Expression | undefined): string {
  if (node?.kind === 'string') return `array_to_string(${list}, ${quoteText(node.value)})`;
  const texts = `list_filter(${list}, lambda p: p IS NOT NULL)`;
  return `CASE WHEN len(${texts}) = 0 THEN '' ELSE list_reduce(${texts}, lambda p, q: p || ${delimiter} || q) END`;
}
