import { factDefinition, FACTS, type Fact, type FactDefinition, type FactId } from '@lumina/contracts';

import { boundedHash } from './hash.ts';

const NS_PER_MS = 1_000_000n;
const SPREAD_IN_MS = 1_000_000;
const SPREAD_IN_SECOND = 1_000_000_000;

/** A dimension in the words of the store's protocol. */
export interface RecordDimension {
  readonly Name: string;
  readonly Value: string;
}

/** A measure in the words of the store's protocol. */
export interface RecordMeasure extends RecordDimension {
  readonly Type: FactDefinition['measures'][string];
}

/** What is a record's own, in the words of the store's protocol; the core says them without its client. */
export interface OwnAttributes {
  readonly Dimensions: RecordDimension[];
  readonly MeasureName: string;
  readonly MeasureValues: RecordMeasure[];
  readonly Time: string;
  readonly Version: number;
}

/** The definition of a fact's kind. */
export function definitionOf(fact: Fact): FactDefinition {
  const id = `${fact.table}.${fact.name}`;
  if (!Object.hasOwn(FACTS, id)) throw new TypeError(`There is no fact ${id}.`);
  return factDefinition(id as FactId);
}

/**
 * The record's time in nanoseconds: the thing's millisecond, and within it a hash of the thing. Many sources know whole
 * seconds only; such a thing is spread over its second, or a busy second would hold more things than hashes.
 */
export function recordTimeNs(fact: Fact, salt: number): bigint {
  const baseNs = BigInt(fact.timeMs) * NS_PER_MS;
  if (fact.eid === undefined) return baseNs;
  return baseNs + BigInt(boundedHash(fact.eid, salt, fact.timeMs % 1000 === 0 ? SPREAD_IN_SECOND : SPREAD_IN_MS));
}

/** Dimensions that every record of a territory shares. */
export function commonDimensions(territoryId: number, regionId: number): RecordDimension[] {
  return [
    { Name: 'territory_id', Value: String(territoryId) },
    { Name: 'region_id', Value: String(regionId) },
  ];
}

/** Attributes that every record shares. */
export const COMMON_ATTRIBUTES = { MeasureValueType: 'MULTI', TimeUnit: 'NANOSECONDS' } as const;

/** A record of a fact less what {@link commonDimensions} and {@link COMMON_ATTRIBUTES} give. */
export function encodeOwnAttributes(fact: Fact, salt: number): OwnAttributes {
  const { measures: types } = definitionOf(fact);
  const measures: RecordMeasure[] = [];
  // A row that replaces a claim says so itself, whether a store merges measures or replaces them.
  const values = fact.eid !== undefined && fact.version > 1 ? { claim: 0, ...fact.measures } : fact.measures;
  for (const [name, value] of Object.entries(values)) {
    const type = types[name];
    if (type === undefined) throw new TypeError(`Fact ${fact.table}.${fact.name} has no measure ${name}.`);
    measures.push({ Name: name, Value: String(value), Type: type });
  }
  return {
    Dimensions: Object.entries(fact.dimensions).map(([Name, Value]) => ({ Name, Value })),
    MeasureName: fact.name,
    MeasureValues: measures,
    Time: String(recordTimeNs(fact, salt)),
    Version: fact.version,
  };
}

/** The whole Timestream record of a fact. `salt` counts the other things found at its place. */
export function encodeRecord(fact: Fact, salt: number): OwnAttributes & typeof COMMON_ATTRIBUTES {
  const own = encodeOwnAttributes(fact, salt);
  return {
    ...COMMON_ATTRIBUTES,
    ...own,
    Dimensions: [...commonDimensions(fact.territoryId, fact.regionId), ...own.Dimensions],
  };
}

/** Key of a record among those of all tables: two facts with the same one cannot both be stored. */
export function recordKey(fact: Fact, salt: number): string {
  const dimensions = Object.entries(fact.dimensions)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  return [fact.table, fact.name, fact.territoryId, fact.regionId, ...dimensions, String(recordTimeNs(fact, salt))].join(
    '|',
  );
}

/** The row that claims a fact's place, at version 1, before it is written at a higher one. */
export function claimOf(fact: Fact): Fact {
  if (fact.eid === undefined) throw new TypeError('Only hashed facts are claimed.');
  return { ...fact, version: 1, measures: { n: 0, claim: 1, eid: fact.eid } };
}
