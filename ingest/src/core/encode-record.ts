import { factDefinition, FACTS, MISSING, type Fact, type FactDefinition, type FactId } from '@lumina/contracts';

import { boundedHash } from './hash.ts';

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

/** A kind of fact, ready to be encoded. */
interface Kind {
  readonly definition: FactDefinition;
  readonly sortedDimensions: readonly string[];
}

const kindsByTable = new Map<string, Map<string, Kind>>();
for (const id of Object.keys(FACTS) as FactId[]) {
  const definition = factDefinition(id);
  const kinds = kindsByTable.get(definition.table) ?? new Map<string, Kind>();
  kindsByTable.set(definition.table, kinds);
  kinds.set(definition.name, { definition, sortedDimensions: definition.dimensions.toSorted() });
}

function kindOf({ table, name }: Fact): Kind {
  const kind = kindsByTable.get(table)?.get(name);
  if (kind === undefined) throw new TypeError(`There is no fact ${table}.${name}.`);
  return kind;
}

/** The definition of a fact's kind. */
export function definitionOf(fact: Fact): FactDefinition {
  return kindOf(fact).definition;
}

function spreadOf(timeMs: number, eid: string, salt: number): number {
  return boundedHash(eid, salt, timeMs % 1000 === 0 ? SPREAD_IN_SECOND : SPREAD_IN_MS);
}

/**
 * The record's time in nanoseconds, as decimal digits: the thing's millisecond, and within it a hash of the thing. Many
 * sources know whole seconds only; such a thing is spread over its second, or a busy second would hold more things than
 * hashes.
 */
function recordTime({ timeMs, eid }: Fact, salt: number): string {
  // Near the epoch itself the digits would begin with zeros.
  if (timeMs < 1000)
    return String(BigInt(timeMs) * 1_000_000n + BigInt(eid === undefined ? 0 : spreadOf(timeMs, eid, salt)));
  if (eid === undefined) return `${String(timeMs)}000000`;
  const spread = String(spreadOf(timeMs, eid, salt));
  return timeMs % 1000 === 0
    ? `${String(timeMs / 1000)}${spread.padStart(9, '0')}`
    : `${String(timeMs)}${spread.padStart(6, '0')}`;
}

/** The record's time in nanoseconds. */
export function recordTimeNs(fact: Fact, salt: number): bigint {
  return BigInt(recordTime(fact, salt));
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
  const { dimensions, measures: values, eid, version } = fact;
  const measures: RecordMeasure[] = [];
  // A row that replaces a claim says so itself, whether a store merges measures or replaces them.
  if (eid !== undefined && version > 1 && values['claim'] === undefined)
    measures.push({ Name: 'claim', Value: '0', Type: 'BIGINT' });
  for (const name in values) {
    const type = types[name];
    if (type === undefined) throw new TypeError(`Fact ${fact.table}.${fact.name} has no measure ${name}.`);
    measures.push({ Name: name, Value: String(values[name]), Type: type });
  }
  const own: RecordDimension[] = [];
  for (const name in dimensions) own.push({ Name: name, Value: dimensions[name] ?? MISSING });
  return {
    Dimensions: own,
    MeasureName: fact.name,
    MeasureValues: measures,
    Time: recordTime(fact, salt),
    Version: version,
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
  const { table, name, territoryId, regionId, dimensions } = fact;
  let key = `${table}|${name}|${String(territoryId)}|${String(regionId)}|`;
  for (const dimension of kindOf(fact).sortedDimensions) key += `${dimension}=${dimensions[dimension] ?? MISSING}|`;
  return key + recordTime(fact, salt);
}

/** The row that claims a fact's place, at version 1, before it is written at a higher one. */
export function claimOf(fact: Fact): Fact {
  if (fact.eid === undefined) throw new TypeError('Only hashed facts are claimed.');
  return { ...fact, version: 1, measures: { n: 0, claim: 1, eid: fact.eid } };
}
