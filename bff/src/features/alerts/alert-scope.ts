import type { RowScope } from '@lumina/contracts';

const KEYS = ['queues', 'teams', 'agents'] as const;

/**
 * Whether all that a scope shows lies within another: each limit of the outer one must be a limit of the inner one too,
 * and at least as narrow. What is computed over more rows than a reader may see is not for that reader.
 */
export function isWithinScope(inner: RowScope | undefined, outer: RowScope | undefined): boolean {
  return KEYS.every((key) => {
    const allowed = outer?.[key];
    if (allowed === undefined) return true;
    const seen = inner?.[key];
    return seen?.every((id) => allowed.includes(id)) === true;
  });
}
