import { factDefinition, isFactId } from '@lumina/contracts';
import type { Fact, FactId } from '@lumina/contracts';
import type { FactRow } from './fact-row.ts';

/** A row and what is known of its version: exact, or only that it is at least so high. */
export interface VersionedRow {
  readonly row: FactRow;
  readonly version: number;
  readonly isExact: boolean;
}

/** The kind of a fact of the live tail; undefined for one of a newer ingestion. */
export function factIdOf({ table, name }: Fact): FactId | undefined {
  const id = `${table}.${name}`;
  return isFactId(id) ? id : undefined;
}

/** A fact of the live tail as the row it has become. */
export function rowOfFact(id: FactId, fact: Fact): VersionedRow {
  const row = { fact: id, timeMs: fact.timeMs, dimensions: fact.dimensions, measures: fact.measures };
  return { row, version: fact.version, isExact: true };
}

/** What the row is kept by: the thing of a hashed fact, wherever in its second it lies, or the place of another. */
export function keyOf({ fact, timeMs, dimensions, measures }: FactRow): string {
  const definition = factDefinition(fact);
  const values = definition.dimensions.map((name) => dimensions[name] ?? '-');
  return JSON.stringify([...values, definition.keying === 'hashed' ? measures['eid'] : timeMs]);
}

/**
 * A row that was read, with its version: the store does not tell it, the row does. Samples and slices count their version
 * from what they hold; of hashed facts only those above version 1 carry a `claim`; accounts only grow.
 */
export function rowOfStore(stored: FactRow): VersionedRow {
  const { claim, ...measures } = stored.measures;
  const row = { ...stored, measures };
  switch (factDefinition(row.fact).keying) {
    case 'slot':
      return { row, version: Number(measures['at_ms'] ?? row.timeMs) - row.timeMs + 1, isExact: true };
    case 'slice':
      return { row, version: Number(measures['ms'] ?? 0) + 1, isExact: true };
    case 'hashed':
      return claim === undefined ? { row, version: 1, isExact: true } : { row, version: 2, isExact: false };
    case 'natural':
      return { row, version: 0, isExact: false };
  }
}

/** How much an account has counted: of two of one slot the one with more is the later. */
export function countOf({ measures }: FactRow): number {
  return Number(measures['deliveries'] ?? measures['received'] ?? 0);
}
