import { factDefinition } from './facts.ts';
import type { FactId } from './facts.ts';

// Measures that identify one single thing; grouping or filtering by them is the business of row queries.
const IDENTITY_MEASURES: ReadonlySet<string> = new Set(['eid', 'visit_id', 'call_id']);

/** Whether a fact can be filtered and grouped by a column: its dimensions (but the snapshot part) and textual measures. */
export function hasDimension(fact: FactId, name: string): boolean {
  const definition = factDefinition(fact);
  if (name === 'part') return false;
  if (definition.dimensions.includes(name)) return true;
  return (
    Object.hasOwn(definition.measures, name) && definition.measures[name] === 'VARCHAR' && !IDENTITY_MEASURES.has(name)
  );
}

/**
 * Whether a fact that lacks a column belongs to its values through the directory: time in a state has no queue of its own, and
 * counts for the queues that its agent served then.
 */
export function isThroughDirectory(fact: FactId, name: string): boolean {
  return fact === 'agent_metrics.slice' && name === 'queue_id';
}
